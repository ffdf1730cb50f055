"""The inbox 需处理: the acts that wait, the chosen one with versions and choices, and its history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.store.overlay import Act
from commandcenter.store.touched import Touched
from commandcenter.sync.queries import HistoryQuery
from commandcenter.sync.unavailable import Unavailable
from commandcenter.sync.versions import Versions
from ui.inbox.listing import InboxList
from ui.inbox.side import InboxSide
from ui.inbox.versions import VersionsPanel
from ui.inbox.words import Tell, Wording
from ui.kit.labels.label import Retranslated, line
from ui.kit.layouts import hbox
from ui.kit.panels.cover import Cover
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow
from ui.kit.seat.tasks import spawn
from ui.kit.texts.faults import fault_name
from ui.kit.texts.words import Words, phrase, term

NAME = "inbox"
LIST, SIDE = 400, 400  # pixels in a window 1920 wide; in smaller ones about a quarter of the width
LIST_LEAST, SIDE_LEAST = 300, 300
NARROW = 1180  # pixels of width below which the side panel is hidden


class ConnectionWatch(Protocol):
    """What emits `changed` when the connection or an act has changed."""

    changed: Any


class InboxRoom(Retranslated, Cover):
    """The inbox, which covers the area between the window's bars while it is open."""

    def __init__(
        self,
        hall: SeatContext,
        *,
        follow: Follow,
        watch: ConnectionWatch,
        tell: Tell,
        left: Callable[[Case], Words],
        done: Callable[[Act, Words], object],
        parent: QWidget | None = None,
    ) -> None:
        """`tell` returns a fact as text, `left` a case's time left; `done` reports an act given again or adopted."""
        super().__init__(parent)
        self._hall, self._desk, self._left, self._done = hall, hall.desk, left, done
        self._follow, self._watch = follow, watch
        self._wording = Wording(hall.desk.board, tell, hall.desk.now)
        self._told: dict[str, tuple[int, tuple[Fact, ...]]] = {}
        self._shown: Versions | None = None
        self.list = InboxList(hall.desk, self._wording)
        self.versions = VersionsPanel(self._wording)
        self.side = InboxSide(self._wording)
        choices = self.versions.choices
        choices.add("again", phrase("再做一次"), lambda: self.decide("again"), key="Ctrl ↵", role="primary")
        choices.add("drop", phrase("放弃"), lambda: self.decide("drop"), key="Del")
        choices.add("adopt", phrase("代办"), lambda: self.decide("adopt"), key="Ctrl D")
        self._lay()
        self._wire()

    def enter(self, item: str | None) -> None:
        """Selects the act `item`, or the first one that waits."""
        self.list.let_in()
        self.list.choose(item or self.list.model.first())
        self.take_focus()

    def take_focus(self) -> None:
        """Moves the keyboard focus to the list of acts."""
        self.list.setFocus()

    def close_following(self) -> None:
        """Disconnects from the signals outside that `_wire` connected, hides and deletes the inbox."""
        self._follow.touched.disconnect(self._touch)
        self._follow.second.disconnect(self._turn)
        self._watch.changed.disconnect(self.refresh)
        self._desk.outages.changed.disconnect(self._cut)
        super().close_following()

    def refresh(self) -> None:
        """Reads the acts and the chosen one's versions again, if the inbox is open."""
        if not self.isHidden():
            self.list.refresh()

    def decide(self, name: str) -> None:
        """Carries out a choice ("again", "drop", "adopt") for the act shown, if it is enabled."""
        if self._shown is not None and self.versions.choices.button(name).isEnabled():
            spawn(self._decide(name, self._shown), name=f"{name} {self._shown.act.cmd_id}")

    @property
    def shown(self) -> Versions | None:
        """The versions of the act shown; None when none is."""
        return self._shown

    def retell(self) -> None:
        self._show(self.list.current or "")

    def _wire(self) -> None:
        self._follow.touched.connect(self._touch)
        self._follow.second.connect(self._turn)
        self._watch.changed.connect(self.refresh)
        self._desk.outages.changed.connect(self._cut)
        self.list.chosen.connect(self._show)
        self.versions.back.clicked.connect(lambda _on=False: self.dismiss())
        self.versions.first.connect(self.list.choose)

    async def _decide(self, name: str, seen: Versions) -> None:
        decisions = self._desk.decisions
        ways: dict[str, _Decide] = {"again": decisions.again, "drop": decisions.drop, "adopt": decisions.adopt}
        answer = await ways[name](seen.act.cmd_id)
        what: Words = term("command", seen.act.name)
        if name == "adopt":
            what = phrase("代{who}{what}", who=self._wording.owner(seen.act), what=what)
        if isinstance(answer, Refused):
            said = phrase("没有{what}：{why}", what=what, why=term("refusal", answer.code))
            self._hall.tell(said, "bad")
        elif answer is not None:
            self._done(answer, phrase("{case} {what}", case=self._wording.record(seen.act.ref), what=what))
        else:
            self._hall.tell(phrase("已放弃：{case} {what}", case=self._wording.record(seen.act.ref), what=what), "ok")
        if isValid(self):  # a change of user in the meantime may have deleted this widget
            self.list.let_in()
            self.list.choose(self.list.model.first())

    def _show(self, cmd_id: str) -> None:
        seen = self._look(cmd_id) if cmd_id else None
        self._shown = seen
        is_live = self._desk.connection.state == "live"
        self.side.setVisible(seen is not None and self.width() >= NARROW)
        if seen is None:
            self.versions.show_nothing(self._ended(cmd_id), unsent=self._desk.unsent, back=self.dismiss)
            return
        self.versions.show_versions(seen, self._desk.outages.history, is_live=is_live)
        key = seen.act.compared[1]
        told = self._told.get(key, (0, ()))[1]
        self.side.show_versions(seen, self._desk.outages.history, told=told, light=self._light(seen))
        refs = (seen.act.compared, *seen.act.refs)
        cases = [ref[1] for ref in refs if isinstance(self._desk.board.find(*ref), Case)]
        if cases:
            self._hall.focus.choose(cases[0], by=NAME)

    def _look(self, cmd_id: str) -> Versions | None:
        """Returns the versions of an act, with its case's history, which is fetched again for each new revision."""
        act = self._desk.acts.find(cmd_id)
        if act is None:
            return None
        key, case = act.compared[1], self._desk.board.confirmed(*act.compared)
        if case is None:
            self._told.pop(key, None)  # of a case out of scope no remembered history is shown
        known, facts = self._told.get(key, (-1, ()))
        if isinstance(case, Case) and known != case.rev:
            self._told[key] = (case.rev, facts)
            self.side.note.set_words(phrase("正在取经过…"))
            self.side.note.show()
            spawn(self._fetch(key), name="history of what waits", shown_by=self)
        return self._desk.decisions.look(cmd_id, facts)

    async def _fetch(self, key: str) -> None:
        said: Words = ""
        try:
            facts = await self._desk.ask(HistoryQuery(key))
            if key in self._told:
                self._told[key] = (self._told[key][0], facts)
        except Unavailable as error:
            said = phrase("只有本机知道的经过：{why}", why=fault_name(error.code))
            self._told.pop(key, None) if self._desk.connection.state == "live" else None
        self.side.note.set_words(said)
        self.side.note.setVisible(bool(str(said)))
        if self._shown is not None and self._shown.act.compared[1] == key and not said:
            self._show(self.list.current or "")

    def _ended(self, cmd_id: str) -> Act | None:
        return next((act for act in self._desk.acts.recent if act.cmd_id == cmd_id), None)

    def _light(self, seen: Versions) -> Words:
        return self._left(seen.theirs) if isinstance(seen.theirs, Case) else ""

    def _touch(self, touched: Touched) -> None:
        seen = self._shown
        if self.isHidden():
            return
        if seen is None or any(touched.concerns(*ref) for ref in (*seen.act.refs, seen.act.compared)):
            self._show(self.list.current or "")

    def _cut(self, _nothing: None) -> None:
        if not self.isHidden() and self._shown is not None:
            self._show(self.list.current or "")

    def _turn(self) -> None:
        if not self.isHidden() and self._shown is not None:
            self.side.show_time_left(self._light(self._shown))

    def _lay(self) -> None:
        hbox(self, self.list, line("v", strong=True), (self.versions, 1), line("v", strong=True), self.side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & _CONTROL:
            self.decide("again")
        elif event.key() == Qt.Key.Key_Delete:
            self.decide("drop")
        elif event.key() == Qt.Key.Key_D and event.modifiers() & _CONTROL:
            self.decide("adopt")
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width()
        self.list.setFixedWidth(max(LIST_LEAST, min(LIST, round(width * 0.24))))
        self.side.setFixedWidth(max(SIDE_LEAST, min(SIDE, round(width * 0.25))))
        self.side.setVisible(self._shown is not None and width >= NARROW)


_Decide = Callable[[str], Awaitable[Act | Refused | None]]
_CONTROL = Qt.KeyboardModifier.ControlModifier
