"""The line above the map: what it says each second, and what that costs."""

from pytestqt.qtbot import QtBot

from tests.kit.layouts import LayoutCounter
from tests.kit.legible import Drawing
from ui.map.header import MapHeader


def test_the_age_of_the_positions_moves_nothing_beside_it(qtbot: QtBot) -> None:
    header = MapHeader()
    qtbot.addWidget(header)
    header.resize(600, header.height())
    header.show()
    header.age("位置 0 秒前")
    layouts = LayoutCounter(header)
    for seconds in (1, 9, 10, 100):
        header.age(f"位置 {seconds} 秒前")
    assert layouts.count == 0
    assert header._age.text() == "位置 100 秒前"
    assert header._age.width() >= header._age.sizeHint().width()


def test_where_the_age_has_no_room_its_figure_alone_is_told(qtbot: QtBot) -> None:
    header = MapHeader()
    qtbot.addWidget(header)
    header.count("cases", 487)
    header.show()
    header.age("位置 12 秒前", "12 秒前")
    for wide, told in ((700, "位置 12 秒前"), (header.minimumSizeHint().width() + 50, "12 秒前")):
        header.resize(wide, header.height())
        qtbot.wait(0)
        said = [text for text in Drawing(header, 1).texts if text.widget is header._age]
        assert [(text.words, text.is_cut) for text in said] == [(told, False)]
