"""Thread-local state and the proxies through which `frappe.db`, `frappe.session` … read it."""

import operator
import threading

_UNBOUND = object()


def _make_qb():
    from frappe.query_builder import get_query_builder

    return get_query_builder("sqlite")


# Attributes that are built on first use, so that `import frappe` and `frappe.init` stay cheap.
_FACTORIES = {"qb": _make_qb}


class Local(threading.local):
    """One namespace per thread. `local("name")` gives a proxy to one of its attributes."""

    def __getattr__(self, name):
        factory = _FACTORIES.get(name)
        if factory is None:
            raise AttributeError(name)
        value = factory()
        setattr(self, name, value)
        return value

    def __call__(self, name):
        return LocalProxy(self, name)

    def get(self, name, default=None):
        return self.__dict__.get(name, default)


def release_local(local: Local) -> None:
    local.__dict__.clear()


class LocalProxy:
    """Stands for whatever the local namespace holds under a name at the time of use."""

    __slots__ = ("__local", "__name")

    def __init__(self, local, name):
        object.__setattr__(self, "_LocalProxy__local", local)
        object.__setattr__(self, "_LocalProxy__name", name)

    def _get_current_object(self):
        held = getattr(self.__local, self.__name, _UNBOUND)
        if held is _UNBOUND:
            raise RuntimeError(f"no object bound to frappe.local.{self.__name}")
        return held

    def __getattr__(self, attr):
        held = getattr(self.__local, self.__name, _UNBOUND)
        if held is _UNBOUND:
            raise RuntimeError(f"no object bound to frappe.local.{self.__name}")
        return getattr(held, attr)

    def __setattr__(self, attr, value):
        setattr(self._get_current_object(), attr, value)

    def __delattr__(self, attr):
        delattr(self._get_current_object(), attr)

    def __bool__(self):
        try:
            return bool(self._get_current_object())
        except RuntimeError:
            return False

    def __repr__(self):
        try:
            return repr(self._get_current_object())
        except RuntimeError:
            return "<unbound proxy>"

    def __dir__(self):
        return dir(self._get_current_object())

    @property
    def __class__(self):
        try:
            return type(self._get_current_object())
        except RuntimeError:
            return LocalProxy

    @property
    def __dict__(self):
        return self._get_current_object().__dict__

    def __reduce_ex__(self, protocol):
        return self._get_current_object().__reduce_ex__(protocol)


def _forward(function):
    def method(self, *args):
        return function(self._get_current_object(), *args)

    return method


def _reflected(function):
    def method(self, other):
        return function(other, self._get_current_object())

    return method


for _name, _function in {
    "__str__": str, "__hash__": hash, "__len__": len, "__iter__": iter, "__int__": int, "__float__": float,
    "__contains__": operator.contains, "__getitem__": operator.getitem, "__setitem__": operator.setitem,
    "__delitem__": operator.delitem, "__eq__": operator.eq, "__ne__": operator.ne, "__lt__": operator.lt,
    "__le__": operator.le, "__gt__": operator.gt, "__ge__": operator.ge, "__add__": operator.add,
    "__or__": operator.or_, "__mod__": operator.mod, "__reversed__": reversed,
}.items():  # fmt: skip
    setattr(LocalProxy, _name, _forward(_function))
LocalProxy.__radd__ = _reflected(operator.add)
LocalProxy.__ror__ = _reflected(operator.or_)
LocalProxy.__call__ = lambda self, *args, **kwargs: self._get_current_object()(*args, **kwargs)
