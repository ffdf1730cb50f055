"""Defines the API's errors: RFC 9457 problem details with a `code` that the screens translate."""

import msgspec

TYPE_PREFIX = "urn:commandcenter:problem:"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error: `code` for programs, `title` and `detail` for people, `about` for the field or id concerned."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    about: str | None = None


def problem(status: int, code: str, title: str, *, detail: str = "", about: str | None = None) -> Problem:
    """Returns a problem whose type is derived from its code."""
    return Problem(type=TYPE_PREFIX + code, title=title, status=status, code=code, detail=detail, about=about)
