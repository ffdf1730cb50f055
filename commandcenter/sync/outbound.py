"""What people did, on its way to the platform: one request at a time, in order, until each has its answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from commandcenter.cache.faults import FileFault
from commandcenter.cache.row import Row, RowState
from commandcenter.client import commands
from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import NoRole, SignedOut, Unreachable, WorldFault, WrongEpoch
from commandcenter.protocol.frames import Result
from commandcenter.sync.batches import Account, Load, Route
from commandcenter.sync.connection import Connection
from commandcenter.sync.errands import Errands, is_ending
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.order import foremost, is_old, may_be_forgotten, not_behind, plan
from commandcenter.sync.parking import OVER_QUOTA, Parking, is_beyond_mending, may_be_of_what_was_sent
from commandcenter.sync.pause import Pause
from commandcenter.sync.reasons import Closed, Plan, Reasons

Told = Callable[[int, Sequence[Result], int], Awaitable[None]]
SLOW = 10.0  # seconds without an answer after which an act says that it waits for one


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The console's id, a clock that does not jump and the name of this boot, sleep and chance."""

    console_id: str
    mono: Callable[[], float]
    boot: str
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


class Outbound:
    """Runs while there is a route; `lost` when the line has to begin anew (signed out, no role, another epoch).

    Whatever is kept carries the reason why it has not left, from the moment that there is one.
    """

    def __init__(
        self, ledger: Ledger, inbound: Inbound, connection: Connection, surroundings: Surroundings, errands: Errands
    ) -> None:
        self.lost: Callable[[WorldFault], None] | None = None
        self._ledger = ledger
        self._inbound = inbound
        self._at = surroundings
        self._errands = errands
        self._parking = Parking(surroundings.sleep, surroundings.chance, errands, self.wake)
        self._reasons = Reasons(ledger, self._parking, connection)
        self._bell = asyncio.Event()
        self._route: Route | None = None
        self._tried: Route | None = None  # by which something leaves, or was to leave last
        self._leaving: tuple[Row, ...] = ()
        self._rest = Pause(surroundings.sleep)
        self._most = self._limit = commands.MOST
        self._failures = 0
        self._in_vain = False  # the platform answered the last request, which asked about something, with a fault
        ledger.freed = self.wake

    def wake(self) -> None:
        """There may be something to send; what has to wait for a way or for the next try says so at once."""
        if self._route is None:
            self._reasons.say_closed()
        else:
            planned = self._plan(self._route)
            self._reasons.say(planned, self._leaving or planned.free)
        self._bell.set()

    def open(self, route: Route) -> None:
        """Commands may leave by `route`, at once: only an account whose quota is spent waits on."""
        self._route = route
        self._most = self._limit = commands.MOST
        self._parking.all_due()
        if not self._rest.goes_on(route.account):
            self._reasons.trouble = None
        self.wake()

    def shut(self) -> None:
        """Nothing leaves any more; what is on its way still gets its answer."""
        if self._route is not None:
            self.wait_for(self._route.person.user, "connecting")

    def wait_for(self, user: str, code: str, about: str = "") -> None:
        """Nothing leaves until there is a route again; what `user` did waits for what `code` and `about` say."""
        self._route = None
        self._reasons.closed = Closed(user, code, about)
        self.wake()

    async def run(self) -> None:
        """For ever: send what may leave, wait for more."""
        while not is_ending():
            await self._bell.wait()
            self._bell.clear()
            try:
                while await self._send_some():
                    pass
            except (WorldFault, FileFault) as fault:
                await self._pause(fault)
            except Exception as wrong:  # ours: said once, and what is kept is tried again
                self._errands.report(wrong, "sending what is kept")
                await self._pause(WorldFault(type(wrong).__name__, code="internal"))

    async def _pause(self, fault: WorldFault | FileFault) -> None:
        if isinstance(fault, (SignedOut, NoRole, WrongEpoch)):
            self._lose(fault)
            return
        spent = self._tried.account if self._tried is not None and fault.code == OVER_QUOTA else None
        if not self._binds(spent):
            self.wake()
            return
        self._reasons.fails(fault.code, fault.about)
        asked = fault.retry_after if isinstance(fault, WorldFault) else None
        seconds = full_jitter(self._failures, self._at.chance(), asked=asked)
        self._failures += 1
        self.wake()
        await self._rest.last(seconds, spent)
        self.wake()

    def _binds(self, spent: Account | None) -> bool:
        """Whether a fault says anything of what leaves next; of a former way only that the quota of `spent` is."""
        route = self._route
        return route is None or route is self._tried or route.account == spent

    def _lose(self, fault: WorldFault) -> None:
        if self._tried is not self._route:  # a former sign-in has ended, or an epoch that is past
            self.wake()
            return
        self.shut()
        if self.lost is not None:
            self.lost(fault)

    async def _send_some(self) -> bool:
        """Send one batch; whether it is worth trying for another at once."""
        route = self._route
        if route is None:
            return False
        self._tried = route
        load = await self._next(route)
        if not load.rows:
            return False
        self._in_vain = False
        try:
            with self._on_its_way(load.rows):
                batch = load.batch(route.epoch, self._at.console_id)
                known = self._ledger.tokens.newest(route.person.scope.district)
                results = await commands.post(route.session, batch, known)
            return await self._take(route, load, results)
        except (SignedOut, NoRole, WrongEpoch):
            raise
        except WorldFault as fault:
            self._in_vain = load.withdraw and not isinstance(fault, Unreachable)
            return self._failed(fault, load.rows)

    async def _next(self, route: Route) -> Load:
        """What leaves next, while no decision is half made; nothing is chosen when the way has changed meanwhile."""
        async with self._ledger.lock:
            doubts = await self._doubts(route)
            planned = self._plan(route)
            held = {key: (why.code, why.about) for key, why in planned.hindered.items() if why.code == "held"}
            if held:
                await self._ledger.hold(held)
            if route is not self._route:  # the line has said meanwhile what everything waits for
                return Load()
            load = self._choice(doubts, planned.free)
            if not load.rows:
                self._reasons.trouble = None  # it says nothing of what comes later
            self._reasons.say(planned, load.rows)
            self._ledger.leaving(load.rows)
            return load

    def _choice(self, doubts: tuple[Row, ...], free: tuple[Row, ...]) -> Load:
        """Doubts come first; after one that was asked about in vain something else has its turn."""
        asked, given = self._least_tried(doubts), self._least_tried(free)
        if asked and not (given and self._in_vain):
            return Load(asked, withdraw=True)
        return Load(given)

    def _least_tried(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Those together that have never failed, nor stand behind one that has; else one alone, in its turn."""
        fresh = not_behind(rows, self._parking.failed)
        return fresh[: self._most] or tuple(sorted(foremost(rows), key=lambda row: self._parking.tries(row.cmd_id))[:1])

    async def _doubts(self, route: Route) -> tuple[Row, ...]:
        """What has to be asked about before a person decides on it, or because the platform may have forgotten it: it
        could happen twice. What is old and never left needs no asking.
        """
        user, district = route.person.user, route.person.scope.district
        old = [row for row in self._ledger.rows if self._is_old(row)]
        fresh = {row.cmd_id: ("old", "") for row in old if self._ledger.is_settled(row)}
        if fresh:
            await self._ledger.hold(fresh)
        left = (row for row in self._ledger.rows if self._is_asked_about(row, route))
        mine = (row for row in left if (row.user, row.district) == (user, district))
        both = (*self._ledger.unsettled(user, district), *mine)
        self._parking.forget_others(row.cmd_id for row in (*self._ledger.rows, *both))
        return tuple(row for row in both if row.cmd_id not in self._parking.aside)

    def _plan(self, route: Route) -> Plan:
        """Behind a command that waits for a person all of its records wait; some are asked about first."""
        rows, person = self._ledger.rows, route.person
        aside = self._parking.aside | {row.cmd_id for row in rows if self._is_asked_about(row, route)}
        return Plan(*plan(rows, user=person.user, district=person.scope.district, stuck=aside))

    def _is_asked_about(self, row: Row, route: Route) -> bool:
        is_late = self._is_old(row) or may_be_forgotten(row, self._ledger.now(), route.memory)
        return is_late and not self._ledger.is_settled(row)

    def _is_old(self, row: Row) -> bool:
        return row.state is RowState.KEPT and is_old(row, self._at.mono(), self._at.boot)

    @contextmanager
    def _on_its_way(self, rows: tuple[Row, ...]) -> Iterator[None]:
        """`rows` leave; an answer that takes long is a reason too, whatever becomes of the way meanwhile."""

        def slow() -> None:
            self._reasons.is_slow = True
            self.wake()

        self._leaving = rows
        timer = asyncio.get_running_loop().call_later(SLOW, slow)
        try:
            yield
        finally:
            timer.cancel()
            self._leaving, self._reasons.is_slow = (), False

    def _failed(self, fault: WorldFault, rows: tuple[Row, ...]) -> bool:
        """Tried in halves until one command is left, which steps aside; whether others may be tried at once."""
        is_hopeless = is_beyond_mending(fault)
        if not is_hopeless and not may_be_of_what_was_sent(fault):
            raise fault
        if len(rows) > 1:
            self._most = len(rows) // 2
            self._limit = self._most if is_hopeless else self._limit
        elif self._park(rows[0].cmd_id, fault):
            return True
        if not is_hopeless:
            raise fault
        return True

    def _park(self, cmd_id: str, fault: WorldFault) -> bool:
        is_its_own = self._parking.park(cmd_id, fault)
        self._reasons.report(cmd_id, self._ledger.rows)
        return is_its_own

    async def _take(self, route: Route, load: Load, results: tuple[Result, ...]) -> bool:
        if any(result.status == "wrong_epoch" for result in results):
            raise WrongEpoch("the platform has begun a new epoch")
        if route is not self._route and (self._route is None or self._route.epoch != route.epoch):
            return False  # of an epoch that may be past: the platform will say it again
        self._ledger.tokens.learn_from(results, route.person.scope.district, route.epoch)
        told = self._ledger.settled if load.withdraw else self._ledger.answered
        await told(route.epoch, results, self._inbound.cursor_in(route.epoch))
        if not results:
            raise WorldFault(code="empty_answer")
        answered = [result.cmd_id for result in results if result.status != "retry"]
        if answered:
            self._passed(answered)
        asked = [WorldFault(one.code or "", code="retry") for one in results if one.status == "retry"]
        later = [one.cmd_id for one in results if one.status == "retry"]
        are_own = [self._park(cmd_id, fault) for cmd_id, fault in zip(later, asked, strict=True)]
        self._in_vain = load.withdraw and not answered
        if not answered and not all(are_own):
            await self._pause(asked[-1])
        return True

    def _passed(self, answered: list[str]) -> None:
        self._parking.through(answered)
        self._reasons.trouble, self._failures = None, 0
        self._most = min(self._limit, 2 * self._most)
