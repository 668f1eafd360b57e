"""Names that Frappe's database modules share."""

EmptyQueryValues = object()
FallBackDateTimeStr = "0001-01-01 00:00:00.000000"
DefaultOrderBy = "KEEP_DEFAULT_ORDERING"
NestedSetHierarchy = (
    "ancestors of",
    "descendants of",
    "not ancestors of",
    "not descendants of",
    "descendants of (inclusive)",
)


def is_query_type(query: str, query_type) -> bool:
    """Whether the statement begins with the word, or one of the words."""
    return query.lstrip().split(maxsplit=1)[0].lower().startswith(query_type)


def get_doctype_name(table_name: str) -> str:
    """The DocType of a (quoted) table name."""
    return table_name.replace("`", "").replace('"', "").removeprefix("tab")
