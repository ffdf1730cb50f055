"""Opens a connection by the platform's hello: the time, the person's role, the board's owner, commands sent anew."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.client.errors import WrongPlatform
from commandcenter.client.identity import person_after
from commandcenter.domain.people import Person
from commandcenter.protocol.messages import Hello
from commandcenter.store.signal import Signal
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.batches import Route
from commandcenter.sync.board_owner import BoardOwner
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import Connection
from commandcenter.sync.inbound import Inbound

if TYPE_CHECKING:
    from commandcenter.client.session import Session


@dataclass(slots=True)
class SignedIn:
    """The session, and the person as the platform last reported them."""

    session: "Session"
    person: Person


@dataclass(frozen=True, slots=True)
class Opened:
    """What a handshake came to: the platform's hello, the owner of the board, and the route for commands."""

    hello: Hello
    owner: BoardOwner
    route: Route


class Handshake:
    """Begins each connection.

    `seal_key` is the platform's as last reported, empty before any hello. `became` is emitted after every hello with
    the person and since when they hold their role; (None, None): no role.
    """

    became: Signal[tuple[Person | None, datetime | None]]

    def __init__(
        self,
        connection: Connection,
        clock: PlatformClock,
        inbound: Inbound,
        store: CommandStore,
        answers: CommandAnswers,
        tasks: BackgroundTasks,
    ) -> None:
        self.seal_key = ""
        self.became = Signal()
        self._connection = connection
        self._clock = clock
        self._inbound = inbound
        self._store = store
        self._answers = answers
        self._tasks = tasks
        self._offered: tuple[str, str, int] | None = None

    def accept(self, hello: Hello, round_trip: float) -> None:
        """Takes over the clock and the key of a platform that `hello` proved to be the right one."""
        self._heard(hello, round_trip)
        self.seal_key = hello.seal_key

    async def open(self, who: SignedIn, hello: Hello | None) -> Opened:
        """Returns the opened connection and updates `who`; the platform is asked when there is no `hello` yet.

        Raises PlatformFault: WrongPlatform for one of another district, NoRole, SignedOut …
        """
        if hello is None:
            hello = await who.session.hello(self._store.tokens.newest(who.person.scope.district))
            self._heard(hello, who.session.round_trip or 0.0)
        await self._update(who, hello)
        if hello.district != who.person.scope.district:
            raise WrongPlatform(hello.district)
        self.seal_key = hello.seal_key
        owner = await self._inbound.seat(who.person.user, hello.district, hello.seal_key)
        await self._offer_again(hello)
        kept = await self._inbound.promised(hello)
        return Opened(hello, owner, Route(who.session, who.person, hello.epoch, kept.outcomes))

    async def lose_role(self) -> None:
        """Clears the board: the person holds no role at the moment."""
        await self._inbound.forget("no role")
        self.became.emit((None, None))

    def _heard(self, hello: Hello, round_trip: float) -> None:
        self._clock.told(hello.now, ago=round_trip / 2)
        self._connection.heard(round_trip=round_trip, skew=self._clock.skew)

    async def _update(self, who: SignedIn, hello: Hello) -> None:
        """Makes the person the one of `hello`; after a change of role or scope the board is cleared."""
        present = person_after(hello, who.person)
        if present != who.person:
            await self._inbound.forget("another role")
        who.person = present
        self.became.emit((present, hello.since))

    async def _offer_again(self, hello: Hello) -> None:
        lineage = (hello.district, hello.seal_key, hello.epoch)  # another district may count the same epoch
        if lineage != self._offered:
            await self._tasks.whole(self._offer(hello, lineage), "offer again what a restore removed")

    async def _offer(self, hello: Hello, lineage: tuple[str, str, int]) -> None:
        """Runs as a whole: what the journal keeps again would be offered by nobody until the next start."""
        lost = await self._answers.offer_again(hello.district, hello.epoch, hello.bases)
        self._offered = lineage
        if lost:
            self._connection.note("restored", str(lost))
