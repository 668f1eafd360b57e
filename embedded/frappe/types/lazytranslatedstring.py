"""A text at module level that is translated each time it is used."""


class _LazyTranslate:
    __slots__ = ("context", "lang", "msg")

    def __init__(self, msg: str, lang: str | None = None, context: str | None = None):
        self.msg = msg
        self.lang = lang
        self.context = context

    @property
    def value(self) -> str:
        import frappe

        return frappe._(str(self.msg), self.lang, self.context)

    def __str__(self):
        return self.value

    def __repr__(self):
        return self.value

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        return self.value == str(other)

    def __lt__(self, other):
        return self.value < str(other)

    def __add__(self, other):
        return self.value + str(other)

    def __radd__(self, other):
        return str(other) + self.value

    def __mod__(self, values):
        return self.value % values

    def __len__(self):
        return len(self.value)

    def __getattr__(self, name):
        return getattr(self.value, name)
