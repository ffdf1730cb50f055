"""The faults of the world as a client meets them; each has a `code` that a screen puts into words.

WorldFault
├── Unreachable            no answer: no network, refused, timed out, a gateway without a platform behind it
│   └── Untrusted          an answer whose certificate does not prove who gave it
├── NotAPlatform           an answer, but not from one of ours: HTML, other JSON, another web server, a proxy
├── NewerProtocol          a platform that this console is too old for
├── WrongPlatform          a platform of another district than the seat's
├── Garbled                a platform, but not what the protocol says
│   └── UnreadableContent  of its stream or snapshot: it may be newer than this program
├── Broken                 the platform failed (5xx)
├── Busy                   come back later (429, 503)
└── Declined               it said no, and why
    ├── SignedOut          the sign-in is no longer valid (401)
    ├── NoRole             the account is nobody at this moment (403)
    ├── WrongEpoch         the platform was restored meanwhile (409)
    ├── Gone               too far behind to be told what happened (410)
    └── TooLarge           the request was too large (413)
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from commandcenter.protocol.codec import Unreadable, decode
from commandcenter.protocol.problems import MEDIA_TYPE, Problem

_LONGEST_CODE, _LONGEST_ABOUT = 80, 300  # characters: the words of a stranger may have no end


class WorldFault(Exception):
    """Something outside this program is not as it should be; `retry_after` in seconds when the other side named it.

    `of_sign_in`: it was met when the sign-in was to be renewed, before the request itself had left.
    """

    code = "world"

    def __init__(self, about: str = "", *, code: str | None = None, retry_after: float | None = None) -> None:
        self.code = (code or type(self).code)[:_LONGEST_CODE]
        self.about = about = about[:_LONGEST_ABOUT]
        self.retry_after = retry_after
        self.of_sign_in = False
        super().__init__(f"{self.code}: {about}" if about else self.code)


class Unreachable(WorldFault):
    """No answer came."""

    code = "unreachable"


class Untrusted(Unreachable):
    """The certificate does not prove who answered."""

    code = "certificate"


class NotAPlatform(WorldFault):
    """Something answered that is no platform of ours."""

    code = "not_a_platform"


class NewerProtocol(WorldFault):
    """The platform asks for a newer console."""

    code = "newer_protocol"


class WrongPlatform(WorldFault):
    """The platform keeps another district."""

    code = "wrong_platform"


class Garbled(WorldFault):
    """It answered as a platform does, but the content is not what the protocol says."""

    code = "garbled"


class UnreadableContent(Garbled):
    """A frame or a record of a snapshot arrived whole, and is not what the protocol says."""


class Broken(WorldFault):
    """The platform failed at its work."""

    code = "platform_error"


class Busy(WorldFault):
    """The platform has too much to do."""

    code = "busy"


class Declined(WorldFault):
    """The platform said no; `code` is the problem's own, `status` the HTTP status."""

    code = "declined"

    def __init__(self, about: str = "", *, code: str | None = None, retry_after: float | None = None, status: int = 0):
        super().__init__(about, code=code, retry_after=retry_after)
        self.status = status


class SignedOut(Declined):
    """Sign in again."""

    code = "signed_out"


class NoRole(Declined):
    """The account has no role at this moment; another may begin at any time."""

    code = "no_role"


class WrongEpoch(Declined):
    """The log has begun a new epoch."""

    code = "wrong_epoch"


class Gone(Declined):
    """The place in the log that was asked for is no longer streamable."""

    code = "gone"


class TooLarge(Declined):
    """Ask for less at a time."""

    code = "too_large"


_DECLINED: dict[int, type[Declined]] = {401: SignedOut, 409: WrongEpoch, 410: Gone, 413: TooLarge}
_GATEWAY = frozenset({502, 503, 504})


def fault_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> WorldFault:
    """What an answer with an error `status` means; only a problem of ours can decline, all else is the world's."""
    later = retry_after(headers.get("retry-after"), now)
    said = _problem(headers, body)
    if said is None:
        kind: type[WorldFault] = Unreachable if status in _GATEWAY else NotAPlatform
        return kind(f"HTTP {status}", code="bad_gateway" if kind is Unreachable else None, retry_after=later)
    if status in (429, 503):
        wait = "" if later is None else str(math.ceil(later / 60))  # minutes
        return Busy(said.about or wait, code=said.code, retry_after=later)
    if status >= 500:
        return Broken(said.about or said.code, retry_after=later)
    kind_of_no = NoRole if (status, said.code) == (403, NoRole.code) else _DECLINED.get(status, Declined)
    return kind_of_no(said.about or said.detail or f"HTTP {status}", code=said.code, retry_after=later, status=status)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds named by a Retry-After header (a number or a date), None without one that makes sense.

    >>> retry_after("7", datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    >>> retry_after("Thu, 01 Jan 2026 00:01:00 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    60.0
    """
    if not value:
        return None
    if value.strip().isdecimal():
        return min(float(value[:20]), 86400.0)
    moment = moment_of(value)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), 86400.0)


def moment_of(value: str) -> datetime | None:
    """The moment of an HTTP date, None without one; `strptime` would read its names in the language Qt gave us.

    >>> moment_of("Thu, 01 Jan 2026 00:01:00 GMT")
    datetime.datetime(2026, 1, 1, 0, 1, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _problem(headers: Mapping[str, str], body: bytes) -> Problem | None:
    if headers.get("content-type", "").split(";")[0].strip().lower() != MEDIA_TYPE:
        return None
    try:
        return decode(body, Problem)
    except Unreadable:
        return None
