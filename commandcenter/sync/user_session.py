"""Keeps who is signed in at this console, with which role, and the session with the platform."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.client.errors import NoRole, Unreachable, WrongPlatform
from commandcenter.domain.people import Person
from commandcenter.protocol import codes
from commandcenter.protocol.messages import Hello
from commandcenter.store.board import Board
from commandcenter.store.signal import Signal
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.unavailable import Unavailable, as_unavailable

if TYPE_CHECKING:
    from commandcenter.client.session import Session
    from commandcenter.sync.desk_parts import DeskParts

SIGN_IN_AGAIN_S = 10.0  # least seconds between two automatic sign-ins
StoredAccount = Callable[[], tuple[str, str, str] | None]


class UserSession:
    """The signed-in person as the platform last reported them.

    `since`: when they got their role (None: not reported); without `has_role` they hold none at this moment. `became`
    is emitted when `person` or `has_role` changes without a sign-in. `sign_ins` counts those that took the seat.
    `stored_account` returns the (url, user, password) to sign in with again, or None.
    """

    became: Signal[None]

    def __init__(
        self,
        board: Board,
        connection: Connection,
        clock: PlatformClock,
        tasks: BackgroundTasks,
        parts: "DeskParts",
        district: str,
    ) -> None:
        """`district`: the only one to sign in to ("": any)."""
        self.person: Person | None = None
        self.has_role = True
        self.since: datetime | None = None
        self.sign_ins = 0
        self.became = Signal()
        self.stored_account: StoredAccount = lambda: None
        self._board, self._connection, self._clock, self._tasks = board, connection, clock, tasks
        self._parts = parts
        self._district = district
        self._session: Session | None = None
        self._seating = asyncio.Lock()
        self._sending: asyncio.Task[None] | None = None
        self._returned_at = float("-inf")
        connection.changed.connect(self._sign_in_again_if_out)
        parts.handshake.became.connect(self._became)

    def name(self) -> str | None:
        """Returns the user name of the person; None when nobody has signed in."""
        return None if self.person is None else self.person.user

    @property
    def url(self) -> str:
        """The address of the platform that was signed in to, "" before that."""
        return self._session.url if self._session is not None else ""

    async def sign_in(self, url: str, user: str, password: str, *, unless_after: int | None = None) -> bool:
        """Signs in at the platform at `url` and starts the connection to it; returns whether it took the seat.

        A console that signs in by itself gives `unless_after`, the count `sign_ins` when it began: whoever has signed
        in since keeps the seat. Raises Unavailable.
        """
        with as_unavailable():
            session = self._parts.call(url)
            try:
                person = await session.sign_in(user, password)
                hello = await session.hello(self._parts.store.tokens.newest(person.scope.district))
                self._check_district(person, hello)
            except BaseException as wrong:
                await session.close()
                sits = None if self._connection.state is State.SIGNED_OUT else self.person
                is_same = sits is None or (sits.user, self.url) == (user, session.url)
                if isinstance(wrong, NoRole) and is_same:  # else the board is another's
                    await self._parts.inbound.forget("no role")
                raise
        seating = self._seat(session, person, hello, unless_after)
        return await self._tasks.whole(seating, "take the seat")  # cannot be interrupted

    def moved(self, url: str) -> None:
        """Follows the platform to its new address (the embedded one after a restart) and reconnects."""
        if self._session is not None:
            self._session.move(url)
            self._parts.loop.hurry()

    def session(self) -> "Session":
        """Returns the signed-in session; raises Unreachable (`signed_out`, or `offline` before the first sign-in)."""
        if self._session is None or self._connection.state is State.SIGNED_OUT:
            raise Unreachable("nobody is signed in", code=codes.SIGNED_OUT if self.person else "offline")
        return self._session

    async def disconnect(self) -> None:
        """Ends the connection; it is not made anew."""
        self._connection.changed.disconnect(self._sign_in_again_if_out)
        await self._parts.loop.stop()

    async def close(self) -> None:
        """Closes the session, once nothing uses it any more."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _check_district(self, person: Person, hello: Hello) -> None:
        if hello.district != person.scope.district:
            raise WrongPlatform(hello.district)
        if self._district and hello.district != self._district:
            raise WrongPlatform(hello.district, code="district_differs")

    async def _seat(self, session: "Session", person: Person, hello: Hello, unless_after: int | None) -> bool:
        async with self._seating:  # of two sign-ins at once the second one stays
            if unless_after not in (None, self.sign_ins):
                await session.close()
                return False
            await self._parts.loop.stop()
            await self._hand_over(session, person, hello)
            self.person, self.has_role, self.since = person, True, hello.since
            self.sign_ins += 1
            if self._sending is None:
                self._sending = self._tasks.run(self._parts.outbound.run(), "send what is kept")
            self._parts.loop.start(session, person, hello)
            return True

    async def _hand_over(self, session: "Session", person: Person, hello: Hello) -> None:
        """Gives board and session to `person`; from its beginning nothing is asked under the former sign-in."""
        former, self._session = self._session, session
        if self._parts.inbound.is_of_another_scope(hello):
            await self._parts.inbound.forget("another role")
        self._board.set_reader(person)
        await self._parts.inbound.seat(person.user, hello.district, hello.seal_key)
        self._parts.attestor.hold(person.user, session.attestation_key)
        if former is not None:
            await former.close()

    def _became(self, told: tuple[Person | None, datetime | None]) -> None:
        person, since = told
        was = (self.person, self.has_role)
        self._board.set_reader(person)
        self.person, self.has_role, self.since = person or self.person, person is not None, since
        if was != (self.person, self.has_role):
            self.became.emit(None)

    def _sign_in_again_if_out(self, _: None) -> None:
        """Signs in again with the stored account after a sign-in has ended, at most every `SIGN_IN_AGAIN_S` seconds."""
        is_due = self._clock.mono() - self._returned_at > SIGN_IN_AGAIN_S
        kept = self.stored_account() if self._connection.state is State.SIGNED_OUT and is_due else None
        if kept is not None:
            self._returned_at = self._clock.mono()
            self._tasks.run(self._return(*kept), "sign in again")

    async def _return(self, url: str, user: str, password: str) -> None:
        try:
            await self.sign_in(url, user, password, unless_after=self.sign_ins)
        except Unavailable as wrong:
            self._connection.note(wrong.code, wrong.about)
