"""The desk: the only interface of the screens to the core, for what they read, ask, and let people do."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from commandcenter.cache.faults import FileFault
from commandcenter.client.errors import NoRole, Unreachable, WrongPlatform
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, next_commands, refusal_code
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol import codes
from commandcenter.protocol.messages import Hello
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.store.signal import Signal
from commandcenter.sync.act_list import ActList, in_order
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.outages import Outages
from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.prediction import SeenState, preview, refused_as_unseen
from commandcenter.sync.queries import Query
from commandcenter.sync.unavailable import Unavailable, as_unavailable
from commandcenter.sync.versions import Versions

if TYPE_CHECKING:
    from commandcenter.cache.mirror import MirrorPosition
    from commandcenter.client.session import Session
    from commandcenter.sync.desk_parts import DeskParts

T = TypeVar("T")
SIGN_IN_AGAIN_S = 10.0  # least seconds between two automatic sign-ins
Remembered = Callable[[], tuple[str, str, str] | None]


class Desk:
    """The façade of the console core: `board`, `connection` and `acts` are read and observed; methods make all changes.

    `person` is the signed-in person as the platform last reported, `since` when they got their role (None: not
    reported); without `has_role` they hold none at this moment. `became` is emitted when `person` or `has_role` changes
    without a sign-in.
    """

    became: Signal[None]

    def __init__(
        self,
        *,
        board: Board,
        connection: Connection,
        acts: ActList,
        clock: PlatformClock,
        tasks: BackgroundTasks,
        outages: Outages,
        parts: "DeskParts",
        district: str = "",
        stored_account: Remembered = lambda: None,
    ) -> None:
        """`district`: the only one to sign in to ("": any); `stored_account`: its (url, user, password) or None."""
        self.board = board
        self.connection = connection
        self.acts = acts
        self.tasks = tasks
        self.outages = outages
        self.became = Signal()
        self.person: Person | None = None
        self.has_role = True
        self.since: datetime | None = None
        self.stored_account = stored_account
        self._clock = clock
        self._parts = parts
        self._district = district
        self._session: Session | None = None
        self._answers = parts.answers(self._signed_in)
        self._doing, self._seating = asyncio.Lock(), asyncio.Lock()
        self._sending: asyncio.Task[None] | None = None
        self._returned_at = float("-inf")
        connection.changed.connect(self._sign_in_again_if_out)
        parts.handshake.became.connect(self._became)

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
        return refusal_code(name, self.person, case) if self.has_role else codes.NO_ROLE

    def preview(self, command: Command) -> Record | Refused | None:
        """Returns the record that `command` changes first as it would be after it, or why it would be refused now."""
        if self.person is None or not self.has_role:
            return Refused(codes.SIGNED_OUT if self.person is None else codes.NO_ROLE)
        return preview(self.board, command, self.person, self.now())

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
        return await self._decide(lambda person: self._parts.needs_you.again(cmd_id, person))

    async def adopt(self, cmd_id: str) -> Act | Refused:
        """Takes over, as a shift leader, another person's act; it is sent under this sign-in and names both."""
        return await self._decide(lambda person: self._parts.needs_you.adopt(cmd_id, person))

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

    async def keep_draft(self, key: str, fields: dict[str, str] | None) -> None:
        """Stores unfinished input (never who called); None deletes it. File faults go to the connection's log only."""
        if self.person is not None:
            body = None if fields is None else json.dumps(fields, ensure_ascii=False).encode()
            try:
                await self._parts.keep_draft(self.person.user, key, body)
            except FileFault as fault:
                self.connection.note(fault.code, fault.about)

    async def draft(self, key: str) -> dict[str, str]:
        """Returns the unfinished input under `key`; empty without any, or when the disk cannot read it."""
        try:
            body = None if self.person is None else await self._parts.draft(self.person.user, key)
        except FileFault as fault:
            self.connection.note(fault.code, fault.about)
            return {}
        return {} if body is None else json.loads(body)

    async def sign_in(self, url: str, user: str, password: str) -> None:
        """Signs in at the platform at `url` and starts the connection to it; raises Unavailable when that fails."""
        with as_unavailable():
            session = self._parts.call(url)
            try:
                person = await session.sign_in(user, password)
                hello = await session.hello(self._parts.store.tokens.newest(person.scope.district))
                self._check_district(person, hello)
            except BaseException as wrong:
                await session.close()
                sits = None if self.connection.state is State.SIGNED_OUT else self.person
                if isinstance(wrong, NoRole) and (sits is None or sits.user == user):  # else the board is another's
                    await self._parts.inbound.forget("no role")
                raise
        await self.tasks.whole(self._seat(session, person, hello), "take the seat")  # cannot be interrupted

    async def resume(self) -> bool:
        """Signs in with the remembered account (of a demonstration); returns False when there is none."""
        if kept := self.stored_account():
            await self.sign_in(*kept)
        return kept is not None

    def moved(self, url: str) -> None:
        """Follows the platform to its new address (the embedded one after a restart) and reconnects."""
        if self._session is not None:
            self._session.move(url)
            self._parts.loop.hurry()

    async def close(self) -> None:
        """Disconnects and closes the files; kept commands stay on disk."""
        self.connection.changed.disconnect(self._sign_in_again_if_out)
        await self._parts.loop.stop()
        self.outages.close()
        await self.tasks.close()
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._parts.close()

    async def _do(self, command: Command, person: Person | None, seen: SeenState) -> Act | Refused:
        async with self._doing:
            if person is None or person != self.person:
                return Refused(codes.SIGNED_OUT)
            if not self.has_role:
                return Refused(codes.NO_ROLE)
            facts = refused_as_unseen(self.board, command, seen) or decide(self.board, command, person, self.now())
            if isinstance(facts, Refused):
                return facts
            try:
                act = await self._parts.store.keep(command, person, facts, seen)
            except FileFault as fault:
                return Refused(fault.code, fault.about)
        self._parts.outbound.wake()
        return act

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

    def _check_district(self, person: Person, hello: Hello) -> None:
        if hello.district != person.scope.district:
            raise WrongPlatform(hello.district)
        if self._district and hello.district != self._district:
            raise WrongPlatform(hello.district, code="district_differs")

    async def _seat(self, session: "Session", person: Person, hello: Hello) -> None:
        async with self._seating:  # of two sign-ins at once the second one stays
            await self._parts.loop.stop()
            former, self._session = self._session, session  # from here on nothing is asked under the former sign-in
            if self._parts.inbound.is_of_another_scope(hello):
                await self._parts.inbound.forget("another role")
            self.board.set_reader(person)
            await self._parts.inbound.seat(person.user, hello.district, hello.seal_key)
            self._parts.attestor.hold(person.user, session.attestation_key)
            if former is not None:
                await former.close()
            self.person, self.has_role, self.since = person, True, hello.since
            if self._sending is None:
                self._sending = self.tasks.run(self._parts.outbound.run(), "send what is kept")
            self._parts.loop.start(session, person, hello)

    def _became(self, told: tuple[Person | None, datetime | None]) -> None:
        person, since = told
        was = (self.person, self.has_role)
        self.board.set_reader(person)
        self.person, self.has_role, self.since = person or self.person, person is not None, since
        if was != (self.person, self.has_role):
            self.became.emit(None)

    def _sign_in_again_if_out(self, _: None) -> None:
        """Signs in again with the stored account after a sign-in has ended, at most every `SIGN_IN_AGAIN_S` seconds."""
        is_due = self._clock.mono() - self._returned_at > SIGN_IN_AGAIN_S
        if self.connection.state is State.SIGNED_OUT and is_due and self.stored_account() is not None:
            self._returned_at = self._clock.mono()
            self.tasks.run(self._return(), "sign in again")

    async def _return(self) -> None:
        try:
            await self.resume()
        except Unavailable as wrong:
            self.connection.note(wrong.code, wrong.about)

    def _signed_in(self) -> "Session":
        if self._session is None or self.connection.state is State.SIGNED_OUT:
            raise Unreachable("nobody is signed in", code=codes.SIGNED_OUT if self.person else "offline")
        return self._session
