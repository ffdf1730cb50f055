"""The fields of the intake form under who, where and what, with their validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from commandcenter.domain.channels import Channel
from commandcenter.domain.people import Person, Role
from commandcenter.domain.personal import has_personal_number
from commandcenter.sync.petitioner import Petitioner
from ui.intake.findings import Section
from ui.intake.kind_box import KindBox
from ui.intake.personal_number_warning import PersonalNumberWarning
from ui.intake.where import PlaceBox
from ui.intake.who import PetitionerBox
from ui.kit import records
from ui.kit.forms.form import FormField
from ui.kit.forms.typing import set_text_at, strip_invisible, too_long, units
from ui.kit.labels.label import Label, Retranslated
from ui.kit.labels.spans import TextSpans
from ui.kit.layouts import hbox, label_grid, laid_out, vbox
from ui.kit.texts.glossary import called
from ui.kit.texts.words import Words, phrase, say, word
from ui.theme import MEASURES

if TYPE_CHECKING:
    from commandcenter.store.board import Board

LABEL = 62
TEXT, TEXT_CLOSE, GAP, GAP_CLOSE, EDGE, EDGE_CLOSE = 84, 58, 10, 6, 14, 2  # pixels
CHANNEL_OF = {Role.GRID_LEADER: "grid"}


class IntakeForm(Retranslated, QWidget):
    """The fields; `changed` on every change that the findings depend on.

    `entered` on Enter in a one-line field except the telephone, `filed` on Ctrl+Enter in the text.
    """

    changed = Signal()
    entered = Signal()
    filed = Signal()

    def __init__(self, board: Board, seal: Callable[[Petitioner], tuple[str, str]]) -> None:
        super().__init__()
        self._board = board
        self.who, self.where, self.kind = PetitionerBox(seal), PlaceBox(board), KindBox(board)
        self.text = QPlainTextEdit()
        self.channel, self.external = QComboBox(), QLineEdit()
        self.text_field = FormField(self.text)
        self.number_warnings = {"text": PersonalNumberWarning(), "place": PersonalNumberWarning()}
        self.limit = TextSpans(size=MEASURES.body)  # that would start now
        self._headings: list[Section] = []
        self._grid = label_grid(self, gaps=(10, GAP), label_width=LABEL)
        self._lay()
        self._wire()
        self.retell()

    def fill_channels(self, person: Person | None) -> None:
        """Lists the channels that may be chosen by hand; keeps the chosen one, else selects the role's usual one."""
        chosen = self.channel.currentData()
        found = [channel for channel in records.current(self._board, Channel) if channel.by_hand]
        self.channel.clear()
        for channel in found:
            self.channel.addItem(called(channel.name), channel.id)
        usual = CHANNEL_OF.get(person.role) if person else None
        calls = next((c.id for c in found if c.id not in CHANNEL_OF.values()), None)
        self.channel.setCurrentIndex(max(0, self.channel.findData(chosen or usual or calls)))

    def show_errors(self, errors: dict[str, str]) -> QWidget | None:
        """Shows errors of place, street, text and kind and focuses the first (external: focus only); {} clears all.

        Returns the field focused, None without an error.
        """
        self.where.set_error(errors.get("place") or errors.get("street") or "", field=_first(errors, "place", "street"))
        self.text_field.set_error(errors.get("text"))
        self.kind.set_error(errors.get("kind", ""))
        fields = {"place": self.where, "street": self.where.street, "text": self.text, "kind": self.kind}
        fields["external"] = self.external
        wrong = next((widget for name, widget in fields.items() if name in errors), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong

    def stand_close(self, is_close: bool) -> None:
        """Puts the fields closer together where there is little height, under lines for headings; or as usual."""
        self._headings[0].setVisible(not is_close)  # above it there is nothing to be divided from
        for heading in self._headings:
            heading.stand_close(is_close)
        self.text.setFixedHeight(TEXT_CLOSE if is_close else TEXT)
        self._grid.setVerticalSpacing(GAP_CLOSE if is_close else GAP)
        self._grid.setContentsMargins(16, EDGE, 16, EDGE_CLOSE if is_close else EDGE)

    def errors(self) -> dict[str, str]:
        """Returns what prevents filing: messages by field (place, street, text, kind)."""
        found = {}
        if not self.where.words() and self.where.spot is None:
            found["place"] = say("写地址，或在地图上点位置")
        if not self.where.chosen_street():
            found["street"] = say("请选街镇")
        said = self.said()
        if not said:
            found["text"] = say("写诉求")
        elif (long := too_long(said)) is not None:
            found["text"] = str(long)
        elif has_personal_number(said):
            found["text"] = word("refusal", "personal_number")
        if has_personal_number(self.where.words()):
            found["place"] = word("refusal", "personal_number")
        if self.kind.kind is None:
            found["kind"] = say("选小类")
        return found

    def said(self) -> str:
        """Returns the text of the petition, stripped."""
        return self.text.toPlainText().strip()

    def clear(self) -> None:
        """Clears all fields but the channel."""
        for field in (self.who, self.where, self.text, self.external, self.kind):
            field.clear()
        self.show_errors({})

    def retell(self) -> None:
        self.text.setPlaceholderText(say("照来电人说的写"))
        self.text.setAccessibleName(say("诉求"))
        self.external.setPlaceholderText(say("来单编号，可不填"))
        self.external.setAccessibleName(say("来单编号"))
        self.channel.setAccessibleName(say("渠道"))

    def _watch_numbers(self) -> None:
        takes_phone = not self.who.is_sealed and not self.who.phone.text().strip()
        self.number_warnings["text"].watch(self.text.toPlainText(), takes_phone=takes_phone)
        self.number_warnings["place"].watch(self.where.search.text(), takes_phone=takes_phone)

    def _wire_numbers(self) -> None:
        for editor in (self.who.name, self.who.phone, self.external, self.where.search.edit):
            strip_invisible(editor)
        for offer in self.number_warnings.values():
            offer.moved.connect(self.who.phone.setText)
        self.number_warnings["text"].number_deleted.connect(lambda text: set_text_at(self.text, text, units(text)))
        self.number_warnings["place"].number_deleted.connect(self.where.search.edit.setText)
        self.changed.connect(self._watch_numbers)
        self.where.search.edit.textChanged.connect(lambda _text: self._watch_numbers())
        self.who.phone.textChanged.connect(lambda _text: self._watch_numbers())

    def _wire(self) -> None:
        self._wire_numbers()
        self.where.changed.connect(self.changed)
        self.where.entered.connect(self.entered)
        self.kind.changed.connect(self.changed)
        self.text.textChanged.connect(self.changed)
        self.text.textChanged.connect(lambda: self.text_field.set_error(None))  # the user is already correcting it
        for field in (self.who.name, self.external, self.kind.search):
            signal = field.returnPressed if isinstance(field, QLineEdit) else field.entered
            signal.connect(lambda *_: self.entered.emit())
        self.who.phone.returnPressed.connect(lambda: self.where.setFocus())
        self.text.installEventFilter(self)

    def _lay(self) -> None:
        grid = self._grid
        self.text.setTabChangesFocus(True)
        intake = laid_out(hbox(None, (self.channel, 2), (self.external, 3), spacing=8))
        self._ask(grid, phrase("谁"), ((phrase("称呼"), self.who), (phrase("保密"), self._secrecy())))
        self._ask(grid, phrase("哪里"), ((phrase("地址"), _over(self.where, self.number_warnings["place"])),))
        self._ask(
            grid,
            phrase("什么事"),
            (
                (phrase("诉求"), _over(self.text_field, self.number_warnings["text"])),
                (phrase("小类"), self.kind),
                (phrase("时限"), _lowered(self.limit)),
                (phrase("渠道"), intake),
            ),
        )
        grid.setRowStretch(grid.rowCount(), 1)
        self.stand_close(False)

    def _secrecy(self) -> QWidget:
        said = Label(phrase("姓名、电话即时密封，承办单位不可见"), level="label", wrap=True)
        return laid_out(hbox(None, self.who.secret, (said, 1), margins=(0, 4, 0, 4), spacing=10))

    def _ask(self, grid: QGridLayout, title: Words, rows: tuple[tuple[Words, QWidget], ...]) -> None:
        self._headings.append(Section(title))
        grid.addWidget(self._headings[-1], grid.rowCount(), 0, 1, 2)
        for said, widget in rows:
            label = Label(said, tone="tx2")
            label.setFixedHeight(MEASURES.field)
            row = grid.rowCount()
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, row, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enters and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.filed.emit()
                return True
        return super().eventFilter(watched, event)


def _lowered(widget: QWidget) -> QWidget:
    """Wraps the widget with a margin that aligns it with its label."""
    return laid_out(vbox(None, widget, margins=(0, 4, 0, 2), spacing=-1))


def _over(field: QWidget, offer: QWidget) -> QWidget:
    """Stacks the field above the widget `offer`."""
    return laid_out(vbox(None, field, offer, spacing=3))


def _first(errors: dict[str, str], *names: str) -> str:
    return next((name for name in names if name in errors), names[0])
