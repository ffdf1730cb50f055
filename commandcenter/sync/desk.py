"""The desk: the only interface of the screens to the core, for what they read, ask, and let people do."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from commandcenter.cache.faults import FileFault
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import NAMES, Command, next_commands, refusal_code
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol import codes
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.act_list import ActList, in_order
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.case_lookup import CaseLookup
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection
from commandcenter.sync.drafts import Drafts
from commandcenter.sync.outages import Outages
from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.prediction import SeenState, preview, refused_as_unseen
from commandcenter.sync.queries import Query
from commandcenter.sync.unavailable import Unavailable, as_unavailable
from commandcenter.sync.user_session import UserSession
from commandcenter.sync.versions import Versions

if TYPE_CHECKING:
    from commandcenter.cache.mirror import MirrorPosition
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

    @property
    def waiting(self) -> tuple[Act, ...]:
        """The acts to look at: own acts that need a decision, then acts of others that are kept at this seat."""
        return in_order(self.acts.open, self.person.user) if self.person is not None else ()

    @property
    def standing(self) -> "MirrorPosition | None":
        """The owner and log position of the board; None while the board is empty."""
        return self._parts.inbound.position.at

    def look(self, cmd_id: str, told: tuple[Fact, ...] = ()) -> Versions | None:
        """Returns a waiting act in three versions; `told`: the history of its case, if the platform could be asked."""
        return None if self.person is None else self._parts.needs_you.look(cmd_id, self.person, told)

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

    def preview(self, command: Command) -> Record | Refused | None:
        """Returns the record that `command` changes first as it would be after it, or why it would be refused now."""
        if self.person is None or not self.has_role:
            return Refused(codes.SIGNED_OUT if self.person is None else codes.NO_ROLE)
        code = self.connection.refuse_unless_live(command.rule)
        return Refused(code) if code else preview(self.board, command, self.person, self.now())

    async def do(self, command: Command) -> Act | Refused:
        """Keeps `command` on disk and shows it; returns its act, or Refused: by the rules, or by the disk (`disk`)."""
        # now: what arrives while it queues, the person has not seen
        seen = self._parts.store.display.current_view_for(command)
        return await self.tasks.whole(self._do(command, self.person, seen), "keep a command")

    async def ask(self, query: Query[T]) -> T:
        """Returns the answer to a query of sync.queries; raises Unavailable when the platform does not provide it."""
        with as_unavailable():
            return await self._answers.to(query)

    async def again(self, cmd_id: str) -> Act | Refused:
        """Gives an act that needs a decision once more, on the board as it is now."""
        return await self._give_again(cmd_id, self._parts.needs_you.again)

    async def adopt(self, cmd_id: str) -> Act | Refused:
        """Takes over, as a shift leader, another person's act; it is sent under this sign-in and names both."""
        return await self._give_again(cmd_id, self._parts.needs_you.adopt)

    async def drop(self, cmd_id: str) -> Refused | None:
        """Drops an act that needs a decision; it stays in the journal as dropped."""
        return await self._decide(lambda person: self._parts.needs_you.drop(cmd_id, person))

    def seal(self, petitioner: Petitioner) -> tuple[str, str]:
        """Returns (petitioner id, sealed data in base64) for a Take; Unavailable (no_seal_key) before any hello."""
        standing = self._parts.inbound.position.at
        key = self._parts.handshake.seal_key or (standing.lineage if standing else None)
        if not key:
            raise Unavailable("no_seal_key")
        content = json.dumps({"name": petitioner.name, "phone": petitioner.phone}, ensure_ascii=False)
        with as_unavailable():
            return self._parts.new_id(), self._parts.seal(key, content.encode())

    async def close(self) -> None:
        """Disconnects and closes the files; kept commands stay on disk."""
        await self.user.disconnect()
        self.outages.close()
        await self.tasks.close()
        await self.user.close()
        await self._parts.close()

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

    async def _give_again(self, cmd_id: str, how: Callable[[str, Person], Awaitable[Act | Refused]]) -> Act | Refused:
        command = getattr(self.acts.find(cmd_id), "command", None)
        code = None if command is None else self.connection.refuse_unless_live(command.rule)
        return Refused(code) if code else await self._decide(lambda person: how(cmd_id, person))

    async def _decide(self, how: Callable[[Person], Awaitable[T]]) -> T | Refused:
        person = self.person
        if person is None:
            return Refused(codes.SIGNED_OUT)

        async def whole() -> T | Refused:
            try:
                return await how(person)
            except FileFault as fault:
                return Refused(fault.code, fault.about)

        answer = await self.tasks.whole(whole(), "decide on an act")
        self._parts.outbound.wake()
        return answer
