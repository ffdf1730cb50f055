"""The one door of the screens: what they read, what they ask, and what people do."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, overload

from commandcenter.cache.faults import FileFault
from commandcenter.client.errors import NoRole, Unreachable, WrongPlatform
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.decide import Refused, decide
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.domain.powers import next_commands, why_not
from commandcenter.protocol.frames import Hello, SeatDay, Summary
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.store.signal import Signal
from commandcenter.sync.acts import ActList, in_order
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.errands import Errands
from commandcenter.sync.foresight import Sight, unseen
from commandcenter.sync.outages import Outages
from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.queries import CaseAnswer, CaseHistory, CaseSearch, Day, Figures, Places, Query
from commandcenter.sync.unavailable import Unavailable, in_words
from commandcenter.sync.versions import Versions

if TYPE_CHECKING:
    from commandcenter.cache.mirror import Standing
    from commandcenter.client.session import Session
    from commandcenter.sync.rooms import Rooms

T = TypeVar("T")
RETURN = 10.0  # seconds between two sign-ins of its own accord
Remembered = Callable[[], tuple[str, str, str] | None]


class Desk:
    """`board`, `connection` and `acts` are read and listened to; everything that changes goes through the methods.

    `person` is who sits here as the platform said last, `since` when (None: it did not say); without `has_role` they
    are nobody at this moment. `became` tells of each change of these without a sign-in.
    """

    became: Signal[None]

    def __init__(
        self,
        *,
        board: Board,
        connection: Connection,
        acts: ActList,
        clock: PlatformClock,
        errands: Errands,
        outages: Outages,
        rooms: "Rooms",
        district: str = "",
        remembered: Remembered = lambda: None,
    ) -> None:
        """`district`: the only one that may be signed in to ("": any); `remembered`: url, user, password, if kept."""
        self.board = board
        self.connection = connection
        self.acts = acts
        self.errands = errands
        self.outages = outages
        self.became = Signal()
        self.person: Person | None = None
        self.has_role = True
        self.since: datetime | None = None
        self.remembered = remembered
        self._clock = clock
        self._rooms = rooms
        self._district = district
        self._session: Session | None = None
        self._answers = rooms.answers(self._signed_in)
        self._doing, self._seating = asyncio.Lock(), asyncio.Lock()
        self._sending: asyncio.Task[None] | None = None
        self._returned_at = float("-inf")
        connection.changed.connect(self._return_if_out)
        rooms.line.became = self._became

    @property
    def unsent(self) -> dict[str, int]:
        """How many acts of each user wait here without the platform having them."""
        return self._rooms.ledger.unsent

    @property
    def waiting(self) -> tuple[Act, ...]:
        """What a person must look at: own acts that wait for a decision, then acts of others kept at this seat."""
        return in_order(self.acts.open, self.person.user) if self.person is not None else ()

    @property
    def standing(self) -> "Standing | None":
        """Whose view of which log the board is; None before the first snapshot."""
        return self._rooms.inbound.standing

    def look(self, cmd_id: str, told: tuple[Fact, ...] = ()) -> Versions | None:
        """An act that waits, in its three versions; `told`: its case's history, if the platform could be asked."""
        return None if self.person is None else self._rooms.needs_you.look(cmd_id, self.person, told)

    def now(self) -> datetime:
        """The platform's time as known (UTC)."""
        return self._clock.now()

    def may(self, case: Case) -> tuple[str, ...]:
        """The names of the commands that the person may give to `case` now."""
        return () if self.person is None or not self.has_role else next_commands(self.person, case)

    def why_not(self, name: str, case: Case | None) -> str | None:
        """None when the person may give the command `name` to `case`; otherwise the code of the reason."""
        if self.person is None:
            return "signed_out"
        return why_not(name, self.person, case) if self.has_role else "no_role"

    async def do(self, command: Command) -> Act | Refused:
        """The act, kept on disk and shown, or Refused: by the rules, or because the disk did not take it (`disk`)."""
        seen = self._rooms.ledger.before_eyes(command)  # now: what comes while it waits its turn, nobody has looked at
        return await self.errands.whole(self._do(command, self.person, seen), "keep a command")

    @overload
    async def ask(self, query: CaseHistory) -> tuple[Fact, ...]: ...
    @overload
    async def ask(self, query: CaseSearch) -> CaseAnswer: ...
    @overload
    async def ask(self, query: Figures) -> Summary: ...
    @overload
    async def ask(self, query: Day) -> SeatDay: ...
    @overload
    async def ask(self, query: Places) -> dict[str, Any]: ...
    async def ask(self, query: Query) -> object:
        """The answer to a query of sync.queries; Unavailable when the world does not let us have it."""
        with in_words():
            return await self._answers.to(query)

    async def again(self, cmd_id: str) -> Act | Refused:
        """An act that needs the person is wanted still: given once more, on the board as it is now."""
        return await self._decide(lambda person: self._rooms.needs_you.again(cmd_id, person))

    async def adopt(self, cmd_id: str) -> Act | Refused:
        """A shift leader does what somebody else left here undone: it leaves under this sign-in, naming both."""
        return await self._decide(lambda person: self._rooms.needs_you.adopt(cmd_id, person))

    async def drop(self, cmd_id: str) -> Refused | None:
        """An act that needs the person is not wanted any more; it stays in the journal as dropped."""
        return await self._decide(lambda person: self._rooms.needs_you.drop(cmd_id, person))

    def seal(self, petitioner: Petitioner) -> tuple[str, str]:
        """(petitioner id, sealed part in base64) for a Take; Unavailable (no_seal_key) before the first hello ever."""
        standing = self._rooms.inbound.standing
        key = self._rooms.line.seal_key or (standing.lineage if standing else None)
        if not key:
            raise Unavailable("no_seal_key")
        content = json.dumps({"name": petitioner.name, "phone": petitioner.phone}, ensure_ascii=False)
        with in_words():
            return self._rooms.new_id(), self._rooms.seal(key, content.encode())

    async def keep_draft(self, key: str, fields: dict[str, str] | None) -> None:
        """What the person is in the middle of writing (never who called); None takes it away. Silent when it fails."""
        if self.person is not None:
            body = None if fields is None else json.dumps(fields, ensure_ascii=False).encode()
            try:
                await self._rooms.keep_draft(self.person.user, key, body)
            except FileFault as fault:
                self.connection.note(fault.code, fault.about)

    async def draft(self, key: str) -> dict[str, str]:
        """What the person left unfinished under `key`; empty without, and where the disk does not give it."""
        try:
            body = None if self.person is None else await self._rooms.draft(self.person.user, key)
        except FileFault as fault:
            self.connection.note(fault.code, fault.about)
            return {}
        return {} if body is None else json.loads(body)

    async def sign_in(self, url: str, user: str, password: str) -> None:
        """Sign in at the platform at `url` and keep the line to it; Unavailable when that is not possible."""
        with in_words():
            session = self._rooms.call(url)
            try:
                person = await session.sign_in(user, password)
                hello = await session.hello(self._rooms.ledger.tokens.newest(person.scope.district))
                self._check_district(person, hello)
            except BaseException as wrong:
                await session.close()
                sits = None if self.connection.state is State.SIGNED_OUT else self.person
                if isinstance(wrong, NoRole) and (sits is None or sits.user == user):  # or the board is somebody else's
                    await self._rooms.inbound.forget("no role")
                raise
        await self.errands.whole(self._seat(session, person, hello), "take the seat")  # never by halves

    async def resume(self) -> bool:
        """Sign in with what was remembered (a demonstration's account); False when nothing was."""
        if kept := self.remembered():
            await self.sign_in(*kept)
        return kept is not None

    def moved(self, url: str) -> None:
        """The platform answers again, at this address (the embedded one after a new start)."""
        if self._session is not None:
            self._session.move(url)
            self._rooms.line.hurry()

    async def close(self) -> None:
        """Hang up, let go of the files; what is kept stays kept."""
        self.connection.changed.disconnect(self._return_if_out)
        await self._rooms.line.stop()
        self.outages.close()
        await self.errands.close()
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._rooms.close()

    async def _do(self, command: Command, person: Person | None, seen: Sight) -> Act | Refused:
        async with self._doing:
            if person is None or person != self.person:
                return Refused("signed_out")
            if not self.has_role:
                return Refused("no_role")
            facts = unseen(self.board, command, seen) or decide(self.board, command, person, self.now())
            if isinstance(facts, Refused):
                return facts
            try:
                act = await self._rooms.ledger.keep(command, person, facts, seen)
            except FileFault as fault:
                return Refused(fault.code, fault.about)
        self._rooms.outbound.wake()
        return act

    async def _decide(self, how: Callable[[Person], Awaitable[T]]) -> T | Refused:
        person = self.person
        if person is None:
            return Refused("signed_out")

        async def whole() -> T | Refused:
            try:
                return await how(person)
            except FileFault as fault:
                return Refused(fault.code, fault.about)

        answer = await self.errands.whole(whole(), "decide on an act")
        self._rooms.outbound.wake()
        return answer

    def _check_district(self, person: Person, hello: Hello) -> None:
        if hello.district != person.scope.district:
            raise WrongPlatform(hello.district)
        if self._district and hello.district != self._district:
            raise WrongPlatform(hello.district, code="district_differs")

    async def _seat(self, session: "Session", person: Person, hello: Hello) -> None:
        async with self._seating:  # whoever comes second sits here in the end, alone
            await self._rooms.line.stop()
            former, self._session = self._session, session  # nothing is asked for the seat of before from here on
            if self._rooms.inbound.is_of_another_scope(hello):
                await self._rooms.inbound.forget("another role")
            self.board.read_by(person)
            await self._rooms.inbound.seat(person.user, hello.district, hello.seal_key)
            self._rooms.attestor.hold(person.user, session.attestation_key)
            if former is not None:
                await former.close()
            self.person, self.has_role, self.since = person, True, hello.since
            self._rooms.line.heard_hello(hello, session.round_trip or 0.0)
            if self._sending is None:
                self._sending = self.errands.run(self._rooms.outbound.run(), "send what is kept")
            self._rooms.line.start(session, person, hello)

    def _became(self, person: Person | None, since: datetime | None) -> None:
        was = (self.person, self.has_role)
        self.board.read_by(person)
        self.person, self.has_role, self.since = person or self.person, person is not None, since
        if was != (self.person, self.has_role):
            self.became.emit(None)

    def _return_if_out(self, _: None) -> None:
        """A sign-in that ended is begun again with what is remembered, but not again and again."""
        is_due = self._clock.mono() - self._returned_at > RETURN
        if self.connection.state is State.SIGNED_OUT and is_due and self.remembered() is not None:
            self._returned_at = self._clock.mono()
            self.errands.run(self._return(), "sign in again")

    async def _return(self) -> None:
        try:
            await self.resume()
        except Unavailable as wrong:
            self.connection.note(wrong.code, wrong.about)

    def _signed_in(self) -> "Session":
        if self._session is None or self.connection.state is State.SIGNED_OUT:
            raise Unreachable("nobody is signed in", code="signed_out" if self.person else "offline")
        return self._session


__all__ = ["CaseAnswer", "CaseHistory", "CaseSearch", "Desk", "Figures", "Petitioner", "Places", "Unavailable"]
