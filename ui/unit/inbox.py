"""The list of the unit's seat: tabs with counts, and the cases under headings by what is to be done."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.store.fetched import UNKNOWN
from commandcenter.store.touched import Touched
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock
from ui.kit.controls.arrived import ArrivedButton
from ui.kit.controls.switches import CountTabs
from ui.kit.feedback.states import StateCard
from ui.kit.layouts import stacked, vbox
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.seat.known import is_known
from ui.kit.tables.model import TableModel
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.numbers import shared_tails
from ui.kit.texts.words import phrase
from ui.theme import mark
from ui.theme.tokens import MEASURES
from ui.unit import columns
from ui.unit.delegate import ROW, InboxDelegate
from ui.unit.own_parts import OwnParts

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

NAME = "inbox"
TITLES = {"all": phrase("待办"), "due": phrase("急件"), "returns": phrase("退回待答"), "done": phrase("今日办结")}
KNOWN = phrase("知悉")  # the tab of a grid team, whose leader also sees what others settle in the own grid
TONES = {"due": "warn", "returns": "vio"}


class UnitInbox(QWidget):
    """The list of cases; it chooses in `focus`, by itself the first case when none is chosen."""

    counted = Signal(object)  # counts by tab

    def __init__(self, desk: "Desk", *, follow: Follow, focus: Focus, clock: SecondClock) -> None:
        super().__init__()
        self._desk, self._focus, self._board = desk, focus, desk.board
        self._counts: dict[str, int] = {}
        leads_grid = desk.person is not None and desk.person.scope.grid is not None
        self._titles = TITLES | {"known": KNOWN} if leads_grid else TITLES
        self.tabs = CountTabs(parent=self)
        self._parts = OwnParts(desk, clock)
        column = columns.inbox_column(self._board, self._parts)
        self.model = TableModel(self._board.cases, [column], now=lambda: desk.now().timestamp(), parent=self)
        self.view = TableView(self.model, row=ROW, name=phrase("待办"))
        self.view.head.hide()
        self._rows = InboxDelegate(self.view, self._board, self._parts)
        self.view.setItemDelegate(self._rows)
        self.model.group(columns.inbox_groups(self._board, self._midnight, self._parts))
        self.view.focus_holds_rows = False  # the focus is always here: only the pointer keeps rows from moving
        self.arrived = ArrivedButton()
        self._empty = StateCard()
        self._lay()
        self._wire(follow)
        self._filter("all")

    def choose_first(self) -> None:
        """Chooses the most urgent case, unless one is chosen that is here or may come."""
        keys = (self.model.key_at(row) for row in range(self.model.rowCount()))
        first = next((key for key in keys if key), None)
        chosen = ("case", self._focus.case) if self._focus.case is not None else None
        may_come = chosen == self._board.fetched.watched and self._board.fetched.why_missing != UNKNOWN
        if first and (chosen is None or not (may_come or self._board.find(*chosen))):
            self._focus.choose(first, by="seat")

    @property
    def counts(self) -> dict[str, int]:
        """The number of cases of each tab."""
        return self._counts

    def midnight(self) -> datetime:
        """Returns the beginning of the district's present day."""
        return columns.midnight(self._desk.now(), names.zone(self._board))

    def _midnight(self) -> float:
        return self.midnight().timestamp()

    def _lay(self) -> None:
        mark(self, surface="bg1")
        for key, words in self._titles.items():
            self.tabs.add(key, words)
        self.tabs.setFixedHeight(MEASURES.room_tabs)
        self._stack = stacked(None, self.view, self._empty)
        vbox(self, self.tabs, self.arrived, (self._stack, 1))
        self.setFocusProxy(self.view)

    def _wire(self, follow: Follow) -> None:
        follow.touched.connect(self._touch)
        follow.second.connect(self._turn)
        self._focus.changed.connect(self._choose)
        self.view.chosen.connect(lambda key: self._focus.choose(key, by=NAME))
        self.tabs.chosen.connect(self._filter)
        self.model.arranged.connect(lambda: self.view.choose(self._focus.case, reveal=False))  # it may have come now
        self.model.waiting.connect(lambda came, _left: self.arrived.count(came))
        self.arrived.clicked.connect(lambda _on=False: self.model.let_in())

    def _touch(self, touched: Touched) -> None:
        if touched.concerns("case"):
            changed = touched.ids("case")
            self.model.take(changed)
            if touched.everything or (changed is not None and self._focus.case in changed):
                self.model.let_in()  # another board, or the chosen case: rows move to their new places at once
            self._tally()
            self.choose_first()

    def _choose(self, key: str, _by: str) -> None:
        self.view.choose(key or None)

    def _turn(self) -> None:
        self.view.tick()
        self._tally()

    def _filter(self, tab: str) -> None:
        self.model.filter(lambda now: columns.keep(self._board.cases, tab, self._midnight(), now, self._parts))
        self.view.scrollToTop()
        self.view.choose(self._focus.case)
        self._tally()

    def _tally(self) -> None:
        now = self._desk.now().timestamp()
        fresh = columns.counts(self._board.cases, self._midnight(), now, self._parts)
        if fresh != self._counts:
            self._counts = fresh
            self.counted.emit(fresh)
        for key, count in ((tab, fresh[tab] if is_known(self._desk) else None) for tab in self._titles):
            self.tabs.set_count(key, count, tone=TONES.get(key, "tx3") if count else "tx3")
        self._tell_apart()
        if self.model.rowCount() == 0:
            self._tell_empty()
        self._stack.setCurrentIndex(1 if self.model.rowCount() == 0 else 0)

    def _tell_apart(self) -> None:
        keys = (self.model.key_at(row) for row in range(self.model.rowCount()))
        cases = (records.find(self._board, Case, key) for key in keys if key)
        shared = shared_tails(case for case in cases if case is not None)
        if shared != self._rows.shared:
            self._rows.shared = shared
            self.view.viewport().update()

    def _tell_empty(self) -> None:
        if is_known(self._desk):
            self._empty.tell("empty", phrase("没有待办"), phrase("新派来的案件会出现在这里。"), image="check")
        else:
            self._empty.tell("loading", phrase("正在取案件"), image="loader")
