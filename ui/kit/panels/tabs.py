"""Several panels in one place, selected by tabs with counts."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.kit.controls.switches import CountTabs
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words
from ui.theme import filled
from ui.theme.tokens import MEASURES


class Tabs(QWidget):
    """Panels by name, each created when it is first opened. `head` holds the tabs and may be a dock's title bar."""

    opened = Signal(str)  # the name of the panel whose tab was clicked

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self.head = filled(QWidget(self), place="dock-header")
        self.head.setFixedHeight(MEASURES.dock_header)
        self.bar = CountTabs(parent=self.head)
        self._stack = QStackedWidget(self)
        self._place()
        self.bar.chosen.connect(self._open)
        self.bar.tabBarClicked.connect(self._click)

    @property
    def current(self) -> str:
        """The name of the panel in front; "" while there is none."""
        return self.bar.current()

    def add(self, name: str, words: Words, make: Callable[[], QWidget], *, count: int | None = None) -> None:
        """Appends a tab; `make` is called when it is first opened, for the first tab at once."""
        self._makers[name] = make
        self.bar.add(name, words, count=count)
        if len(self._makers) == 1:
            self._open(name)

    def open(self, name: str) -> QWidget:
        """Brings a panel to the front and returns it. Raises KeyError for an unknown name."""
        self._open(name)
        self.bar.choose(name)
        return self._made[name]

    def panel(self, name: str) -> QWidget | None:
        """Returns a panel that was opened already, else None."""
        return self._made.get(name)

    def _place(self) -> None:
        hbox(self.head, self.bar, STRETCH, margins=(2, 0, 6, 0), spacing=-1)
        vbox(self, self.head, (self._stack, 1))

    def _click(self, at: int) -> None:
        """Emits `opened`; Qt reports a click before its tab is the current one, and -1 for a click beside the tabs."""
        if at >= 0:
            self.opened.emit(tuple(self._makers)[at])

    def _open(self, name: str) -> None:
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self._stack.addWidget(self._made[name])
        self._stack.setCurrentWidget(self._made[name])
