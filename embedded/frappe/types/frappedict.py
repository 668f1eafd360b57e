"""A dict whose keys can be read as attributes; a missing key reads as None."""


class _dict(dict):
    __slots__ = ()
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__

    def __getstate__(self):
        return None

    def __reduce__(self):
        return (type(self), (dict(self),))

    def __setstate__(self, state):
        self.update(state or {})

    def update(self, *args, **kwargs):
        """As dict.update, but returns the dict itself so that calls can be chained."""
        super().update(*args, **kwargs)
        return self

    def copy(self):
        return _dict(self)
