"""The board as plain data: which cases stand in which column, in which order, and what the tabs narrow."""

from dataclasses import replace
from datetime import timedelta

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.tasks import Objection, TaskKind, TaskState
from commandcenter.store.board import Board
from tests.kit import coordinated, hall
from tests.kit.coordinated import DATA, HOUSING, LABOUR, URBAN, helped, led, part, refused, waiting
from ui.leads.columns import columns, counts
from ui.leads.reading import Reading, loads, read


def board(*records: object) -> Board:
    made = hall.board(0)
    made.apply(records)
    return made


def reading(*records: object) -> Reading:
    return read(board(*records), hall.NOW)


def shown(found: Reading, tab: str = "stages") -> dict[str, list[int]]:
    """The numbers of the cases by column."""
    return {one.id: [int(card.id[-4:]) for card in one.cards] for one in columns(found, tab)}


def due(case: Case, minutes: float) -> Case:
    return replace(case, due=hall.NOW + timedelta(minutes=minutes))


def test_only_cases_of_the_district_stand_on_the_board() -> None:
    of_street = {"tier": Tier.STREET, "stage": Stage.HANDLING, "responsible": "s03-urban"}
    found = reading(waiting(1), hall.case(2), hall.case(3, **of_street))
    assert shown(found) == {"unled": [1], "offered": [], "working": [], "helpers": [], "to_check": [], "ended": []}


def test_conflicts_stand_first_and_then_who_has_least_time_left() -> None:
    calm = [due(waiting(1), 90), due(waiting(2), -5), due(waiting(3), 10)]
    found = reading(*calm, refused(due(waiting(4), 100), HOUSING), refused(due(waiting(5), 60), HOUSING))
    assert shown(found)["unled"] == [5, 4, 2, 3, 1]


def test_of_those_that_ended_the_latest_stands_first() -> None:
    ended = [led(at, stage=Stage.CLOSED, ended_at=hall.NOW - timedelta(minutes=at)) for at in (3, 1, 2)]
    assert shown(reading(*ended))["ended"] == [1, 2, 3]


def test_cases_stand_under_who_leads_them_and_first_under_nobody() -> None:
    records = [waiting(1), led(2, URBAN), led(3, HOUSING), led(4, HOUSING, Stage.REPORTED, reported_at=hall.NOW)]
    records.append(led(5, DATA, Stage.CLOSED, ended_at=hall.NOW))
    found = reading(*records)
    assert list(shown(found, "leads").items()) == [("", [1]), (HOUSING, [3, 4]), (URBAN, [2])]


def test_the_tabs_count_what_they_show() -> None:
    called = helped(led(1), part(led(1), URBAN, TaskState.WAITING, kind=TaskKind.WHISTLE))
    objecting = helped(led(2), part(led(2), LABOUR, TaskState.REFUSED, objection=Objection.NO_POWER))
    found = reading(*called, *objecting, waiting(3), led(4, stage=Stage.CLOSED, ended_at=hall.NOW))
    assert counts(found) == {"stages": 3, "leads": 1, "conflicts": 1, "whistles": 1}
    assert [sum(map(len, shown(found, tab).values())) for tab in ("conflicts", "whistles")] == [1, 1]
    assert shown(found, "conflicts")["working"] == [2]
    assert shown(found, "whistles")["working"] == [1]


def test_what_was_typed_narrows_every_tab() -> None:
    found = reading(waiting(1), waiting(2), led(3))
    narrowed = columns(found, "stages", lambda key: key.endswith("2"))
    assert [[card.id[-1] for card in one.cards] for one in narrowed] == [["2"], [], [], [], [], []]


def test_a_card_has_a_line_for_each_sub_task_and_one_for_who_refused_to_lead() -> None:
    case = refused(waiting(1), HOUSING)
    (card,) = reading(*helped(case, part(case, URBAN), part(case, DATA, TaskState.REPORTED))).cards
    assert (card.lines, card.lead, card.is_conflict, card.has_whistle) == (3, "", True, False)


def test_the_load_of_a_body_is_what_it_has_open() -> None:
    found = loads(board(led(1), led(2), led(3, URBAN), led(4, stage=Stage.CLOSED, ended_at=hall.NOW), waiting(5)))
    assert found == {HOUSING: 2, URBAN: 1}


def test_a_full_district_is_read_whole() -> None:
    found = reading(*coordinated.everywhere(300))
    cards = [card for one in columns(found) for card in one.cards]
    assert len(cards) == len({card.id for card in cards}) == 300
    assert {one.id for one in columns(found) if one.cards} == set(shown(found))
