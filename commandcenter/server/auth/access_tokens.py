"""Who sits where: access tokens, opaque and in memory only, each bound to a user until it expires or is revoked.

What the user is, and how far they reach, is not theirs to carry: `roles` is asked at each request.
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed-in user: `key` is the hash of the token, `family` what all tokens of one sign-in have in common."""

    key: str
    user: str
    family: str
    expires_at: datetime


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()


class AccessTokens:
    """The access tokens in force; both the loop's and the writer's thread give them and take them back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seats: dict[str, AccessToken] = {}
        self._changing = Lock()

    def give(self, user: str, family: str, *, until: datetime) -> tuple[str, timedelta]:
        """A new token for `user`, and how long it lives: not beyond `until`, the end of its sign-in."""
        token, now = secrets.token_urlsafe(32), self._now()
        key, ends_at = digest(token), min(now + LIFE, until)
        self._keep(lambda seat: seat.expires_at > now, AccessToken(key, user, family, ends_at))
        return token, ends_at - now

    def find(self, token: str) -> AccessToken | None:
        """Whose token it is, if it is in force."""
        seat = self._seats.get(digest(token))
        return seat if seat is not None and seat.expires_at > self._now() else None

    def holds(self, seat: AccessToken) -> bool:
        """Whether the seat is still in force: neither expired nor revoked."""
        return seat.key in self._seats and seat.expires_at > self._now()

    def revoke(self, *, family: str | None = None, user: str | None = None) -> None:
        """Take back all tokens of a sign-in, or of a user."""
        self._keep(lambda seat: seat.family != family and seat.user != user)

    def keep(self, families: Collection[str]) -> None:
        """Take back all tokens of sign-ins that are none of `families`."""
        self._keep(lambda seat: seat.family in families)

    def _keep(self, stays: Callable[[AccessToken], bool], *new: AccessToken) -> None:
        with self._changing:
            kept = [seat for seat in self._seats.values() if stays(seat)]
            self._seats = {seat.key: seat for seat in (*kept, *new)}
