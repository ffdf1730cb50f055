"""A desk that signs in by name, and the people and the network of the stories about the console around it."""

from types import SimpleNamespace

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.people import Role
from commandcenter.store.signal import Signal
from commandcenter.sync.connection import State
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen
from ui.actions.registry import Action
from ui.app.console import Console
from ui.app.shell import Extension, Network
from ui.workspaces.workspace import Workspace

URL = "http://127.0.0.1:9"
ELSEWHERE = "http://127.0.0.1:10"
PEOPLE = {
    "d07": person(Role.DISPATCHER),
    "u03": person(Role.UNIT, unit="s03-urban", street="s03"),
    "k01": person(Role.INTAKE_CLERK),
}


class SignedDesk(FakeDesk):
    """A desk that signs in whom PEOPLE names."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks = SimpleNamespace(failed=Signal())
        self.signed: list[tuple[str, str]] = []
        self.user.sign_in = self._sign_in

    async def _sign_in(self, url: str, user: str, password: str, *, unless_after: int | None = None) -> bool:
        if password != "right":
            raise Unavailable("wrong_password", "")
        if unless_after not in (None, self.user.sign_ins):
            return False
        self.signed.append((url, user))
        self.user.sign_ins += 1
        self.person = PEOPLE[user]
        self.connection.to(State.CONNECTING)
        self.connection.to(State.LIVE)
        return True


class Added:
    """An extension that notes what becomes of it."""

    def __init__(self) -> None:
        self.actions = (Action(id="drill_cut", zh="断开网络", group="drill", run=lambda: None),)
        self.heard: list[str] = []

    def settle(self) -> None:
        self.heard.append("settle")

    def end(self) -> None:
        self.heard.append("end")


class ExtendedNetwork(Network):
    """The network of a demonstration."""

    def __init__(self) -> None:
        super().__init__()
        self.added = Added()

    def extensions(self, *_: object) -> list[Extension]:
        return [self.added]


async def become(console: Console, desk: SignedDesk, user: str) -> Workspace:
    """Gives the seat the role of `user`, as the platform does; returns the workspace that it finds then."""
    desk.person = PEOPLE[user]
    desk.user.became.emit(None)
    await seen(lambda: console.workspace.person == desk.person)
    return console.workspace
