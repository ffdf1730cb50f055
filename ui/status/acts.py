"""The list of the seat's own acts with their delivery states, and the way to decide one that needs the user."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QListView, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.records import KIND_OF, KINDS
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.versions import Reason
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox, vbox
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import phrase
from ui.status import columns
from ui.status.delegate import ActPainter
from ui.status.model import ActsModel
from ui.status.watch import StatusWatch
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


class OwnActs(QWidget):
    """Open acts first, then ended ones, each newest on top; an act is decided in the needs-you room."""

    wanted = Signal(str)  # id of a case to show
    asked = Signal(str)  # id of an act to decide

    def __init__(self, desk: "Desk", follow: Follow, watch: StatusWatch) -> None:
        super().__init__()
        self._desk = desk
        self.model = ActsModel(desk, self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(ActPainter(desk.board, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.activated.connect(self._show_case)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._offer())
        self.empty = Label(phrase("还没有操作。派遣、签收等都记在这里，带送达状况。"), tone="tx3")
        self.empty.setContentsMargins(MEASURES.dock_padding, 10, MEASURES.dock_padding, 10)
        self.decide = KeyButton(phrase("去需处理"), key="F4", role="row")
        self.case = KeyButton(phrase("看案件"), role="row")
        self._why = Label(level="label", tone="tx2")
        self._place()
        watch.changed.connect(self.refresh)
        follow.touched.connect(self._repaint)
        self.refresh()

    def refresh(self) -> None:
        """Reads the acts again."""
        self.model.refresh()
        some = self.model.rowCount() > 0
        self.list.setVisible(some)
        self.empty.setVisible(not some)
        self._offer()

    def choose(self, row: int) -> None:
        """Selects the act of a row."""
        self.list.setCurrentIndex(self.model.index(row))

    @property
    def chosen(self) -> Act | None:
        """The selected act, None for none."""
        return self.model.at(self.list.currentIndex().row())

    def _place(self) -> None:
        self._foot = mark(QWidget(self), surface="bg2")
        margins = (MEASURES.dock_padding, 4, MEASURES.dock_padding, 4)
        hbox(self._foot, (self._why, 1), self.case, self.decide, margins=margins, spacing=-1)
        self.case.clicked.connect(lambda _on=False: self._show_case(self.list.currentIndex()))
        self.decide.clicked.connect(lambda _on=False: self._ask())
        vbox(self, self.empty, (self.list, 1), self._foot, (None, 0))

    def _repaint(self, _touched: object) -> None:
        """Repaints, because numbers and names of cases come from the board."""
        self.list.viewport().update()

    def _offer(self) -> None:
        act = self.chosen
        self._foot.setVisible(act is not None)
        if act is None:
            return
        self.decide.setVisible(act.delivery is Delivery.NEEDS_YOU or act.code == Reason.PARKED)
        self._why.set_words(columns.remark(self._desk.board, act))

    def _ask(self) -> None:
        if self.chosen is not None:
            self.asked.emit(self.chosen.cmd_id)

    def _show_case(self, index: QModelIndex) -> None:
        act = self.model.at(index.row())
        cases = [key for kind, key in (act.refs if act else ()) if KINDS.get(kind) is KIND_OF[Case]]
        if cases:
            self.wanted.emit(cases[0])
