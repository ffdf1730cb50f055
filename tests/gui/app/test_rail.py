"""The navigation rail at the left edge of the window, by itself."""

import pytest

from ui.window import Window
from ui.window.rail import Rail, RailButton, RailRoom

ROOMS = (RailRoom("one", "调度台", "monitor"), RailRoom("two", "需处理", "inbox"))


def buttons(rail: Rail) -> list[RailButton]:
    return rail.findChildren(RailButton)


def test_the_badge_counts_what_needs_somebody_also_for_who_listens(window: Window) -> None:
    window.rail.show_rooms(ROOMS)
    window.count_needs("two", 3)
    assert [button.accessibleName() for button in buttons(window.rail)] == ["调度台", "需处理 3"]
    window.count_needs("two", 0)
    assert [button.accessibleName() for button in buttons(window.rail)] == ["调度台", "需处理"]


@pytest.mark.parametrize(("width", "rail"), [(1920, 60), (1366, 36)])
def test_a_narrow_window_keeps_the_rail_and_drops_its_labels(window: Window, width: int, rail: int) -> None:
    window.rail.show_rooms(ROOMS)
    window.resize(width, 768)
    window.show()
    assert window.rail.width() == rail


def test_a_layout_saved_without_the_rail_does_not_hide_it(window: Window) -> None:
    before = window.saveState()
    window.rail.show_rooms(ROOMS)
    window.show()
    assert window.restoreState(before)
    assert window.rail.isVisible()
