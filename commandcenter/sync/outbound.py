"""Sends the kept commands to the platform: one request at a time, in order, until each has its answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from commandcenter.cache.faults import FileFault
from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.client import commands
from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import NoRole, PlatformFault, SignedOut, Unreachable, WrongEpoch
from commandcenter.protocol.codes import OVER_QUOTA
from commandcenter.protocol.intervals import Interval
from commandcenter.protocol.limits import COMMANDS_MOST
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.store.signal import Signal
from commandcenter.sync.background_tasks import BackgroundTasks, is_ending
from commandcenter.sync.batches import Account, OutgoingBatch, Route
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import Connection
from commandcenter.sync.parking import Parking, is_unprocessable, may_be_command_fault
from commandcenter.sync.pause import Pause
from commandcenter.sync.send_order import first_per_record, is_old, may_be_forgotten, not_after_failed, plan
from commandcenter.sync.wait_reasons import NoRoute, SendPlan, WaitReasons

SLOW = 10.0  # seconds without an answer after which an act shows that it waits for one


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What sending needs from outside: console id, monotonic seconds, boot id, sleep, and random numbers in [0, 1).

    `away` returns the outages in which something was given at the moments named.
    """

    console_id: str
    mono: Callable[[], float]
    boot: str
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]
    away: Callable[[Iterable[datetime]], tuple[Interval, ...]]


