"""The strip under the top bar: there when the connection is not well, and only then."""

from typing import Any

import pytest

from commandcenter.sync.connection import State
from tests.kit.fake_desk import FakeDesk
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status.banner import ConnectionBanner
from ui.status.watch import StatusWatch
from ui.status.wording import connection_text

asked: list[str] = []


@pytest.fixture
def banner(desk: FakeDesk, follow: Follow, watch: StatusWatch, qtbot: Any) -> ConnectionBanner:
    asked.clear()
    desk.connection.age(stale=False)
    desk.connection.heard()
    made = ConnectionBanner(
        desk,  # type: ignore[arg-type]
        follow,
        watch,
    )
    made.sign_in_asked.connect(lambda: asked.append("sign in"))
    made.details_asked.connect(lambda: asked.append("details"))
    qtbot.addWidget(made)
    return made


def said(banner: ConnectionBanner) -> str:
    return "" if banner.isHidden() else " ".join(label.text() for label in banner.findChildren(Label))


def test_while_all_is_well_there_is_no_strip(banner: ConnectionBanner) -> None:
    assert said(banner) == ""


def test_offline_says_since_when_and_what_goes_on(banner: ConnectionBanner, desk: FakeDesk) -> None:
    desk.pass_time(579)
    desk.connection.to(State.WAITING, code="unreachable", retry_at=desk.now())
    banner.refresh()
    assert "离线工作中" in said(banner)
    assert "15:42:08 起断开，已 9 分 39 秒" in said(banner)


def test_a_short_interruption_is_not_worth_a_strip(banner: ConnectionBanner, desk: FakeDesk) -> None:
    desk.pass_time(1)
    desk.connection.to(State.WAITING, code="unreachable")
    banner.refresh()
    assert said(banner) == ""


def test_an_expired_sign_in_offers_to_sign_in(banner: ConnectionBanner, desk: FakeDesk) -> None:
    desk.connection.to(State.SIGNED_OUT)
    banner.refresh()
    assert "需重新登录" in said(banner)
    banner.findChild(KeyButton).click()
    assert asked == ["sign in"]


def test_its_button_is_not_built_anew_each_second(banner: ConnectionBanner, desk: FakeDesk) -> None:
    desk.pass_time(60)
    desk.connection.to(State.WAITING, code="unreachable")
    banner.refresh()
    button = banner.findChild(KeyButton)
    desk.pass_time(1)
    banner.refresh()
    assert banner.findChild(KeyButton) is button
    assert "1 分 1 秒" in said(banner)


def test_it_goes_when_the_line_is_back(banner: ConnectionBanner, desk: FakeDesk) -> None:
    desk.connection.to(State.SIGNED_OUT)
    banner.refresh()
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.LIVE)
    desk.connection.heard()
    banner.refresh()
    assert said(banner) == ""


def test_what_this_version_cannot_read_is_told_with_what_stays_and_what_to_do(
    banner: ConnectionBanner, desk: FakeDesk
) -> None:
    desk.connection.to(State.REFUSED, code="unreadable", about="case c1")
    banner.refresh()
    assert "读不懂平台的数据" in said(banner)
    assert "这个版本读不懂平台的数据（case c1）" in said(banner)
    assert "请更新程序" in said(banner)
    speak("en")
    banner.refresh()
    assert "The platform's data cannot be read" in said(banner)
    assert "update the program" in said(banner)


def test_a_console_older_than_its_platform_asks_to_be_updated_while_all_it_can_read_goes_on(
    banner: ConnectionBanner, desk: FakeDesk
) -> None:
    desk.connection.outgrown(3)
    banner.refresh()
    assert "这个程序比平台旧" in said(banner)
    assert "平台有 3 条记录这个版本读不出" in said(banner)
    assert "请更新程序" in said(banner)
    assert connection_text(desk.connection, desk.now(), stale=False).word == "程序旧，需更新"
    speak("en")
    banner.refresh()
    assert "This program is older than the platform" in said(banner)
    assert "cannot read 3 of the platform's records" in said(banner)
    desk.connection.outgrown(0)
    banner.refresh()
    assert said(banner) == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_makes_the_window_wider_than_a_small_screen(
    banner: ConnectionBanner, desk: FakeDesk, language: str
) -> None:
    speak(language)
    desk.connection.outgrown(3)
    banner.refresh()
    assert 0 < banner.minimumSizeHint().width() <= 1280
    desk.connection.to(State.REFUSED, code="unreadable", about="case c1")
    banner.refresh()
    assert 0 < banner.minimumSizeHint().width() <= 1280
    assert banner.heightForWidth(1280) <= banner.height()
