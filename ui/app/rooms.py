"""Builds the rooms of the signed-in user: a dispatcher's docks, or the seat of a unit."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.people import HOLDER_ROLES
from commandcenter.store.touched import Touched
from ui.actions.context import UiContext
from ui.cases.case import CasePanel
from ui.cases.panel import QueuePanel
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.panels.tabs import Tabs
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term
from ui.map.panel import MapPanel
from ui.status.acts import OwnActs
from ui.status.panel import ConnectionPanel
from ui.theme.tokens import MEASURES
from ui.unit.seat import UnitSeat
from ui.window import Window

CASE_BUTTONS_HEIGHT = 96  # pixels at the foot of the case that toasts must not cover: its buttons


class SeatRooms:
    """The rooms of one user; `board_map` outlives them, `act(name)` triggers an action of the registry.

    `queue`, `case` and `lower` are None at a unit's seat, `unit` is None at a dispatcher's desk.
    """

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        board_map: MapPanel,
        *,
        act: Callable[[str], object],
        address: Callable[[], str],
        fault: Callable[[], str],
    ) -> None:
        self._window, self._seat, self._act = window, seat, act
        self._address, self._fault = address, fault
        self.clock = SecondClock(seat.desk.board, seat.desk.now)
        seat.follow.second.connect(self.clock.turn)
        self.map = board_map
        self.queue: QueuePanel | None = None
        self.case: CasePanel | None = None
        self.lower: Tabs | None = None
        self.unit: UnitSeat | None = None
        self.inbox: InboxRoom | None = None
        self.person = seat.desk.person
        self.is_unit = self.person is not None and self.person.role in HOLDER_ROLES
        (self._unit if self.is_unit else self._desk)()

    def light(self, case: Case) -> str:
        """Returns the name of a case's present light; its glyph is `light.<name>`."""
        return self.clock.standing(case).light

    @property
    def list_view(self) -> TableView:
        """The list of cases: the queue, or the inbox of a unit's seat."""
        listed = self.queue or (self.unit.inbox if self.unit else None)
        assert listed is not None
        return listed.view

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and takes a unit's seat out of the window."""
        self._window.toasts.clear()
        if self.inbox is not None:
            self.inbox.close_following()
        self.map.show_only(None)
        self._seat.follow.second.disconnect(self.clock.turn)
        if self.lower is not None:
            self._seat.watch.changed.disconnect(self._count)
        if self.queue is not None:
            self._seat.follow.touched.disconnect(self._keep_choice)
            self.queue.close_following()
        if self.case is not None:
            self.case.close_following()
        if self.is_unit:
            self._seat.follow.touched.disconnect(self._learn_names)
            self.map.setParent(None)
            self._window.leave_room()

    @property
    def is_inbox_open(self) -> bool:
        """Whether the needs-you room 需处理 covers the other rooms."""
        return self.inbox is not None and not self.inbox.isHidden()

    def open_inbox(self, cmd_id: str | None = None) -> None:
        """Opens the needs-you room, at the act `cmd_id` if given; creates it on first use."""
        if self.inbox is None:
            self.inbox = self._inbox()
        self.inbox.open(cmd_id)

    def leave_inbox(self) -> None:
        """Leaves the needs-you room."""
        if self.inbox is not None:
            self.inbox.leave()

    def open_lower(self, name: str) -> QWidget | None:
        """Opens a panel of the lower dock and unfolds the dock; returns None at a unit's seat, which has none."""
        self.leave_inbox()
        if self.lower is None:
            return None
        panel = self.lower.open(name)
        self._window.dock_layout.unfold()
        return panel

    def step(self, by: int) -> None:
        """Chooses the next (1) or the previous (-1) case of the list."""
        listed = self.queue if self.queue is not None else self.unit.inbox if self.unit else None
        if listed is not None:
            listed.step(by)

    def _desk(self) -> None:
        desk, follow, focus = self._seat.desk, self._seat.follow, self._seat.focus
        docks = self._window.docks
        self.queue = QueuePanel(desk, follow=follow, focus=focus)
        self.queue.wanted.connect(self._act)
        self.queue.narrowed.connect(self.map.show_only)
        self.queue.opened.connect(self._to_case)
        kept = self._window.dock_layout
        self.queue.arrange_columns(kept.recall("columns"))
        self.queue.columns_arranged.connect(lambda line: kept.remember("columns", line))
        self.case = CasePanel(self._seat, follow=follow)
        self.case.left.connect(self.queue.setFocus)
        self.lower = self._lower()
        with kept.preserving_docks():
            docks["queue"].hold(self.queue, self.queue.head)
            docks["map"].hold(self.map, self.map.header)
            self.map.header.show()
            docks["case"].hold(self.case, self.case.head)
            docks["lower"].hold(self.lower, self.lower.head)
        follow.touched.connect(self._keep_choice)
        if not self._window.dock_layout.restore():
            self._window.dock_layout.settle()
        self._window.toasts.keep_above(MEASURES.status_bar + CASE_BUTTONS_HEIGHT)
        self._update_top_bar(phrase("调度台"))
        self.map.whole()  # at a unit's seat it was small and may have shown another place

    def _to_case(self, _key: str) -> None:
        """Moves the keyboard focus from a row to the buttons of its case; Esc there leads back."""
        self._window.to_front("case")
        if self.case is not None:
            self.case.focus_steps()

    def _keep_choice(self, _touched: object) -> None:
        """Marks the chosen case in the queue as soon as its row appears."""
        chosen = self._seat.focus.case
        if self.queue is not None and chosen:
            row = self.queue.model.row_of(chosen)
            if row is not None and row != self.queue.view.currentIndex().row():
                self.queue.view.choose(chosen, reveal=True)

    def _lower(self) -> Tabs:
        tabs = Tabs()
        tabs.setMinimumHeight(0)
        tabs.add("acts", phrase("我的操作"), self._acts, count=0)
        tabs.add("trend", phrase("走势"), self._trend)
        tabs.add("going", phrase("状况"), self.going)
        tabs.opened.connect(lambda _name: self._window.dock_layout.unfold())
        self._seat.watch.changed.connect(self._count)
        self._count()
        return tabs

    def _count(self) -> None:
        if self.lower is not None:
            acts = self._seat.desk.acts
            self.lower.bar.set_count("acts", len(acts.open), tone="vio" if acts.needing else "tx3")

    def _acts(self) -> QWidget:
        acts = OwnActs(self._seat.desk, self._seat.follow, self._seat.watch)
        acts.asked.connect(self.open_inbox)
        acts.wanted.connect(lambda key: self._seat.focus.choose(key, by="acts"))
        return acts

    def _trend(self) -> QWidget:
        from ui.charts.panel import Trend  # late: pyqtgraph takes 0.4 s to import

        return Trend(self._seat.desk)

    def going(self) -> QWidget:
        """Returns a new panel 状况 about the connection."""
        return ConnectionPanel(
            self._seat.desk, self._seat.follow, self._seat.watch, address=self._address, fault=self._fault
        )

    def _inbox(self) -> InboxRoom:
        seat, bar = self._seat, self._window.topbar
        room = InboxRoom(
            seat,
            follow=seat.follow,
            watch=seat.watch,
            tell=fact_words,
            left=self._time_left,
            done=seat.tell_act,
            parent=self._window,
        )
        room.came.connect(lambda: bar.enter(phrase("需处理")))
        room.came.connect(lambda: seat.tellings.mute(True))
        room.gone.connect(lambda: bar.enter(None))
        room.gone.connect(lambda: seat.tellings.mute(False))
        room.gone.connect(lambda: self.list_view.setFocus())
        return room

    def _time_left(self, case: Case) -> Words:
        standing = self.clock.standing(case)
        told = time_text(standing, case, self.clock.now)
        return phrase("{light} {time}", light=term("light", standing.light), time=told)

    def _unit(self) -> None:
        follow = self._seat.follow
        self.unit = UnitSeat(
            self._seat.desk,
            follow=follow,
            focus=self._seat.focus,
            clock=self.clock,
            act=self._act,
            tell=fact_words,
            spot=self._spot(),
        )
        self._window.put_room(self.unit)
        self._window.toasts.keep_above(MEASURES.status_bar + self.unit.day.sizeHint().height())
        self._update_top_bar(phrase("待办"))
        follow.touched.connect(self._learn_names)

    def _learn_names(self, touched: Touched) -> None:
        """Shows the holder's name as soon as the board has it."""
        if touched.concerns("holder"):
            self._update_top_bar(phrase("待办"))

    def _spot(self) -> QWidget:
        self.map.setMinimumHeight(200 + MEASURES.dock_header)
        return self.map

    def _update_top_bar(self, room: Words) -> None:
        desk = self._seat.desk
        may_take = desk.person is None or desk.why_not("take", None) is None
        scope = names.scope_words(desk.board, desk.person) if self.is_unit and desk.person else ""
        self._window.topbar.take_seat(intake=may_take, plain=self.is_unit, room=room, scope=scope)
