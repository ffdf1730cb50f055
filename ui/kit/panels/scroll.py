"""Vertical scroll areas with an accessible name: of any height, of whole rows, and as high as their content."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.words import Words


class Scrolled(Retranslated, QScrollArea):
    """Scrolls `inside` vertically only; it can be reached and scrolled by keyboard."""

    def __init__(self, inside: QWidget, name: Words) -> None:
        super().__init__()
        self._name = name
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.retell()

    def retell(self) -> None:
        self.setAccessibleName(str(self._name))


class SteppedScroll(Scrolled):
    """Scrolls by steps of `row` pixels and is a multiple of them high: no row is cut at its lower edge."""

    def __init__(self, inside: QWidget, name: Words, *, row: int) -> None:
        self._rows, self._row = inside, row
        super().__init__(inside, name)
        self.verticalScrollBar().setSingleStep(row)
        self.verticalScrollBar().valueChanged.connect(self._snap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_long = self._rows.sizeHint().height() > self.height()
        rest = self.height() % self._row if is_long else 0
        if self.viewportMargins().bottom() != rest:
            self.setViewportMargins(0, 0, 0, rest)
        super().resizeEvent(event)

    def _snap(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if value < bar.maximum():
            bar.setValue(round(value / self._row) * self._row)


class FittedScroll(Scrolled):
    """A scroll area as high as its content while there is room; scrolls when there is not."""

    def __init__(self, inside: QWidget, name: Words) -> None:
        self._inside = inside
        super().__init__(inside, name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        wide = max(self.viewport().width(), 200)
        tall = self._inside.heightForWidth(wide)
        return QSize(300, tall if tall >= 0 else self._inside.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def eventFilter(self, watched: object, event: object) -> bool:
        if event.type() == event.Type.LayoutRequest:  # type: ignore[attr-defined]
            self.updateGeometry()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.updateGeometry()
