"""The connection panel 状况: facts that can be read aloud on the telephone, and the history of outages."""

from collections.abc import Callable
from platform import python_version, system
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from commandcenter import __version__
from commandcenter.sync.connection import State
from ui.kit.case_parts.deliveries import own_acts_needing_decision
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Retranslated, line
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.seat.follow import Follow
from ui.kit.texts import names, times
from ui.kit.texts.district_time import clock
from ui.kit.texts.faults import fault_name
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import phrase, say
from ui.status import wording
from ui.status.outages import OutageList, outage_texts
from ui.status.watch import StatusWatch
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk
    from commandcenter.sync.outages import Outage

READ_OUT = 3  # outages in the text to read aloud


class ConnectionPanel(Retranslated, QWidget):
    """Facts about connection, data, queue and clock; refreshed each second while visible.

    `address` returns the platform's URL, `fault` the number of the last error of this program ("" for none).
    """

    def __init__(
        self,
        desk: "Desk",
        follow: Follow,
        watch: StatusWatch,
        *,
        address: Callable[[], str],
        fault: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__()
        self._desk, self._watch = desk, watch
        self._address, self._fault = address, fault
        self.facts = Facts(label_width=84)
        self.outages = OutageList(desk)
        self.copy = KeyButton(phrase("复制状况"), role="row", image="copy")
        self.copy.setToolTip(plain_tip(say("不含姓名和账号，可在电话里念，也可发给管理员")))
        self.copy.clicked.connect(self._copy)
        self._place()
        follow.second.connect(self._refresh_if_shown)
        watch.changed.connect(self._refresh_if_shown)
        self.refresh()

    def refresh(self) -> None:
        """Reads everything again."""
        self.facts.show_facts(self._told(self._by_user()))
        self.outages.refresh()

    def text(self) -> str:
        """Returns the shown facts as lines."""
        return "\n".join(f"{label}：{value}" for label, value in self.facts.texts())

    def read_out(self) -> str:
        """Returns the text to read aloud: numbered lines with the last outages, without names or accounts."""
        now = times.full_clock(self._desk.now(), names.zone(self._desk.board))
        facts = [f"{fact.label}：{fact.value}" for fact in self._told(self._by_whom())]
        past = [say("断开：{told}", told="，".join(outage_texts(self._desk, one))) for one in self._last_outages()]
        return "\n".join((now, *(f"{at}. {said}" for at, said in enumerate((*facts, *past), start=1))))

    def _told(self, waiting: str) -> list[Fact]:
        link, now = self._desk.connection, self._desk.now()
        how = wording.connection_text(
            link, now, stale=self._watch.is_stale, away=self._desk.outages.current is not None
        )
        needs = len(own_acts_needing_decision(self._desk))
        said = phrase("{waiting}；需处理 {n} 条", waiting=waiting, n=needs) if needs else waiting
        return [
            Fact(phrase("连接"), " ".join(filter(None, (how.word, how.detail))), tone=how.tone, strong=True),
            Fact(phrase("平台"), self._address() or "—"),
            Fact(phrase("末次消息"), self._heard()),
            Fact(phrase("末次变化"), self._changed()),
            Fact(phrase("滞后"), self._lag()),
            Fact(phrase("未送达"), said),
            Fact(phrase("末次错误"), self._last_fault()),
            Fact(phrase("时钟"), wording.skew(link) or "—"),
            Fact(phrase("平台库"), self._lineage()),
            Fact(phrase("案件"), say("{n} 件在本机", n=f"{len(self._desk.board.cases):,}")),
            Fact(phrase("版本"), f"{__version__} · Qt {qVersion()} · Python {python_version()} · {system()}"),
        ]

    def _place(self) -> None:
        inside = mark(QWidget(), surface="bg1")
        vbox(inside, self.facts, STRETCH, margins=(MEASURES.dock_padding, 10, MEASURES.dock_padding, 10), spacing=-1)
        area = mark(QScrollArea(), ring=False)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        foot = mark(QWidget(), surface="bg2")
        hbox(foot, self.copy, STRETCH, margins=(MEASURES.dock_padding, 4, MEASURES.dock_padding, 4), spacing=-1)
        left = vbox(None, (area, 1), foot)
        hbox(self, (left, 6), line("v"), (self.outages, 5))

    def _heard(self) -> str:
        link, now = self._desk.connection, self._desk.now()
        if link.last_heard is None:
            return say("还没有")
        at = clock(self._desk.board, link.last_heard)
        return f"{at}  {times.ago(wording.age(link, now))}"

    def _changed(self) -> str:
        at = self._desk.connection.last_frame
        if at is None:
            return say("这次打开后还没有")
        ago = times.ago((self._desk.now() - at).total_seconds())
        return f"{clock(self._desk.board, at)}  {ago}"

    def _lag(self) -> str:
        link = self._desk.connection
        if link.lag is None:
            return "—"
        at = f"{link.cursor:,}"
        if link.state is not State.LIVE:
            return say("断开时 {n} 条，到第 {at} 号", n=link.lag, at=at)
        return say("{n} 条，到第 {at} 号", n=link.lag, at=at) if link.lag else say("没有，到第 {at} 号", at=at)

    def _lineage(self) -> str:
        at = self._desk.position.at
        return "—" if at is None else say("第 {epoch} 期 · {key}", epoch=at.epoch, key=at.lineage[:8])

    def _by_user(self) -> str:
        waiting = {user: count for user, count in sorted(self._desk.unsent.items()) if count}
        return wording.unsent(self._desk.board, waiting, most=len(waiting)) if waiting else say("没有")

    def _by_whom(self) -> str:
        """Counts the same acts without naming an account."""
        user = self._desk.person.user if self._desk.person is not None else ""
        own = self._desk.unsent.get(user, 0)
        others = sum(self._desk.unsent.values()) - own
        return say("本人 {n} 条，他人 {m} 条", n=own, m=others) if own or others else say("没有")

    def _last_outages(self) -> "tuple[Outage, ...]":
        return tuple(reversed(self._desk.outages.history[-READ_OUT:]))

    def _last_fault(self) -> str:
        last = self._desk.connection.last_fault
        told_at = clock(self._desk.board, last.at) if last is not None else ""
        named = fault_name(last.code or "") if last is not None else ""
        return " ".join(filter(None, (told_at, named, self._fault()))) or say("没有")

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()

    def _copy(self) -> None:
        self.refresh()
        QApplication.clipboard().setText(self.read_out())

    def retell(self) -> None:
        self.refresh()

    def showEvent(self, event: object) -> None:
        self.refresh()
