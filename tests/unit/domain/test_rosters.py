"""What a roster says of a moment, and orders to a crew that is off duty by it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.soundness import unsound
from tests.kit.district import NOON
from tests.unit.domain.test_orders import Hall


def at(hours: float) -> datetime:
    """Returns a moment so many hours after noon."""
    return NOON + timedelta(hours=hours)


def shift(starts: float, ends: float) -> Shift:
    """Returns a shift, in hours after noon."""
    return Shift(at(starts), at(ends))


MORNING, NEXT = shift(-4, 2), shift(20, 28)
ROSTER = Roster("c", 1, "east-urban", "east", (MORNING, NEXT), ("王强", "李敏"))


@pytest.mark.parametrize(
    ("hours", "now", "last", "next_one", "is_off"),
    [
        (-29, None, None, MORNING, False),  # it speaks from a day before on
        (-27, None, None, MORNING, True),
        (-4, MORNING, None, NEXT, False),
        (1.9, MORNING, None, NEXT, False),
        (2, None, MORNING, NEXT, True),
        (20, NEXT, MORNING, None, False),
        (28, None, NEXT, None, True),
        (51.9, None, NEXT, None, True),
        (52, None, NEXT, None, False),  # it has run out
    ],
)
def test_what_a_roster_says_of_a_moment(
    hours: float, now: Shift | None, last: Shift | None, next_one: Shift | None, is_off: bool
) -> None:
    moment = at(hours)
    assert (ROSTER.shift_at(moment), ROSTER.last_before(moment), ROSTER.next_after(moment)) == (now, last, next_one)
    assert ROSTER.is_off(moment) is is_off
    assert not replace(ROSTER, retired=True).is_off(moment)


@pytest.mark.parametrize(
    ("shifts", "members", "code"),
    [
        ((MORNING, NEXT), ("王强",), None),
        ((shift(2, 2),), (), "shift_backwards"),
        ((shift(0, 49),), (), "shift_too_long"),
        ((NEXT, MORNING), (), "shifts_overlap"),
        ((MORNING, shift(1.9, 3)), (), "shifts_overlap"),
        ((MORNING, shift(2, 3)), (), None),  # one after the other
        ((Shift(NOON.replace(tzinfo=None), NOON.replace(tzinfo=None)),), (), "bad_shift"),
        ((), ("王强 13812345678",), "bad_member"),
        ((), (" ",), "bad_member"),
    ],
)
def test_a_roster_that_cannot_be_is_refused(
    shifts: tuple[Shift, ...], members: tuple[str, ...], code: str | None
) -> None:
    refusal = unsound(replace(ROSTER, shifts=shifts, members=members))
    assert (None if refusal is None else refusal.code) == code


def test_a_crew_works_beyond_its_shift_for_a_reason_alone() -> None:
    hall = Hall()
    hall.records["roster", "c"] = ROSTER
    assert hall.does(SendCrew("one", "c"), at=at(3)) == "crew_off_shift"
    assert hall.does(SendCrew("one", "c", "夜间抢险"), at=at(3)) is None
    assert hall.told == (None, "one", (), "dispatched", ["one"])


def test_a_crew_is_booked_within_its_shifts_alone() -> None:
    hall = Hall()
    hall.records["roster", "c"] = ROSTER
    assert hall.does(SendCrew("one", "c", "无论如何", booked_for=at(10))) == "crew_not_rostered"
    assert hall.does(SendCrew("one", "c", booked_for=at(21))) is None  # also while it is off
    assert hall.does(SendCrew("two", "c"), at=at(1)) is None


def test_a_crew_without_a_roster_is_sent_and_booked_at_any_time() -> None:
    hall = Hall()
    assert hall.does(SendCrew("one", "c"), at=at(3)) is None
    assert hall.does(SendCrew("two", "c", booked_for=at(10)), at=at(3)) is None
