"""What an id may look like: short and plain, so that it can stand in a path, a header and a log."""

import re

_PLAIN = re.compile(r"[0-9A-Za-z_.:\-]{1,80}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_plain(name: str) -> bool:
    """Whether `name` can be the id of a record or of a console."""
    return _PLAIN.fullmatch(name) is not None


def is_uuid(name: str) -> bool:
    """Whether `name` is a UUID in its usual form, as a command's id is."""
    return _UUID.fullmatch(name) is not None
