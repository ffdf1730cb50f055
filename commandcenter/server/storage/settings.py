"""Declares what security administrators set for the whole platform, and keeps each value with its history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, select

from commandcenter.protocol.retention import FRAMES_KEPT
from commandcenter.protocol.settings import SettingRevision, SettingState
from commandcenter.server.storage.tables import settings


@dataclass(frozen=True, slots=True)
class PlatformSetting:
    """A setting: a number from `least` to `most`; `initial` until somebody sets it."""

    name: str
    initial: float
    least: float
    most: float
    unit: str

    def accepts(self, value: float) -> bool:
        """Returns whether the value is within the bounds; NaN is not."""
        return self.least <= value <= self.most

    def bounded(self, value: float) -> float:
        """Returns a value that was set, within the bounds of today."""
        return min(max(value, self.least), self.most)


FRAMES_DAYS, RESULTS_DAYS = "frames_kept_days", "results_kept_days"
SIGN_IN_HOURS, ACCESS_MINUTES = "sign_in_hours", "access_minutes"
FREE_FAILURES, LOCKED_MOST = "free_failures", "locked_seconds_most"
QUOTA_FACTOR, UNKNOWN_KEPT = "quota_factor", "unknown_sign_ins_kept"
REVISIONS_SHOWN = 50  # of each setting
DECLARED = (
    PlatformSetting(FRAMES_DAYS, FRAMES_KEPT.days, 1, 90, "d"),  # how long a console may be away without a new snapshot
    PlatformSetting(RESULTS_DAYS, 30, 7, 400, "d"),  # how long the full answer to a command is repeated
    PlatformSetting(SIGN_IN_HOURS, 12, 1, 24, "h"),  # from the password on
    PlatformSetting(ACCESS_MINUTES, 15, 1, 15, "min"),  # of an access token
    PlatformSetting(FREE_FAILURES, 4, 1, 4, ""),  # wrong passwords of an account at an address before it has to wait
    PlatformSetting(LOCKED_MOST, 900, 900, 3_600, "s"),  # the longest wait after wrong passwords
    PlatformSetting(QUOTA_FACTOR, 1, 1, 10, ""),  # how many times the usual quotas an account has
    PlatformSetting(UNKNOWN_KEPT, 100_000, 1_000, 500_000, ""),  # audit rows of sign-ins under unknown names
)


class SettingValues:
    """The values in force, read anew after each change; `initial` are those of the command line."""

    def __init__(self, initial: Mapping[str, float] | None = None) -> None:
        given = initial or {}
        self.declared = {one.name: replace(one, initial=given.get(one.name, one.initial)) for one in DECLARED}
        self._values = {one.name: one.initial for one in self.declared.values()}

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def states(self, connection: Connection) -> tuple[SettingState, ...]:
        """Returns each setting with its history."""
        return tuple(self.state(connection, name) for name in self.declared)

    def state(self, connection: Connection, name: str) -> SettingState:
        """Returns the setting with the newest of its history."""
        one, of_it = self.declared[name], select(settings).where(settings.c.name == name)
        rows = connection.execute(of_it.order_by(settings.c.rev.desc()).limit(REVISIONS_SHOWN))
        when = partial(datetime.fromtimestamp, tz=UTC)
        known = tuple(SettingRevision(row.rev, row.value, when(row.at), row.actor) for row in rows)
        value = one.bounded(known[0].value) if known else one.initial
        bounds = {"least": one.least, "most": one.most}
        return SettingState(name=name, value=value, initial=one.initial, unit=one.unit, revisions=known, **bounds)

    def put(self, connection: Connection, name: str, value: float, *, by: str, at: datetime) -> None:
        """Writes the next value of a setting, in force once it is loaded."""
        connection.execute(settings.insert(), {"name": name, "value": value, "at": at.timestamp(), "actor": by})

    def load(self, connection: Connection) -> None:
        """Puts the values that are written in force."""
        self._values = {one.name: one.value for one in self.states(connection)}
