"""The panel 演练故障: a card over the window with a switch for each fault, the current state, and what to watch."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.drill import wording
from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.controls.switches import Segments, Switch
from ui.kit.feedback import toasts
from ui.kit.feedback.states import Picture
from ui.kit.labels.chips import Chip
from ui.kit.labels.label import Label, Retranslated, line
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import Words, phrase
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.demonstration.drill import Drill
    from commandcenter.sync.desk import Desk

WIDTH = 392
MARGIN = 12  # pixels from its corner and the window's edges
LATE = (("0", 0.0, phrase("不延迟")), ("300", 0.3, phrase("300 毫秒")), ("2000", 2.0, phrase("2 秒")))


class DrillPanel(Retranslated, QFrame):
    """Lies over its window, at the point that `corner()` returns, until the user drags it elsewhere.

    `act(name)` carries out "kill", "back_up", "restore" or "start"; network faults go to the drill directly. `second()`
    copies the command that opens another seat.
    """

    def __init__(
        self,
        drill: "Drill",
        desk: "Desk",
        follow: Follow,
        *,
        act: Callable[[str], object],
        corner: Callable[[], QPoint],
        second: Callable[[], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._drill, self._desk, self._act, self._corner = drill, desk, act, corner
        self._pulled = False
        self.setFixedWidth(WIDTH)
        mark(self, surface="dialog")
        self.now = Label(level="strong", wrap=True)
        self.cut = Switch(phrase("断开网络"))
        self.lose = Switch(phrase("丢失回执"))
        self.late = Segments([(key, words) for key, _, words in LATE])
        self.platform = Label(wrap=True)
        self.kill = KeyButton(phrase("终止"), role="danger")
        self.backup = KeyButton(phrase("备份"), image="database-backup")
        self.restore = KeyButton(phrase("恢复到备份"), image="history")
        self.watch = Label(tone="tx2", wrap=True)
        self.second = KeyButton(phrase("复制第二席位的命令"), role="link", image="copy")
        self.second.clicked.connect(lambda _on=False: second())
        self._place()
        self._wire()
        follow.second.connect(self.retell)
        self.hide()

    def open(self) -> None:
        """Shows the panel in front; the keyboard focus stays where it is."""
        self.show()
        self.raise_()
        self.refresh()

    def refresh(self) -> None:
        """Updates all texts and switches."""
        network = self._drill.network
        said, tone = wording.now(self._drill, self._desk)
        self.now.set_words(said, tone=tone)
        for switch, on in ((self.cut, network.is_cut), (self.lose, network.lose_answers)):
            switch.blockSignals(True)
            switch.setChecked(on)
            switch.blockSignals(False)
        self.late.choose(next((key for key, seconds, _ in LATE if seconds == network.delay), "0"))
        told, tone = wording.platform(self._drill, self._desk)
        self.platform.set_words(told, tone=tone)
        self.watch.set_words(wording.watch(self._drill))
        self._allow()
        self.fit()

    def fit(self) -> None:
        """Takes the height that its texts need, and stays within the window.

        Unless the user dragged it, it is placed at its corner, left of the toasts.
        """
        tall = self.heightForWidth(WIDTH)
        self.resize(WIDTH, tall if tall > 0 else self.sizeHint().height())
        if not self._pulled:
            corner = self._corner() - QPoint(self.width() + MARGIN, self.height() + MARGIN)
            beside_tellings = self._window.width() - toasts.WIDTH - 2 * MARGIN - self.width()
            self.move(min(corner.x(), beside_tellings), corner.y())
        self._keep_inside()

    def text(self) -> str:
        """Returns the texts shown now, one per line."""
        return "\n".join(label.text() for label in (self.now, self.platform, self.watch))

    def _allow(self) -> None:
        """Disables the actions that are not possible now, each with its reason."""
        drill = self._drill
        is_up = drill.platform is not None and drill.platform.is_up
        why: Words = phrase("上一步还没有做完") if drill.step else ""
        for button, hinders in (
            (self.kill, why),
            (self.backup, why or ("" if is_up else phrase("平台没有在运行"))),
            (self.restore, why or ("" if drill.newest else phrase("还没有备份，先备份一次"))),
        ):
            button.allow() if not str(hinders) else button.disable(hinders)
            button.setVisible(drill.platform is not None)
        is_dead = not is_up and not drill.step
        self.kill.set_words(phrase("启动") if is_dead else phrase("终止"))
        self.kill.set_role("primary" if is_dead else "danger")

    def _kill_or_start(self) -> None:
        platform = self._drill.platform
        self._act("kill" if platform is not None and platform.is_up else "start")

    def _wire(self) -> None:
        self.cut.toggled.connect(self._drill.cut)
        self.lose.toggled.connect(self._drill.lose_answers)
        self.late.chosen.connect(lambda key: self._drill.slow({key: late for key, late, _ in LATE}[key]))
        self.kill.clicked.connect(lambda _on=False: self._kill_or_start())
        self.backup.clicked.connect(lambda _on=False: self._act("back_up"))
        self.restore.clicked.connect(lambda _on=False: self._act("restore"))
        self._drill.changed.connect(self._changed)

    def end(self) -> None:
        """Disconnects from the drill and deletes the panel."""
        self._drill.changed.disconnect(self._changed)
        self.hide()
        self.deleteLater()

    def _changed(self, _: None) -> None:
        self.refresh()

    def _place(self) -> None:
        late = hbox(None, Label(phrase("延迟"), tone="tx2"), STRETCH, self.late, spacing=-1)
        switches = hbox(None, self.cut, self.lose, STRETCH, spacing=24)
        network = _block(Label(phrase("网络（只管本席）"), level="label"), switches, late)
        orders = hbox(None, self.kill, self.backup, self.restore, STRETCH, spacing=8)
        platform = _block(Label(phrase("平台（各席共用）"), level="label"), orders, self.platform)
        keys = Label(
            phrase("Ctrl K：dw 断网、hw 恢复、ds 丢回执、zz 终止、bf 备份、hf 恢复备份"), level="note", wrap=True
        )
        watch = _block(Label(phrase("看什么"), level="label"), self.watch, self.second, keys)
        above = (_Head(self), line(), _block(self.now), line())
        vbox(self, *above, network, line(), platform, line(), watch, margins=(1, 1, 1, 10))

    def _keep_inside(self) -> None:
        around = self._window
        x = max(MARGIN, min(self.x(), around.width() - self.width() - MARGIN))
        lowest = around.height() - self.height() - MEASURES.status_bar
        self.move(x, max(MEASURES.top_bar, min(self.y(), lowest)))

    def pull(self, by: QPoint) -> None:
        """Moves the panel as the user drags it; from then on it stays where it was left."""
        self._pulled = True
        self.move(self.pos() + by)
        self._keep_inside()

    def retell(self) -> None:
        if self.isVisible():
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


class _Head(QWidget):
    """The title bar, which also says that this is a demonstration; the panel is dragged by it."""

    def __init__(self, panel: DrillPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._from: QPoint | None = None
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        close = IconButton("x", phrase("收起"), key="Esc")
        close.clicked.connect(panel.hide)
        title, chip = Label(phrase("演练故障"), level="section"), Chip(phrase("仅供演示"), kind="warn")
        image = Picture("flask-conical", tone="warn")
        hbox(self, image, title, chip, STRETCH, close, margins=(14, 6, 6, 6), spacing=8)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            at = event.globalPosition().toPoint()
            self._panel.pull(at - self._from)
            self._from = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None


def _block(*parts: QWidget | QHBoxLayout) -> QVBoxLayout:
    """Stacks parts vertically with the panel's margins."""
    return vbox(None, *parts, margins=(14, 9, 14, 9), spacing=8)
