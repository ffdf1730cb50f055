"""The sign-in: the world's faults stand beneath the field that they belong to; a password is never filled in."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from commandcenter.sync.unavailable import Unavailable
from tests.kit.standing_out import faint_in
from tests.kit.turns import settled
from ui.kit.texts.words import speak
from ui.signin.room import SignInRoom
from ui.theme import apply_theme


class Door:
    """Lets in, or says why not."""

    def __init__(self) -> None:
        self.fault: Unavailable | None = None
        self.tried: list[tuple[str, str, str]] = []

    async def try_it(self, url: str, user: str, password: str) -> None:
        self.tried.append((url, user, password))
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def room(door: Door, qapp: QApplication, qtbot: Any) -> SignInRoom:
    apply_theme(qapp, "dark")
    speak("zh")
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    made = SignInRoom(door.try_it, parent=window)
    made.card.set_address("http://hall")
    made.ask()
    return made


async def sign_in(room: SignInRoom, user: str, password: str) -> None:
    room.card.user.setText(user)
    room.card.password.setText(password)
    QTest.keyClick(room.card.password, Qt.Key.Key_Return)
    await settled()


async def test_who_is_let_in_finds_the_desk(room: SignInRoom, door: Door, qtbot: Any) -> None:
    with qtbot.waitSignal(room.done):
        await sign_in(room, "d07", "secret")
    assert door.tried == [("http://hall", "d07", "secret")]
    assert room.isHidden()
    assert room.card.password.text() == ""


async def test_a_wrong_password_is_told_beneath_it_and_taken_away(room: SignInRoom, door: Door) -> None:
    door.fault = Unavailable("wrong_password")
    await sign_in(room, "d07", "oops")
    assert "不对" in room.card.form.field("password").error()
    assert room.card.password.text() == ""
    assert room.card.go.isEnabled()
    assert faint_in(room, showing=frozenset({"edge of a field"})) == {}


@pytest.mark.parametrize(
    ("code", "field"),
    [("unreachable", "url"), ("not_a_platform", "url"), ("newer_protocol", "url"), ("locked", "user")],
)
async def test_each_fault_stands_beneath_its_field(room: SignInRoom, door: Door, code: str, field: str) -> None:
    door.fault = Unavailable(code, "http://hall")
    await sign_in(room, "d07", "secret")
    assert room.card.form.field(field).error()
    assert room.card.password.text() == "secret"  # not to be typed again for a fault of the network


async def test_nothing_is_sent_while_something_is_missing(room: SignInRoom, door: Door) -> None:
    await sign_in(room, "d07", "")
    assert door.tried == []
    assert room.card.form.field("password").error()


def test_the_password_is_hidden_and_never_filled_in(room: SignInRoom) -> None:
    room.ask(user="d07")
    assert room.card.user.text() == "d07"
    assert room.card.password.text() == ""
    assert room.card.password.echoMode() == QLineEdit.EchoMode.Password


@pytest.mark.parametrize("code", ["unreachable", "wrong_password"])
def test_a_sign_in_of_the_console_itself_that_fails_is_told_and_leaves_what_is_being_typed(
    room: SignInRoom, code: str
) -> None:
    QTest.keyClicks(room.card.user, "k01")
    QTest.keyClicks(room.card.password, "half a pass")
    room.card.user.setFocus()
    room.ask(user="d07", error=Unavailable(code, "http://hall"))
    assert (room.card.user.text(), room.card.password.text()) == ("k01", "half a pass")
    assert room.window().focusWidget() is room.card.user
    assert any(room.card.form.field(name).error() for name in ("url", "password"))


def test_the_address_follows_the_platform_unless_another_is_typed(room: SignInRoom) -> None:
    room.card.set_address("http://hall:2")
    assert room.card.url.text() == "http://hall:2"
    QTest.keyClicks(room.card.url, "3")
    room.card.set_address("http://hall:4")
    assert room.card.url.text() == "http://hall:23"


def test_escape_is_offered_to_look_at_what_is_kept(room: SignInRoom) -> None:
    room.card.later.click()
    assert room.isHidden()


def test_esc_leaves_it_and_the_desk_has_the_keys_again(room: SignInRoom, qtbot: Any) -> None:
    with qtbot.waitSignal(room.left):
        QTest.keyClick(room.card.password, Qt.Key.Key_Escape)
    assert room.isHidden()


def test_tab_goes_round_within_it(room: SignInRoom, qtbot: Any) -> None:
    under = QLineEdit(room.parentWidget())
    under.show()
    room.card.user.setFocus()
    seen = []
    for _ in range(10):
        QTest.keyClick(room.window().focusWidget(), Qt.Key.Key_Tab)
        seen.append(room.window().focusWidget())
    assert under not in seen
    assert {room.card.password, room.card.url, room.card.go, room.card.later, room.card.user} == set(seen)
