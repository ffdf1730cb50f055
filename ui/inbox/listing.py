"""The list on the left of the inbox 需处理; its rows do not move under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from ui.inbox.delegate import InboxPainter
from ui.inbox.model import InboxModel
from ui.inbox.words import Wording
from ui.kit.controls.arrived import ArrivedButton
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import vbox
from ui.kit.texts.words import phrase
from ui.theme import filled

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


class InboxList(Retranslated, QWidget):
    """The list of acts; `chosen` carries a command's id, "" for none."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = InboxModel(desk, wording, self)
        self.view = QListView(self)
        self.arrived = ArrivedButton()
        self._chosen: str | None = None
        self._is_reading = False
        self._lay(InboxPainter(desk, wording, self.view))
        self.model.held.connect(self.arrived.count)
        self.arrived.clicked.connect(lambda _on=False: self.let_in())
        self.view.selectionModel().currentChanged.connect(self._tell)
        self.view.viewport().installEventFilter(self)

    def refresh(self) -> None:
        """Reads the desk again; the chosen act stays chosen, new acts are held back under the pointer."""
        self._read(hold=self.view.viewport().underMouse() and self.model.first() is not None)

    def let_in(self) -> None:
        """Shows the acts that were held back."""
        self._read(hold=False)

    def choose(self, cmd_id: str | None) -> None:
        """Selects the act `cmd_id`; an unknown one changes nothing."""
        row = self.model.row_of(cmd_id) if cmd_id else None
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row))

    @property
    def current(self) -> str | None:
        """The command id of the selected act; None for none."""
        act = self.model.act_at(self.view.currentIndex().row())
        return None if act is None else act.cmd_id

    def retell(self) -> None:
        self.model.refresh_all()
        self.arrived.count(self.model.held_back)

    def _read(self, *, hold: bool) -> None:
        self._is_reading = True  # when a row goes, Qt selects its neighbour, which the user did not choose
        self.model.refresh(hold=hold)
        self._is_reading = False
        self._keep_choice()

    def _keep_choice(self) -> None:
        """Selects the same act as before the rows changed, else the first that waits."""
        if self._chosen is None or self.model.row_of(self._chosen) is None:
            self._chosen = self.model.first()
        self.choose(self._chosen)
        self.chosen.emit(self._chosen or "")

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        act = self.model.act_at(now.row())
        if act is not None and act.cmd_id != self._chosen and not self._is_reading:
            self._chosen = act.cmd_id
            self.chosen.emit(act.cmd_id)

    def _lay(self, painter: InboxPainter) -> None:
        filled(self, surface="bg1")
        self.view.setModel(self.model)
        self.view.setItemDelegate(painter)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(str(phrase("需处理")))
        vbox(self, self.arrived, (self.view, 1))
        self.setFocusProxy(self.view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self.model.held_back:
            self.let_in()
        return False
