"""A vertical scroll area with an accessible name."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

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
