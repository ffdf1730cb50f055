"""Undo where several acts were given: what is in sight, else the last one, and nothing older."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.places import Spot
from tests.kit.case_panel import at_stage
from tests.kit.street_crews import crew
from tests.kit.turns import turns
from ui.cases.case import CasePanel

AT = Spot(117.30, 31.80)
FIRST = at_stage(Stage.FILED, spot=AT)
SECOND, THIRD = (replace(FIRST, id=f"c-{n}", number=f"包河-20261124-0090{n}") for n in (2, 3))


@pytest.fixture
async def two_given(open_case: Callable[..., Any]) -> tuple[CasePanel, Any]:
    """Two cases dispatched by the line, one after the other."""
    panel, seat = open_case(FIRST)
    seat.desk.board.apply([SECOND, THIRD, *(crew(number, spot=AT) for number in (1, 2, 3))])
    for case in (FIRST, SECOND):
        seat.focus.choose(case.id, by="test")
        seat.desk.pass_time(2)
        panel._turn()
        panel.act("dispatch")
        await turns()
    assert [one.case for one in seat.desk.heard] == [FIRST.id, SECOND.id]
    return panel, seat


def recalled(seat: Any) -> list[str]:
    return [one.case for one in seat.desk.heard if isinstance(one, Recall)]


async def test_the_button_takes_back_what_its_receipt_says(two_given: Any) -> None:
    panel, seat = two_given
    seat.focus.choose(FIRST.id, by="test")
    panel.line.receipt.undo.click()
    await turns()
    assert recalled(seat) == [FIRST.id]


async def test_without_a_receipt_in_sight_it_is_the_last_act(two_given: Any) -> None:
    panel, seat = two_given
    seat.focus.choose(THIRD.id, by="test")
    panel.line.undo()
    await turns()
    assert recalled(seat) == [SECOND.id]


async def test_nothing_older_than_what_was_just_given_elsewhere_is_taken_back(two_given: Any) -> None:
    panel, seat = two_given
    cover = QWidget(panel)  # a room in front
    cover.setAutoFillBackground(True)
    cover.setGeometry(panel.rect())
    cover.show()
    act = await seat.desk.do(wish.Dispatch(THIRD.id, to="s03-urban"))
    assert not seat.lines.take_act(act)
    panel.line.undo()
    await turns()
    assert recalled(seat) == []
    assert seat.told == [("没有可撤销的操作", "ok")]
