"""The right side: who is proposed for the chosen case and why, by key in one act, and where nobody is on duty."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.people import Role
from commandcenter.domain.teams import CrewStatus
from tests.gui.teams.conftest import POLICE, URBAN, Opened, held
from tests.kit import hall
from tests.kit.legible import Drawing
from tests.kit.street_crews import crew
from tests.kit.turns import seen, settled
from ui.kit.texts.words import speak
from ui.teams.proposals import ProposalBox

Open = Callable[..., Opened]
LITTER = next(kind for kind in hall.kinds() if kind.powers and kind.powers[0] == "urban")


def littered(number: int = 1, **changes: object) -> object:
    return hall.case(number, **{"kind": LITTER.id} | changes)


def boxes(stage: Opened) -> list[ProposalBox]:
    return [box for box in stage.room.side.proposals.boxes if not box.isHidden()]


def choose(stage: Opened, case: object) -> None:
    stage.seat.focus.choose(case.id, by="queue")  # type: ignore[attr-defined]


async def test_the_nearest_free_crew_with_the_power_is_proposed_with_its_reasons(opened: Open) -> None:
    case = littered()
    near, far = crew(1, spot=case.spot, minutes=26), crew(2, spot=hall._spot(2, 12))  # type: ignore[attr-defined]
    stage = opened(case, near, far, crew(1, POLICE, spot=case.spot))  # type: ignore[attr-defined]
    choose(stage, case)
    assert [box.who.text() for box in boxes(stage)] == ["望湖·城管 一队", "望湖·城管 二队"]
    assert boxes(stage)[0].reasons.texts() == ["+ 最近：直线 0.0 km", "+ 有城管职权", "+ 待命已 0:26:00"]
    assert "需要职权：城管" in stage.room.side.proposals.note.text()


@pytest.mark.usefixtures("translated")
async def test_on_a_small_screen_the_crew_is_told_whole_without_the_street_of_the_case(opened: Open) -> None:
    speak("en")
    case = littered()
    stage = opened(case, crew(1, spot=case.spot), crew(2, spot=case.spot), size=(1330, 700))  # type: ignore[attr-defined]
    choose(stage, case)
    await settled()
    drawn = {text.widget: text.words for text in Drawing(stage.seat.window).texts if not text.is_cut}
    assert [drawn[box.who] for box in boxes(stage)] == ["City mgmt Team 1", "City mgmt Team 2"]
    assert boxes(stage)[0].who.text() == "Wanghu · City mgmt Team 1"


async def test_a_key_dispatches_the_case_with_the_crew_in_one_act(opened: Open, qtbot: QtBot) -> None:
    case, free = littered(), crew(1)
    stage = opened(case, free)
    choose(stage, case)
    with qtbot.waitActive(stage.seat.window):
        stage.seat.window.activateWindow()
    QTest.keyClick(stage.room.view, Qt.Key.Key_1)
    await seen(lambda: stage.desk.heard)
    assert stage.desk.heard == [Dispatch(case.id, URBAN, crew=free.id)]  # type: ignore[attr-defined]


async def test_for_a_case_with_a_holder_the_key_sends_the_crew(opened: Open) -> None:
    case = held(1, kind=LITTER.id)
    stage = opened(case, crew(1, spot=hall._spot(2, 12)), crew(2, spot=case.spot))
    choose(stage, case)
    boxes(stage)[1].button.click()
    await settled()
    assert stage.desk.heard == [SendCrew(case.id, "c-s03-urban-1")]


async def test_what_may_not_be_done_is_shown_and_says_why(opened: Open) -> None:
    case = littered()
    stage = opened(case, crew(1), role=Role.SHIFT_LEADER)
    choose(stage, case)
    assert not boxes(stage)[0].button.isEnabled()
    assert boxes(stage)[0].button.toolTip()


async def test_what_is_missing_is_told(opened: Open) -> None:
    case = littered()
    stage = opened(case, crew(1, status=CrewStatus.OFF_DUTY))
    choose(stage, case)
    assert stage.room.side.proposals.missing.texts() == ["▲ 城管此刻无人在岗"]
    assert [box.who.text() for box in boxes(stage)] == ["望湖·城管"]


async def test_an_ended_case_has_no_proposals_and_without_a_case_the_panel_says_what_it_is_for(opened: Open) -> None:
    stage = opened(crew(1))
    assert boxes(stage) == []
    assert stage.room.side.proposals.note.text() == "选一件案件，这里说派给谁最合适、为什么。"


async def test_a_power_without_anybody_is_told_with_who_could_move_up(opened: Open) -> None:
    off = crew(1, "s03-traffic", CrewStatus.OFF_DUTY, minutes=23)
    stage = opened(off, crew(1, "s04-traffic"), crew(2, "s04-traffic"), crew(1))
    panel = stage.room.side.coverage
    assert panel.table.accessibleDescription() == "望湖：交警无人在岗"
    assert panel.head._note.text() == "1 处无人在岗"
    said = [row.said.text() for row in panel.moves.rows if not row.isHidden()]
    assert len(said) == 1
    assert said[0].startswith("望湖街道缺交警：常青·交警 一队 前移")
    assert "常青街道仍余 1 组" in said[0]


async def test_powers_that_every_street_must_have_are_counted_apart_from_further_ones(opened: Open) -> None:
    panel = opened(crew(1, "s03-housing", CrewStatus.OFF_DUTY, minutes=23), crew(1)).room.side.coverage
    assert "无人在岗" in panel.table.accessibleDescription()
    assert panel.head._note.text() == "X 缺 1"


async def test_streets_with_gaps_stand_first_and_of_x_it_is_told_how_many_powers_are_missing(opened: Open) -> None:
    """On the smallest screen, where the list scrolls by whole rows."""
    health = [replace(unit, id=f"{unit.id}2", power="health") for unit in hall.holders() if unit.power == "urban"]
    off = CrewStatus.OFF_DUTY
    absent = replace(crew(1, "s09-urban", off, minutes=962), id="c-health", unit="s09-urban2")
    stage = opened(*health, absent, crew(1, "s09-housing", off), crew(1, "s04-traffic", off), crew(1), size=(1330, 700))
    side = stage.room.side
    first, second = side.coverage.table.accessibleDescription().split("；")
    assert (first, second) == ("常青：交警无人在岗", "义城：X 缺 2")
    await settled()
    scroll, bar = side._below, side._below.verticalScrollBar()
    assert bar.maximum() > 0
    assert scroll.viewport().height() % 22 == 0
    bar.setValue(30)
    assert bar.value() == 22


async def test_it_follows_the_board_and_the_language(opened: Open) -> None:
    case, one = littered(), crew(1)
    stage = opened(case, one)
    choose(stage, case)
    stage.desk.board.apply([replace(one, rev=2, status=CrewStatus.OFF_DUTY)])
    stage.room.refresh()
    assert [box.who.text() for box in boxes(stage)] == ["望湖·城管"]
    speak("en")
    stage.room.refresh()
    assert stage.room.side.proposals.missing.texts() == ["▲ 城管: nobody on duty now"]


async def test_a_narrow_window_has_the_lanes_alone(opened: Open) -> None:
    stage = opened(littered(), size=(1000, 640))
    assert stage.room.side.isHidden()
