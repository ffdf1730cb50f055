"""The dialog for a step of a case that needs a choice: likeliest first, with the moment and text that go with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QLineEdit

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS
from commandcenter.domain.fields import Moment, Text, asked
from ui.cases.answers import Answers
from ui.cases.ranking import Asked, ranking_of
from ui.kit.dialogs import KeptInput, Sheet, run_dialog
from ui.kit.forms.form import FormField, personal_number_refusal
from ui.kit.forms.typing import too_long
from ui.kit.labels.label import Label
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.moments import read_moment, typed_moment
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import Words, phrase, say, term

_EXAMPLES = "如 15:00、明天 9:00、30分"


async def choose(
    context: SeatContext,
    case: Case,
    step: str,
    *,
    kind: str,
    said: Answers,
    may: Callable[[str], bool],
    kept: KeptInput,
) -> Answers | None:
    """Asks for one of `kind`, and for the moment and the text that the step takes; returns None when it is cancelled.

    The fields begin with what was `said` before, or what is `kept`. `may` says whether the step is possible with that
    one.
    """
    board, what = context.desk.board, term("command", step)
    ranking = ranking_of(Asked(board, case, context.desk.person, context.desk.now(), may), kind)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=names.title(board, case))
    sheet = Sheet(context.window, title=title, width=560)
    search = SearchList(candidates=ranking.like, hint=phrase("名称、拼音或首字母，如 wh cg"), inline=True)
    moment, note = _MomentField(context, step, said.moment), _NoteField(step, said.text)
    taken: list[Any] = []  # the list closes with a choice, and a field beside it may still have to be mended

    def take(candidate: Candidate | None) -> None:
        taken[:] = taken if candidate is None else [candidate.thing]
        wrong = [field for field in (moment, note) if not field.is_right()]
        if wrong:
            wrong[0].line.setFocus()
        elif taken:
            sheet.accept()

    search.chosen.connect(take)
    for field in (moment, note):
        field.line.returnPressed.connect(lambda: take(search.current()))
    sheet.content.addWidget(Label(called(case.place), tone="tx2", wrap=True))
    for part in (search, moment, note):
        sheet.content.addWidget(part)
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    sheet.add_answer(what, lambda: take(search.current()), key="Ctrl ↵", role="primary")
    search.offer(ranking.like(""))
    search.edit.setFocus()
    if await kept.begin({"moment": moment.line, "note": note.line}):
        sheet.content.addWidget(Label(phrase("上次没有送出的，已取回"), level="label"))
    try:
        is_given = await run_dialog(sheet)
    finally:
        kept.keep()
    return Answers(taken[0].id, note.text(), moment.moment()) if is_given and taken else None


class _LineField(FormField):
    """A line that the step may not take (it is hidden then), may take, or needs."""

    def __init__(self, mark: Moment | Text | None, text: str, *, needed: Words, free: Words) -> None:
        self.line = QLineEdit(text)
        super().__init__(self.line)
        self.is_needed = mark is not None and mark.required
        hint = needed if self.is_needed else free
        self.line.setPlaceholderText(str(hint))
        self.line.setAccessibleName(str(hint))
        self.setVisible(mark is not None)

    def text(self) -> str:
        """Returns the text without blanks around it."""
        return self.line.text().strip()

    def is_right(self) -> bool:
        """Returns whether nothing is wrong with the text, and shows what is."""
        is_missing = self.is_needed and not self.text()
        wrong = phrase("此项必填") if is_missing else self.wrong() if self.text() else None
        self.set_error(wrong)
        return wrong is None

    def wrong(self) -> Words | None:
        """Returns what is wrong with a text that is not blank."""
        raise NotImplementedError


class _NoteField(_LineField):
    def __init__(self, step: str, text: str) -> None:
        (_, mark) = asked(STEPS[step], Text)
        needed = term("ask", step) if mark is not None and mark.required else ""
        super().__init__(mark, text, needed=needed, free=phrase("附言，可不填"))

    def wrong(self) -> Words | None:
        return personal_number_refusal(self.text()) or too_long(self.text())


class _MomentField(_LineField):
    def __init__(self, context: SeatContext, step: str, moment: datetime | None) -> None:
        self._desk = context.desk
        (_, mark) = asked(STEPS[step], Moment)
        text = "" if moment is None else typed_moment(moment, names.zone(context.desk.board))
        examples = say(_EXAMPLES)
        needed = phrase("什么时候，{examples}", examples=examples)
        super().__init__(mark, text, needed=needed, free=phrase("到什么时候，可不填，{examples}", examples=examples))

    def moment(self) -> datetime | None:
        """Returns the moment; None when there is none, or none that can be read."""
        return read_moment(self.text(), self._desk.now(), names.zone(self._desk.board)) if self.text() else None

    def wrong(self) -> Words | None:
        return None if self.moment() is not None else phrase("看不懂这个时间，{examples}", examples=say(_EXAMPLES))
