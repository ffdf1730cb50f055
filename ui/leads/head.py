"""The bar above the board: which cards, what was typed, and the legend of the states of sub-tasks."""

from __future__ import annotations

from ui.kit.labels.legend import Legend
from ui.kit.panels.board_head import BoardHead
from ui.kit.texts.words import phrase, term
from ui.leads.columns import CONFLICTS, LEADS, STAGES, WHISTLES, counts
from ui.leads.reading import Reading

STATES = ("waiting", "working", "reported", "overdue", "refused")
TITLES = {
    STAGES: phrase("按协调环节"),
    LEADS: phrase("按主办"),
    CONFLICTS: phrase("冲突"),
    WHISTLES: phrase("吹哨"),
}


class LeadsHead(BoardHead):
    """Which cards are shown, by one of columns.TABS."""

    def __init__(self) -> None:
        legend = Legend({f"task.{one}": term("task", one) for one in STATES}, of=phrase("协办"))
        super().__init__(TITLES, phrase("筛案件和部门"), legend)

    def show_reading(self, reading: Reading, *, is_known: bool = True) -> None:
        """Shows the counts of the reading; none unless anything `is_known`."""
        for tab, count in counts(reading).items():
            loud = count and tab == CONFLICTS
            self.tabs.set_count(tab, count if is_known else None, tone="vio" if loud else "tx3")
