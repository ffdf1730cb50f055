"""The queue's head: tabs with their case counts; tabs without room are in the menu 更多."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.controls.menus import drop
from ui.kit.controls.switches import CountTabs
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import STRETCH, hbox
from ui.kit.texts.words import phrase
from ui.theme import MEASURES, filled

TITLES = {
    "open": phrase("全部在办"),
    "received": phrase("待立案"),
    "filed": phrase("待派遣"),
    "soon": phrase("将超期"),
    "overdue": phrase("超期"),
    "returns": phrase("退回待批"),
    "reported": phrase("待结案"),
}
TONES = {"overdue": "bad", "returns": "vio"}  # tone of the count while it is not 0


class QueueHead(Retranslated, QWidget):
    """The tabs on the left and the button for choosing columns on the right."""

    columns_asked = Signal(object)  # the widget below which the column menu opens

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.tabs = CountTabs()
        for key, words in TITLES.items():
            self.tabs.add(key, words)
        self._more = KeyButton("", role="text")
        self._choice = IconButton("columns-3", phrase("选择列"))
        self._lay()
        self._more.clicked.connect(lambda: drop(self._menu_of_tabs(), self._more))
        self._choice.clicked.connect(lambda: self.columns_asked.emit(self._choice))
        self.tabs.chosen.connect(lambda _key: self._fit())

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Shows the number of cases on each tab; none on a tab whose number is not known."""
        self._counts = dict(counts)
        for key in TITLES:
            count = counts.get(key)
            self.tabs.set_count(key, count, tone=TONES.get(key, "tx3") if count else "tx3")
        self._fit()

    def retell(self) -> None:
        self._fit()

    def _lay(self) -> None:
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.dock_header)
        self._row = hbox(self, self.tabs, self._more, STRETCH, self._choice, margins=(2, 0, 6, 0), spacing=2)
        self._row.setAlignment(self.tabs, Qt.AlignmentFlag.AlignLeft)
        self._more.hide()

    def _fit(self) -> None:
        """Hides the tabs that do not fit, from the end; the current tab always stays."""
        if not hasattr(self, "_row"):
            return
        wide = [self.tabs.tabSizeHint(at).width() for at in range(len(TITLES))]
        room = self.width() - 76
        more = 0 if sum(wide) <= room else self._more.sizeHint().width()
        front, used = self.tabs.currentIndex(), wide[self.tabs.currentIndex()]
        shown = []
        for at, width in enumerate(wide):
            fits = at == front or used + width <= room - more
            used += width if fits and at != front else 0
            shown.append(fits)
            self.tabs.setTabVisible(at, fits)
        left_out = shown.count(False)
        self._more.set_words(phrase("更多 {n}", n=left_out))
        self._more.setVisible(left_out > 0)
        self.tabs.updateGeometry()
        self.tabs.update()

    def _menu_of_tabs(self) -> QMenu:
        menu = QMenu(self)
        for at, (key, words) in enumerate(TITLES.items()):
            if not self.tabs.isTabVisible(at):
                count = f"\t{self._counts[key]:,}" if key in self._counts else ""
                action = menu.addAction(f"{words}{count}")
                action.triggered.connect(lambda _on=False, key=key: self._bring(key))
        return menu

    def _bring(self, key: str) -> None:
        self.tabs.setTabVisible(list(TITLES).index(key), True)
        self.tabs.choose(key)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, MEASURES.dock_header)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
