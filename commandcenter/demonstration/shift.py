"""Plays the shift of the demonstration over HTTP until it is stopped: callers call, accounts act, crews move."""

import asyncio
import logging
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import PlatformFault
from commandcenter.demonstration import callers
from commandcenter.demonstration.crew_moves import CrewMoves
from commandcenter.demonstration.duty_changes import DutyChanges
from commandcenter.demonstration.shift_actions import ShiftActions
from commandcenter.demonstration.shift_clients import PlannedCommand, ShiftClients
from commandcenter.demonstration.shift_leads import LeadActions
from commandcenter.demonstration.shift_loans import LoanActions
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.commands import Accept, LocateCrew, Take
from commandcenter.domain.commands.orders import AcceptOrder, SendCrew
from commandcenter.domain.people import Role
from commandcenter.protocol.statuses import Status
from commandcenter.simulation import reference
from commandcenter.simulation.coordination import Coordination
from commandcenter.simulation.reference import Reference
from commandcenter.simulation.words import DemoPhrases
from commandcenter.sync.demo_accounts import DemoAccount, of_district
from resources import path

ARRIVAL_INTERVAL = 14.0  # seconds between arrivals; 190 in the real district
TURN = 2.5  # seconds
_CREWS_A_TURN = 3
_CHANGES_A_TURN = 2

_log = logging.getLogger(__name__)


async def run(
    base_url: str,
    accounts: Sequence[DemoAccount],
    *,
    stop: asyncio.Event,
    rng: int = 7,
    beat: float = ARRIVAL_INTERVAL,
    turn: float = TURN,
) -> None:
    """Plays the shift with `accounts` on the platform at `base_url` until `stop` is set.

    A case arrives every `beat` seconds on average; every `turn` seconds some cases are worked on, at the same rate.
    Accounts of other districts are not used, and holders without an account do nothing (see `shift_accounts`). Network
    and platform errors are logged in one line and retried, never raised.
    """
    data = reference.read(path("demo"))
    staff = of_district(accounts, data.district.id)
    watcher = next((one for one in staff if one.street is None and one.holder is None), None)
    if watcher is None:
        _log.warning("nobody among the accounts sees the whole district: no shift is played")
        return
    shift = _Shift(base_url, data, staff, beat=beat, turn=turn, chance=random.Random(rng))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(shift.watch(watcher)), group.create_task(shift.work())]
            await stop.wait()
            for task in tasks:
                task.cancel()
    finally:
        await shift.close()


def district_id() -> str:
    """Returns the id of the demonstration's district, in which the shift works."""
    return reference.read(path("demo")).district.id


class _Shift:
    """One shift over one district."""

    def __init__(
        self,
        url: str,
        data: Reference,
        staff: Sequence[DemoAccount],
        *,
        beat: float,
        turn: float,
        chance: random.Random,
    ) -> None:
        self._data = data
        self._beat = beat
        self._pace = turn
        self._chance = chance
        self._watch_clients = ShiftClients(url, chance=chance)
        self._clients = ShiftClients(url, chance=chance)
        self._watch = ShiftView(self._clients.given)
        self._actions = ShiftActions(self._watch, staff, data.kind_data["kind"], DemoPhrases(data.words), chance)
        usual = {row["id"]: row["department"] for row in data.kind_data["kind"]}
        self._leads = LeadActions(self._watch, staff, Coordination(data.lead_data, usual, seed=0), chance)
        self._loans = LoanActions(self._watch, staff, chance)
        self._crew_moves = CrewMoves(self._watch, chance)
        self._duty_changes = DutyChanges(self._watch, chance)
        self._by_unit = {one.holder: one for one in staff if one.role == Role.UNIT}
        self._drivers = next((one for one in staff if one.role == Role.SYSTEM), None)

    async def watch(self, watcher: DemoAccount) -> None:
        """Follows the stream as `watcher`, and reconnects after errors."""
        failures = 0
        while True:
            try:
                await self._watch.follow(await self._watch_clients.session(watcher))
                failures = 0
            except PlatformFault as fault:
                failures = await self._wait_out(fault, self._watch_clients, failures)

    async def work(self) -> None:
        """Takes turn after turn: a call may arrive, accounts act, some crews move."""
        await self._watch.is_ready.wait()
        calling = await asyncio.to_thread(callers.calls, self._data, self._chance.getrandbits(32))
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._turn(calling)
                failures = 0
            except PlatformFault as fault:
                failures = await self._wait_out(fault, self._clients, failures)
            await asyncio.sleep(max(self._pace / 10, self._pace - (time.monotonic() - began)))

    async def close(self) -> None:
        """Closes all sessions."""
        await self._watch_clients.drop()
        await self._clients.drop()

    async def _turn(self, calling: Iterator[Take]) -> None:
        for report in self._crew_moves.resting():  # first, while what is known of it is not older than a turn
            await self._locate(report)
        share = self._pace / self._beat
        if self._chance.random() < share:
            await self._take(next(calling))
        now = datetime.now(UTC)
        for account, order in chain(*(one.next(now, share=share) for one in (self._actions, self._leads, self._loans))):
            await self._do(account, order)
        for change in self._duty_changes.turn(now, most=_CHANGES_A_TURN):
            self._crew_moves.leave(change.crew)
            await self._locate(change)
        for move in self._crew_moves.turn(most=_CREWS_A_TURN, seconds=self._pace):
            await self._locate(move)

    async def _take(self, call: Take) -> None:
        clerk = self._actions.somebody(Role.INTAKE_CLERK) or self._actions.somebody(Role.CHANNEL)
        if clerk is not None:
            await self._do(clerk, PlannedCommand(call))

    async def _locate(self, move: LocateCrew) -> None:
        crew = self._watch.crews.get(move.crew)
        by = self._drivers or (self._by_unit.get(crew.unit) if crew else None)
        if by is not None:
            await self._do(by, PlannedCommand(move))

    async def _do(self, by: DemoAccount, order: PlannedCommand) -> None:
        for result in await self._clients.give(by, order):
            if result.status != Status.APPLIED:
                _log.info("%s by %s: %s %s", type(order.command).__name__, by.user, result.status, result.code or "")
            elif isinstance(order.command, Accept):
                await self._send_crew(by, order.command.case)
            elif isinstance(order.command, SendCrew):
                await self._do(by, self._watch.planned(AcceptOrder(order.command.case, order.command.crew)))

    async def _send_crew(self, by: DemoAccount, key: str) -> None:
        """The unit that accepted a case sends a crew to it, if one is free."""
        case = self._watch.cases.get(key)
        crew = self._crew_moves.free(case, datetime.now(UTC)) if case is not None else None
        if case is not None and crew is not None:
            await self._do(by, self._watch.planned(SendCrew(case.id, crew.id)))

    async def _wait_out(self, fault: PlatformFault, clients: ShiftClients, failures: int) -> int:
        if failures == 0:
            _log.warning("the shift waits: %s", fault)
        await clients.drop()
        await asyncio.sleep(full_jitter(failures, self._chance.random(), asked=fault.retry_after))
        return failures + 1
