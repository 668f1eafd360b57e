"""SQL functions of the query builder; those that SQLite lacks are registered on its connection."""

from enum import Enum

from frappe.query_builder.custom import GROUP_CONCAT, MATCH
from pypika.functions import *  # noqa: F403
from pypika.functions import IfNull
from pypika.terms import CustomFunction, Function, Term

GroupConcat = GROUP_CONCAT
Match = MATCH
CurDate = CustomFunction("CURDATE", [])
CombineDatetime = CustomFunction("TIMESTAMP", ["date", "time"])
DateFormat = CustomFunction("DATE_FORMAT", ["date", "format"])
UnixTimestamp = CustomFunction("UNIX_TIMESTAMP", ["date"])


class Concat_ws(Function):
    def __init__(self, *terms, **kwargs):
        super().__init__("CONCAT_WS", *terms, **kwargs)


class Locate(Function):
    """Position of a text in another, from 1; 0 if it is not there."""

    def __init__(self, *terms, **kwargs):
        super().__init__("LOCATE", *terms, **kwargs)


class Ifnull(IfNull):
    pass


class Timestamp(Function):
    def __init__(self, term, time=None, alias=None):
        super().__init__("TIMESTAMP", *([term, time] if time else [term]), alias=alias)


class Round(Function):
    def __init__(self, term, decimal=0, **kwargs):
        super().__init__("ROUND", term, decimal, **kwargs)


class Truncate(Function):
    def __init__(self, term, decimal, **kwargs):
        super().__init__("TRUNCATE", term, decimal, **kwargs)


class Cast(Function):
    """CAST(value AS type); dates and texts become what MariaDB makes of them."""

    _OWN = {"varchar": "CONCAT", "char": "CONCAT", "date": "DATE", "datetime": "TIMESTAMP", "time": "TIME"}
    _TYPES = {
        "int": "INTEGER",
        "integer": "INTEGER",
        "signed": "INTEGER",
        "unsigned": "INTEGER",
        "float": "REAL",
    }

    def __init__(self, term, as_type, alias=None):
        name = (as_type.get_sql() if hasattr(as_type, "get_sql") else str(as_type)).lower()
        self.as_type = self._TYPES.get(
            name, "REAL" if name.startswith(("decimal", "double")) else name.upper()
        )
        super().__init__(self._OWN.get(name, "CAST"), term, alias=alias)

    def get_special_params_sql(self, **kwargs):
        return f"AS {self.as_type}" if self.name == "CAST" else None


Cast_ = Cast


class Extract(Function):
    """EXTRACT(part FROM field) as the function named like the part."""

    def __init__(self, date_part, field, alias=None):
        super().__init__(str(getattr(date_part, "value", date_part)).upper(), field, alias=alias)
        self.field = field if isinstance(field, Term) else None


class SqlFunctions(Enum):
    DayOfYear = "dayofyear"
    Extract = "extract"
    Locate = "locate"
    Count = "count"
    Sum = "sum"
    Avg = "avg"
    Max = "max"
    Min = "min"
    Abs = "abs"
    Timestamp = "timestamp"
    IfNull = "ifnull"
