"""What is typed at the intake form outlives the program, but for the last second and for who called."""

import asyncio

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import Refused
from commandcenter.domain.kinds import Kind
from tests.gui.intake.conftest import WATER, looked, opened, write
from tests.kit.seat import FakeHall
from tests.kit.turns import settled, turns
from ui.intake.panel import IntakePanel
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow


async def test_a_draft_of_the_last_time_comes_back_without_the_person(
    form: IntakePanel, seat: FakeHall, qtbot: QtBot
) -> None:
    write(form)
    form.form.who.name.setText("刘女士")
    form.form.external.setText("1124-08817")
    form._draft.keep()
    await turns()
    draft = seat.desk.drafts.kept["intake"]
    assert draft == {
        "place": "望江东路与宁国路口",
        "text": WATER,
        "street": "s03",
        "kind": "",
        "external": "1124-08817",
    }
    async with opened(seat, qtbot) as later:
        assert later.form.said() == WATER
        assert later.form.external.text() == "1124-08817"
        assert later.form.who.name.text() == ""


async def test_a_kind_chosen_by_hand_comes_back_with_the_draft(form: IntakePanel, seat: FakeHall, qtbot: QtBot) -> None:
    write(form)
    await looked(form)
    chosen = next(kind for kind in seat.desk.board.all("kind") if kind is not form.form.kind.kind)
    assert isinstance(chosen, Kind)
    form.form.kind.choose(chosen)
    form._draft.keep()
    await turns()
    async with opened(seat, qtbot) as later:
        later.lookup.look()
        assert later.form.kind.kind is chosen


async def test_whoever_types_on_and_on_loses_no_more_than_a_second(form: IntakePanel, seat: FakeHall) -> None:
    due = form._draft._due
    assert due.interval() == 1_000
    due.setInterval(10**6)  # the second is over when the test says so
    form.form.text.setPlainText("路口")
    running = due.timerId()
    assert running != -1
    form.form.text.setPlainText("路口积水")  # a person types on within the second
    assert due.timerId() == running, "begun anew: kept only when the typing rests"
    due.timeout.emit()
    await turns()
    assert seat.desk.drafts.kept["intake"]["text"] == "路口积水"


async def test_what_is_filed_leaves_no_draft(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    form._draft.keep()
    await turns()
    form.clear()
    await turns()
    assert seat.desk.drafts.kept == {}
    assert not form._draft._due.isActive()


@pytest.mark.parametrize("is_rested", [True, False])  # whether the second after the last change is over
async def test_a_form_that_was_emptied_by_hand_stays_empty(
    form: IntakePanel, seat: FakeHall, qtbot: QtBot, is_rested: bool
) -> None:
    form._draft._due.setInterval(10**6)
    form.form.text.setPlainText(WATER)
    form._draft.keep()
    await turns()
    form.form.text.clear()
    if is_rested:
        form._draft._due.timeout.emit()
        await turns()
    form.put_away()
    form.show()
    form.start()
    await turns()
    assert form.form.said() == ""
    form._draft._due.timeout.emit()
    await turns()
    assert seat.desk.drafts.kept == {}
    async with opened(seat, qtbot) as later:
        assert later.form.said() == ""


async def test_an_empty_form_takes_no_draft_away_that_it_has_not_shown_yet(form: IntakePanel, seat: FakeHall) -> None:
    seat.desk.drafts.kept["intake"] = {"text": WATER}
    form._draft.keep()  # while the platform is asked for the grids
    await turns()
    assert seat.desk.drafts.kept == {"intake": {"text": WATER}}


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_form_that_goes_while_the_disk_writes_is_touched_no_more(
    seat: FakeHall, monkeypatch: pytest.MonkeyPatch, is_refused: bool
) -> None:
    follow = Follow(seat.desk.board)
    panel = IntakePanel(seat, follow=follow)
    panel.lookup._resting.setInterval(10**6)
    panel.start()
    await turns()
    written, keep, do = asyncio.Event(), seat.desk.drafts.keep, seat.desk.do

    async def keep_later(key: str, fields: dict[str, str] | None) -> None:
        await written.wait()
        await keep(key, fields)

    async def do_later(command: Command) -> object:
        await written.wait()
        return Refused("other_street") if is_refused else await do(command)

    monkeypatch.setattr(seat.desk.drafts, "keep", keep_later)
    monkeypatch.setattr(seat.desk, "do", do_later)
    write(panel)
    await looked(panel)
    panel._draft.keep()
    panel.file()
    await turns()
    assert {"keep the draft", "take a case"} <= set(tasks.running())
    panel.close_following()
    delete(panel)  # another person takes the seat
    written.set()
    await settled()  # an error in one of the tasks would stand in the log
    follow.close()
    assert len(seat.desk.heard) == (0 if is_refused else 1)
    assert [tone for _, tone in seat.told] == ["bad" if is_refused else "ok"]
