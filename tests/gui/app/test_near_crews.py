"""The crews nearest to the chosen case: which they are, and the keys that offer them the order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.teams import CrewStatus, Loan
from tests.kit import hall
from tests.kit.crews import assigned
from tests.kit.fake_desk import FakeDesk
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.actions.context import UiContext
from ui.kit.case_parts.near_crews import nearest_crews
from ui.kit.command_line.overlay import CommandOverlay
from ui.map.panel import MapPanel
from ui.window import Window
from ui.workspaces.dispatch.workspace import DispatchWorkspace

LITTER = next(kind for kind in hall.kinds() if kind.powers and kind.powers[0] == "urban")
CASE = hall.case(421, kind=LITTER.id)
FAR = [hall._spot(column, 12) for column in (2, 3, 4, 5)]


def test_the_nearest_are_those_that_can_be_sent_at_once(desk: FakeDesk) -> None:
    here, board = CASE.spot, desk.board
    cannot = [
        crew(1, "s04-urban", CrewStatus.OFF_DUTY, spot=here),
        crew(2, "s04-urban", CrewStatus.HANDLING, spot=here, **assigned("elsewhere")),
        crew(3, "s04-urban", spot=here, seen=3600),
        crew(4, "s04-urban", seen=None),
        crew(1, "s03-police", spot=here),
        crew(5, "s04-urban", spot=here),  # of another street, which has not lent it
    ]
    lent = Loan("s03", ("s03", "s05"))
    can = [crew(number, "s03-urban", spot=spot) for number, spot in enumerate([here, *FAR[1:]], 1)]
    can.append(crew(1, "s05-urban", spot=FAR[0], loan=lent))
    board.apply([CASE, *cannot, *can])
    found = nearest_crews(board, CASE, hall.NOW)
    assert found[0].crew == can[0]
    assert [one.metres for one in found] == sorted(CASE.spot.metres_to(one.spot) for one in can)[:3]
    assert nearest_crews(board, CASE, hall.NOW + timedelta(hours=1)) == ()  # nobody knows where they are


@pytest.mark.window
async def test_keys_offer_the_order_in_the_command_line_and_enter_gives_it(
    workspace: DispatchWorkspace, desk: FakeDesk, seat: UiContext, window: Window, qtbot: QtBot
) -> None:
    near = crew(1, "s03-urban", spot=CASE.spot)
    desk.board.apply([CASE, near, crew(2, "s03-urban", spot=FAR[0])])
    seat.focus.choose(CASE.id, by="queue")
    line = window.findChild(CommandOverlay)
    assert line is not None
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_3)
    for room, key, name in ((workspace.case, Qt.Key.Key_2, "二队"), (workspace.queue.view, Qt.Key.Key_1, "一队")):
        room.setFocus()
        QTest.keyClick(room, Qt.Key.Key_3)  # there is no third one
        assert line.isHidden()
        QTest.keyClick(room, key)
        assert line.isVisible()
        assert line.field.text().endswith(name)
        QTest.keyClick(line.field.edit, Qt.Key.Key_1)
        assert line.field.text().endswith(f"{name}1")  # there a digit is a digit
        QTest.keyClick(line.field.edit, Qt.Key.Key_Backspace)
        if key == Qt.Key.Key_1:
            QTest.keyClick(line.field.edit, Qt.Key.Key_Return)
        else:
            QTest.keyClick(line.field.edit, Qt.Key.Key_Escape)
    await seen(lambda: desk.heard)
    assert desk.heard == [Dispatch(CASE.id, near.unit, crew=near.id)]


async def test_the_crew_that_the_line_proposes_is_told_among_the_nearest(
    workspace: DispatchWorkspace, desk: FakeDesk, seat: UiContext, window: Window
) -> None:
    desk.board.apply([CASE, crew(1, "s03-urban", spot=CASE.spot), crew(2, "s03-urban", spot=FAR[0])])
    seat.focus.choose(CASE.id, by="queue")
    desk.pass_time(2)  # until the proposal was there to be read
    seat.follow.second.emit()
    seen_map = window.findChild(MapPanel)
    assert seen_map is not None
    near = seen_map.view._content.near
    assert [one.also for one in near] == ["P", ""]
    (proposed,) = seat.lines.offered(CASE.id, "dispatch")
    assert proposed == Dispatch(CASE.id, "s03-urban", crew=near[0].id)
    desk.board.apply([replace(CASE, rev=2, stage=Stage.CLOSED)])
    await seen(lambda: seen_map.view._content.near == ())
