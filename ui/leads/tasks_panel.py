"""The sub-tasks of the chosen case, each with its state, what it was asked for, its report and its objection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.tasks import CaseTask, Task, task_id
from ui.kit import records
from ui.kit.case_parts.case_lines import task_texts
from ui.kit.labels.chips import Glyph
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox, vbox
from ui.kit.texts.words import Words, phrase, term
from ui.leads.wording import Wording

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class TaskRow(QWidget):
    """One sub-task."""

    def __init__(self) -> None:
        super().__init__()
        self.glyph, self.name, self.said = Glyph("task.waiting"), Label(), ElidedText()
        self.detail = Label(tone="tx2", wrap=True, selectable=True)
        top = hbox(None, self.glyph, self.name, (self.said, 1), spacing=8)
        vbox(self, top, hbox(None, 22, (self.detail, 1)), spacing=2)

    def show_task(self, wording: Wording, case: Case, named: CaseTask) -> None:
        """Shows a sub-task of a case."""
        line = wording.task(case, named)
        self.glyph.set_name(line.glyph)
        kind = term("task_kind", named.kind, short=True)
        self.name.set_words(phrase("{kind} {body}", kind=kind, body=line.name))
        self.said.set_words(line.said, tone=line.token)
        told = details(wording.board, case, named)
        self.detail.set_words("\n".join(map(str, told)))
        self.detail.setVisible(bool(told))


class TasksPanel(QWidget):
    """Shows the sub-tasks in the order asked for."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.rows: list[TaskRow] = []
        self._below = vbox(spacing=8)
        vbox(self, Label(phrase("协办与吹哨"), level="label", tone="tx3"), self._below, spacing=6)

    def show_case(self, case: Case) -> None:
        """Shows the sub-tasks of a case as of this second; hides itself where there are none."""
        tasks: Sequence[CaseTask] = case.tasks
        while len(self.rows) < len(tasks):
            self.rows.append(TaskRow())
            self._below.addWidget(self.rows[-1])
        for row, task in zip(self.rows, tasks, strict=False):
            row.show_task(self._wording, case, task)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(tasks))
        self.setVisible(bool(tasks))


def details(board: Board, case: Case, named: CaseTask) -> list[Words]:
    """Returns what a sub-task was asked for, what was reported, and why it was refused; nothing where none is known."""
    task = records.find(board, Task, task_id(case.id, named.holder, named.kind))
    texts = [] if task is None else task_texts(task)
    return [phrase("{label}：{text}", label=label, text=text) for label, text in texts]
