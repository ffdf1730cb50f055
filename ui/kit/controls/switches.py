"""Choice widgets: switch, segmented control, and tabs with counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton, QTabBar, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.layouts import hbox
from ui.kit.texts.words import Words
from ui.theme import MEASURES, colour, mark, paint

TRACK = QSize(32, 18)


class Switch(Retranslated, QCheckBox):
    """An on/off switch that takes effect at once; for settings, not for choosing from a list."""

    def __init__(self, text: Words = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = text
        mark(self, switch="true")
        self.retell()

    def retell(self) -> None:
        self.setText(str(self._words).replace("&", "&&"))
        self.setAccessibleName(str(self._words))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wide = paint.text_width(str(self._words), MEASURES.body)
        return QSize(TRACK.width() + (10 + wide if wide else 0), 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # the text is never cut

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1 if self.isEnabled() else 0.45)
        track = QRectF(0, (self.height() - TRACK.height()) / 2, TRACK.width(), TRACK.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(("acfh" if self.underMouse() else "acf") if self.isChecked() else "ln3"))
        painter.drawRoundedRect(track, 9, 9)
        painter.setBrush(colour("onac"))
        knob = track.right() - 9 if self.isChecked() else track.left() + 9
        painter.drawEllipse(QPointF(knob, track.center().y()), 6.5, 6.5)
        paint.words(painter, QRectF(40, 0, self.width() - 40, self.height()), str(self._words))
        painter.end()


class Segments(Retranslated, QWidget):
    """A few exclusive choices side by side."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, Words]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._buttons = {key: QPushButton() for key, _ in choices}
        self._group = QButtonGroup(self)
        hbox(self, *self._buttons.values())
        for key, button in self._buttons.items():
            button.setCheckable(True)
            self._group.addButton(button)
            button.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
        self._mark_ends()
        self.retell()

    def current(self) -> str:
        """Returns the id of the selected choice, "" for none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Selects a choice without emitting `chosen`. Raises KeyError for an unknown id."""
        self._buttons[key].setChecked(True)

    def retell(self) -> None:
        for key, words in self._choices:
            self._buttons[key].setText(str(words).replace("&", "&&"))

    def _mark_ends(self) -> None:
        ends = {0: "first", len(self._buttons) - 1: "last"}
        for place, button in enumerate(self._buttons.values()):
            mark(button, segment=ends.get(place, "middle"))


@dataclass(slots=True)
class _Tab:
    key: str
    words: Words
    count: int | None = None
    tone: str = "tx3"


class CountTabs(Retranslated, QTabBar):
    """Tabs with a count beside the title; a count in a tone other than "tx2" and "tx3" is bold."""

    chosen = Signal(str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: list[_Tab] = []
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(False)  # an owner that is short of space hides tabs
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(self._tell)

    def add(self, key: str, words: Words, *, count: int | None = None, tone: str = "tx3") -> None:
        """Appends a tab."""
        self._tabs.append(_Tab(key, words, count, tone))
        self.addTab(str(words))
        self.retell()

    def set_count(self, key: str, count: int | None, *, tone: str = "tx3") -> None:
        """Sets the count and tone of a tab. Raises StopIteration for an unknown key."""
        tab = next(tab for tab in self._tabs if tab.key == key)
        if (tab.count, tab.tone) != (count, tone):
            tab.count, tab.tone = count, tone
            self._name(self._tabs.index(tab))

    def current(self) -> str:
        """Returns the key of the current tab, "" without tabs."""
        return self._tabs[self.currentIndex()].key if self._tabs else ""

    def choose(self, key: str) -> None:
        """Makes a tab the current one; an unknown key changes nothing."""
        self.setCurrentIndex(next((i for i, tab in enumerate(self._tabs) if tab.key == key), self.currentIndex()))

    def retell(self) -> None:
        for place in range(len(self._tabs)):
            self._name(place)

    def _name(self, place: int) -> None:
        tab = self._tabs[place]
        said = str(tab.words) if tab.count is None else f"{tab.words} {tab.count}"
        self.setTabText(place, said.replace("&", "&&"))
        self.update()

    def _tell(self, place: int) -> None:
        if 0 <= place < len(self._tabs):
            self.chosen.emit(self._tabs[place].key)

    def tabSizeHint(self, index: int) -> QSize:
        tab = self._tabs[index]
        wide = paint.text_width(str(tab.words), MEASURES.label) + 20
        wide += 6 + paint.text_width(f"{tab.count:,}", MEASURES.label, True) if tab.count is not None else 0
        return QSize(wide, MEASURES.dock_header)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        under = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for place, tab in enumerate(self._tabs):
            if not self.isTabVisible(place):
                continue
            self._paint_tab(painter, self.tabRect(place), tab, front=place == self.currentIndex(), hot=place == under)
        painter.end()

    def _paint_tab(self, painter: QPainter, rect: QRect, tab: _Tab, *, front: bool, hot: bool) -> None:
        box = rect.adjusted(10, 0, -4, 0)
        paint.words(painter, box, str(tab.words), token="tx1" if front or hot else "tx2", size=MEASURES.label)
        if tab.count is not None:
            box.setLeft(box.left() + paint.text_width(str(tab.words), MEASURES.label) + 6)
            loud = tab.tone not in {"tx3", "tx2"}
            paint.words(painter, box, f"{tab.count:,}", token=tab.tone, size=MEASURES.label, bold=loud)
        if front:
            painter.fillRect(QRect(rect.left() + 10, rect.bottom() - 1, rect.width() - 20, 2), colour("ac"))
