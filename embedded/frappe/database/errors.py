"""What a database error means, asked under the names that Frappe gives the questions."""

import sqlite3


class ErrorPredicates:
    """Error classes and `is_…(e)` predicates of `frappe.db`."""

    ProgrammingError = sqlite3.OperationalError
    TableMissingError = sqlite3.OperationalError
    OperationalError = sqlite3.OperationalError
    InternalError = sqlite3.InternalError
    SQLError = sqlite3.OperationalError
    DataError = sqlite3.DataError
    IntegrityError = sqlite3.IntegrityError

    @staticmethod
    def is_deadlocked(e) -> bool:
        """A read snapshot could not become a writer because another writer came first."""
        return getattr(e, "sqlite_errorname", None) == "SQLITE_BUSY_SNAPSHOT"

    @staticmethod
    def is_timedout(e) -> bool:
        """Another writer held the file for longer than the busy timeout."""
        return isinstance(e, sqlite3.OperationalError) and "is locked" in str(e)

    @staticmethod
    def is_statement_timeout(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and str(e) == "interrupted"

    @staticmethod
    def is_read_only_mode_error(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "readonly database" in str(e)

    @staticmethod
    def is_table_missing(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "no such table" in str(e)

    @staticmethod
    def is_missing_table(e) -> bool:
        return ErrorPredicates.is_table_missing(e)

    @staticmethod
    def is_missing_column(e) -> bool:
        text = str(e)
        return isinstance(e, sqlite3.OperationalError) and (
            "no such column" in text or "has no column named" in text
        )

    @staticmethod
    def is_column_missing(e) -> bool:
        return ErrorPredicates.is_missing_column(e)

    @staticmethod
    def is_missing_table_or_column(e) -> bool:
        return ErrorPredicates.is_missing_column(e) or ErrorPredicates.is_table_missing(e)

    @staticmethod
    def is_duplicate_fieldname(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "duplicate column name" in str(e)

    @staticmethod
    def is_duplicate_entry(e) -> bool:
        return isinstance(e, sqlite3.IntegrityError) and "UNIQUE constraint failed" in str(e)

    @staticmethod
    def is_primary_key_violation(e) -> bool:
        return ErrorPredicates.is_duplicate_entry(e) and ErrorPredicates.duplicate_columns(e) == ["name"]

    @staticmethod
    def is_unique_key_violation(e) -> bool:
        return ErrorPredicates.is_duplicate_entry(e)

    @staticmethod
    def duplicate_columns(e) -> list[str]:
        """Names of the columns whose combination must be unique and was not, [] if `e` is another error."""
        _, found, columns = str(e).partition("UNIQUE constraint failed: ")
        return [part.rpartition(".")[2] for part in columns.split(", ")] if found else []

    @staticmethod
    def is_access_denied(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "unable to open database file" in str(e)

    @staticmethod
    def cant_drop_field_or_key(e) -> bool:
        text = str(e)
        return isinstance(e, sqlite3.OperationalError) and (
            "no such index" in text or "no such column" in text
        )

    @staticmethod
    def is_syntax_error(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "syntax error" in str(e)

    @staticmethod
    def is_data_too_long(e) -> bool:
        return False  # SQLite does not bound a varchar; Document._validate_length does

    @staticmethod
    def is_db_table_size_limit(e) -> bool:
        return isinstance(e, sqlite3.OperationalError) and "too many columns" in str(e)

    @staticmethod
    def is_interface_error(e) -> bool:
        return isinstance(e, sqlite3.InterfaceError)
