"""What would change the platform's proposal, and the cases that it was learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.lead_advice import LeadAdvice, SimilarCase
from ui.kit.labels.label import Label
from ui.kit.layouts import vbox
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, say
from ui.leads.bodies import change_words

if TYPE_CHECKING:
    from commandcenter.store.board import Board

CHANGES, PRECEDENTS = 3, 4  # lines


class AdvicePanel(QWidget):
    """Two short lists; each is hidden while there is nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self._changes_title = Label(phrase("什么会改变答案"), level="label")
        self._changes = tuple(Label(tone="tx2", wrap=True) for _ in range(CHANGES))
        self._past_title = Label(level="label")
        self._past = tuple(Label(tone="tx2", wrap=True) for _ in range(PRECEDENTS))
        vbox(self, self._changes_title, *self._changes, self._past_title, *self._past, spacing=4)

    def show_advice(self, board: Board, advice: LeadAdvice) -> None:
        """Shows what `advice` has beside the bodies."""
        self._past_title.set_words(phrase("先例，共 {n} 件可参照", n=f"{advice.known:,}"))
        _show(self._changes_title, self._changes, [change_words(board, one) for one in advice.changes])
        _show(self._past_title, self._past, [_precedent(board, one) for one in advice.precedents])

    def texts(self) -> list[str]:
        """Returns the lines as shown."""
        return [label.text() for label in (*self._changes, *self._past) if not label.isHidden()]


def _show(title: Label, labels: tuple[Label, ...], said: list[Words]) -> None:
    title.setVisible(bool(said))
    for at, label in enumerate(labels):
        label.set_words(said[at] if at < len(said) else "")
        label.setVisible(at < len(said))


def _precedent(board: Board, past: SimilarCase) -> Words:
    """Returns when it was, who led and who helped."""
    month = f"{past.at.astimezone(names.zone(board)):%Y-%m}"
    lead, kind = names.holder_name(board, past.lead, short=True), names.name(board, "kind", past.kind)
    helpers = say("、").join(names.holder_name(board, one, short=True) for one in past.helpers)
    if not helpers:
        return phrase("{month}  {kind}  {lead}主办", month=month, kind=kind, lead=lead)
    return phrase("{month}  {kind}  {lead}主办，{helpers}协办", month=month, kind=kind, lead=lead, helpers=helpers)
