"""The middle of the inbox 需处理: an act's headline, its three versions, how they came about, and the choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from commandcenter.store.overlay import Act
from commandcenter.sync.versions import Reason, Versions
from ui.inbox.choices import Choices
from ui.inbox.table import FieldTable
from ui.inbox.version_diagram import VersionDiagram
from ui.inbox.words import Wording
from ui.kit.controls.buttons import KeyButton, NextStep
from ui.kit.feedback.states import StateCard
from ui.kit.labels.chips import Glyph
from ui.kit.labels.label import Label, line
from ui.kit.layouts import hbox, laid_out, stacked, vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.texts.words import Words, phrase, term
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.outages import Outage

PAD = MEASURES.dock_padding
SHAPES = {Reason.OTHER_USER: "delivery.kept", Reason.HELD: "light.paused"}


class VersionsPanel(QWidget):
    """The panel of one act; `first(command id)` asks for the act that blocks it."""

    first = Signal(str)

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._before = ""
        self.head = DockHeader(phrase("需处理"))
        self.back = KeyButton(phrase("返回"), key="Esc", role="row")
        self.blocker = KeyButton(phrase("看前一步"), role="row")
        self._shape = Glyph("light.needs_you", size=16)
        self._title = Label(level="section", wrap=True)
        self._why = Label(wrap=True, tone="tx2")
        self.table = FieldTable(wording)
        self.course = VersionDiagram(wording)
        self.choices = Choices(wording)
        self.card = StateCard()
        self._lay()
        self.blocker.clicked.connect(lambda _on=False: self.first.emit(self._before))

    def show_versions(self, seen: Versions, outages: Sequence[Outage], *, is_live: bool) -> None:
        """Shows an act that waits; `is_live`: the console is connected and up to date."""
        self.head.set_title(self._wording.record(seen.act.compared, seen.theirs or seen.before))
        self.head.set_note(phrase("{what}，{word}", what=self._wording.act(seen.act), word=_word(seen)))
        self._before = seen.blocker.cmd_id if seen.blocker is not None else ""
        self.blocker.setVisible(bool(self._before))
        self._shape.set_name(SHAPES.get(seen.reason, "light.needs_you"))
        self._title.set_words(self._wording.headline(seen))
        self._why.set_words(self._wording.explained(seen))
        self.table.show_versions(seen)
        self.course.show_versions(seen, outages)
        self.choices.show_versions(seen, is_live=is_live)
        self._stack.setCurrentWidget(self._body)

    def show_nothing(self, ended: Act | None, *, unsent: dict[str, int], back: Callable[[], object]) -> None:
        """Shows, with a button back, that the chosen act was decided (`ended`) or that nothing waits.

        `unsent` is the number of unsent acts of each user.
        """
        step = NextStep(phrase("返回"), back, "Esc", "primary")
        self.head.set_title(phrase("需处理"))
        self.head.set_note("")
        self.blocker.hide()
        self._stack.setCurrentWidget(self.card)
        if ended is not None:
            what = self._wording.act(ended)
            title = (
                phrase("已重做：{what}", what=what) if ended.code == "replaced" else phrase("已放弃：{what}", what=what)
            )
            text = phrase("{case}，{at} 由你决定。", case=self._wording.record(ended.ref),
                          at=self._wording.clock(ended.moved_at))  # fmt: skip
            self.card.tell("empty", title, text, image="check", steps=[step])
            return
        count = sum(unsent.values())
        text = phrase("未送达 {n} 条，连上后按序送出。", n=count) if count else phrase("做过的都已生效。")
        self.card.tell("empty", phrase("没有需要你处理的"), text, image="check", steps=[step])

    def texts(self) -> tuple[str, str]:
        """Returns the headline and the explanation below it."""
        return self._title.text(), self._why.text()

    def _lay(self) -> None:
        self.head.add_widget(self.blocker)
        self.head.add_widget(self.back)
        said = vbox(None, self._title, self._why, spacing=3)
        top = hbox(None, self._shape, (said, 1), margins=(PAD, 10, PAD, 10), spacing=10)
        top.setAlignment(self._shape, Qt.AlignmentFlag.AlignTop)
        course = Label(phrase("版本走向"), level="label")
        course.setContentsMargins(PAD, 10, PAD, 0)
        inside = mark(QWidget(), surface="bg1")
        vbox(inside, top, line(), self.table, line(), course, (self.course, 1), (None, 0))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self._body = laid_out(vbox(None, (area, 1), self.choices))
        self._stack = stacked(None, self._body, self.card)
        vbox(self, self.head, (self._stack, 1))


def _word(seen: Versions) -> Words:
    return term("waits", seen.reason)
