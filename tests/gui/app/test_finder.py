"""Ctrl+F: what was found for who somebody was is not shown on, and what was deleted again is not asked for."""

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled, turns
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


async def test_a_text_that_was_deleted_again_is_not_asked_for(seat: UiContext, desk: FakeDesk) -> None:
    finder = Finder(seat, lambda case: "on_time", seat.window)
    finder._pause.setInterval(0)
    seat.window.show()
    finder.open()
    for text in ("望江", ""):
        finder.list.edit.setText(text)
        finder._typed(text)
    await turns()
    assert desk.asked == []
    finder.leave()
