"""The status bar: connection, data age, unsent acts by user, acts that need the user, scope, user and clock."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from commandcenter.sync.connection import State
from ui.kit.case_parts.deliveries import own_acts_needing_decision
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import hbox
from ui.kit.seat.follow import Follow
from ui.kit.seat.known import is_known
from ui.kit.texts import names, times
from ui.kit.texts.words import say, word
from ui.status import wording
from ui.status.hint import CommandHint
from ui.status.segment import Segment, SegmentText
from ui.status.watch import StatusWatch
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

NAMED = 2  # up to so many users are named with their unsent acts
NARROW = 1500  # logical pixels; in a narrower window the clock shows no date


class StatusBar(Retranslated, QWidget):
    """Always visible; the first three segments open the connection panel, the fourth the needs-you room.

    While `is_told` is true a banner tells what is wrong with the connection: the bar keeps words and shapes, and leaves
    the colour of alarm to the banner. A segment keeps the room that its longest ordinary text needs, so that each
    stands where the eye looks for it.
    """

    asked = Signal()  # to open the connection panel
    needed = Signal()  # to open the needs-you room

    def __init__(
        self,
        desk: "Desk",
        follow: Follow,
        watch: StatusWatch,
        hint: CommandHint,
        is_told: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__()
        self._desk, self._watch, self._is_told = desk, watch, is_told
        self.setFixedHeight(MEASURES.status_bar - 1)
        self.connection, self.age, self.unsent, self.needs = (Segment(parent=self) for _ in range(4))
        self.scope, self.person, self.clock = (Segment(mirror=True, parent=self) for _ in range(3))
        self._place(hint)
        self._keep_room()
        follow.second.connect(self.refresh)
        watch.changed.connect(self.refresh)
        self.refresh()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, from the left."""
        return (self.connection, self.age, self.unsent, self.needs, self.scope, self.person, self.clock)

    def refresh(self) -> None:
        """Updates every segment; costs a few text comparisons when nothing changed."""
        self._say_connection()
        self._say_unsent()
        self._say_needs()
        self._say_person()
        self._say_clock()

    def retell(self) -> None:
        self._keep_room()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refresh()

    def _place(self, hint: CommandHint) -> None:
        left = (self.connection, self.age, self.unsent, self.needs)
        for segment in left:
            segment.setCursor(Qt.CursorShape.PointingHandCursor)
            segment.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            segment.clicked.connect(self.needed if segment is self.needs else self.asked)
        hbox(self, *left, (hint, 1), self.scope, self.person, self.clock, margins=(2, 0, 2, 0))

    def _keep_room(self) -> None:
        self.connection.keep_room(wording.ordinary())
        self.age.keep_room([say("数据"), times.ago(59)])
        self.unsent.keep_room([say("未送达"), "88"])

    def _tone(self, tone: str) -> str:
        return "tx1" if self._is_told() else tone

    def _say_connection(self) -> None:
        link, now = self._desk.connection, self._desk.now()
        how = wording.connection_text(
            link, now, stale=self._watch.is_stale, away=self._desk.outages.current is not None
        )
        parts = [
            SegmentText(how.word, self._tone(how.tone), bold=how.tone != "tx1"),
            *([SegmentText(how.detail, "tx3")] if how.detail else []),
        ]
        self.connection.show_parts(parts, glyph=how.glyph, tip=say("连接。按一下打开“状况”"))
        old = self._is_old(now)
        told = SegmentText(times.ago(wording.age(link, now)), self._tone("warn") if old else "tx1", bold=True)
        self.age.show_parts([SegmentText(say("数据"), "tx3"), told], glyph="light.soon" if old else "")

    def _say_unsent(self) -> None:
        waiting = {user: count for user, count in sorted(self._desk.unsent.items()) if count}
        number = SegmentText(self._number(sum(waiting.values())), self._tone("warn") if waiting else "tx1", bold=True)
        told = wording.unsent(self._desk.board, waiting, most=NAMED if self.window().width() >= NARROW else 1)
        whose = [SegmentText(told, "tx3")] if waiting else []
        by_user = "\n".join(f"{names.account_name(self._desk.board, user)}  {count}" for user, count in waiting.items())
        parts = [SegmentText(say("未送达"), "tx3"), number, *whose]
        self.unsent.show_parts(parts, glyph="delivery.kept" if waiting else "", tip=by_user or say("都已送达"))

    def _say_needs(self) -> None:
        count = len(own_acts_needing_decision(self._desk))
        number = SegmentText(self._number(count), "vio" if count else "tx1", bold=True)
        tip = say("等你决定的操作，按 F4 打开")
        self.needs.show_parts(
            [SegmentText(say("需处理"), "tx3"), number], glyph="light.needs_you" if count else "", tip=tip
        )

    def _say_clock(self) -> None:
        """Says the time and how far this machine's clock is off: where that is much, a call, unless there is one."""
        link, zone, now = self._desk.connection, names.zone(self._desk.board), self._desk.now()
        narrow, is_off, calls = self.window().width() < NARROW, wording.is_clock_off(link), self._clock_calls()
        told = times.clock(now, zone) if narrow else times.full_clock(now, zone)
        skew = SegmentText(wording.skew(link), "warn" if calls else "tx1" if is_off else "tx3", bold=is_off)
        is_own = link.skew is None  # the platform has not told its time yet
        label = [SegmentText(say("本机时钟") if is_own else say("平台时钟"), "tx3")] if is_own or not narrow else []
        parts = [*label, SegmentText(told, "tx1", bold=True), skew]
        whole = times.full_clock(now, zone)
        tip = "\n".join((whole, say("本机和平台有一个时钟不准；时限按平台时钟走"))) if is_off else whole
        self.clock.show_parts(parts, glyph="light.soon" if calls else "", tip=tip)

    def _clock_calls(self) -> bool:
        """Whether a wrong clock is told in the colour of alarm: with an outage that has it, or old data, it waits."""
        link = self._desk.connection
        is_well = link.state is State.LIVE and not self._watch.is_stale and not self._is_told()
        return is_well and wording.is_clock_off(link) and not self._is_old(self._desk.now())

    def _is_old(self, now: datetime) -> bool:
        seconds = wording.age(self._desk.connection, now)
        return seconds is not None and seconds > wording.OLD_AFTER

    def _number(self, count: int) -> str:
        """Returns a count of somebody's acts; before anybody sits here and anything is known, none is not 0."""
        return str(count) if count or (self._desk.person is not None and is_known(self._desk)) else "—"

    def _say_person(self) -> None:
        person = self._desk.person
        if person is None:
            self.scope.show_parts([SegmentText(say("未登录"), "tx3")], icon="map-pin")
            self.person.show_parts([SegmentText("—", "tx3")], icon="user")
            return
        if not self._desk.has_role:
            self.scope.show_parts([SegmentText("—", "tx3")], icon="map-pin")
            self.person.show_parts(
                [SegmentText(say("现在没有角色"), "vio"), SegmentText(person.user, "tx2")], icon="user"
            )
            return
        place = SegmentText(names.scope_name(self._desk.board, person.scope), "tx1", bold=True)
        self.scope.show_parts([SegmentText(say("范围"), "tx3"), place], icon="map-pin")
        self.person.show_parts(
            [SegmentText(word("role", person.role), "tx1", bold=True), SegmentText(person.user, "tx2")], icon="user"
        )
