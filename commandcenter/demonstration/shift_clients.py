"""The HTTP clients of the shift: accounts that sign in and send commands as any console does."""

import asyncio
import logging
import random
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from commandcenter.client import commands as network
from commandcenter.client.errors import Declined, SignedOut, WrongEpoch
from commandcenter.client.session import Session
from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.ids import uuid7
from commandcenter.protocol.codec import command_args
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope, Result
from commandcenter.protocol.statuses import Status
from commandcenter.sync.demo_accounts import DemoAccount

_MAX_SESSIONS = 24

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlannedCommand:
    """A command and the revisions of its records on which it is based, by "kind:id"; a new record has none."""

    command: Command
    bases: Mapping[str, int] = field(default_factory=dict)


class ShiftClients:
    """Sends the commands of many accounts; only a few are signed in at a time. Raises the client's PlatformFault.

    `given` holds the ids of commands sent here, to tell them from those of other people.
    """

    def __init__(self, url: str, *, chance: random.Random) -> None:
        self._url = url
        self._chance = chance
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._declined_users: set[str] = set()
        self._epoch = 0
        self._cseq = 0
        self.given: set[str] = set()

    async def session(self, account: DemoAccount) -> Session:
        """Returns the account's signed-in session."""
        session = self._sessions.pop(account.user, None)
        if session is None:
            session = Session(self._url, mono=time.monotonic)
            try:
                await session.sign_in(account.user, account.password)
            except BaseException:
                await session.close()
                raise
        self._sessions[account.user] = session
        while len(self._sessions) > _MAX_SESSIONS:
            _, oldest = self._sessions.popitem(last=False)
            await oldest.close()
        return session

    async def give(self, account: DemoAccount, *orders: PlannedCommand) -> tuple[Result, ...]:
        """Sends `orders` of one account and returns the platform's results.

        Returns () when the epoch is wrong and when the platform declines the account; that account then sends nothing
        more.
        """
        if account.user in self._declined_users:
            return ()
        try:
            session = await self.session(account)
            try:
                return await self._post(session, account, orders)
            except SignedOut:
                await session.sign_in(account.user, account.password)
                return await self._post(session, account, orders)
        except WrongEpoch:
            self._epoch = 0
            return ()
        except Declined as no:
            _log.warning("%s was declined and sends nothing more: %s", account.user, no)
            self._declined_users.add(account.user)
            return ()

    async def drop(self) -> None:
        """Closes all sessions; the next command signs in again."""
        sessions, self._sessions = list(self._sessions.values()), OrderedDict()
        self._epoch = 0
        await asyncio.gather(*(session.close() for session in sessions), return_exceptions=True)

    async def _post(
        self, session: Session, account: DemoAccount, orders: Sequence[PlannedCommand]
    ) -> tuple[Result, ...]:
        if not self._epoch:
            self._epoch = (await session.hello()).epoch
        envelopes = tuple(self._envelope(order) for order in orders)
        self.given.update(envelope.cmd_id for envelope in envelopes)
        batch = CommandBatch(epoch=self._epoch, console_id=f"shift-{account.user}", commands=envelopes)
        results = await network.post(session, batch)
        if any(result.status == Status.WRONG_EPOCH for result in results):
            self._epoch = 0
        return results

    def _envelope(self, order: PlannedCommand) -> CommandEnvelope:
        now = datetime.now(UTC)
        self._cseq += 1
        return CommandEnvelope(
            cmd_id=uuid7(round(now.timestamp() * 1000), self._chance.randbytes(10)),
            cseq=self._cseq,
            type=name_of(order.command),
            args=msgspec.Raw(command_args(order.command)),
            made_at=now,
            bases=dict(order.bases),
        )
