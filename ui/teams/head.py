"""The bar above the lanes: by street or power, which crews, what was typed, and the legend with counts per status."""

from __future__ import annotations

from collections import Counter

from commandcenter.domain.teams import CrewStatus
from ui.kit.labels.legend import Legend
from ui.kit.panels.board_head import BoardHead
from ui.kit.texts.crews import STATUSES
from ui.kit.texts.words import phrase, term
from ui.teams.lanes import strained
from ui.teams.reading import Reading

TITLES = {
    "streets": phrase("按街镇"),
    "powers": phrase("按职权"),
    "available": phrase("待命"),
    "strained": phrase("超阈值"),
}


class TeamsHead(BoardHead):
    """Which lanes or crews are shown: "streets", "powers", "available" or "strained"."""

    def __init__(self) -> None:
        legend = Legend({f"crew.{one}": term("status", one) for one in STATUSES})
        super().__init__(TITLES, phrase("筛案件和队组"), legend)

    def show_reading(self, reading: Reading) -> None:
        """Shows the counts of the crews whose units are in the lanes; none while no street is known."""
        if not reading.streets:
            self._show_none()
            return
        crews = [crew for unit in reading.units for crew in reading.crews.get(unit.id, ())]
        counts = Counter(crew.status for crew in crews)
        long = len(strained(reading))
        self.tabs.set_count("streets", len(reading.streets))
        self.tabs.set_count("powers", len(reading.powers))
        self.tabs.set_count("available", counts[CrewStatus.AVAILABLE])
        self.tabs.set_count("strained", long, tone="bad" if long else "tx3")
        self.legend.show_counts({f"crew.{one}": counts[one] for one in STATUSES})

    def _show_none(self) -> None:
        for tab in TITLES:
            self.tabs.set_count(tab, None)
        self.legend.show_counts({})
