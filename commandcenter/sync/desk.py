"""The desk: the only interface of the screens to the core, for what they read, ask, and let people do."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from commandcenter.cache.faults import FileFault
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import NAMES, Command, next_commands, refusal_code
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol import codes
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.act_list import ActList
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.case_lookup import CaseLookup
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection
from commandcenter.sync.decisions import Decisions
from commandcenter.sync.drafts import Drafts
from commandcenter.sync.outages import Outages
from commandcenter.sync.prediction import SeenState, preview_all, refused_as_unseen
from commandcenter.sync.queries import Query
from commandcenter.sync.unavailable import as_unavailable
from commandcenter.sync.user_session import UserSession

if TYPE_CHECKING:
    from commandcenter.sync.desk_parts import DeskParts

T = TypeVar("T")


class Desk:
    """The façade of the console core: its parts are read and observed; methods give commands and ask queries."""

    def __init__(
        self,
        *,
        board: Board,
        connection: Connection,
        acts: ActList,
        clock: PlatformClock,
        tasks: BackgroundTasks,
        outages: Outages,
        user: UserSession,
        drafts: Drafts,
        parts: "DeskParts",
    ) -> None:
        self.board = board
        self.connection = connection
        self.acts = acts
        self.tasks = tasks
        self.outages = outages
        self.user = user
        self.drafts = drafts
        self.position = parts.inbound.position
        self.seal = parts.seal
        self.decisions = Decisions(user, acts, connection, parts.needs_you, parts.outbound, tasks)
        self._clock = clock
        self._parts = parts
        self._answers = parts.answers(user.session)
        self.lookup = CaseLookup(board, connection, tasks, self.ask)
        self._doing = asyncio.Lock()

    @property
    def person(self) -> Person | None:
        """The signed-in person as the platform last reported them."""
        return self.user.person

    @property
    def has_role(self) -> bool:
        """Whether the person holds a role at this moment."""
        return self.user.has_role

    @property
    def unsent(self) -> dict[str, int]:
        """The number of acts per user that wait here without the platform having them."""
        return self._parts.store.commands.unsent

    def now(self) -> datetime:
        """Returns the platform's time as known (UTC)."""
        return self._clock.now()

    def may(self, case: Case) -> tuple[str, ...]:
        """Returns the names of the commands that the person may give to `case` now."""
        return () if self.person is None or not self.has_role else next_commands(self.person, case)

    def why_not(self, name: str, case: Case | None) -> str | None:
        """Returns None when the person may give the command `name` to `case`; otherwise the code of the reason."""
        if self.person is None:
            return codes.SIGNED_OUT
        code = refusal_code(name, self.person, case) if self.has_role else codes.NO_ROLE
        return code or self.connection.refuse_unless_live(NAMES[name].rule)

    def preview(self, command: Command) -> tuple[Record, ...] | Refused:
        """Returns the records that `command` changes as they would be after it, or why it would be refused now."""
        return self.preview_all((command,))[0]

    def preview_all(self, commands: Sequence[Command]) -> tuple[tuple[Record, ...] | Refused, ...]:
        """Returns the `preview` of each of several commands, given in this order: after those before it."""
        if self.person is None:
            return (Refused(codes.SIGNED_OUT),) * len(commands)
        found = preview_all(self.board, commands, self.person, self.now())
        return tuple(self._blocked(command) or after for command, after in zip(commands, found, strict=True))

    async def do(self, command: Command) -> Act | Refused:
        """Keeps `command` on disk and shows it; returns its act, or Refused: by the rules, or by the disk (`disk`)."""
        # taken before it queues: the person has not seen what arrives meanwhile
        seen = self._parts.store.display.current_view_for(command)
        return await self.tasks.whole(self._do(command, self.person, seen), "keep a command")

    async def ask(self, query: Query[T]) -> T:
        """Returns the answer to a query of sync.queries; raises Unavailable when the platform does not provide it."""
        with as_unavailable():
            return await self._answers.to(query)

    async def close(self) -> None:
        """Disconnects and closes the files; kept commands stay on disk."""
        await self.user.disconnect()
        self.outages.close()
        await self.tasks.close()
        await self.user.close()
        await self._parts.close()

    def _blocked(self, command: Command) -> Refused | None:
        """Returns why nothing, or no such command, can be given now, whatever it is about."""
        code = self.connection.refuse_unless_live(command.rule) if self.has_role else codes.NO_ROLE
        return None if code is None else Refused(code)

    async def _do(self, command: Command, person: Person | None, seen: SeenState) -> Act | Refused:
        async with self._doing:
            if person is None or person != self.person:
                return Refused(codes.SIGNED_OUT)
            code = self.connection.refuse_unless_live(command.rule) if self.has_role else codes.NO_ROLE
            if code is not None:
                return Refused(code)
            facts = refused_as_unseen(self.board, command, seen) or decide(self.board, command, person, self.now())
            if isinstance(facts, Refused):
                return facts
            try:
                act = await self._parts.store.keep(command, person, facts, seen)
            except FileFault as fault:
                return Refused(fault.code, fault.about)
        self._parts.outbound.wake()
        return act
