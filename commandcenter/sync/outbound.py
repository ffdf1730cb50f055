"""What people did, on its way to the platform: one request at a time, in order, until each has its answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from commandcenter.cache.faults import FileFault
from commandcenter.cache.row import Row, RowState
from commandcenter.client import commands
from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import Declined, NoRole, SignedOut, TooLarge, WorldFault, WrongEpoch
from commandcenter.domain.people import Person
from commandcenter.protocol.frames import Batch, Result, Wish
from commandcenter.protocol.retention import FOR_EVER
from commandcenter.sync.errands import Errands, is_ending
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.order import Hindrance, is_old, may_be_forgotten, plan

if TYPE_CHECKING:
    from commandcenter.client.session import Session

Told = Callable[[int, Sequence[Result], int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Under whose sign-in, and in which epoch, commands leave, and how long the platform knows what became of them."""

    session: "Session"
    person: Person
    epoch: int
    memory: timedelta = FOR_EVER


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The console's id, a clock that does not jump and the name of this boot, sleep and chance."""

    console_id: str
    mono: Callable[[], float]
    boot: str
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


class Outbound:
    """Runs while there is a route; `lost` when the line has to begin anew (signed out, no role, another epoch)."""

    def __init__(self, ledger: Ledger, inbound: Inbound, surroundings: Surroundings, errands: Errands) -> None:
        self.lost: Callable[[WorldFault], None] | None = None
        self._ledger = ledger
        self._inbound = inbound
        self._at = surroundings
        self._errands = errands
        self._bell = asyncio.Event()
        self._route: Route | None = None
        self._taken: Route | None = None  # by which the last batch left
        self._most = commands.MOST
        self._stuck: dict[str, str] = {}
        ledger.freed = self.wake

    def wake(self) -> None:
        """There may be something to send."""
        self._bell.set()

    def open(self, route: Route) -> None:
        """Commands may leave by `route`."""
        self._route = route
        self._most = commands.MOST
        self._stuck.clear()
        self.wake()

    def shut(self) -> None:
        """Nothing leaves any more; what is on its way still gets its answer."""
        self._route = None

    async def run(self) -> None:
        """For ever: send what may leave, wait for more."""
        failures = 0
        while not is_ending():
            await self._bell.wait()
            self._bell.clear()
            try:
                while await self._send_some():
                    failures = 0
            except (WorldFault, FileFault) as fault:
                await self._pause(fault, failures)
                failures += 1
            except Exception as wrong:  # ours: said once, and what is kept is tried again
                self._errands.report(wrong, "sending what is kept")
                await self._pause(WorldFault(type(wrong).__name__, code="internal"), failures)
                failures += 1

    async def _pause(self, fault: WorldFault | FileFault, failures: int) -> None:
        if isinstance(fault, (SignedOut, NoRole, WrongEpoch)):
            if self._taken is not self._route:  # a former sign-in has ended, or an epoch that is past
                self.wake()
                return
            self.shut()
            if self.lost is not None:
                self.lost(fault)
            return
        if isinstance(fault, FileFault):  # what the platform says cannot be written down: nobody waits without a reason
            kept = (row.cmd_id for row in self._ledger.rows if row.state is RowState.KEPT)
            self._ledger.explain(dict.fromkeys(kept, (fault.code, fault.about)))
        asked = fault.retry_after if isinstance(fault, WorldFault) else None
        await self._at.sleep(full_jitter(failures, self._at.chance(), asked=asked))
        self.wake()

    async def _send_some(self) -> bool:
        """Send one batch; whether it is worth trying for another at once."""
        route = self._route
        if route is None:
            return False
        doubtful = await self._doubtful(route)
        rows = doubtful or await self._may_leave(route)
        if not rows or route is not self._route:
            return False
        self._ledger.leaving(rows)
        self._taken = route
        try:
            results = await commands.post(route.session, self._batch(route, rows, withdraw=bool(doubtful)))
        except Declined as fault:
            return self._declined(fault, rows)
        return await self._take(route, results, self._ledger.settled if doubtful else self._ledger.answered)

    async def _doubtful(self, route: Route) -> tuple[Row, ...]:
        """What has to be asked about before a person decides on it; what is old and never left needs no asking.

        So has what may have left, and the platform may have forgotten: otherwise it could happen twice.
        """
        user, district = route.person.user, route.person.scope.district
        old = [row for row in self._ledger.rows if self._is_old(row)]
        fresh = {row.cmd_id: ("old", "") for row in old if self._ledger.is_settled(row)}
        if fresh:
            await self._ledger.hold(fresh)
        lost = (row for row in self._ledger.rows if may_be_forgotten(row, self._ledger.now(), route.memory))
        asked = {row.cmd_id: row for row in (*old, *lost) if not self._ledger.is_settled(row)}
        left = (row for row in asked.values() if (row.user, row.district) == (user, district))
        both = (*self._ledger.unsettled(user, district), *left)
        return tuple(row for row in both if row.cmd_id not in self._stuck)[: self._most]

    async def _may_leave(self, route: Route) -> tuple[Row, ...]:
        user, district = route.person.user, route.person.scope.district
        chosen, why = plan(self._ledger.rows, user=user, district=district, most=self._most, stuck=self._stuck)
        held = {key: (reason.code, reason.about) for key, reason in why.items() if reason.code == "held"}
        if held:
            await self._ledger.hold(held)
        if route is self._route:  # otherwise the line has said meanwhile what everything waits for
            self._ledger.explain({key: self._said(key, reason) for key, reason in why.items() if key not in held})
        return chosen

    def _is_old(self, row: Row) -> bool:
        return row.state is RowState.KEPT and is_old(row, self._at.mono(), self._at.boot)

    def _said(self, key: str, reason: Hindrance) -> tuple[str, str]:
        return (self._stuck[key], "") if reason.code == "stuck" else (reason.code, reason.about)

    def _batch(self, route: Route, rows: tuple[Row, ...], *, withdraw: bool) -> Batch:
        wishes = tuple(_wish(row, withdraw=withdraw) for row in rows)
        return Batch(epoch=route.epoch, console_id=self._at.console_id, commands=wishes)

    def _declined(self, fault: Declined, rows: tuple[Row, ...]) -> bool:
        """A whole batch that was not taken is tried in halves; a single command that is not, lets others pass."""
        if isinstance(fault, (SignedOut, WrongEpoch)) or not (isinstance(fault, TooLarge) or fault.status == 422):
            raise fault
        if len(rows) > 1:
            self._most = len(rows) // 2
        else:
            self._stuck[rows[0].cmd_id] = fault.code
        return True

    async def _take(self, route: Route, results: tuple[Result, ...], told: Told) -> bool:
        if any(result.status == "wrong_epoch" for result in results):
            raise WrongEpoch("the platform has begun a new epoch")
        if route is not self._route and (self._route is None or self._route.epoch != route.epoch):
            return False  # of an epoch that may be past: the platform will say it again
        self._ledger.tokens.learn_from(results, route.person.scope.district, route.epoch)
        cursor = self._inbound.cursor_in(route.epoch)
        await told(route.epoch, results, cursor)
        if not results or results[-1].status == "retry":
            raise WorldFault(results[-1].code or "" if results else "", code="retry")
        return True


def _wish(row: Row, *, withdraw: bool) -> Wish:
    return Wish(
        cmd_id=row.cmd_id,
        cseq=row.cseq,
        type=row.type,
        args=msgspec.Raw(row.args),
        made_at=row.made_at,
        bases=row.bases,
        dep=row.dep,
        withdraw=withdraw,
        on_behalf_of=msgspec.UNSET if row.behalf is None else row.behalf.person.user,
        replaces=msgspec.UNSET if row.behalf is None else row.behalf.act,
    )
