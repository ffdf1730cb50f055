"""The panels of the lower dock: the user's own acts, the curves of the day, the time carried, the connection."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.actions.context import UiContext
from ui.charts.carried import CarriedPanel
from ui.kit.panels.tabs import Tabs
from ui.kit.seat.known import is_known
from ui.kit.texts.words import phrase
from ui.status.acts import OwnActs
from ui.status.model import listed_acts
from ui.window import Window


class LowerPanels(Tabs):
    """Four panels, each created when it is first opened; a click on a tab unfolds the dock."""

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        *,
        connection_panel: Callable[[], QWidget],
        open_inbox: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._seat, self._open_inbox = seat, open_inbox
        self.setMinimumHeight(0)
        self.add("acts", phrase("我的操作"), self._new_acts)
        self.add("trend", phrase("走势"), self._new_trend)
        self.add("carried", phrase("责任时间"), self._new_carried)
        self.add("going", phrase("状况"), connection_panel)
        self.opened.connect(lambda _name: window.dock_layout.unfold())
        seat.watch.changed.connect(self._count)
        self._count()

    def close_following(self) -> None:
        """Stops counting the acts."""
        self._seat.watch.changed.disconnect(self._count)

    def _count(self) -> None:
        desk = self._seat.desk
        count = len(listed_acts(desk))
        self.bar.set_count(
            "acts", count if count or is_known(desk) else None, tone="vio" if desk.acts.needing else "tx3"
        )

    def _new_acts(self) -> QWidget:
        acts = OwnActs(self._seat.desk, self._seat.follow, self._seat.watch)
        acts.asked.connect(self._open_inbox)
        acts.wanted.connect(lambda key: self._seat.focus.choose(key, by="acts"))
        return acts

    def _new_trend(self) -> QWidget:
        from ui.charts.panel import Trend  # late: pyqtgraph takes 0.4 s to import

        return Trend(self._seat.desk)

    def _new_carried(self) -> QWidget:
        return CarriedPanel(self._seat.desk)
