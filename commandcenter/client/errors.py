"""Defines the errors of talking to a platform; each has a `code` that the screens translate.

PlatformFault
├── Unreachable            no answer: no network, refused, timed out, a gateway without a platform behind it
│   └── Untrusted          the certificate does not prove who answered
├── NotAPlatform           an answer, but not from a platform: HTML, other JSON, another web server, a proxy
├── NewerProtocol          the platform requires a newer console
├── NewerRecord            a record that only a newer console can read; all else goes on
├── WrongPlatform          a platform of another district than the user's
├── MalformedAnswer        a platform, but its answer violates the protocol
│   └── UnreadableContent  in a stream or snapshot: the platform may be newer than this program
├── PlatformBroken         the platform failed (5xx)
├── PlatformBusy           come back later (429, 503)
└── Declined               the platform refused the request and said why
    ├── SignedOut          the sign-in is no longer valid (401)
    ├── NoRole             the account has no role at this moment (403)
    ├── WrongEpoch         the platform's log has begun a new epoch (409)
    ├── Gone               the cursor can no longer be streamed from (410)
    └── TooLarge           the request was too large (413)
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from commandcenter.protocol import codes
from commandcenter.protocol.codec import Unreadable, decode
from commandcenter.protocol.limits import ABOUT_MOST, CODE_MOST
from commandcenter.protocol.media import PROBLEM, media_of
from commandcenter.protocol.problems import Problem


class PlatformFault(Exception):
    """An error of the network or the other side; `retry_after` in seconds when the other side named a time.

    `of_sign_in`: it occurred while the sign-in was renewed, before the request itself was sent.
    """

    code = "world"

    def __init__(self, about: str = "", *, code: str | None = None, retry_after: float | None = None) -> None:
        self.code = (code or type(self).code)[:CODE_MOST]  # texts from outside may be of any length
        self.about = about = about[:ABOUT_MOST]
        self.retry_after = retry_after
        self.of_sign_in = False
        super().__init__(f"{self.code}: {about}" if about else self.code)


class Unreachable(PlatformFault):
    """No answer came."""

    code = "unreachable"


class Untrusted(Unreachable):
    """The certificate does not prove who answered."""

    code = "certificate"


class NotAPlatform(PlatformFault):
    """The server that answered is not a platform."""

    code = "not_a_platform"


class NewerProtocol(PlatformFault):
    """The platform requires a newer console."""

    code = "newer_protocol"


class NewerRecord(PlatformFault):
    """The record that was asked for has a word that only a newer console knows; `about`: how many such records."""

    code = "older_program"


class WrongPlatform(PlatformFault):
    """The platform serves another district."""

    code = "wrong_platform"


class MalformedAnswer(PlatformFault):
    """The platform's answer violates the protocol."""

    code = "garbled"


class UnreadableContent(MalformedAnswer):
    """A frame, or a record of a snapshot, arrived completely and violates the protocol."""


class PlatformBroken(PlatformFault):
    """The platform failed with an internal error."""

    code = "platform_error"


class PlatformBusy(PlatformFault):
    """The platform is overloaded, unavailable or limits this account's requests."""

    code = codes.BUSY


class Declined(PlatformFault):
    """The platform refused the request; `code` is that of the problem it sent, `status` the HTTP status."""

    code = "declined"

    def __init__(self, about: str = "", *, code: str | None = None, retry_after: float | None = None, status: int = 0):
        super().__init__(about, code=code, retry_after=retry_after)
        self.status = status


class SignedOut(Declined):
    """The sign-in is no longer valid: the user has to sign in again."""

    code = codes.SIGNED_OUT


class NoRole(Declined):
    """The account has no role at this moment; one may begin at any time."""

    code = codes.NO_ROLE


class WrongEpoch(Declined):
    """The platform's log has begun a new epoch, as after a restore."""

    code = codes.WRONG_EPOCH


class Gone(Declined):
    """The requested position in the log can no longer be streamed."""

    code = codes.GONE


class TooLarge(Declined):
    """The request was too large: send or ask for less at a time."""

    code = "too_large"


_DECLINED: dict[int, type[Declined]] = {401: SignedOut, 409: WrongEpoch, 410: Gone, 413: TooLarge}
_GATEWAY = frozenset({502, 503, 504})


def error_of_answer(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> PlatformFault:
    """Returns the error for an answer with an HTTP error `status`.

    Only an answer in the platform's problem format counts as the platform's own; anything else comes from a gateway or
    another server.
    """
    later = retry_after(headers.get("retry-after"), now)
    said = _problem(headers, body)
    if said is None:
        kind: type[PlatformFault] = Unreachable if status in _GATEWAY else NotAPlatform
        return kind(f"HTTP {status}", code="bad_gateway" if kind is Unreachable else None, retry_after=later)
    if status in (429, 503):
        wait = "" if later is None else str(math.ceil(later / 60))  # minutes
        return PlatformBusy(said.about or wait, code=said.code, retry_after=later)
    if status >= 500:
        return PlatformBroken(said.about or said.code, retry_after=later)
    kind_of_no = NoRole if (status, said.code) == (403, NoRole.code) else _DECLINED.get(status, Declined)
    return kind_of_no(said.about or said.detail or f"HTTP {status}", code=said.code, retry_after=later, status=status)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Returns the seconds named by a Retry-After header (a number or a date), at most a day; None when it names none.

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
    """Returns the time of an HTTP date; None without one. `strptime` would expect the names of Qt's language.

    >>> moment_of("Thu, 01 Jan 2026 00:01:00 GMT")
    datetime.datetime(2026, 1, 1, 0, 1, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _problem(headers: Mapping[str, str], body: bytes) -> Problem | None:
    if media_of(headers.get("content-type")) != PROBLEM:
        return None
    try:
        return decode(body, Problem)
    except Unreadable:
        return None
