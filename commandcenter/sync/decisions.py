"""What the signed-in person may decide on the acts that need a decision, and does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from commandcenter.cache.faults import FileFault
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.protocol import codes
from commandcenter.store.overlay import Act
from commandcenter.sync.act_list import ActList, in_order
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.connection import Connection
from commandcenter.sync.user_session import UserSession
from commandcenter.sync.versions import Versions

if TYPE_CHECKING:
    from commandcenter.sync.needs_you import NeedsYou
    from commandcenter.sync.outbound import Outbound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decides as the signed-in person; a decision once begun is completed, and refused when the disk fails."""

    user: UserSession
    acts: ActList
    connection: Connection
    needs_you: "NeedsYou"
    outbound: "Outbound"
    tasks: BackgroundTasks

    @property
    def waiting(self) -> tuple[Act, ...]:
        """The acts to look at: own acts that need a decision, then acts of others that are kept at this seat."""
        person = self.user.person
        return () if person is None else in_order(self.acts.open, person.user)

    def look(self, cmd_id: str, told: tuple[Fact, ...] = ()) -> Versions | None:
        """Returns a waiting act in three versions; `told`: the history of its case, if the platform could be asked."""
        person = self.user.person
        return None if person is None else self.needs_you.look(cmd_id, person, told)

    async def again(self, cmd_id: str) -> Act | Refused:
        """Gives an act that needs a decision once more, on the board as it is now."""
        return await self._give_again(cmd_id, self.needs_you.again)

    async def adopt(self, cmd_id: str) -> Act | Refused:
        """Takes over, as a shift leader, another person's act; it is sent under this sign-in and names both."""
        return await self._give_again(cmd_id, self.needs_you.adopt)

    async def drop(self, cmd_id: str) -> Refused | None:
        """Drops an act that needs a decision; it stays in the journal as dropped."""
        return await self._decide(lambda person: self.needs_you.drop(cmd_id, person))

    async def _give_again(self, cmd_id: str, how: Callable[[str, Person], Awaitable[Act | Refused]]) -> Act | Refused:
        command = getattr(self.acts.find(cmd_id), "command", None)
        code = None if command is None else self.connection.refuse_unless_live(command.rule)
        return Refused(code) if code else await self._decide(lambda person: how(cmd_id, person))

    async def _decide(self, how: Callable[[Person], Awaitable[T]]) -> T | Refused:
        person = self.user.person
        if person is None:
            return Refused(codes.SIGNED_OUT)

        async def whole() -> T | Refused:
            try:
                return await how(person)
            except FileFault as fault:
                return Refused(fault.code, fault.about)

        answer = await self.tasks.whole(whole(), "decide on an act")
        self.outbound.wake()
        return answer
