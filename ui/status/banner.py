"""The strip under the top bar: offline, stale data, an expired sign-in, or a platform that refuses this console."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from commandcenter.sync.connection import NO_ROLE, OLDER, UNREADABLE, State
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import Banner
from ui.kit.seat.follow import Follow
from ui.kit.texts import times
from ui.kit.texts.district_time import clock
from ui.kit.texts.faults import fault
from ui.kit.texts.words import Words, phrase
from ui.status import wording
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

PATIENCE = 3.0  # seconds without a connection before the banner is shown


class ConnectionBanner(Banner):
    """A banner that is visible while something is wrong with the connection; refreshed each second and on changes."""

    sign_in_asked, details_asked = Signal(), Signal()

    def __init__(self, desk: "Desk", follow: Follow, watch: StatusWatch) -> None:
        super().__init__()
        self._desk, self._watch = desk, watch
        self._steps = {
            "sign_in": NextStep(phrase("重新登录"), self.sign_in_asked.emit, role="primary"),
            "details": NextStep(phrase("状况"), self.details_asked.emit),
        }
        self._announced: tuple[Words, Words] = ("", "")
        follow.second.connect(self.refresh)
        watch.changed.connect(self.refresh)
        self.refresh()

    def announce(self, title: Words, text: Words = "") -> None:
        """Shows that something takes long before the first connection; an empty `title` ends it."""
        self._announced = (title, text)
        self.refresh()

    def refresh(self) -> None:
        """Shows the present state of the connection, or hides the banner."""
        link = self._desk.connection
        if str(self._announced[0]) and link.state is State.STARTING:
            self._say("loader", *self._announced)
            return
        tell = {State.WAITING: self._offline, State.SIGNED_OUT: self._signed_out, State.REFUSED: self._refused}.get(
            link.state
        )
        if link.state is State.CONNECTING and self._desk.outages.current is not None:
            tell = self._offline  # a retry does not end the outage
        if not self._desk.has_role and link.state in (State.REFUSED, State.CONNECTING):
            tell = self._no_role
        if tell is None and link.state is State.LIVE and self._watch.is_stale and link.last_heard is not None:
            tell = self._stale
        if tell is None and link.unread:
            tell = self._older
        if tell is None:
            self.hide()
        else:
            tell()

    def _offline(self) -> None:
        link, now = self._desk.connection, self._desk.now()
        heard = link.last_heard
        if heard is None:
            self._say(
                "wifi-off",
                phrase("离线工作中"),
                phrase("还没有连上平台。已存的数据可看，操作先存本机，连上后依次送达。"),
            )
            return
        away = max(0.0, (now - heard).total_seconds())
        if away < PATIENCE:
            return
        at = clock(self._desk.board, heard)
        text = phrase(
            "{at} 起断开，已 {time}。登记、派遣照常，先存本机，连上后依次送达；时限按本机校正时钟继续走。",
            at=at,
            time=times.in_words(away),
        )
        how = wording.connection_text(link, now, stale=True, away=True)
        self._say("wifi-off", phrase("离线工作中"), text, note=how.detail)

    def _stale(self) -> None:
        heard = self._desk.connection.last_heard
        assert heard is not None
        at = clock(self._desk.board, heard, seconds=False)
        self._say(
            "triangle-alert",
            phrase("数据可能过时 {at}", at=at),
            phrase("平台有一阵没有消息，正在核对。操作照常，先存本机。"),
        )

    def _older(self) -> None:
        text = fault(OLDER, str(self._desk.connection.unread))
        self._say("triangle-alert", phrase("这个程序比平台旧"), text)

    def _signed_out(self) -> None:
        text = phrase("登录已到期。看到的是到期前的数据，未送达的操作都在本机，重新登录后依次送达。")
        self._say("key-round", phrase("需重新登录"), text, step="sign_in")

    def _no_role(self) -> None:
        self._say("key-round", phrase("现在没有角色"), fault(NO_ROLE))

    def _refused(self) -> None:
        link = self._desk.connection
        is_unread = link.code == UNREADABLE
        title = phrase("读不懂平台的数据") if is_unread else phrase("平台不接受这个程序")
        self._say("circle-alert", title, fault(link.code or "", link.about))

    def _say(self, image: str, title: Words, text: Words, *, note: str = "", step: str = "details") -> None:
        self.tell(title, text, note=note, image=image, steps=[self._steps[step]])
