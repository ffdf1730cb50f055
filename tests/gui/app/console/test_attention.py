"""From the bell to the case: what needs attention is opened at the desk, and the keyboard comes back when it is not."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from commandcenter.domain.cases import Tier
from tests.kit import hall
from tests.kit.signed_desk import PEOPLE, SignedDesk
from tests.kit.turns import seen
from ui.app.console import Console
from ui.window import Window


async def test_the_chosen_thing_is_opened_at_the_desk_and_esc_goes_back(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, qtbot: Any
) -> None:
    console = opened(sits=PEOPLE["d07"])
    attention = console.actions.attention
    await seen(lambda: attention.watch.standing)
    before = attention.bell.count
    desk.board.apply([hall.case(777, tier=Tier.STREET, waits_since=desk.now())])
    await seen(lambda: attention.bell.count == before + 1)
    console.registry.trigger("teams")
    console.registry.trigger("attention")
    assert attention.list.geometry().right() < window.width()
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Escape)
    assert attention.list.isHidden()
    assert console.workspace.rooms.front == "teams"
    console.registry.trigger("attention")
    rows = attention.list.model.rows
    mine = next(at for at, row in enumerate(rows) if hall.case(777).id in str(row))
    attention.list.view.setCurrentIndex(attention.list.model.index(mine))
    qtbot.keyClick(attention.list.view, Qt.Key.Key_Return)
    assert console.seat.focus.case == hall.case(777).id
    assert console.workspace.rooms.front == ""
    assert attention.bell.count == before
