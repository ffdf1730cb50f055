"""The seat's day as the platform's log has it, with what waits here to be sent; without the platform, by the board."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Accepted, Reported
from commandcenter.domain.people import Person
from commandcenter.store.overlay import Delivery
from commandcenter.store.touched import Touched
from commandcenter.sync.queries import Day
from commandcenter.sync.unavailable import Unavailable
from ui.kit.follow import Follow
from ui.kit.tasks import spawn
from ui.unit.day import Figures, figures

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

RESTING = 0.4  # seconds after a change, so that a burst of them asks once
AGAIN = timedelta(seconds=30)  # after an answer that did not come


class DayCount(QObject):
    """`changed` when the figures may read otherwise; a case that left the board since counts by the log."""

    changed = Signal()

    def __init__(self, desk: Desk, *, follow: Follow, midnight: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._midnight = desk, midnight
        self._told: dict[tuple[Person | None, datetime], Figures] = {}  # whose, and of the day that has begun then
        self._asked_at = desk.now() - AGAIN
        self._is_resting = False
        follow.touched.connect(self._touch)
        follow.second.connect(self._turn)
        self.ask()

    def figures(self) -> Figures:
        """What is known of the day."""
        whose, begun = self._today()
        told = self._told.get((whose, begun))
        if told is None:
            return figures((c for c in self._desk.board.all("case") if isinstance(c, Case)), begun)
        return self._with_unsent(told, begun)

    def ask(self) -> None:
        """Ask the platform."""
        self._asked_at = self._desk.now()
        spawn(self._fetch(*self._today()), name="the seat's day", shown_by=self)

    def _today(self) -> tuple[Person | None, datetime]:
        """Who sits here, and when their day began."""
        return self._desk.person, self._midnight()

    async def _fetch(self, whose: Person | None, begun: datetime) -> None:
        try:
            day = await self._desk.ask(Day(begun, begun + timedelta(days=1)))
        except Unavailable:
            return  # asked again; until then what is known stands
        told = Figures(accepted=day.accepted, speed=day.wait, reported=day.reported, on_time=day.on_time)
        if whose == self._desk.person:
            self._told = {(whose, begun): told}
            self.changed.emit()

    def _with_unsent(self, told: Figures, begun: datetime) -> Figures:
        """With the acts of this person that are on their way to the log: not what is in it, nor what was refused."""
        user = self._desk.person.user if self._desk.person is not None else ""
        kept = [act for act in self._desk.acts.open if act.user == user and act.delivery is Delivery.KEPT]
        unsent = [fact for act in kept for fact in act.facts if fact.at >= begun]
        reports = [fact for fact in unsent if isinstance(fact, Reported)]
        return Figures(
            accepted=told.accepted + sum(isinstance(fact, Accepted) for fact in unsent),
            speed=told.speed,
            reported=told.reported + len(reports),
            on_time=told.on_time + sum(map(self._is_on_time, reports)),
        )

    def _is_on_time(self, report: Reported) -> bool:
        case = self._desk.board.find("case", report.case)
        return not isinstance(case, Case) or case.due is None or report.at <= case.due

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
        """After midnight, and while nothing is known of the day."""
        if self._today() not in self._told and self._desk.now() - self._asked_at >= AGAIN:
            self.ask()
