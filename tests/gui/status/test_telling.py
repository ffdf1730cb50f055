"""A telling follows its act from kept to done, and what comes back to its person is said once."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain import commands as wish
from commandcenter.store.overlay import Act, Delivery
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.kit.controls.buttons import KeyButton
from ui.kit.feedback.toasts import Toasts
from ui.kit.seat.next_lines import NextLines
from ui.status.act_toasts import ActToasts
from ui.status.hint import CommandHint
from ui.status.watch import StatusWatch


@pytest.fixture
def toasts(qtbot: Any) -> Toasts:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 700)
    window.show()
    made = Toasts(window)
    made.keeps = window  # type: ignore[attr-defined]
    return made


@pytest.fixture
def hint(qtbot: Any) -> CommandHint:
    made = CommandHint()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def lines() -> NextLines:
    return NextLines()


@pytest.fixture
def tellings(
    desk: FakeDesk, watch: StatusWatch, toasts: Toasts, hint: CommandHint, lines: NextLines
) -> Iterator[ActToasts]:
    made = ActToasts(desk, watch, toasts, lines, hint)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
async def act(desk: FakeDesk) -> Act:
    kept = await desk.do(wish.Dispatch(hall.case(421).id, to="s03-urban"))
    assert isinstance(kept, Act)
    return kept


def said(toasts: Toasts) -> list[str]:
    QApplication.processEvents()
    return [toast.accessibleName() for toast in toasts.shown()]


async def test_it_says_the_truth_of_its_time_and_follows_in_the_status_bar_and_over_nothing(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts, hint: CommandHint
) -> None:
    tellings.tell(act, "00421 派遣")
    assert hint.text() == "00421 派遣，已存待发"
    desk.acts.put(replace(act, delivery=Delivery.SENT))
    assert said(toasts) == []
    assert hint.text() == "00421 派遣，已送达"
    hint.show_line("pd 0421 wh")
    assert hint.text() == "00421 派遣，已送达  命令行这样打：pd 0421 wh"
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    assert said(toasts) == []
    assert hint.text() == "00421 派遣，已生效"


async def test_an_act_that_was_done_before_it_was_told_is_told_as_done(
    act: Act, desk: FakeDesk, tellings: ActToasts, hint: CommandHint
) -> None:
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    tellings.tell(act, "00421 派遣")
    assert hint.text() == "00421 派遣，已生效"


async def test_one_that_comes_back_leads_to_where_it_is_decided(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts, hint: CommandHint
) -> None:
    opened: list[str] = []
    tellings.asked.connect(opened.append)
    tellings.tell(act, "00421 派遣")
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    assert said(toasts) == ["1 条操作需处理"]
    assert hint.text() == "00421 派遣，需处理"
    toasts.shown()[0].findChild(KeyButton).click()
    assert opened == [act.cmd_id]


async def test_what_comes_back_later_is_told_once_for_all_of_it_and_not_while_it_is_looked_at(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts
) -> None:
    for number in range(3):
        desk.acts.put(replace(act, cmd_id=f"late{number}", delivery=Delivery.NEEDS_YOU, code="changed"))
    assert said(toasts) == ["3 条操作需处理"]
    desk.acts.put(replace(act, cmd_id="late9", delivery=Delivery.NEEDS_YOU, code="changed"))
    assert said(toasts) == ["4 条操作需处理"]
    tellings.mute(True)
    assert said(toasts) == []
    desk.acts.put(replace(act, cmd_id="late10", delivery=Delivery.NEEDS_YOU, code="changed"))
    desk.acts.put(replace(act, cmd_id="other", user="d08", delivery=Delivery.NEEDS_YOU, code="changed"))
    assert said(toasts) == []


async def test_what_the_line_of_its_case_shows_is_told_nowhere_else(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts, hint: CommandHint, lines: NextLines
) -> None:
    lines.add(SimpleNamespace(take_act=lambda _act: True, shows=lambda _cmd_id: True))  # type: ignore[arg-type]
    tellings.tell(act, "00421 派遣")
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    assert (said(toasts), hint.text()) == ([], "")


async def test_one_that_was_dropped_never_says_that_it_had_an_effect(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts, hint: CommandHint
) -> None:
    tellings.tell(act, "00421 派遣")
    desk.acts.end([replace(act, delivery=Delivery.DONE, state="dropped")])
    assert said(toasts) == []
    assert hint.text() == ""


async def test_what_needs_nobody_any_more_is_not_told_any_longer(
    act: Act, desk: FakeDesk, tellings: ActToasts, toasts: Toasts
) -> None:
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    assert said(toasts) == ["1 条操作需处理"]
    desk.acts.end([replace(act, state="dropped")])
    assert said(toasts) == []
