"""The figures of the seat's day: from the platform's log, with the user's unsent acts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Accepted, Reported, ReturnApplied
from commandcenter.domain.people import Person
from commandcenter.store.overlay import Delivery
from commandcenter.store.touched import Touched
from commandcenter.sync.queries import SeatDayQuery
from commandcenter.sync.unavailable import Unavailable
from ui.kit import records
from ui.kit.seat.follow import Follow
from ui.kit.seat.tasks import spawn
from ui.unit.day import DayFigures

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

RESTING = 0.4  # seconds after a change, so that a burst of changes causes one query
AGAIN = timedelta(seconds=30)  # after a query without an answer


class DayCount(QObject):
    """Emits `changed` when the figures may differ; the log also counts cases that have left the board since."""

    changed = Signal()

    def __init__(self, desk: Desk, *, follow: Follow, midnight: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._midnight = desk, midnight
        self._told: dict[tuple[Person | None, datetime], DayFigures] = {}  # by person and the midnight before
        self._asked_at = desk.now() - AGAIN
        self._is_resting = False
        follow.touched.connect(self._touch)
        follow.second.connect(self._turn)
        self.ask()

    def figures(self) -> DayFigures | None:
        """Returns the figures of the present day; None until the platform has told them: the log is there alone."""
        whose, begun = self._today()
        told = self._told.get((whose, begun))
        return None if told is None else self._with_unsent(told, begun)

    def ask(self) -> None:
        """Queries the platform."""
        self._asked_at = self._desk.now()
        spawn(self._fetch(*self._today()), name="the seat's day", shown_by=self)

    def _today(self) -> tuple[Person | None, datetime]:
        """Returns the signed-in person, and when their day began."""
        return self._desk.person, self._midnight()

    async def _fetch(self, whose: Person | None, begun: datetime) -> None:
        try:
            day = await self._desk.ask(SeatDayQuery(begun, begun + timedelta(days=1)))
        except Unavailable:
            return  # queried again later; the known figures stay
        counted = {"accepted": day.accepted, "reported": day.reported, "on_time": day.on_time}
        told = DayFigures(**counted, speed=day.wait, worked=day.worked, returned=day.returned)
        if whose == self._desk.person:
            self._told = {(whose, begun): told}
            self.changed.emit()

    def _with_unsent(self, told: DayFigures, begun: datetime) -> DayFigures:
        """Adds the facts of the user's kept acts; sent ones count as logged, refused ones do not count."""
        user = self._desk.person.user if self._desk.person is not None else ""
        kept = [act for act in self._desk.acts.open if act.user == user and act.delivery is Delivery.KEPT]
        unsent = [fact for act in kept for fact in act.facts if fact.at >= begun]
        reports = [fact for fact in unsent if isinstance(fact, Reported)]
        return DayFigures(
            accepted=told.accepted + sum(isinstance(fact, Accepted) for fact in unsent),
            speed=told.speed,
            reported=told.reported + len(reports),
            on_time=told.on_time + sum(map(self._is_on_time, reports)),
            worked=told.worked,
            returned=told.returned + sum(isinstance(fact, ReturnApplied) for fact in unsent),
        )

    def _is_on_time(self, report: Reported) -> bool:
        case = records.find(self._desk.board, Case, report.case)
        return case is None or case.due is None or report.at <= case.due

    def _touch(self, touched: Touched) -> None:
        if touched.concerns("case") and not self._is_resting:
            self._is_resting = True
            spawn(self._rest(), name="the seat's day after a change", shown_by=self)

    async def _rest(self) -> None:
        try:
            await asyncio.sleep(RESTING)
        finally:
            self._is_resting = False
        self.ask()

    def _turn(self) -> None:
        """Queries again after midnight and while nothing is known of the day."""
        if self._today() not in self._told and self._desk.now() - self._asked_at >= AGAIN:
            self.ask()
