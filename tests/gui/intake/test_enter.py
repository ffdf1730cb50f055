"""受理登记: Enter in a line takes the case once; where it means something else it takes none."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from commandcenter.domain.commands import Command
from tests.gui.intake.conftest import looked, write
from tests.kit import hall
from tests.kit.seat import FakeHall
from tests.kit.shown import shown
from tests.kit.turns import turns
from ui.intake.panel import IntakePanel
from ui.kit.controls.buttons import KeyButton


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
async def test_enter_in_a_line_takes_the_case_once(
    form: IntakePanel, seat: FakeHall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, held: Qt.KeyboardModifier
) -> None:
    do = seat.desk.do

    async def written_first(command: Command) -> object:
        await asyncio.sleep(0)  # as the true desk, which is on disk before it answers
        return await do(command)

    monkeypatch.setattr(seat.desk, "do", written_first)
    write(form)
    await looked(form)
    form.form.external.setText("12345-0007")
    qtbot.keyClick(form.form.external, Qt.Key.Key_Return, held)
    await turns()
    assert len(seat.desk.heard) == 1
    assert (shown(form.form.where._error), form.form.text_field.error()) == (
        "",
        "",
    )  # the emptied form is not looked at


@pytest.mark.parametrize("is_complete", [False, True])
async def test_enter_after_the_telephone_goes_on_and_takes_nothing(
    form: IntakePanel, seat: FakeHall, qtbot: QtBot, is_complete: bool
) -> None:
    if is_complete:
        write(form)
        await looked(form)
    qtbot.keyClicks(form.form.who.phone, "13812342607")
    qtbot.keyClick(form.form.who.phone, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == []
    assert (shown(form.form.where._error), form.form.text_field.error()) == ("", "")


async def test_enter_on_a_button_of_the_form_takes_nothing(form: IntakePanel, seat: FakeHall, qtbot: QtBot) -> None:
    write(form)
    await looked(form)
    clear = next(button for button in form.findChildren(KeyButton) if button.text() == "清空")
    qtbot.keyClick(clear, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == []


async def test_what_is_certainly_here_already_is_gone_to_first_and_taken_anew_only_when_asked_for(
    form: IntakePanel, seat: FakeHall, qtbot: QtBot
) -> None:
    known = hall.case(421, now=hall.NOW)
    write(form, place=known.place, text=known.text)
    form.form.kind.choose(next(kind for kind in seat.desk.board.all("kind") if kind.id == known.kind))
    await looked(form)
    first, second = form._see, form._primary
    assert (first.text(), first.isVisible(), second.text()) == ("已有此案，看 00421", True, "另立新案")
    qtbot.keyClick(form.form.external, Qt.Key.Key_Return)
    await turns()
    assert (seat.desk.heard, seat.focus.case, form.form.said()) == ([], known.id, known.text)
    qtbot.keyClick(form.form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await turns()
    assert len(seat.desk.heard) == 1
    assert (first.isVisible(), second.text()) == (False, "登记")
