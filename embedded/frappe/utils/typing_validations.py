"""Arguments of whitelisted functions are checked against their annotations, and converted where harmless.

What pydantic does for Frappe in its lax mode, for the types that JSON and forms bring: str, int, float, bool,
dict, list, None, dates, unions, Literal, and classes.
"""

import datetime
import inspect
import types
import typing
from collections.abc import Callable
from functools import lru_cache, wraps

from frappe.exceptions import FrappeTypeError

_TRUE = {"1", "t", "true", "y", "yes", "on"}
_FALSE = {"0", "f", "false", "n", "no", "off"}


class _Mismatch(Exception):
    pass


def validate_argument_types(func: Callable, apply_condition: Callable = lambda: True):
    """Decorator: check the arguments of each call while `apply_condition()` holds. Raises FrappeTypeError."""

    @wraps(func)
    def wrapper(*args, **kwargs):
        if apply_condition():
            args, kwargs = transform_parameter_types(func, args, kwargs)
        return func(*args, **kwargs)

    return wrapper


@lru_cache(maxsize=2048)
def _parameters_of(func: Callable):
    return inspect.signature(func).parameters


def transform_parameter_types(func: Callable, args: tuple, kwargs: dict):
    """The arguments, converted to the annotated types. Unannotated and text annotations are not looked at."""
    annotations = getattr(func, "__annotations__", None)
    if not (args or kwargs) or not annotations:
        return args, kwargs
    parameters = _parameters_of(func)
    names = [
        name
        for name, parameter in parameters.items()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    new_args = list(args)
    new_kwargs = dict(kwargs)
    for name, annotation in annotations.items():
        if name in kwargs:
            value = kwargs[name]
        elif name in names and names.index(name) < len(args):
            value = args[names.index(name)]
        else:
            continue
        # Frappe looks at no annotation that is or holds a text: that leaves out Literal["a"] too.
        parts = (annotation, *typing.get_args(annotation))
        if any(isinstance(part, (str, typing.ForwardRef)) for part in parts):
            continue
        default = parameters[name].default
        try:
            value = _accept(value, annotation, default)
        except _Mismatch:
            raise FrappeTypeError(
                f"Argument '{name}' should be of type '{_type_name(annotation)}' but got "
                f"'{_type_name(type(value))}' instead."
            ) from None
        if name in kwargs:
            new_kwargs[name] = value
        else:
            new_args[names.index(name)] = value
    return new_args, new_kwargs


def _accept(value, annotation, default):
    # Frappe allows the type of the default too, and numbers for a bool.
    accepted = [annotation]
    if annotation is bool:
        accepted = [int, bool, float]
    if default is not inspect.Parameter.empty and type(default) not in accepted:
        accepted.append(type(default))
    return _convert_any(value, accepted)


def _convert_any(value, choices):
    """The value unchanged if it is of one of the types, else converted to the first that takes it."""
    flat: list = []
    for choice in choices:
        if typing.get_origin(choice) in (typing.Union, types.UnionType):
            flat.extend(typing.get_args(choice))
        else:
            flat.append(choice)
    for choice in flat:
        if isinstance(choice, type) and type(value) is choice:
            return value
    for choice in flat:
        try:
            return _convert(value, choice)
        except _Mismatch:
            continue
    raise _Mismatch


def _convert(value, choice):
    origin = typing.get_origin(choice)
    if choice is typing.Any or choice is inspect.Parameter.empty:
        return value
    if choice is None or choice is type(None):
        if value is None:
            return None
        raise _Mismatch
    if origin in (typing.Union, types.UnionType):
        return _convert_any(value, [choice])
    if origin is typing.Literal:
        if value in typing.get_args(choice):
            return value
        raise _Mismatch
    if origin in (list, tuple, set, dict):
        return _convert_collection(value, origin, typing.get_args(choice))
    if origin is not None:
        choice = origin
    if choice in _CONVERTERS:
        return _CONVERTERS[choice](value)
    if isinstance(choice, typing.TypeVar) or not isinstance(choice, type) or isinstance(value, choice):
        return value
    raise _Mismatch


def _convert_collection(value, origin, parts):
    if not isinstance(value, origin if origin is dict else (list, tuple, set)):
        raise _Mismatch
    if origin is dict:
        if not parts:
            return value
        return {_convert(key, parts[0]): _convert(item, parts[1]) for key, item in value.items()}
    if origin is tuple and parts and parts[-1] is not Ellipsis:
        if len(parts) != len(value):
            raise _Mismatch
        return tuple(_convert(item, part) for item, part in zip(value, parts, strict=True))
    return origin(_convert(item, parts[0]) for item in value) if parts else origin(value)


def _to_str(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode()
    raise _Mismatch


def _to_int(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and abs(value) < 2**63 and value == int(value):
        return int(value)
    if isinstance(value, str) and value.isascii():
        try:
            number = float(value) if "." in value else int(value)
        except ValueError:
            raise _Mismatch from None
        if number == int(number):
            return int(number)
    raise _Mismatch


def _to_float(value):
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str) and value.isascii():
        try:
            return float(value)
        except ValueError:
            raise _Mismatch from None
    raise _Mismatch


def _to_bool(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise _Mismatch


def _to_date(value):
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date()
        raise _Mismatch
    if isinstance(value, datetime.date):
        return value
    return _from_iso(value, datetime.date)


def _to_datetime(value):
    if isinstance(value, datetime.datetime):
        return value
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    return _from_iso(value, datetime.datetime)


def _from_iso(value, kind):
    if not isinstance(value, str):
        raise _Mismatch
    try:
        return kind.fromisoformat(value)
    except ValueError:
        raise _Mismatch from None


def _to_collection(kind):
    def convert(value):
        if kind is dict:
            if isinstance(value, dict):
                return dict(value)
        elif isinstance(value, (list, tuple, set, frozenset)):
            try:
                return kind(value)
            except TypeError:  # an element that a set cannot hold
                raise _Mismatch from None
        raise _Mismatch

    return convert


_CONVERTERS = {
    str: _to_str,
    int: _to_int,
    float: _to_float,
    bool: _to_bool,
    datetime.date: _to_date,
    datetime.datetime: _to_datetime,
    dict: _to_collection(dict),
    list: _to_collection(list),
    tuple: _to_collection(tuple),
    set: _to_collection(set),
}


def _type_name(annotation) -> str:
    if isinstance(annotation, type):
        module = annotation.__module__
        return annotation.__qualname__ if module == "builtins" else f"{module}.{annotation.__qualname__}"
    return str(annotation)
