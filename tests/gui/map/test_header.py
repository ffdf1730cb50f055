"""The line above the map: what it says each second, and what that costs."""

from pytestqt.qtbot import QtBot

from tests.kit.layouts import LayoutCounter
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
