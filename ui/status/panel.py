"""What is going on: the connection in facts that can be read aloud on the telephone and copied."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from commandcenter import __version__
from ui.kit import names, times
from ui.kit.buttons import KeyButton
from ui.kit.facts import Fact, Facts
from ui.kit.faults import fault
from ui.kit.follow import Follow
from ui.kit.words import phrase, say
from ui.status import wording
from ui.status.watch import Watch
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


class Going(QWidget):
    """Facts about connection, data, queue and clock; told anew each second while it is on the screen."""

    def __init__(
        self,
        desk: "Desk",
        follow: Follow,
        watch: Watch,
        *,
        address: Callable[[], str],
        fault: Callable[[], str] = lambda: "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._watch = desk, watch
        self._address, self._fault = address, fault
        self.facts = Facts(label_width=84)
        self.copy = KeyButton(phrase("复制全部"), role="row", image="copy")
        self.copy.clicked.connect(self._copy)
        self._place()
        follow.second.connect(self._refresh_if_shown)
        watch.changed.connect(self._refresh_if_shown)
        self.refresh()

    def refresh(self) -> None:
        """Read everything again."""
        link, now = self._desk.connection, self._desk.now()
        how = wording.standing(link, now, stale=self._watch.is_stale)
        self.facts.show_facts(
            [
                Fact(phrase("连接"), " ".join(filter(None, (how.word, how.detail))), tone=how.tone, strong=True),
                Fact(phrase("平台"), self._address() or "—"),
                Fact(phrase("末次消息"), self._heard()),
                Fact(phrase("未送达"), self._waiting()),
                Fact(phrase("时钟"), wording.skew(link) or "—"),
                Fact(phrase("案件"), say("{n} 件在本机", n=f"{len(self._desk.board.cases):,}")),
                Fact(phrase("末次错误"), self._last_fault()),
                Fact(phrase("版本"), __version__),
            ]
        )

    def text(self) -> str:
        """All of it as lines."""
        return "\n".join(f"{label}：{value}" for label, value in self.facts.texts())

    def _place(self) -> None:
        inside = mark(QWidget(), surface="bg1")
        column = QVBoxLayout(inside)
        column.setContentsMargins(MEASURES.dock_padding, 10, MEASURES.dock_padding, 10)
        column.addWidget(self.facts)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _heard(self) -> str:
        link, now = self._desk.connection, self._desk.now()
        if link.last_heard is None:
            return say("还没有")
        at = times.clock(link.last_heard, names.zone(self._desk.board))
        return f"{at}  {times.ago(wording.age(link, now))}"

    def _waiting(self) -> str:
        waiting = self._desk.unsent
        told = "  ".join(f"{user} {count}" for user, count in sorted(waiting.items()) if count)
        return told or "0"

    def _last_fault(self) -> str:
        code = self._desk.connection.code
        return " ".join(filter(None, (fault(code) if code else "", self._fault()))) or say("没有")

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()

    def _copy(self) -> None:
        self.refresh()
        QApplication.clipboard().setText(self.text())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        self.refresh()
