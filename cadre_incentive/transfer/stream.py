"""The lines of a stream: written, and read back only if every one of them is as it was written."""

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator

from frappe import _
from frappe.exceptions import ValidationError

FORMAT = "cadre_incentive records"
VERSION = 1


class StreamError(ValidationError):
    """The stream is damaged, no stream of this app, or of a newer version."""


def line(record: dict) -> bytes:
    """A record as its line: keys sorted, no needless blanks, UTF-8."""
    return (json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def write(path: str, app_version: str, records: Iterable[dict]) -> int:
    """Write a stream (compressed if the name ends in `.gz`); returns the number of records.

    It takes its name when it is whole: a file of that name is replaced then, and left alone on an error.
    """
    folder = os.path.dirname(os.path.abspath(path))
    handle, interim = tempfile.mkstemp(dir=folder, prefix=".exporting-")
    try:
        with os.fdopen(handle, "wb") as raw:
            if path.endswith(".gz"):
                # No time and no name in the archive: the same records give the same bytes.
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
                    count = _write_lines(out, app_version, records)
            else:
                count = _write_lines(raw, app_version, records)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(interim, path)
    except BaseException:
        os.unlink(interim)
        raise
    return count


def _write_lines(out, app_version: str, records: Iterable[dict]) -> int:
    digest, count = hashlib.sha256(), 0

    def put(content: bytes) -> None:
        digest.update(content)
        out.write(content)

    put(line({"format": FORMAT, "version": VERSION, "app_version": app_version}))
    for record in records:
        put(line(record))
        count += 1
    out.write(line({"records": count, "sha256": digest.hexdigest()}))
    return count


def check(path: str, app_version: str) -> int:
    """Read a stream to its end; returns the number of its records. Raises StreamError."""
    digest, count, header, last = hashlib.sha256(), -1, None, None
    for content in _lines(path):
        if last is not None:
            digest.update(last)
            count += 1
        last = content
        if header is None:
            header = _parsed(content)
            _check_header(header, app_version)
    if header is None or count < 0:
        raise StreamError(_("The stream is damaged: it is cut off"))
    end = _parsed(last)
    if end != {"records": count, "sha256": digest.hexdigest()}:
        raise StreamError(_("The stream is damaged: its checksum does not fit"))
    return count


def _check_header(header: dict, app_version: str) -> None:
    if header.get("format") != FORMAT:
        raise StreamError(_("This is no stream of records of this app"))
    newer = not isinstance(header.get("version"), int) or header["version"] > VERSION
    if newer or _parts(header.get("app_version")) > _parts(app_version):
        raise StreamError(
            _("The stream is from a newer version ({0}) than this app ({1})").format(
                header.get("app_version"), app_version
            )
        )


def _parts(version) -> list[int]:
    numbers = str(version or "").split("-")[0].split(".")
    return [int(number) if number.isdigit() else 0 for number in numbers]


def records(path: str) -> Iterator[dict]:
    """The records of a stream that `check` has passed, as they stand on their lines."""
    previous = None
    for number, content in enumerate(_lines(path)):
        if number > 1:
            yield _parsed(previous)
        previous = content


def _lines(path: str) -> Iterator[bytes]:
    try:
        with open(path, "rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if packed else raw as content:
                yield from content
    except (EOFError, gzip.BadGzipFile) as error:
        raise StreamError(_("The stream is damaged: it is cut off")) from error
    except OSError as error:
        raise StreamError(str(error)) from error


def _parsed(content: bytes) -> dict:
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise StreamError(_("The stream is damaged: a line is no record"))
    return value
