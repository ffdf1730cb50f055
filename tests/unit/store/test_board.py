"""The board: what the platform says, what is pending on top of it, and what it tells the screens."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.domain.calendar import weekly
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.references import ReferenceChanged
from commandcenter.domain.facts import Accepted, Filed, Taken
from commandcenter.domain.kinds import Limit, LimitBasis, Measure
from commandcenter.domain.lights import light
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.store.board import Board
from commandcenter.store.columns import ABSENT, LIGHT_CODES
from commandcenter.store.overlay import Act, Delivery
from commandcenter.store.signal import Signal
from commandcenter.store.touched import Touched
from tests.kit.district import CALENDAR, NOON, reference
from tests.kit.scripted import a_case

LATER = NOON + timedelta(hours=2)


def board(*cases) -> Board:
    made = Board()
    made.replace([CALENDAR, *reference(), *cases])
    return made


def left(shown: Board, key: str) -> float:
    return float(shown.cases.left(NOON.timestamp())[shown.cases.slot(key)])


def filing(cmd: str = "cmd1", cseq: int = 1, case: str = "c1", delivery: Delivery = Delivery.KEPT) -> Act:
    fact = Filed(case, "u", NOON, "water", LATER, LATER)
    return Act(cmd, cseq, "u", "file", ("case", case), (fact,), delivery)


def test_a_pending_act_is_shown_on_top_and_lifted_by_its_frame():
    shown = board(a_case())
    told = []
    shown.changed.connect(told.append)
    shown.pend(filing())
    assert shown.find("case", "c1").stage is Stage.FILED
    assert shown.find("case", "c1").rev == 1
    assert shown.confirmed("case", "c1").stage is Stage.RECEIVED
    assert shown.delivery("case", "c1") is Delivery.KEPT
    shown.apply([a_case(rev=2, text="new")], done=["cmd1"])
    assert shown.find("case", "c1") == a_case(rev=2, text="new")
    assert shown.delivery("case", "c1") is Delivery.DONE
    assert told == [Touched(frozenset({("case", "c1")}))] * 2


def test_the_same_act_twice_is_shown_once():
    shown = board(a_case())
    for delivery in (Delivery.KEPT, Delivery.KEPT, Delivery.SENT):
        shown.pend(filing(delivery=delivery))
    assert len(shown.overlay.acts) == 1
    shown.hide_act("cmd1")
    shown.hide_act("cmd1")
    assert shown.find("case", "c1") == a_case()


def test_an_act_that_needs_the_person_is_marked_and_changes_nothing():
    shown = board(a_case())
    shown.pend(filing(delivery=Delivery.NEEDS_YOU))
    assert shown.find("case", "c1") == a_case()
    assert shown.delivery("case", "c1") is Delivery.NEEDS_YOU


def test_a_pending_new_case_is_there_and_gone_when_it_is_dropped():
    shown = board()
    taken = Taken("c9", "u", NOON, None, "hotline", "water", "积水", "路口", "east")
    shown.pend(Act("cmd1", 1, "u", "take", ("case", "c9"), (taken,), Delivery.KEPT))
    assert shown.find("case", "c9").number is None
    assert len(shown.cases) == 1
    shown.replace([CALENDAR])
    assert shown.find("case", "c9") is not None
    shown.hide_act("cmd1")
    assert shown.find("case", "c9") is None
    assert len(shown.cases) == 0


def test_what_was_evicted_is_not_made_up_again_by_what_pends_on_it():
    shown = board(a_case())
    fact = Accepted("c1", "u", NOON)
    shown.pend(Act("cmd1", 1, "u", "accept", ("case", "c1"), (fact,), Delivery.KEPT))
    shown.apply([], [("case", "c1")])
    assert shown.find("case", "c1") is None
    assert shown.delivery("case", "c1") is Delivery.KEPT


def test_acts_on_one_record_are_laid_over_it_in_the_order_given():
    shown = board(a_case())
    accept = Act("cmd2", 2, "u", "accept", ("case", "c1"), (Accepted("c1", "u", NOON),), Delivery.KEPT)
    shown.pend(accept)
    shown.pend(filing(cseq=1, delivery=Delivery.SENT))
    assert shown.find("case", "c1").stage is Stage.HANDLING
    assert shown.delivery("case", "c1") is Delivery.KEPT


def test_an_act_on_a_kind_of_record_that_a_newer_version_made_is_kept_on_display():
    shown, told = board(a_case()), []
    shown.changed.connect(told.append)
    shown.pend(Act("cmd1", 1, "u", "move_vehicle", ("vehicle", "v1"), (), Delivery.KEPT))
    assert shown.delivery("vehicle", "v1") is Delivery.KEPT
    assert shown.find("vehicle", "v1") is None
    assert [(one.concerns("vehicle", "v1"), one.concerns("case")) for one in told] == [(True, False)]
    shown.replace([CALENDAR, *reference()])
    assert [act.cmd_id for act in shown.overlay.acts] == ["cmd1"]


def test_a_listener_may_leave_while_it_is_told():
    signal: Signal[int] = Signal()
    heard = []

    def once(value: int) -> None:
        heard.append(value)
        signal.disconnect(once)

    signal.connect(once)
    signal.connect(heard.append)
    signal.emit(1)
    signal.emit(2)
    assert heard == [1, 1, 2]
    with pytest.raises(ValueError):
        signal.disconnect(once)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["put", "remove"]), st.integers(0, 30)), max_size=200))
def test_columns_hold_each_case_once_at_a_place_that_stays(steps):
    shown, kept = board(), {}
    for step, number in steps:
        key = f"c{number}"
        if step == "put":
            before = shown.cases.slot(key)
            shown.apply([a_case(key, rev=kept.get(key, 0) + 1, spot=Spot(117.0, float(number)))])
            kept[key] = kept.get(key, 0) + 1
            assert before in (None, shown.cases.slot(key))
        else:
            shown.apply([], [("case", key)])
            kept.pop(key, None)
    columns = shown.cases
    assert {columns.ids[at] for at in np.flatnonzero(columns["alive"])} == set(kept)
    assert len(columns) == len(kept)
    assert columns.size <= 31
    assert all(columns["lat"][columns.slot(key)] == float(key[1:]) for key in kept)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Stage), st.integers(-3, 3), st.booleans()), min_size=1, max_size=20))
def test_lights_of_columns_are_those_of_the_cases(rows):
    cases = []
    for number, (stage, hours, reported) in enumerate(rows):
        due = NOON + timedelta(hours=hours, minutes=1)
        ended = NOON if stage in (Stage.CLOSED, Stage.MERGED, Stage.VOID) else None
        at = NOON - timedelta(hours=1) if reported else None
        made = a_case(f"c{number}", due=due, green_until=due - timedelta(minutes=30), reported_at=at, ended_at=ended)
        cases.append(type(made)(**{f: getattr(made, f) for f in made.__slots__} | {"stage": stage}))
    shown = board(*cases)
    lights = shown.cases.lights(NOON.timestamp())
    for case in cases:
        expected = "ended" if case.ended_at else light(case, NOON).value
        assert LIGHT_CODES[lights[shown.cases.slot(case.id)]] == expected


def test_seconds_left_count_on_the_clock_of_the_limit():
    due = NOON + timedelta(hours=3)
    shown = board(a_case("c1", due=due, green_until=due), a_case("c2"))
    left = shown.cases.left(NOON.timestamp())
    assert left[shown.cases.slot("c1")] == pytest.approx(3 * 3600)
    assert math.isnan(left[shown.cases.slot("c2")])
    shown.apply([], [("case", "c1")])
    assert shown.cases.lights(NOON.timestamp())[0] == ABSENT


def test_another_calendar_counts_at_once_for_the_cases_that_are_there():
    due = NOON + timedelta(days=3)
    shown = board(a_case("gone", due=due), a_case("work", due=due), a_case("none"))
    shown.apply([replace(a_case("urgent", due=due), kind="lid")], [("case", "gone")])
    shown.apply([replace(weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))), rev=2)])
    left = shown.cases.left(NOON.timestamp())
    assert left[shown.cases.slot("work")] == 3 * 7 * 3600
    assert left[shown.cases.slot("urgent")] == 3 * 24 * 3600
    assert math.isnan(left[shown.cases.slot("none")])


def test_the_case_that_is_due_first_comes_first_whatever_its_limit_counts_by():
    """It is noon in the district; it works from 08:30 to 12:00 and from 14:00 to 17:30."""
    days = {"today": 0.2, "tonight": 0.5, "at dawn": 0.75, "tomorrow": 1.2}
    dues = {key: NOON + timedelta(days=later) for key, later in days.items()}
    cases = [a_case(key, due=dues[key]) for key in ("tomorrow", "today")]
    cases += [replace(a_case(key, due=dues[key]), kind="lid") for key in ("at dawn", "tonight")]
    late = [a_case("late", due=NOON - timedelta(hours=1)), a_case("latest", due=NOON - timedelta(days=1))]
    shown = board(*cases, *late, a_case("none"))
    shown.apply([replace(weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))), rev=2)])
    keys = shown.cases.urgency(NOON.timestamp())
    order = sorted((*dues, "late", "latest", "none"), key=lambda key: keys[shown.cases.slot(key)])
    assert order == ["latest", "late", *dues, "none"]


def test_a_case_keeps_the_hours_of_its_filing_while_other_hours_are_on_their_way():
    """A pending change keeps the revision that it is based on, and so do two."""
    noon_to_three = weekly("Asia/Shanghai", days=7, spans=((720, 900),))
    basis = LimitBasis(Limit(4, Measure.WORKING_HOURS), 1, CALENDAR.rev)
    shown = board(replace(a_case("c1", due=NOON + timedelta(days=1)), basis=basis))
    assert left(shown, "c1") == 24 * 3600
    for number, week in enumerate((noon_to_three, weekly("Asia/Shanghai", days=1, spans=((0, 60),)))):
        fact = ReferenceChanged("calendar:week", "ops", NOON, week)
        shown.pend(Act(f"cmd{number}", number, "ops", "change_reference", ("calendar", "week"), (fact,), Delivery.KEPT))
        assert shown.cases.week_of(0).hours == week.hours
        assert shown.cases.week_of(CALENDAR.rev).hours == CALENDAR.hours
        assert left(shown, "c1") == 24 * 3600
    confirmed = ReferenceChanged("calendar:week", "ops", NOON, noon_to_three).evolve(CALENDAR)
    shown.apply([confirmed], done=["cmd0", "cmd1"])
    assert (shown.cases.week_of(2), left(shown, "c1")) == (confirmed, 24 * 3600)


def test_another_limit_counts_at_once_for_the_cases_that_are_there():
    week, (water, *_) = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))), reference()
    shown = board(a_case("c1", due=NOON + timedelta(days=3)), week)
    around_the_clock = replace(water, rev=2, limit=Limit(72, Measure.URGENT_HOURS))
    lefts = []
    for change in (around_the_clock, replace(water, rev=3), replace(around_the_clock, rev=4)):
        shown.apply([change])
        lefts.append(left(shown, "c1"))
    assert lefts == [3 * 24 * 3600, 3 * 7 * 3600, 3 * 24 * 3600]
    shown.apply([], [("kind", "water")])
    assert left(shown, "c1") == 3 * 7 * 3600


def test_limits_and_hours_that_come_with_their_case_count_in_whatever_order_they_are_told():
    week, (water, *_) = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))), reference()
    told = [week, replace(water, rev=2, limit=Limit(72, Measure.URGENT_HOURS)), a_case("c1", due=LATER)]
    told.append(replace(a_case("c2", due=NOON + timedelta(days=3)), kind="stall"))
    for order in (told, told[::-1]):
        shown = board()
        shown.apply(order)
        assert (left(shown, "c1"), left(shown, "c2")) == (2 * 3600, 3 * 7 * 3600)


def test_without_a_calendar_the_time_left_is_counted_around_the_clock():
    shown = board(a_case("c1", due=NOON + timedelta(days=3)), weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))))
    assert left(shown, "c1") == 3 * 7 * 3600
    shown.apply([], [("calendar", CALENDAR.id)])
    assert left(shown, "c1") == 3 * 24 * 3600
    shown.replace([a_case("c1", due=NOON + timedelta(days=3)), *reference()])
    assert left(shown, "c1") == 3 * 24 * 3600


def test_a_calendar_that_no_limit_counts_by_changes_no_time_left():
    shown = board(a_case("c1", due=NOON + timedelta(days=3)))
    shown.apply([replace(weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))), id="market_days")])
    assert shown.cases.left(NOON.timestamp())[shown.cases.slot("c1")] == 3 * 24 * 3600
    assert shown.cases.calendar == CALENDAR


def test_numbers_sort_as_they_read():
    shown = board(a_case("c1", number="BH-20261124-00002"), a_case("c2", number="BH-20261123-00010"), a_case("c3"))
    numbers = {key: shown.cases["number"][shown.cases.slot(key)] for key in ("c1", "c2", "c3")}
    assert numbers["c3"] == 0 < numbers["c2"] < numbers["c1"]


def test_touched_says_whom_it_concerns():
    some = Touched(frozenset({("case", "c1")})) | Touched(frozenset({("case", "c2")}))
    assert some.concerns("case")
    assert some.concerns("case", "c1")
    assert not some.concerns("case", "c3")
    assert some.ids("case") == {"c1", "c2"}
    assert not some.concerns("crew")
    assert not some.concerns("street")
    assert Touched(everything=True).concerns("crew", "x")


def test_what_is_named_or_limited_by_a_changed_record_is_concerned_too():
    some = Touched(frozenset({("case", "c1"), ("kind", "water")}))
    assert some.ids("case") is None
    assert some.concerns("case", "c2")
    assert some.concerns("crew")
    assert some.concerns("kind", "water")
    assert not some.concerns("kind", "lid")
    assert not some.concerns("street")


def test_what_is_live_is_not_replaced_by_what_was_fetched():
    shown = board(a_case(rev=2))
    shown.watch(("case", "c1"))
    shown.fetch(replace(a_case(), stage=Stage.CLOSED, ended_at=NOON))
    assert (shown.confirmed("case", "c1"), shown.fetched.refs) == (a_case(rev=2), ())


def test_who_took_a_case_in_and_sits_elsewhere_now_is_shown_their_own_act_alone():
    shown = board()
    taken = replace(a_case(), taken_by="clerk")
    shown.watch(("case", "c1"))
    shown.set_reader(Person("clerk", Role.INTAKE_CLERK, Scope("d1")))
    shown.fetch(taken)
    assert shown.find("case", "c1") == taken
    shown.set_reader(Person("clerk", Role.UNIT, Scope("d1", street="west", unit="west-urban")))
    assert shown.find("case", "c1") is None
    taking = Taken("c2", "clerk", NOON, None, "hotline", "water", "积水", "路口", "east")
    shown.pend(Act("cmd1", 1, "clerk", "take", ("case", "c2"), (taking,), Delivery.KEPT))
    assert shown.find("case", "c2").text == "积水"


@pytest.mark.parametrize(
    ("kind", "waits"), [("crew", True), ("case", False), ("calendar", False), ("kind", False), ("holder", False)]
)
def test_only_what_devices_report_may_wait_for_the_second(kind: str, waits: bool) -> None:
    assert Touched(frozenset({(kind, "x")})).is_telemetry is waits
    assert not Touched(frozenset({(kind, "x"), ("case", "c")})).is_telemetry
