"""Defines the roster of a crew: its shifts, who is in the crew, and what the roster says of a moment."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from commandcenter.domain.calendar import YEARS
from commandcenter.domain.personal import has_personal_number
from commandcenter.domain.reference import Reference

SPOKEN_OF = timedelta(days=1)  # before its first shift and after its last one, of which a roster still speaks
LONGEST = timedelta(days=2)  # of a shift; a longer one is a slip of the pen
ENDS_SOON = timedelta(minutes=30)  # before the end of a shift, from which on that is said


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift from `starts` until before `ends`; both have a time zone."""

    starts: datetime
    ends: datetime


class DutyState(StrEnum):
    """How what a crew does stands to its roster."""

    ON = "on"  # it works its shift
    ENDING = "ending"  # that ends soon
    BEYOND = "beyond"  # it still works, and its shift is over
    EARLY = "early"  # it works already, and its shift begins later
    MISSING = "missing"  # its shift has begun, and it is not there
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a roster says of a moment: `shift` is the one that it is about, `next` the one after that moment.

    That is the present shift, of BEYOND the last one, of EARLY and OFF none.
    """

    state: DutyState
    shift: Shift | None
    next: Shift | None


@dataclass(frozen=True, slots=True)
class Roster(Reference):
    """The roster 轮班 of the crew with the same id: its shifts in order of time, and the names of its members.

    Names of people are shown where the crew is, and stand in no log and no address.
    """

    id: str
    rev: int
    unit: str
    street: str
    shifts: tuple[Shift, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def flaw(self) -> str:
        """The code of what is wrong with a shift or a member; "" for a sound roster."""
        if not all(map(_is_moment, (at for one in self.shifts for at in (one.starts, one.ends)))):
            return "bad_shift"
        if any(one.ends <= one.starts for one in self.shifts):
            return "shift_backwards"
        if any(one.ends - one.starts > LONGEST for one in self.shifts):
            return "shift_too_long"
        if any(one.ends > other.starts for one, other in pairwise(self.shifts)):
            return "shifts_overlap"
        is_named = all(name.strip() and not has_personal_number(name) for name in self.members)
        return "" if is_named else "bad_member"

    def shift_at(self, at: datetime) -> Shift | None:
        """Returns the shift in which `at` lies; None between shifts."""
        before = self._begun(at)
        shift = self.shifts[before - 1] if before else None
        return shift if shift is not None and at < shift.ends else None

    def last_before(self, at: datetime) -> Shift | None:
        """Returns the last shift that was over at `at`; None when none was."""
        begun = self._begun(at)
        over = begun - 1 if begun and at < self.shifts[begun - 1].ends else begun
        return self.shifts[over - 1] if over else None

    def next_after(self, at: datetime) -> Shift | None:
        """Returns the first shift that begins after `at`; None when none does."""
        return next(iter(self.shifts[self._begun(at) :][:1]), None)

    def speaks_of(self, at: datetime) -> bool:
        """Returns whether the roster says anything of `at`; one that has run out says nothing, nor a retired one."""
        if self.retired or not self.shifts:
            return False
        return self.shifts[0].starts - SPOKEN_OF <= at < self.shifts[-1].ends + SPOKEN_OF

    def is_off(self, at: datetime) -> bool:
        """Returns whether the crew is off duty at `at`, as far as the roster speaks of that."""
        return self.speaks_of(at) and self.shift_at(at) is None

    def duty(self, at: datetime, *, works: bool) -> Duty | None:
        """Returns what the roster says of a crew that `works` at `at` or does not; None when it says nothing."""
        if not self.speaks_of(at):
            return None
        now, last, following = self.shift_at(at), self.last_before(at), self.next_after(at)
        if now is not None:
            is_ending = now.ends - at <= ENDS_SOON
            state = (DutyState.ENDING if is_ending else DutyState.ON) if works else DutyState.MISSING
            return Duty(state, now, following)
        if not works:
            return Duty(DutyState.OFF, None, following)
        is_late = last is not None and (following is None or at - last.ends <= following.starts - at)
        return Duty(DutyState.BEYOND, last, following) if is_late else Duty(DutyState.EARLY, None, following)

    def _begun(self, at: datetime) -> int:
        return bisect_right(self.shifts, at, key=lambda one: one.starts)


def _is_moment(at: datetime) -> bool:
    return at.tzinfo is not None and at.year in YEARS
