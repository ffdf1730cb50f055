"""Ctrl+F: what was found for who somebody was is not shown on, and what was deleted again is not asked for."""

from PySide6.QtCore import QPoint, QRect

from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled, turns
from ui.actions.context import UiContext
from ui.actions.finder import RING, Finder
from ui.window import Window


async def test_an_emptied_board_takes_away_what_was_found(window: Window, seat: UiContext, desk: FakeDesk) -> None:
    finder = Finder(seat, lambda case: "on_time", window.topbar.search)
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


async def test_a_text_that_was_deleted_again_is_not_asked_for(window: Window, seat: UiContext, desk: FakeDesk) -> None:
    finder = Finder(seat, lambda case: "on_time", window.topbar.search)
    finder._pause.setInterval(0)
    seat.window.show()
    finder.open()
    for text in ("望江", ""):
        finder.list.edit.setText(text)
        finder._typed(text)
    await turns()
    assert desk.asked == []
    finder.leave()


async def test_the_results_drop_down_from_the_search_field_and_are_counted_truly(
    window: Window, seat: UiContext, desk: FakeDesk
) -> None:
    finder, field = Finder(seat, lambda case: "on_time", window.topbar.search), window.topbar.search
    finder._pause.setInterval(0)
    place = hall.case().place
    desk.board.apply([hall.case(number) for number in range(600, 620)])
    there = [case for case in desk.board.all("case") if place in case.place]
    window.show()
    await turns(2)
    finder.open()
    edit = finder.list.edit
    assert QRect(edit.mapTo(window, QPoint()), edit.size()) == QRect(field.mapTo(window, QPoint()), field.size())
    finder.list.set_text(place)
    finder._typed(place)
    await seen(lambda: finder._note.text().startswith("共"))
    assert finder._note.text() == f"共 {len(there)} 件，显示 8 件，多打几个字可缩小范围"
    box = finder._box.translated(finder.pos())
    assert (box.left(), box.top() > field.geometry().bottom()) == (field.mapTo(window, QPoint()).x(), True)
    beside = QPoint(finder.width() - 20, RING + 2)  # where the bar's other field lies
    assert not finder.mask().contains(beside)
    finder.leave()
