"""Follows what needs the attention of whoever sits here, tells what is new, and keeps what they did about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from commandcenter.attention.book import AttentionBook, ranked
from commandcenter.attention.causes import DECISION, Concern, decision
from commandcenter.attention.heed import Heed, Heeding, read_heeding
from commandcenter.domain.people import Person
from commandcenter.store.touched import Touched
from commandcenter.sync.connection import State
from ui.kit.case_parts.deliveries import own_acts_needing_decision
from ui.kit.seat.follow import Follow

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

KEEP = 60  # seconds between two notes that the person is here
CATCHING_UP = 20.0  # seconds of a new connection in which what comes may have begun long ago


class Kept(Protocol):
    """What keeps texts by name across a restart."""

    def keep(self, name: str, value: str) -> None: ...

    def text(self, name: str) -> str: ...


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
        self._standing: dict[Any, Concern] = {}
        self._away_at = desk.now()  # when there was no live connection last
        follow.touched.connect(self._hear)
        follow.second.connect(self._turn)
        acts.changed.connect(self._look)
        self._turn()

    @property
    def standing(self) -> list[Concern]:
        """What needs attention now, the gravest first."""
        return ranked(self._standing.values())

    @property
    def fresh(self) -> list[Concern]:
        """What the person has neither seen nor put off; acts that wait are counted under 需处理."""
        return [one for one in self.standing if self.heed(one) is Heed.FRESH and one.cause != DECISION]

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
        self.changed.emit()

    def snooze(self, found: Iterable[Concern], until: datetime) -> None:
        """Puts these off until a moment."""
        for seat in self._seats:
            seat.heeding.snooze(found, until)
            seat.keep(self._desk.now())
        self.changed.emit()

    def close(self) -> None:
        """Keeps what was done, and stops following."""
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
        live_for = (self._desk.now() - self._away_at).total_seconds()
        self._look(arrived=not touched.everything and live_for >= CATCHING_UP)

    def _turn(self) -> None:
        """Follows the clock, and whoever has taken the seat since."""
        desk = self._desk
        if desk.connection.state is not State.LIVE:
            self._away_at = desk.now()
        if [seat.person for seat in self._seats] != ([] if desk.person is None else [desk.person]):
            self._leave()
            self._seats += [] if desk.person is None else [SeatAttention(desk, desk.person, self._kept)]
        for seat in self._seats:
            seat.keep_now_and_then(desk.now())
        self._look()

    def _look(self, *, arrived: bool = False) -> None:
        now = self._desk.now()
        wakes = any(seat.heeding.wakes(now) for seat in self._seats)
        before, self._standing = self._standing, {}
        for seat in self._seats:
            self._standing = {**seat.book.standing(now), **self._waiting_acts(now)}
        if wakes or self._standing != before:
            new = [one for one in self.standing if before.get(one.thing) != one or wakes]
            for seat in self._seats:
                self._announce(seat.heeding.announce(new, now, arrived=arrived))
            self.changed.emit()

    def _waiting_acts(self, now: datetime) -> dict[Any, Concern]:
        waiting = own_acts_needing_decision(self._desk)
        found = (decision(act.cmd_id, act.moved_at or act.made_at or now) for act in waiting)
        return {one.thing: one for one in found}

    def _announce(self, found: tuple[Concern, ...]) -> None:
        """Tells what is new, but for acts that wait: a toast has told those."""
        if told := tuple(one for one in found if one.cause != DECISION):
            self.came.emit(told)
