"""The table of the fields that matter in three versions (before, mine, theirs), with their differences marked."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from commandcenter.sync.versions import FieldState, FieldVersions, Reason, Versions
from ui.inbox.words import MARK_TONES, Wording, kind_words
from ui.kit.labels.chips import Glyph
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term
from ui.theme import mark

NAME_WIDTH = 116
LEAST = 46  # pixels of a row


class Cell(QFrame):
    """A value with a note below it, tinted by `kind`: plain, head, mine, theirs, same or clash."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = Label(wrap=True, selectable=True)
        self._note = Label(level="label", wrap=True)
        self.setMinimumHeight(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        vbox(self, self._value, self._note, STRETCH, margins=(12, 6, 12, 6), spacing=1)

    def tell(self, value: Words, note: Words = "", *, kind: str = "plain", tone: str = "tx1") -> None:
        """Shows a value and a note; every kind but plain is bold."""
        mark(self, cell=kind)
        self._value.set_words(value, tone=tone)
        self._value.set_level("strong" if kind != "plain" else "body")
        self._note.set_words(note)
        self._note.setVisible(bool(str(note)))
        self.setAccessibleName(f"{value} {note}".strip())

    def text(self) -> str:
        """Returns value and note as shown."""
        return self.accessibleName()


class FieldName(QFrame):
    """A field's name and, as shape and word, how its three versions relate to each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, cell="name")
        self.setFixedWidth(NAME_WIDTH)
        self._name = Label(level="strong", wrap=True)
        self._shape = Glyph("field.untouched", size=10)
        self._word = Label(level="label")
        below = hbox(None, self._shape, (self._word, 1), spacing=5)
        vbox(self, self._name, below, STRETCH, margins=(12, 6, 6, 6), spacing=1)

    def tell(self, field: FieldVersions) -> None:
        """Shows a field's name and mark."""
        self._name.set_words(term("record", field.name))
        self._shape.set_name(f"field.{field.mark}")
        self._word.set_words(term("field", field.mark), tone=MARK_TONES[field.mark])
        self.setAccessibleName(f"{term('record', field.name)} {term('field', field.mark)}")

    def text(self) -> str:
        """Returns name and mark as shown."""
        return self.accessibleName()


class FieldTable(QWidget):
    """Rows of a FieldName and three Cells below a head; rows are created when needed and reused."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._rows: list[tuple[FieldName, Cell, Cell, Cell]] = []
        self.heads = (Cell(), Cell(), Cell())
        self._rest = Label(level="label")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        for at, head in enumerate(self.heads):
            self._grid.addWidget(head, 0, at + 1)
            self._grid.setColumnStretch(at + 1, 1)
        corner = Cell()
        corner.tell(phrase("字段"), kind="head", tone="tx3")
        corner.setFixedWidth(NAME_WIDTH)
        self._grid.addWidget(corner, 0, 0)
        vbox(self, self._grid, self._rest)
        self._rest.setContentsMargins(12, 6, 12, 6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_versions(self, seen: Versions) -> None:
        """Shows the fields of an act's versions."""
        self._tell_heads(seen)
        while len(self._rows) < len(seen.fields):
            self._add_row()
        for at, row in enumerate(self._rows):
            is_shown = at < len(seen.fields)
            for part in row:
                part.setVisible(is_shown)
            if is_shown:
                self._tell_row(row, seen.fields[at], seen)
        rest = phrase("其余 {n} 个字段没有人动，未列", n=seen.alike)
        unseen = phrase("{kind}现在的样子本席看不到", kind=kind_words(seen))
        self._rest.set_words(rest if seen.theirs is not None else unseen)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Returns the rows shown: name with mark, before, mine, theirs."""
        return [tuple(part.text() for part in row) for row in self._rows if not row[0].isHidden()]  # type: ignore[misc]

    def _add_row(self) -> None:
        row = (FieldName(), Cell(), Cell(), Cell())
        at = len(self._rows) + 1
        for column, part in enumerate(row):
            self._grid.addWidget(part, at, column)
        self._rows.append(row)

    def _tell_heads(self, seen: Versions) -> None:
        act, clock = seen.act, self._wording.clock
        before, mine, theirs = self.heads
        is_other = seen.reason is Reason.OTHER_USER
        author = names.account_name(self._wording.board, act.user)
        rev = phrase("第 {n} 版", n=seen.before.rev) if seen.before is not None else phrase("旧程序没有存下")
        before.tell(phrase("原来"), phrase("做的时候看到的\n{rev}", rev=rev), kind="head")
        whose: Words = phrase("{who}的", who=author) if is_other else phrase("我的")
        mine.tell(whose, phrase("{at} 存下\n{then}", at=clock(act.made_at), then=self._sent(seen)), kind="head")
        there_is = phrase("第 {n} 版", n=seen.theirs.rev) if seen.theirs is not None else phrase("不在本席范围")
        is_set = seen.decisive is not None and seen.theirs is not None
        note = phrase("现在\n{rev}", rev=there_is) if is_set else there_is
        theirs.tell(phrase("他人") if seen.decisive is not None else phrase("现在"), note, kind="head")

    def _sent(self, seen: Versions) -> Words:
        if seen.sent_at is None:
            return phrase("还没有送出")
        return phrase("{at} 送达", at=self._wording.clock(seen.sent_at))

    def _tell_row(self, row: tuple[FieldName, Cell, Cell, Cell], field: FieldVersions, seen: Versions) -> None:
        name, before, mine, theirs = row
        value = self._wording.value
        name.tell(field)
        before.tell(value(field.name, field.before), tone="tx2")
        is_mine = field.mark in (FieldState.CLASH, FieldState.MINE, FieldState.SAME)
        is_theirs = field.mark in (FieldState.CLASH, FieldState.THEIRS, FieldState.SAME)
        same = field.mark is FieldState.SAME
        known = seen.mine is not None
        self._tell_cell(mine, field.name, field.mine, on=is_mine, kind="same" if same else "mine", known=known)
        kind = {FieldState.CLASH: "clash", FieldState.SAME: "same"}.get(field.mark, "theirs")
        self._tell_cell(theirs, field.name, field.theirs, on=is_theirs, kind=kind, known=seen.theirs is not None)
        if is_theirs and not same and field.fact is not None:  # of what both want alike nobody asks who was first
            note = phrase("{who} {at}", who=self._wording.who(field.fact), at=self._wording.clock(field.fact.at))
            theirs.tell(value(field.name, field.theirs), note, kind=kind)

    def _tell_cell(self, cell: Cell, name: str, value: object, *, on: bool, kind: str, known: bool) -> None:
        """`on`: this version changed the field; `known`: this version exists."""
        if not known:
            cell.tell("—", tone="tx3")
        elif on:
            cell.tell(self._wording.value(name, value), kind=kind)
        else:
            cell.tell(phrase("未改"), tone="tx3")
