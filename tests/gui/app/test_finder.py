"""Ctrl+F: what was found for who somebody was is not shown on."""

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled
from ui.actions.context import UiContext
from ui.actions.finder import Finder


async def test_an_emptied_board_takes_away_what_was_found(seat: UiContext, desk: FakeDesk) -> None:
    finder = Finder(seat, lambda case: "on_time", seat.window)
    place = hall.case().place
    desk.board.apply([hall.case()])
    seat.window.show()
    finder.open()
    finder.list.edit.setText(place)
    finder._typed(place)
    await seen(lambda: finder.list.current())
    await settled()
    desk.board.replace(())  # no role at this moment
    desk.offline = True
    await seen(lambda: finder.list.current() is None)
    finder.leave()
