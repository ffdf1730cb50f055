"""Follows what needs the attention of whoever sits here, tells what is new, and keeps what they did about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.attention.book import AttentionBook, ranked
from commandcenter.attention.causes import DECISION, Concern, decision
from commandcenter.attention.heed import Heed, Heeding, read_heeding
from commandcenter.domain.people import Person
from commandcenter.store.touched import Touched
from commandcenter.sync.connection import State
from ui.kit.case_parts.deliveries import own_acts_needing_decision
from ui.kit.seat.follow import Follow
from ui.kit.seat.kept import Kept

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

KEEP = 60  # seconds between two notes that the person is here
AT_ONCE = 100  # records read without a pause, so that the desk never stands still
FIRST, PAUSE = 1000, 5  # milliseconds until a whole board is read, for it is shown first, and between its parts
CATCHING_UP = 20.0  # seconds of a new connection in which what comes may have begun long ago


class SeatAttention:
    """What needs the attention of one person, and what they did about it; kept under their account's name."""

    def __init__(self, desk: Desk, person: Person, kept: Kept) -> None:
        self.person = person
        self.book = AttentionBook(desk.board, person)
        self._kept, self._name = kept, f"attention/{person.user}"
        self.heeding: Heeding = read_heeding(kept.text(self._name), desk.now())
        self._kept_at = desk.now()

    def keep(self, now: datetime) -> None:
        """Notes that the person is here, and what they did."""
        self._kept_at = now
        self._kept.keep(self._name, self.heeding.text(now))

    def keep_now_and_then(self, now: datetime) -> None:
        """Notes it once a minute: after a crash little is told again."""
        if (now - self._kept_at).total_seconds() >= KEEP:
            self.keep(now)


class AttentionWatch(QObject):
    """Emits `changed` when something came, ended or was heeded, and `came` with what is new, the gravest first."""

    changed = Signal()
    came = Signal(object)  # tuple[Concern, ...]

    def __init__(self, desk: Desk, follow: Follow, acts: Any, kept: Kept) -> None:
        """`acts` emits `changed` when an own act has changed."""
        super().__init__()
        self._desk, self._follow, self._acts, self._kept = desk, follow, acts, kept
        self._seats: list[SeatAttention] = []  # one while somebody is signed in
        self._waiting: dict[Any, Concern] = {}  # own acts that need a decision
        self._fresh: list[Concern] = []
        self._away_at = desk.now()  # when there was no live connection last
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._read_on)
        self._is_reading = False
        follow.touched.connect(self._hear)
        follow.second.connect(self._turn)
        acts.changed.connect(self._look)
        self._turn()

    @property
    def standing(self) -> list[Concern]:
        """What needs attention now, the gravest first."""
        return ranked((*(one for seat in self._seats for one in seat.book.standing), *self._waiting.values()))

    @property
    def is_reading(self) -> bool:
        """Whether what stood here before is still being found."""
        return self._is_reading

    @property
    def fresh(self) -> list[Concern]:
        """What the person has neither seen nor put off; acts that wait are counted under 需处理."""
        return self._fresh

    def heed(self, one: Concern) -> Heed:
        """Returns how far something has got the person's attention."""
        return next((seat.heeding.heed(one, self._desk.now()) for seat in self._seats), Heed.BEFORE)

    def snoozed_until(self, one: Concern) -> datetime | None:
        """Returns until when it is put off; None when it is not."""
        return next((seat.heeding.snoozed_until(one) for seat in self._seats), None)

    def see(self, found: Iterable[Concern]) -> None:
        """Marks these as seen."""
        for seat in self._seats:
            seat.heeding.see(found)
            seat.keep(self._desk.now())
        self._tell_change()

    def snooze(self, found: Iterable[Concern], until: datetime) -> None:
        """Puts these off until a moment."""
        for seat in self._seats:
            seat.heeding.snooze(found, until)
            seat.keep(self._desk.now())
        self._tell_change()

    def close(self) -> None:
        """Keeps what was done, and stops following."""
        self._rest.stop()
        self._follow.touched.disconnect(self._hear)
        self._follow.second.disconnect(self._turn)
        self._acts.changed.disconnect(self._look)
        self._leave()

    def _leave(self) -> None:
        while self._seats:
            self._seats.pop().keep(self._desk.now())

    def _hear(self, touched: Touched) -> None:
        for seat in self._seats:
            seat.book.hear(touched)
        if touched.everything:
            self._read_whole()
        else:
            live_for = (self._desk.now() - self._away_at).total_seconds()
            self._read_on(arrived=live_for >= CATCHING_UP)

    def _read_whole(self) -> None:
        """Begins to read a whole board."""
        self._is_reading = True
        self._rest.start(FIRST)

    def _read_on(self, *, arrived: bool = False) -> None:
        """Reads what was touched, of a whole board a part at a time."""
        is_more = any(seat.book.read_on(AT_ONCE) for seat in self._seats)
        self._look(arrived=arrived)
        self._is_reading = is_more
        if is_more and not self._rest.isActive():
            self._rest.start(PAUSE)

    def _turn(self) -> None:
        """Follows the clock, and whoever has taken the seat since."""
        desk = self._desk
        if desk.connection.state is not State.LIVE:
            self._away_at = desk.now()
        if [seat.person for seat in self._seats] != ([] if desk.person is None else [desk.person]):
            self._leave()
            self._seats += [] if desk.person is None else [SeatAttention(desk, desk.person, self._kept)]
            self._tell_change()
            self._read_whole()
        for seat in self._seats:
            seat.keep_now_and_then(desk.now())
        self._look()

    def _look(self, *, arrived: bool = False) -> None:
        """Finds what came and what ended by now."""
        now = self._desk.now()
        before, self._waiting = self._waiting, self._waiting_acts(now)
        is_other = before != self._waiting
        for seat in self._seats:
            turn = seat.book.turn(now)
            came = (*turn.came, *self._waiting.values())
            if seat.heeding.wakes(now):
                came, is_other = (*seat.book.standing, *came), True
            self._announce(seat.heeding.announce(ranked(came), now, arrived=arrived))
            is_other = is_other or turn.is_other
        if is_other:
            self._tell_change()

    def _waiting_acts(self, now: datetime) -> dict[Any, Concern]:
        waiting = own_acts_needing_decision(self._desk)
        found = (decision(act.cmd_id, act.moved_at or act.made_at or now) for act in waiting)
        return {one.thing: one for one in found}

    def _announce(self, found: tuple[Concern, ...]) -> None:
        """Tells what is new, but for acts that wait: a toast has told those."""
        if told := tuple(one for one in found if one.cause != DECISION):
            self.came.emit(told)

    def _tell_change(self) -> None:
        self._fresh = [one for one in self.standing if one.cause != DECISION and self.heed(one) is Heed.FRESH]
        self.changed.emit()
