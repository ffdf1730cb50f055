"""What the queue shows instead of an empty table: loading, refused by the platform, filtered out, or no cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.sync.connection import NO_ROLE, UNREADABLE, State
from ui.cases.filters import QueueFilter
from ui.cases.tabs import TITLES
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import Skeleton, StateCard
from ui.kit.layouts import stacked
from ui.kit.texts.faults import fault
from ui.kit.texts.words import phrase
from ui.theme import filled

if TYPE_CHECKING:
    from commandcenter.sync.connection import Connection

ON_THE_WAY = (State.STARTING, State.CONNECTING, State.SNAPSHOT)


class EmptyQueue(QWidget):
    """The placeholder of an empty queue; `cleared` asks to clear the filter, `wanted` to start an action by its id."""

    cleared = Signal()
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._skeleton = Skeleton(rows=24)
        self.card = StateCard()
        filled(self, surface="bg1")
        self._stack = stacked(self, self.card, self._skeleton)

    def tell(self, connection: Connection, wanted: QueueFilter, said: str, open_cases: int, *, may_take: bool) -> None:
        """Shows why there is no row, and the intake to seats that may take cases.

        `said` is the filter as text, `open_cases` counts those on the board.
        """
        if not open_cases and connection.state in ON_THE_WAY:
            self._load(connection)
            return
        self._stack.setCurrentWidget(self.card)
        if wanted.count:
            self._tell_filtered(wanted, said, open_cases)
        elif not open_cases and connection.state is State.REFUSED:
            self._tell_refused(connection)
        else:
            self._tell_idle(wanted, open_cases, may_take)

    def _load(self, connection: Connection) -> None:
        self._stack.setCurrentWidget(self._skeleton)
        done, total = getattr(connection, "progress", None) or (0, 0)
        if total:
            self._skeleton.tell(phrase("正在取首个快照  {done} / {total} 件", done=f"{done:,}", total=f"{total:,}"))
        elif connection.state is State.STARTING:
            self._skeleton.tell(phrase("还没有登录平台"))
        else:
            self._skeleton.tell(phrase("正在连接平台"))

    def _tell_filtered(self, wanted: QueueFilter, said: str, open_cases: int) -> None:
        title = TITLES[wanted.tab]
        text = phrase("“{tab} · {said}”，全部在办仍有 {n} 件。", tab=title, said=said, n=f"{open_cases:,}")
        steps = (NextStep(phrase("清除筛选"), self.cleared.emit, "Esc"),)
        self.card.tell("empty", phrase("这个筛选下没有案件"), text, image="list-filter", steps=steps)

    def _tell_refused(self, connection: Connection) -> None:
        code = connection.code or ""
        titles = {NO_ROLE: phrase("现在没有角色"), UNREADABLE: phrase("读不懂平台的数据")}
        title = titles.get(code, phrase("平台不接受本席"))
        image = "key-round" if code == NO_ROLE else "circle-alert"
        self.card.tell("error", title, fault(code, connection.about), image=image)

    def _tell_idle(self, wanted: QueueFilter, open_cases: int, may_take: bool) -> None:
        title = phrase("“{tab}”里没有案件", tab=TITLES[wanted.tab]) if open_cases else phrase("没有在办案件")
        text = phrase("全部在办 {n} 件，新案件到来会出现在这里。", n=f"{open_cases:,}")
        intake = NextStep(phrase("受理登记"), lambda: self.wanted.emit("intake"), "F2")
        steps = (intake,) if may_take else ()
        self.card.tell("empty", title, text, image="check", steps=steps)
