"""The console of an open desk: each kind of seat finds its own rooms in the window, and who sits there may change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.people import Person, Role
from commandcenter.settings.file import open_settings
from commandcenter.store.signal import Signal
from commandcenter.sync.connection import State
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.turns import seen, turns
from ui.actions.action_table import DESK_ACTIONS, Handlers
from ui.actions.registry import Action, conflicts
from ui.app.console import Console
from ui.app.host import Host
from ui.app.process.arguments import StartOptions
from ui.app.process.faults import Faults
from ui.app.process.marks import Marks
from ui.app.shell import Extension, Network, Shell
from ui.intake.floating import FloatingIntake
from ui.kit.dialogs import Sheet
from ui.kit.seat import tasks
from ui.map.panel import MapPanel
from ui.signin.panel import SignInCard
from ui.window import Window
from ui.window.rail import RailButton, RailRoom
from ui.window.room_window import RoomWindow
from ui.workspaces.dispatch.workspace import DESK, DispatchWorkspace
from ui.workspaces.inbox_cover import INBOX
from ui.workspaces.rooms import Rooms
from ui.workspaces.table import WORKSPACES
from ui.workspaces.unit.workspace import UnitWorkspace
from ui.workspaces.workspace import Workspace, WorkspaceContext

URL = "http://127.0.0.1:9"
ELSEWHERE = "http://127.0.0.1:10"
PEOPLE = {
    "d07": person(Role.DISPATCHER),
    "u03": person(Role.UNIT, unit="s03-urban", street="s03"),
    "k01": person(Role.INTAKE_CLERK),
}


HALL = Network()


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


@pytest.fixture
def desk() -> SignedDesk:
    return SignedDesk()


@pytest.fixture
async def opened(
    window: Window, desk: SignedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Console]]:
    monkeypatch.setattr(MapPanel, "start", lambda _map: None)  # no web engine: no story here looks at the map
    window.show()
    made: list[Console] = []

    def build(user: str = "", password: str = "right", sits: Person | None = None, network: Network = HALL) -> Console:
        desk.person = sits
        start, settings = StartOptions(url=URL, user=user, password=password), open_settings(folder=tmp_path)
        shell = Shell(
            window=window,
            start=start,
            settings=settings,
            host=Host(start, settings),
            faults=Faults(),
            marks=Marks(on=False),
            network=network,
            leave=lambda: None,
        )
        console = Console(shell, desk)  # type: ignore[arg-type]
        made.append(console)
        return console

    yield build
    await tasks.close()
    for console in made:
        await console.close_rooms()


async def become(console: Console, desk: SignedDesk, user: str) -> Workspace:
    """Gives the seat the role of `user`, as the platform does; returns the workspace that it finds then."""
    desk.person = PEOPLE[user]
    desk.user.became.emit(None)
    await seen(lambda: console.workspace.person == desk.person)
    return console.workspace


async def test_a_dispatcher_has_docks_and_a_unit_one_room_in_their_place(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    docks = console.workspace
    assert isinstance(docks, DispatchWorkspace)
    assert window.docks["queue"].isAncestorOf(docks.list_view)
    assert window.topbar.room.text() == "调度台"
    room = await become(console, desk, "u03")
    assert isinstance(room, UnitWorkspace)
    assert window.centralWidget() is room.unit
    assert [name for name, dock in window.docks.items() if not dock.isHidden()] == []
    assert window.topbar.room.text() == "待办"
    assert isinstance(await become(console, desk, "k01"), DispatchWorkspace)
    assert window.centralWidget() is None
    assert not window.docks["queue"].isHidden()


async def test_what_docks_hold_opens_in_them_and_nowhere_else(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    docks = console.workspace
    docks.rooms.open("inbox")
    console.registry.trigger("going")
    assert not docks.rooms.front
    room = await become(console, desk, "u03")
    room.rooms.open("inbox")
    console.registry.trigger("going")
    await turns()
    assert not room.rooms.front
    (sheet,) = window.findChildren(Sheet)
    assert sheet.isVisible()
    sheet.reject()
    assert not {"let_in", "why", "trend", "density", "restore_layout"} & {action.id for action in console.registry}
    assert [name for name, dock in window.docks.items() if not dock.isHidden()] == []


async def test_who_leaves_the_seat_leaves_no_window_behind_and_the_next_at_it_finds_its_rooms_where_they_were(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.docks["case"].toggle()
    assert window.docks["case"].is_out
    await become(console, desk, "u03")
    assert not window.docks["case"].is_out
    await become(console, desk, "k01")
    assert window.docks["case"].is_out


async def test_who_signs_in_by_hand_sees_nothing_in_a_window_of_who_sat_here_before(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    former, (key, *_) = console.workspace, desk.board.cases.ids
    assert isinstance(former, DispatchWorkspace)
    console.seat.focus.choose(key, by="test")
    window.docks["case"].toggle()
    assert former.case.isVisible()
    await console.sign_in.sign_in(URL, "k01", "right")
    assert not former.case.isVisible()
    assert isinstance(console.workspace, DispatchWorkspace)
    assert console.workspace.case.isVisible()
    await console.sign_in.sign_in(URL, "u03", "right")
    await turns()
    assert [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()] == []


async def test_a_dispatchers_own_layout_outlasts_a_units_visit_and_the_night(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, tmp_path: Path
) -> None:
    def widths(of: Window) -> list[int]:
        return [of.docks[name].width() for name in ("queue", "map", "case")]

    window.show()
    console = opened(sits=PEOPLE["d07"])
    await turns()
    window.resizeDocks([window.docks["queue"], window.docks["map"]], [560, 560], Qt.Orientation.Horizontal)
    window.dock_layout.own()
    await turns()
    own = widths(window)
    await become(console, desk, "u03")
    window.put_away()
    window.show()
    await become(console, desk, "d07")
    await seen(lambda: widths(window) == own)
    await become(console, desk, "u03")
    window.put_away()
    tomorrow = Window(kept=tmp_path / "window.ini")
    tomorrow.resize(window.size())
    tomorrow.rail.show_rooms((DESK, INBOX))
    tomorrow.show()
    for dock in tomorrow.docks.values():
        dock.hold(QWidget(), QLabel("head"))
    assert tomorrow.dock_layout.restore()
    await seen(lambda: widths(tomorrow) == own)
    tomorrow.end()


async def test_a_console_that_could_not_be_opened_forgets_no_layout(window: Window, tmp_path: Path) -> None:
    window.dock_layout.own()
    window.put_away()
    unopened = Window(kept=tmp_path / "window.ini")
    unopened.put_room(QLabel("打不开"))
    unopened.put_away()
    unopened.leave_room()
    assert unopened.dock_layout.restore()
    unopened.end()


async def test_a_units_map_moves_to_a_window_of_its_own_and_is_there_again_for_the_next_of_the_unit(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    def outside() -> list[str]:
        tops = [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()]
        return [top.objectName() for top in tops if top.isAncestorOf(console.map)]

    console = opened(sits=PEOPLE["u03"])
    window.show()
    console.map.drawn.emit()
    assert window.centralWidget().isAncestorOf(console.map)
    assert console.map.header.isVisible()
    console.registry.trigger("room_window")
    assert outside() == ["unit-map-window"]
    await become(console, desk, "d07")
    console.map.drawn.emit()
    assert outside() == []  # a dispatcher's map is where a dispatcher left it
    assert window.docks["map"].isAncestorOf(console.map)
    await become(console, desk, "u03")
    console.map.drawn.emit()
    assert outside() == ["unit-map-window"]
    console.registry.trigger("room_window")
    assert window.centralWidget().isAncestorOf(console.map)
    console.registry.trigger("room_window")
    window.put_away()  # quitting, however long the rest takes
    assert outside() == []
    assert window.kept.text("unit-map/out")  # there again at the next start


def rail(window: Window) -> list[RailButton]:
    return window.rail.findChildren(RailButton)


def marked(window: Window) -> list[str]:
    return [button.accessibleName() for button in rail(window) if button.isChecked()]


async def test_a_dispatcher_goes_from_room_to_room_and_the_rail_says_where_they_are(
    opened: Callable[..., Console],
    window: Window,
    qtbot: Any,
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    ground, inbox = rail(window)
    assert marked(window) == ["调度台"]
    qtbot.mouseClick(inbox, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("inbox", ["需处理"])
    qtbot.mouseClick(ground, Qt.MouseButton.LeftButton)
    assert (console.workspace.rooms.front, marked(window)) == ("", ["调度台"])
    console.registry.trigger("inbox")
    assert marked(window) == ["需处理"]


async def test_a_room_lies_beside_the_rail_and_not_over_it(opened: Callable[..., Console], window: Window) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    console.registry.trigger("inbox")
    room = console.workspace.rooms._made["inbox"]
    assert room.geometry().left() == window.rail.width() > 0
    assert room.geometry().right() == window.width() - 1


async def test_at_a_units_seat_there_is_one_room_and_no_rail(
    opened: Callable[..., Console],
    desk: SignedDesk,
    window: Window,
) -> None:
    console = opened(sits=PEOPLE["d07"])
    window.show()
    assert window.rail.isVisible()
    assert window.topbar.needs.isHidden()
    await become(console, desk, "u03")
    assert window.rail.isHidden()
    assert window.between_bars().left() == 0
    assert not window.topbar.needs.isHidden()
    await become(console, desk, "d07")
    assert window.rail.isVisible()


@pytest.mark.parametrize("user", ["d07", "u03"])
async def test_the_room_of_what_needs_somebody_gives_the_keyboard_back_to_the_list(
    opened: Callable[..., Console], window: Window, user: str
) -> None:
    console = opened(sits=PEOPLE[user])
    console.registry.trigger("inbox")
    assert console.workspace.rooms.front == "inbox"
    assert window.topbar.room.text() == "需处理"
    console.registry.trigger("inbox")
    assert not console.workspace.rooms.front
    assert window.focusWidget() is console.workspace.list_view
    assert window.topbar.room.text() != "需处理"


async def test_the_form_of_one_person_is_gone_for_the_next(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["k01"])
    console.registry.trigger("intake")
    (form,) = window.findChildren(FloatingIntake)
    assert not form.isHidden()
    await become(console, desk, "d07")
    assert form.isHidden()


async def test_the_account_named_at_the_start_signs_in_and_finds_its_rooms(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(user="u03")
    assert isinstance(console.workspace, DispatchWorkspace)
    await console.connect()
    assert desk.signed == [(URL, "u03")]
    assert isinstance(console.workspace, UnitWorkspace)
    assert not window.findChildren(SignInCard)


async def test_who_sits_here_is_asked_when_no_account_is_known(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened()
    await console.connect()
    (card,) = window.findChildren(SignInCard)
    assert not card.isHidden()
    assert card.url.text() == URL
    await console.sign_in.sign_in(ELSEWHERE, "d07", "right")
    assert console.sign_in.address == ELSEWHERE
    assert console.workspace.person == PEOPLE["d07"]


async def test_a_wrong_password_is_told_where_it_is_asked_for(opened: Callable[..., Console], window: Window) -> None:
    console = opened(user="d07", password="wrong")
    await console.connect()
    (card,) = window.findChildren(SignInCard)
    assert card.user.text() == "d07"
    assert card.form.field("password").error()


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("known", ["", "d07"])
async def test_who_signs_in_elsewhere_while_the_platform_here_still_starts_stays_there(
    opened: Callable[..., Console],
    desk: SignedDesk,
    window: Window,
    monkeypatch: pytest.MonkeyPatch,
    known: str,
    fails: bool,
) -> None:
    comes = asyncio.Event()

    async def late(*_about: object) -> str:
        await comes.wait()
        if fails:
            raise Unavailable("platform_ended", "no more")
        return URL

    monkeypatch.setattr(Host, "is_demonstration", True)
    monkeypatch.setattr(Host, "reach", late)
    if not known:
        monkeypatch.setattr(Host, "account", lambda _host, **_about: ("", ""))
    network = ExtendedNetwork()
    console = opened(user=known, network=network)
    connecting = asyncio.ensure_future(console.connect())
    await console.sign_in.sign_in(ELSEWHERE, "u03", "right")
    comes.set()
    await connecting
    assert desk.signed == [(ELSEWHERE, "u03")]
    assert console.sign_in.address == ELSEWHERE
    assert isinstance(console.workspace, UnitWorkspace)
    assert "drill_cut" not in console.registry
    assert not window.findChildren(SignInCard)


async def test_the_account_of_the_platform_here_is_not_used_for_who_sits_at_another(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Host, "is_demonstration", True)
    console = opened(user="d07")
    await console.connect()
    await console.sign_in.sign_in(ELSEWHERE, "d07", "right")
    desk.connection.to(State.SIGNED_OUT)
    await turns()
    console.sign_in.renew()
    await turns()
    assert desk.signed == [(URL, "d07"), (ELSEWHERE, "d07")]
    (card,) = window.findChildren(SignInCard)
    assert (card.isHidden(), card.url.text()) == (False, ELSEWHERE)


async def test_an_expired_sign_in_is_renewed_with_the_account_that_is_known(
    opened: Callable[..., Console], desk: SignedDesk
) -> None:
    console = opened(user="d07")
    await console.connect()
    rooms = console.workspace
    desk.connection.to(State.SIGNED_OUT)
    console.sign_in.renew()
    await seen(lambda: len(desk.signed) == 2)
    await turns()
    assert console.workspace is rooms


async def test_the_connection_panel_knows_address_and_last_error(
    opened: Callable[..., Console], window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    console.registry.trigger("going")
    await asyncio.sleep(0)
    assert [label.text() for label in window.docks["lower"].findChildren(QLabel) if "127.0.0.1:9" in label.text()]


@pytest.mark.expects_log("E-")
async def test_what_fails_in_the_work_of_the_desk_has_a_number_and_what_the_world_prevents_a_sentence(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    desk.tasks.failed.emit(Unavailable("unreachable", "http://hall"))
    await seen(lambda: any("http://hall" in label.text() for label in window.toasts.findChildren(QLabel)))
    desk.tasks.failed.emit(RuntimeError("ours"))
    console.registry.trigger("going")
    await asyncio.sleep(0)
    last = console._shell.faults.last
    assert last
    assert [label for label in window.docks["lower"].findChildren(QLabel) if last in label.text()]


def test_every_role_has_a_workspace() -> None:
    assert WORKSPACES.keys() == set(Role)


async def test_the_workspaces_together_handle_every_action_and_none_claims_a_key_twice(
    opened: Callable[..., Console], desk: SignedDesk
) -> None:
    console = opened(sits=PEOPLE["d07"])
    offered = set()
    for user in ("u03", "d07"):
        await become(console, desk, user)
        assert conflicts(console.registry) == []
        assert not console.workspace.handlers().keys() & console.actions.handlers().keys()
        offered |= {action.id for action in console.registry}
    assert offered >= DESK_ACTIONS.keys()


class Wall:
    """A workspace with neither docks nor a list of cases."""

    def __init__(self, context: WorkspaceContext) -> None:
        self.person = context.seat.desk.person
        self.front = QLabel("大屏")
        self._window = context.window
        self.rooms = Rooms(context.window, RailRoom("to_map", "大屏", "map"), (), self.front)
        context.window.put_room(self.front)
        context.window.rail.show_rooms(())

    def handlers(self) -> Handlers:
        return {"to_map": self.front.setFocus}

    def close(self) -> None:
        self.rooms.close()
        self._window.leave_room()


async def test_another_kind_of_seat_is_a_workspace_and_a_row_of_the_table(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKSPACES, Role.LEADER, Wall)  # type: ignore[arg-type]
    console = opened(sits=person(Role.LEADER))
    assert isinstance(window.centralWidget(), QLabel)
    assert console.registry["to_map"].keys == ("F6", "Ctrl+1")
    assert "to_queue" not in console.registry
    assert {"full_screen", "keys", "change_user", "quit"} <= {action.id for action in console.registry}
    assert isinstance(await become(console, desk, "d07"), DispatchWorkspace)
    assert console.registry["to_map"].keys == ("F6",)


async def test_a_seat_without_a_map_leaves_it_whole_for_the_next(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKSPACES, Role.LEADER, Wall)  # type: ignore[arg-type]
    monkeypatch.setitem(PEOPLE, "w01", person(Role.LEADER))
    console = opened(sits=PEOPLE["u03"])
    await become(console, desk, "w01")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    await become(console, desk, "d07")
    assert window.docks["map"].isAncestorOf(console.map)
    assert window.docks["map"].isAncestorOf(console.map.header)


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


async def test_a_demonstration_has_its_drill_until_somebody_signs_in_to_another_platform(
    opened: Callable[..., Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Host, "is_demonstration", True)
    monkeypatch.setattr(Host, "account", lambda _host, **_about: ("d07", "right"))
    network = ExtendedNetwork()
    console = opened(network=network)
    assert "drill_cut" not in console.registry
    await console.connect()
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle"]
    await console.sign_in.sign_in(ELSEWHERE, "d07", "right")  # the same person, whose rooms stay
    assert "drill_cut" not in console.registry
    assert network.added.heard == ["settle", "end"]
    await console.sign_in.sign_in(URL, "d07", "right")
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle", "end", "settle"]


async def test_the_sign_in_room_names_the_present_address_of_a_platform_that_started_anew(
    opened: Callable[..., Console], desk: SignedDesk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = opened()
    console.sign_in.ask()
    (card,) = window.findChildren(SignInCard)
    assert card.url.text() == URL
    monkeypatch.setattr(Host, "address", ELSEWHERE)
    desk.connection.note("platform_restarted", ELSEWHERE)
    await seen(lambda: card.url.text() == ELSEWHERE)


async def test_a_sign_in_elsewhere_that_fails_leaves_the_drill_as_it_is(
    opened: Callable[..., Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Host, "is_demonstration", True)
    network = ExtendedNetwork()
    console = opened(user="d07", network=network)
    await console.connect()
    with pytest.raises(Unavailable, match="wrong_password"):
        await console.sign_in.sign_in(ELSEWHERE, "d07", "wrong")
    assert "drill_cut" in console.registry
    assert network.added.heard == ["settle"]
    assert console.sign_in.address == URL


async def test_a_hall_has_no_drill_whatever_the_network_could_do(opened: Callable[..., Console]) -> None:
    console = opened(user="d07", network=ExtendedNetwork())
    await console.connect()
    assert "drill_cut" not in console.registry
