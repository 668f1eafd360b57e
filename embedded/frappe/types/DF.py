"""Types of fields, for the annotations that controllers carry."""

import datetime
from typing import List, Literal, TypeAlias  # noqa: UP035 - Frappe's names

Autocomplete: TypeAlias = str
Attach: TypeAlias = str
AttachImage: TypeAlias = str
Barcode: TypeAlias = str
Check: TypeAlias = int
Code: TypeAlias = str
Color: TypeAlias = str
Currency: TypeAlias = float
Data: TypeAlias = str
Date: TypeAlias = str | datetime.date
Datetime: TypeAlias = str | datetime.datetime
Duration: TypeAlias = int
DynamicLink: TypeAlias = Data
Float: TypeAlias = float
Geolocation: TypeAlias = str
HTMLEditor: TypeAlias = str
Int: TypeAlias = int
JSON: TypeAlias = str | dict | list
Link: TypeAlias = Data
LongText: TypeAlias = str
MarkdownEditor: TypeAlias = str
Password: TypeAlias = str
Percent: TypeAlias = float
Phone: TypeAlias = str
ReadOnly: TypeAlias = str
Rating: TypeAlias = float
Select: TypeAlias = Literal
SmallText: TypeAlias = str
Table: TypeAlias = List  # noqa: UP006
TableMultiSelect: TypeAlias = List  # noqa: UP006
Text: TypeAlias = str
TextEditor: TypeAlias = str
Time: TypeAlias = str | datetime.time | datetime.timedelta