class Outbound:
    """Sends while there is a route; emits `lost` when the connection must restart (signed out, no role, another epoch).

    Every kept command carries the reason why it has not left, as soon as there is one.
    """

    def __init__(
        self,
        store: CommandStore,
        answers: CommandAnswers,
        position: BoardPosition,
        connection: Connection,
        surroundings: Surroundings,
        tasks: BackgroundTasks,
    ) -> None:
        self.lost: Signal[PlatformFault] = Signal()
        self._store = store
        self._commands = store.commands
        self._answers = answers
        self._position = position
        self._at = surroundings
        self._tasks = tasks
        self._parking = Parking(surroundings.sleep, surroundings.chance, tasks, self.wake)
        self._reasons = WaitReasons(store, self._parking, connection)
        self._wake_event = asyncio.Event()
        self._route: Route | None = None
        self._sent_by: Route | None = None  # by which something leaves, or was to leave last
        self._leaving: tuple[JournalRow, ...] = ()
        self._retry_pause = Pause(surroundings.sleep)
        self._most = self._limit = COMMANDS_MOST
        self._failures = 0
        self._asked_in_vain = False  # the last request asked about commands, and the platform answered none
        store.freed.connect(lambda _: self.wake())

    def wake(self) -> None:
        """Signals that there may be something to send; commands that must wait show their reason at once."""
        if self._route is None:
            self._reasons.show_closed()
        else:
            planned = self._plan(self._route)
            self._reasons.say(planned, self._leaving or planned.free)
        self._wake_event.set()

    def open(self, route: Route) -> None:
        """Lets commands leave by `route` at once; only an account whose quota is spent still waits."""
        self._route = route
        self._most = self._limit = COMMANDS_MOST
        self._parking.all_due()
        if not self._retry_pause.still_binds(route.account):
            self._reasons.trouble = None
        self.wake()

    def shut(self) -> None:
        """Stops sending; a request under way still gets its answer."""
        if self._route is not None:
            self.wait_for(self._route.person.user, "connecting")

    def wait_for(self, user: str, code: str, about: str = "") -> None:
        """Stops sending until there is a route again; the commands of `user` wait for the reason `code`, `about`."""
        self._route = None
        self._reasons.closed = NoRoute(user, code, about)
        self.wake()

    async def run(self) -> None:
        """Sends what may leave and waits for more, until cancelled."""
        while not is_ending():
            await self._wake_event.wait()
            self._wake_event.clear()
            try:
                while await self._send_some():
                    pass
            except (PlatformFault, FileFault) as fault:
                await self._pause(fault)
            except Exception as wrong:  # an internal error: reported, and what is kept is tried again
                self._tasks.report(wrong, "sending what is kept")
                await self._pause(PlatformFault(type(wrong).__name__, code="internal"))

    async def _pause(self, fault: PlatformFault | FileFault) -> None:
        if isinstance(fault, (SignedOut, NoRole, WrongEpoch)):
            self._lose(fault)
            return
        spent = self._sent_by.account if self._sent_by is not None and fault.code == OVER_QUOTA else None
        if not self._applies_to_next(spent):
            self.wake()
            return
        self._reasons.fails(fault.code, fault.about)
        asked = fault.retry_after if isinstance(fault, PlatformFault) else None
        seconds = full_jitter(self._failures, self._at.chance(), asked=asked)
        self._failures += 1
        self.wake()
        await self._retry_pause.wait(seconds, spent)
        self.wake()

    def _applies_to_next(self, spent: Account | None) -> bool:
        """Returns whether a fault concerns what leaves next.

        One of a former route does only if `spent`, the account whose quota is used up, sends by the present one too."""
        route = self._route
        return route is None or route is self._sent_by or route.account == spent

    def _lose(self, fault: PlatformFault) -> None:
        if self._sent_by is not self._route:  # it concerns a former sign-in, or a past epoch
            self.wake()
            return
        self.shut()
        self.lost.emit(fault)

    async def _send_some(self) -> bool:
        """Sends one batch; returns whether to try for another at once."""
        route = self._route
        if route is None:
            return False
        self._sent_by = route
        load = await self._next(route)
        if not load.rows:
            return False
        self._asked_in_vain = False
        try:
            with self._sending(load.rows):
                batch = load.batch(route.epoch, self._at.console_id)
                known = self._store.tokens.newest(route.person.scope.district)
                away = self._at.away(envelope.given_at for envelope in batch.commands)
                results = await commands.post(route.session, batch, known, away)
            return await self._take(route, load, results)
        except (SignedOut, NoRole, WrongEpoch):
            raise
        except PlatformFault as fault:
            self._asked_in_vain = load.withdraw and not isinstance(fault, Unreachable)
            return self._failed(fault, load.rows)

    async def _next(self, route: Route) -> OutgoingBatch:
        """The next batch, chosen while no decision is half written; empty when the route has changed meanwhile."""
        async with self._store.lock:
            doubts = await self._doubts(route)
            planned = self._plan(route)
            held = {key: (why.code, why.about) for key, why in planned.hindered.items() if why.code == "held"}
            if held:
                await self._store.hold(held)
            if route is not self._route:  # the connection loop has set the reasons meanwhile
                return OutgoingBatch()
            load = self._choice(doubts, planned.free)
            if not load.rows:
                self._reasons.trouble = None  # it does not apply to later commands
            self._reasons.say(planned, load.rows)
            self._commands.mark_sending(load.rows)
            return load

    def _choice(self, doubts: tuple[JournalRow, ...], free: tuple[JournalRow, ...]) -> OutgoingBatch:
        """Commands to ask about come first; after one that was asked about in vain, another gets its turn."""
        asked, given = self._least_tried(doubts), self._least_tried(free)
        if asked and not (given and self._asked_in_vain):
            return OutgoingBatch(asked, withdraw=True)
        return OutgoingBatch(given)

    def _least_tried(self, rows: tuple[JournalRow, ...]) -> tuple[JournalRow, ...]:
        """The rows that neither failed nor stand behind a failed one; without any, the single least tried one."""
        fresh = not_after_failed(rows, self._parking.failed)
        return fresh[: self._most] or tuple(
            sorted(first_per_record(rows), key=lambda row: self._parking.tries(row.cmd_id))[:1]
        )

    async def _doubts(self, route: Route) -> tuple[JournalRow, ...]:
        """The commands to ask about: a person is to decide on them, or the platform may have forgotten their outcome.

        Sent again without asking, those could be executed twice. Old ones that never left are held without asking.
        """
        user, district = route.person.user, route.person.scope.district
        old = [row for row in self._commands.rows if self._is_old(row)]
        fresh = {row.cmd_id: ("old", "") for row in old if self._commands.is_settled(row)}
        if fresh:
            await self._store.hold(fresh)
        left = (row for row in self._commands.rows if self._is_asked_about(row, route))
        mine = (row for row in left if (row.user, row.district) == (user, district))
        both = (*self._commands.unsettled(user, district), *mine)
        self._parking.forget_others(row.cmd_id for row in (*self._commands.rows, *both))
        return tuple(row for row in both if row.cmd_id not in self._parking.aside)

    def _plan(self, route: Route) -> SendPlan:
        """What may leave; parked commands and those to be asked about first stay, with all that stands behind them."""
        rows, person = self._commands.rows, route.person
        aside = self._parking.aside | {row.cmd_id for row in rows if self._is_asked_about(row, route)}
        return SendPlan(*plan(rows, user=person.user, district=person.scope.district, stuck=aside))

    def _is_asked_about(self, row: JournalRow, route: Route) -> bool:
        is_late = self._is_old(row) or may_be_forgotten(row, self._store.now(), route.memory)
        return is_late and not self._commands.is_settled(row)

    def _is_old(self, row: JournalRow) -> bool:
        return row.state is RowState.KEPT and is_old(row, self._at.mono(), self._at.boot)

    @contextmanager
    def _sending(self, rows: tuple[JournalRow, ...]) -> Iterator[None]:
        """While `rows` are on their way a slow answer becomes the reason why commands wait, whatever the route is."""

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

    def _failed(self, fault: PlatformFault, rows: tuple[JournalRow, ...]) -> bool:
        """Halves the batch until one command is left, which is parked; returns whether others may be tried at once."""
        is_hopeless = is_unprocessable(fault)
        if not is_hopeless and not may_be_command_fault(fault):
            raise fault
        if len(rows) > 1:
            self._most = len(rows) // 2
            self._limit = self._most if is_hopeless else self._limit
        elif self._park(rows[0].cmd_id, fault):
            return True
        if not is_hopeless:
            raise fault
        return True

    def _park(self, cmd_id: str, fault: PlatformFault) -> bool:
        is_its_own = self._parking.park(cmd_id, fault)
        self._reasons.report(cmd_id, self._commands.rows)
        return is_its_own

    async def _take(self, route: Route, load: OutgoingBatch, results: tuple[Result, ...]) -> bool:
        if any(result.status == Status.WRONG_EPOCH for result in results):
            raise WrongEpoch("the platform has begun a new epoch")
        if route is not self._route and (self._route is None or self._route.epoch != route.epoch):
            return False  # the epoch may be past: the platform will answer again
        self._store.tokens.learn_from(results, route.person.scope.district, route.epoch)
        told = self._answers.settled if load.withdraw else self._answers.answered
        await told(route.epoch, results, self._position.in_epoch(route.epoch))
        if not results:
            raise PlatformFault(code="empty_answer")
        answered = [result.cmd_id for result in results if result.status != Status.RETRY]
        if answered:
            self._passed(answered)
        asked = [PlatformFault(one.code or "", code="retry") for one in results if one.status == Status.RETRY]
        later = [one.cmd_id for one in results if one.status == Status.RETRY]
        are_own = [self._park(cmd_id, fault) for cmd_id, fault in zip(later, asked, strict=True)]
        self._asked_in_vain = load.withdraw and not answered
        if not answered and not all(are_own):
            await self._pause(asked[-1])
        return True

    def _passed(self, answered: list[str]) -> None:
        self._parking.through(answered)
        self._reasons.trouble, self._failures = None, 0
        self._most = min(self._limit, 2 * self._most)
