"""What the list of attention says of each thing: its cause, what it is about, where, and since when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.attention.causes import ESCALATED_AFTER, LEVEL_OF, Concern, Level
from commandcenter.domain.awaiting import awaited_step
from commandcenter.domain.cases import Case
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.texts import names, times
from ui.kit.texts.district_time import moment
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import Words, phrase, say, term, word

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

SHAPES = {Level.NOTICE: "task.waiting", Level.IMPORTANT: "light.soon", Level.URGENT: "light.overdue"}
TONES = {Level.NOTICE: "tx1", Level.IMPORTANT: "warn", Level.URGENT: "bad"}


class Wording:
    """Says what needs attention, by the board of `desk`; nothing that it says is personal data."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def cause(self, one: Concern) -> Words:
        """Returns why somebody has to look; of what is new for which step it waits."""
        case = records.find(self._desk.board, Case, one.ref[1])
        step = awaited_step(case) if case is not None and one.cause == "new" else None
        return term("attention", one.cause) if step is None else phrase("新到，等{what}", what=term("command", step))

    def subject(self, one: Concern) -> str:
        """Returns what it is about: number and title of a case, name of a crew, an own act."""
        board = self._desk.board
        if one.ref[0] == "act":
            act = self._desk.acts.find(one.ref[1])
            return "" if act is None else word("command", act.name)
        record = board.find(*one.ref)
        case = records.find(board, Case, record.case if isinstance(record, Task) else one.ref[1])
        if case is not None:
            return f"{tail(case)} {names.public_title(board, case)}"
        if isinstance(record, Crew):
            return f"{called(record.name)} {word('status', record.status)}"
        return "" if record is None else names.heading(board, record)

    def where(self, one: Concern) -> str:
        """Returns whose it is and where; of what was escalated that nobody acted upon it."""
        board, parts = self._desk.board, list[str]()
        record = board.find(*one.ref)
        if one.is_escalated:
            parts.append(say("{n} 分钟无人处理", n=ESCALATED_AFTER[LEVEL_OF[one.cause]]))
        holder = (
            getattr(record, "responsible", None) or getattr(record, "holder", None) or getattr(record, "unit", None)
        )
        if record is not None:
            parts += [
                names.name(board, "street", getattr(record, "street", None)),
                names.holder_name(board, holder, short=True),
            ]
        if isinstance(record, Task) and record.due is not None:
            parts.append(say("限 {at}", at=moment(board, record.due, self._desk.now())))
        return " · ".join(dict.fromkeys(filter(None, parts)))

    def since(self, one: Concern) -> str:
        """Returns how long ago it began."""
        return times.ago((self._desk.now() - one.since).total_seconds())

    def until(self, at: datetime) -> str:
        """Returns until when it was put off."""
        return say("{at} 再提醒", at=moment(self._desk.board, at, self._desk.now()))

    def sentence(self, one: Concern) -> str:
        """Returns it in one line, for the tray and who does not see the list."""
        said = (word("attention_level", one.level.name.lower()), self.cause(one), self.subject(one), self.where(one))
        return " ".join(filter(None, map(str, said)))
