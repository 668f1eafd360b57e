"""The three states of a document: draft (0), submitted (1), cancelled (2)."""


class DocStatus(int):
    """An int that knows which state it is."""

    def is_draft(self) -> bool:
        return self == 0

    def is_submitted(self) -> bool:
        return self == 1

    def is_cancelled(self) -> bool:
        return self == 2

    @classmethod
    def draft(cls) -> "DocStatus":
        return cls(0)

    @classmethod
    def submitted(cls) -> "DocStatus":
        return cls(1)

    @classmethod
    def cancelled(cls) -> "DocStatus":
        return cls(2)
