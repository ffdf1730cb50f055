"""Who sits at the console changes: by the start, by hand, by the end of a sign-in."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.commands import Dispatch
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.connection import State
from tests.kit import hall
from tests.kit.signed_desk import ELSEWHERE, PEOPLE, URL, ExtendedNetwork, SignedDesk, become
from tests.kit.turns import seen, turns
from ui.app.console import Console
from ui.app.host import Host
from ui.intake.floating import FloatingIntake
from ui.signin.panel import SignInCard
from ui.window import Window
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.unit.workspace import UnitWorkspace


async def test_the_form_of_one_person_is_gone_for_the_next(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["k01"])
    console.registry.trigger("intake")
    (form,) = window.findChildren(FloatingIntake)
    assert not form.isHidden()
    await become(console, desk, "d07")
    assert form.isHidden()


@pytest.mark.parametrize("is_open", [True, False])
async def test_what_one_person_typed_in_search_and_command_line_is_gone_for_the_next(
    opened: Callable[..., Console], desk: SignedDesk, is_open: bool
) -> None:
    console = opened(sits=replace(PEOPLE["k01"], user="k01"))
    finder, line = console.actions.popups.finder, console.actions.popups.overlay
    for box, field, action in ((finder, finder.list.edit, "search"), (line, line.field.edit, "command_line")):
        console.registry.trigger(action)
        QTest.keyClicks(field, "jb 421 13812345678")
        while not is_open and box.isVisible():
            QTest.keyClick(field, Qt.Key.Key_Escape)
    await become(console, desk, "d07")
    for box, field, action in ((finder, finder.list.edit, "search"), (line, line.field.edit, "command_line")):
        assert box.isHidden()
        console.registry.trigger(action)
        assert field.text() == ""
        box.hide()


async def test_what_one_person_just_did_is_not_told_to_the_next(
    opened: Callable[..., Console], desk: SignedDesk
) -> None:
    console = opened(sits=replace(PEOPLE["d07"], user="d08"))
    desk.board.apply([hall.case(421)])
    act = await desk.do(Dispatch(hall.case(421).id, to="s03-urban"))
    assert isinstance(act, Act)
    console.seat.tell_act(act, "派遣 00421")
    assert "派遣 00421" in console.seat.hint.text()
    await become(console, desk, "d07")
    assert console.seat.hint.text() == ""
    desk.acts.put(replace(act, delivery=Delivery.SENT))
    await turns()
    assert console.seat.hint.text() == ""


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
