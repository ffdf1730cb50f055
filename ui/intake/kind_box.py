"""The field for the kind: three suggestions from the text on Alt 1–3, or a search by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.kinds import Kind
from ui.intake.address import matched
from ui.intake.suggest import Suggestion
from ui.kit import records
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, laid_out, vbox
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.search.spelling import fit
from ui.kit.texts.glossary import called
from ui.kit.texts.words import phrase, say

if TYPE_CHECKING:
    from commandcenter.store.board import Board

OFFERED = 3


class KindBox(QWidget):
    """The field for the kind; `changed` on another kind. It takes the best suggestion until the user chooses one."""

    changed = Signal()

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._chosen: Kind | None = None
        self._is_by_hand = False
        self._offers: tuple[Kind, ...] = ()
        self._buttons = [KeyButton("", key=str(n + 1), role="option") for n in range(OFFERED)]
        self.search = SearchList(candidates=self._like, hint=phrase("其他小类：名称、拼音或首字母"))
        self._note, self._error = Label(level="label", wrap=True), Label(level="label", tone="bad")
        self._lay()
        for place, button in enumerate(self._buttons):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # beside long names it gives way
            button.clicked.connect(lambda _on=False, place=place: self.choose_offer(place))
            shortcut = QShortcut(QKeySequence(f"Alt+{place + 1}"), self)
            shortcut.activated.connect(lambda place=place: self.choose_offer(place))
        self.search.chosen.connect(self._take)
        self._show()

    @property
    def kind(self) -> Kind | None:
        """The current kind: the user's choice or the best suggestion."""
        return self._chosen

    @property
    def by_hand(self) -> str:
        """The id of the kind that the user chose; "" while none or only a suggestion is taken."""
        return self._chosen.id if self._chosen is not None and self._is_by_hand else ""

    def offer(self, suggestions: Sequence[Suggestion]) -> None:
        """Shows the suggestions, best first, and takes the first one while the user has chosen none."""
        self._offers = tuple(suggestion.kind for suggestion in suggestions[:OFFERED])
        if not self._is_by_hand:
            before, self._chosen = self._chosen, self._offers[0] if self._offers else None
            if before is not self._chosen:
                self.changed.emit()
            if self._chosen is not None:
                self.set_error("")  # the missing kind is there now
        words = say("、").join(suggestions[0].words[:3]) if suggestions else ""
        self._note.set_words(phrase("按文字推荐，依据“{words}”；Alt 加数字选用", words=words) if words else "")
        self._note.setVisible(bool(words))
        self._show()

    def choose_offer(self, place: int) -> None:
        """Chooses the suggestion on the key `place` + 1, if there is one."""
        if place < len(self._offers):
            self.choose(self._offers[place])

    def choose(self, kind: Kind) -> None:
        """Chooses `kind`, whatever the text suggests."""
        self._chosen, self._is_by_hand = kind, True
        self.set_error("")
        self._show()
        self.changed.emit()

    def clear(self) -> None:
        """Forgets the choice and the suggestions."""
        self._chosen, self._is_by_hand, self._offers = None, False, ()
        self.search.set_text("")
        self._note.hide()
        self.set_error("")
        self._show()

    def set_error(self, wrong: str) -> None:
        """Shows an error below the field; "" clears it."""
        self._error.set_words(wrong)
        self._error.setVisible(bool(wrong))

    def offered(self) -> tuple[str, ...]:
        """Returns the names on the buttons shown."""
        return tuple(button.text() for button in self._buttons if not button.isHidden())

    def _take(self, candidate: Candidate) -> None:
        if isinstance(candidate.thing, Kind):
            self.search.set_text("")
            self.choose(candidate.thing)

    def _like(self, typed: str) -> tuple[Candidate, ...]:
        if not typed.strip():
            return ()
        kinds = list(records.current(self._board, Kind))
        scored = [(rank, n) for n, kind in enumerate(kinds) if (rank := fit(typed, kind.name)) is not None]
        found = [kinds[n] for _, n in sorted(scored)]
        return tuple(
            Candidate(said := called(k.name), k, "", called(k.class_name), marks=matched(said, typed))
            for k in found[:8]
        )

    def _show(self) -> None:
        """Shows the suggestions; a chosen kind that is not among them comes first."""
        shown = list(self._offers)
        if self._chosen is not None and self._chosen not in shown:
            shown = [self._chosen, *shown][:OFFERED]
            self._offers = tuple(shown)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(shown))
            if place < len(shown):
                button.set_words(called(shown[place].name))
                button.setCheckable(True)
                button.setChecked(shown[place] is self._chosen)

    def _lay(self) -> None:
        offers = laid_out(hbox(None, *self._buttons, STRETCH, spacing=6))
        offers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # long names are cut, not the form
        vbox(self, offers, self.search, self._note, self._error, spacing=6)
        self._note.hide()
        self._error.hide()
        self.setFocusProxy(self.search)
