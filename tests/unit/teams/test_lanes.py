"""The lanes as plain data: whose case stands where, in which order, what is counted, and what is left out of view."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from commandcenter.domain.cases import Application, Case, Stage
from commandcenter.domain.lights import light
from commandcenter.domain.people import HolderKind
from commandcenter.domain.powers import Power
from commandcenter.domain.stays import Stay
from commandcenter.domain.teams import CrewStatus, Team
from commandcenter.store.board import Board
from tests.kit import hall
from tests.kit.street_crews import crew, everywhere
from ui.teams.lanes import WAITING, Column, Lane, Narrowing, lanes
from ui.teams.layout import laid_out
from ui.teams.reading import read

URBAN, POLICE = "s03-urban", "s03-police"


def board(*records: object) -> Board:
    made = hall.board(0)
    made.apply(records)
    return made


def held(number: int, unit: str = URBAN, **changes: object) -> Case:
    return hall.case(number, **{"stage": Stage.HANDLING, "responsible": unit} | changes)


def lane(made: Board, street: str = "s03") -> Lane:
    return next(one for one in lanes(read(made, hall.NOW)) if one.id == street)


def column(found: Lane, power: str) -> Column:
    return next(one for one in found.columns if one.power == power)


def test_a_street_has_what_waits_and_then_the_units_in_the_order_of_the_four_and_x() -> None:
    found = lanes(read(board(), hall.NOW))
    assert [one.id for one in found] == [f"s{at:02d}" for at in range(1, 14)]
    assert {tuple(one.power for one in row.columns) for row in found} == {
        (WAITING, "urban", "market", "police", "traffic", "housing")
    }


def test_several_further_powers_share_the_column_x() -> None:
    made = board(*(replace(unit, id=f"{unit.id}2", power="health") for unit in hall.holders() if unit.power == "urban"))
    assert [one.power for one in lane(made).columns][-2:] == ["traffic", "x"]
    assert lane(made).columns[-1].units == ("s03-urban2", "s03-housing")


def test_what_is_filed_waits_and_what_a_unit_has_stands_in_its_queue_by_the_due_moment() -> None:
    due = hall.NOW + timedelta(hours=3)
    made = board(
        hall.case(1, due=due),
        hall.case(2, due=due - timedelta(hours=1)),
        held(3, due=due),
        held(4, due=None),
        held(5, due=due - timedelta(hours=2), stage=Stage.DISPATCHED),
        held(6, POLICE),
        held(7, stage=Stage.REPORTED),
        held(8, "d-urban"),
        hall.case(9, stage=Stage.RECEIVED),
    )
    number = {key: made.find("case", key).number[-1] for key in made.cases.ids if key}  # type: ignore[union-attr]
    found = lane(made)
    assert [number[key] for key in column(found, WAITING).queue] == ["2", "1"]
    assert [number[key] for key in column(found, "urban").queue] == ["5", "3", "4"]
    assert [number[key] for key in column(found, "police").queue] == ["6"]
    assert found.counts.open == 9


def test_a_place_given_by_hand_goes_before_the_due_moment_and_is_counted() -> None:
    due = hall.NOW + timedelta(hours=1)
    made = board(held(1, due=due), held(2, due=due + timedelta(hours=9), queued_as=due - timedelta(minutes=1)), held(3))
    found = column(lane(made), "urban")
    assert [made.find("case", key).number[-1] for key in found.queue] == ["2", "1", "3"]  # type: ignore[union-attr]
    assert found.by_hand == 1


def test_cases_without_a_street_wait_in_a_lane_of_their_own() -> None:
    found = lane(board(hall.case(1, street=None)), "")
    assert [(one.power, len(one.queue)) for one in found.columns] == [(WAITING, 1)]


def test_the_counts_say_what_a_person_would_count() -> None:
    made = hall.board(900)
    cases = [one for one in made.all("case") if one.stage in (Stage.DISPATCHED, Stage.HANDLING)]
    by_unit: dict[str, Counter[str]] = {}
    for one in cases:
        told = by_unit.setdefault(one.responsible, Counter())
        told["open"] += 1
        told[light(one, hall.NOW).value] += 1
        told["returned"] += one.application is not None
    for row in lanes(read(made, hall.NOW)):
        for one in row.columns[1:]:
            said = by_unit.get(one.units[0], Counter())
            shown = (one.counts.open, one.counts.soon, one.counts.overdue, one.counts.returned)
            assert shown == (said["open"], said["soon"], said["overdue"], said["returned"])
            assert len(one.queue) == said["open"]


def test_a_lane_counts_what_it_shows_and_apart_what_the_grids_of_its_street_have() -> None:
    grid = next(one for one in hall.holders() if one.kind is HolderKind.GRID_TEAM and one.street == "s03")
    made = board(hall.case(1), held(2), held(3), *(held(number, grid.id) for number in range(4, 9)))
    assert (lane(made).shown, lane(made).in_grids) == (3, 5)
    assert (lane(made, "s04").shown, lane(made, "s04").in_grids) == (0, 0)


def test_of_those_that_wait_the_returned_ones_are_counted_of_a_unit_the_open_applications() -> None:
    made = board(
        *(hall.case(1, returns=2), hall.case(2), hall.case(4)),
        held(3, application=Application("u", "无泵", hall.NOW), returns=1),
    )
    assert column(lane(made), WAITING).counts.returned == 1
    assert column(lane(made), "urban").counts.returned == 1


def test_a_power_without_anybody_on_duty_is_a_gap_since_the_last_one_left() -> None:
    off = CrewStatus.OFF_DUTY
    made = board(crew(1, URBAN, off, minutes=90), crew(2, URBAN, off, minutes=23), crew(1, POLICE, CrewStatus.HANDLING))
    found = lane(made)
    assert [(gap.power, gap.since) for gap in found.gaps] == [("urban", (hall.NOW - timedelta(minutes=23)).timestamp())]
    assert (found.on_duty, column(found, "urban").on_duty, column(found, "police").on_duty) == (1, 0, 1)


def test_since_when_nobody_is_there_is_not_guessed_of_a_crew_that_never_reported() -> None:
    made = board(replace(crew(1, URBAN, CrewStatus.OFF_DUTY), status_since=type(hall.NOW).fromtimestamp(0, hall.ZONE)))
    assert [gap.since for gap in lane(made).gaps] == [None]


def test_a_unit_without_crews_is_no_gap() -> None:
    assert lane(board()).gaps == ()


def test_a_street_sees_its_own_lane_alone() -> None:
    assert [one.id for one in lanes(read(hall.board(50), hall.NOW, "s05"))] == ["s05"]


def test_by_power_there_is_a_lane_a_power_with_a_column_a_street() -> None:
    found = lanes(read(board(held(1), held(2, POLICE)), hall.NOW), Narrowing(by="powers"))
    assert [one.id for one in found] == list(hall.POWERS)
    assert [one.street for one in found[0].columns] == [f"s{at:02d}" for at in range(1, 14)]
    assert [one.counts.open for one in found[0].columns if one.street == "s03"] == [1]


@pytest.mark.parametrize(
    ("crews", "shown"), [("available", ["c-s03-urban-1"]), ("strained", ["c-s03-urban-2", "c-s03-urban-3"])]
)
def test_only_lanes_with_crews_that_are_asked_for_are_shown(crews: str, shown: list[str]) -> None:
    made = board(
        crew(1),
        crew(2, status=CrewStatus.DISPATCHED, minutes=3),
        crew(3, status=CrewStatus.HANDLING, minutes=121),
        crew(4, status=CrewStatus.HANDLING, minutes=59),
        crew(1, "s04-urban", CrewStatus.RETURNING, minutes=900),
        held(1, POLICE),
    )
    found = lanes(read(made, hall.NOW), Narrowing(crews=crews))
    assert [one.id for one in found] == ["s03"]
    assert list(column(found[0], "urban").crews) == shown
    assert column(found[0], "police").queue  # a crew may be sent there
    assert (column(found[0], "urban").on_duty, column(found[0], "urban").all_crews) == (4, 4)


def test_what_was_typed_leaves_the_rows_that_match() -> None:
    made = board(held(1), held(2), crew(1))
    wanted = held(2).id
    narrowing = Narrowing(case=lambda key: key == wanted, crew=lambda one: False)
    found = lanes(read(made, hall.NOW), narrowing)
    assert [one.id for one in found] == ["s03"]
    assert column(found[0], "urban").queue == (wanted,)
    assert column(found[0], "urban").crews == ()


def test_all_crews_of_a_district_stand_in_some_column_once() -> None:
    made = board(*everywhere())
    shown = [key for row in lanes(read(made, hall.NOW)) for one in row.columns for key in one.crews]
    assert sorted(shown) == sorted(one.id for one in everywhere())


def test_a_lane_has_the_units_of_the_streets_team_in_its_order_and_then_those_outside() -> None:
    team = Team("s03", 1, "望湖综合执法队", ("s03-housing", "s03-traffic", "s03-urban"))
    made = board(team, held(1))
    assert [one.units for one in lane(made).columns] == [
        (), ("s03-housing",), ("s03-traffic",), ("s03-urban",), ("s03-market",), ("s03-police",)
    ]  # fmt: skip
    assert column(lane(made), "urban").queue == (held(1).id,)
    assert [one.power for one in lane(made, "s04").columns] == [WAITING, *hall.POWERS]
    made.apply([replace(team, rev=2, retired=True)])
    assert [one.power for one in lane(made).columns] == [WAITING, *hall.POWERS]


def test_a_fifth_unit_of_a_team_and_all_further_ones_share_the_column_x() -> None:
    further = tuple(replace(unit, id=f"{unit.id}2") for unit in hall.holders() if unit.id == URBAN)
    team = Team("s03", 1, "队", tuple(f"s03-{power}" for power in reversed(hall.POWERS)))
    assert [one.units for one in lane(board(team, *further)).columns][-2:] == [("s03-market",), (URBAN, f"{URBAN}2")]


def test_an_x_power_that_is_new_stands_where_its_record_puts_it() -> None:
    water = replace(next(unit for unit in hall.holders() if unit.id == URBAN), id="s03-water", power="water")
    made = board(water, Power("water", 1, "水务", 1), Power("traffic", 1, "交警", 2))
    assert read(made, hall.NOW).powers == ("urban", "market", "police", "water", "traffic", "housing")


def test_a_street_without_a_unit_with_a_power_that_every_street_must_have_has_a_gap() -> None:
    fire, urban = Power("fire", 1, "消防", 9, in_every_street=True), Power("urban", 1, "城管", 1, in_every_street=True)
    made = board(fire, urban, *(replace(one, power="x") for one in hall.holders() if one.id == URBAN))
    assert [(gap.power, gap.unit, gap.is_needed) for gap in lane(made).gaps] == [
        ("urban", "", True), ("fire", "", True)
    ]  # fmt: skip
    assert [gap.power for gap in lane(made, "s04").gaps] == ["fire"]
    by_power = lanes(read(made, hall.NOW), Narrowing(by="powers"))
    assert [(one.id, len(one.columns)) for one in by_power if one.id == "fire"] == [("fire", 0)]
    assert laid_out(by_power, 1200).bands[-1].items  # a lane without columns has a head alone


def test_how_long_a_status_may_last_is_as_the_record_says() -> None:
    made = board(crew(1, status=CrewStatus.RETURNING, minutes=2), Stay("returning", 1, 60, 600))
    (shown,) = lanes(read(made, hall.NOW), Narrowing(crews="strained"))
    assert column(shown, "urban").crews == ("c-s03-urban-1",)
