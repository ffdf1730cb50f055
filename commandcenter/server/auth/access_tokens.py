"""Access tokens: opaque, kept in memory only, each bound to a user until it expires or is revoked."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

from commandcenter.server.storage.settings import ACCESS_MINUTES, SettingValues


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token of a signed-in user: `key` is its hash, `family` is common to all tokens of one sign-in.

    The user's role and scope are not part of it: `roles` looks them up at each request.
    """

    key: str
    user: str
    family: str
    expires_at: datetime


def digest(token: str) -> str:
    """Returns the SHA-256 (hex) by which a token is stored."""
    return sha256(token.encode(errors="replace")).hexdigest()


class AccessTokens:
    """The access tokens in force; the event loop's and the writer's thread both issue and revoke them."""

    def __init__(self, now: Callable[[], datetime], settings: SettingValues | None = None) -> None:
        self._now = now
        self._settings = settings or SettingValues()
        self._seats: dict[str, AccessToken] = {}
        self._changing = Lock()

    def give(self, user: str, family: str, *, until: datetime) -> tuple[str, timedelta]:
        """Returns a new token for `user` and its lifetime, cut off at `until`, the end of the sign-in."""
        token, now = secrets.token_urlsafe(32), self._now()
        key, ends_at = digest(token), min(now + timedelta(minutes=self._settings[ACCESS_MINUTES]), until)
        self._keep(lambda seat: seat.expires_at > now, AccessToken(key, user, family, ends_at))
        return token, ends_at - now

    def find(self, token: str) -> AccessToken | None:
        """Returns the AccessToken of `token`, None unless it is in force."""
        seat = self._seats.get(digest(token))
        return seat if seat is not None and seat.expires_at > self._now() else None

    def holds(self, seat: AccessToken) -> bool:
        """Returns whether `seat` is still in force: neither expired nor revoked."""
        return seat.key in self._seats and seat.expires_at > self._now()

    def revoke(self, *, family: str | None = None, user: str | None = None) -> None:
        """Revokes all tokens of a sign-in (`family`), or of a user."""
        self._keep(lambda seat: seat.family != family and seat.user != user)

    def keep(self, families: Collection[str]) -> None:
        """Revokes all tokens except those of the sign-ins in `families`."""
        self._keep(lambda seat: seat.family in families)

    def _keep(self, stays: Callable[[AccessToken], bool], *new: AccessToken) -> None:
        with self._changing:
            kept = [seat for seat in self._seats.values() if stays(seat)]
            self._seats = {seat.key: seat for seat in (*kept, *new)}
