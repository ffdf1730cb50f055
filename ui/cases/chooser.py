"""The dialog for choosing a record for a step of a case: likeliest first, searched by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QLineEdit

from commandcenter.domain.cases import Case
from ui.cases.ranking import Asked, ranking_of
from ui.kit.dialogs import Sheet, run_dialog
from ui.kit.forms.form import FormField, personal_number_refusal
from ui.kit.forms.typing import too_long
from ui.kit.labels.label import Label
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, say, term


@dataclass(frozen=True, slots=True)
class Choice:
    """The id of the chosen record and a note to go with it ("" for none)."""

    id: str
    note: str


async def choose(
    context: SeatContext, case: Case, step: str, *, kind: str, note: str | None, may: Callable[[str], bool]
) -> Choice | None:
    """Asks for the record of `kind` that the step of `case` needs; returns None when the user cancels.

    `note` is the text with which a field for a note begins; None: there is no such field. `may` says whether the step
    is possible with the record of that id.
    """
    board, what = context.desk.board, term("command", step)
    ranking = ranking_of(Asked(board, case, context.desk.person, context.desk.now(), may), kind)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=names.title(board, case))
    sheet = Sheet(context.window, title=title, width=520)
    search = SearchList(candidates=ranking.like, hint=phrase("名称、拼音或首字母，如 wh cg"), inline=True)
    field = QLineEdit(note or "")
    field.setPlaceholderText(say("附言，可不填"))
    field.setAccessibleName(say("附言"))
    noted = FormField(field)
    taken: list[Any] = []

    def take(candidate: Candidate | None) -> None:
        wrong = personal_number_refusal(field.text()) or too_long(field.text())
        noted.set_error(wrong)
        if wrong is None and candidate is not None:
            taken[:] = [candidate.thing]
            sheet.accept()

    search.chosen.connect(take)
    sheet.content.addWidget(Label(case.place, tone="tx2", wrap=True))
    sheet.content.addWidget(search)
    if note is not None:
        sheet.content.addWidget(noted)
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    sheet.add_answer(what, lambda: take(search.current()), key="Ctrl ↵", role="primary")
    search.offer(ranking.like(""))
    search.edit.setFocus()
    return Choice(taken[0].id, field.text().strip()) if await run_dialog(sheet) and taken else None
