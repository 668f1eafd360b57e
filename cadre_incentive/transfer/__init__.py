"""All records of the app out of one site and into another, on whichever host, as JSON lines.

A stream: a header, one record on each line, and a last line with the number of records and the SHA-256 of all
lines before it. Nothing in it depends on when it was written: the same records give the same bytes.
"""
