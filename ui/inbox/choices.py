"""The choices for an act that needs a decision: each with its key and a sentence on what it would do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from commandcenter.domain.decisions import Refused
from commandcenter.sync.versions import Reason, Versions
from ui.inbox.choice_words import ChoiceWords
from ui.inbox.words import Wording, kind_words, why
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label, line
from ui.kit.layouts import label_grid, vbox
from ui.kit.texts.words import Words, phrase
from ui.theme import filled
from ui.theme.tokens import MEASURES


class Choices(QWidget):
    """Rows of a button and a sentence, added by `add`; `show_versions` sets the sentences and enables the buttons."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ChoiceWords(wording)
        self._buttons: dict[str, KeyButton] = {}
        self._sentences: dict[str, Label] = {}
        self._foot = Label(level="label", wrap=True)
        filled(self, surface="bg2")
        self._grid = label_grid(gaps=(14, 8))
        margins = (MEASURES.dock_padding, 12, MEASURES.dock_padding, 10)
        vbox(self, line("h", strong=True), vbox(None, self._grid, self._foot, margins=margins, spacing=8))

    def add(self, name: str, words: Words, do: Callable[[], object], *, key: str, role: str = "secondary") -> KeyButton:
        """Appends a choice whose button calls `do`; returns the button."""
        button = KeyButton(words, key=key, role=role, spread=True)
        button.setMinimumWidth(150)
        button.clicked.connect(lambda _on=False: do())
        sentence = Label(wrap=True)
        at = len(self._buttons)
        self._grid.addWidget(button, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(sentence, at, 1, Qt.AlignmentFlag.AlignVCenter)
        self._buttons[name], self._sentences[name] = button, sentence
        return button

    def button(self, name: str) -> KeyButton:
        """Returns the button of the choice `name`."""
        return self._buttons[name]

    def sentence(self, name: str) -> str:
        """Returns the sentence on what the choice `name` would do."""
        return self._sentences[name].text()

    def offer(self, name: str, said: Words, *, refused: Refused | None = None) -> None:
        """Sets a choice's sentence; a refused choice stays in its place, disabled, with the reason as tooltip."""
        self._sentences[name].set_words(said, tone="tx1" if refused is None else "tx2")
        button = self._buttons[name]
        button.allow() if refused is None else button.disable(why(refused.code))

    def show_versions(self, seen: Versions, *, is_live: bool) -> None:
        """Updates the choices again, drop and, for an act of another user only, adopt."""
        ways = {"again": seen.again, "adopt": seen.adopt}
        refused = {name: way if isinstance(way, Refused) else None for name, way in ways.items()}
        self.offer("again", self._words.again(seen), refused=refused["again"])
        self.offer("drop", self._words.dropped(seen), refused=seen.drop)
        self.offer("adopt", self._words.adopted(seen), refused=refused["adopt"])
        for name, no in refused.items():
            self._buttons[name].set_role("primary" if no is None else "secondary")
        for part in (self._buttons["adopt"], self._sentences["adopt"]):
            part.setVisible(seen.reason is Reason.OTHER_USER)
        self._foot.set_words(self._small_print(seen, is_live=is_live))

    def foot(self) -> str:
        """Returns the note below the choices."""
        return self._foot.text()

    def _small_print(self, seen: Versions, *, is_live: bool) -> Words:
        if seen.reason is Reason.OTHER_USER:
            if isinstance(seen.adopt, Refused):
                return phrase("不必做什么：本人登录后自动送达或自己决定，一条不少。")
            return phrase("代办由平台再核对：本人的那一条若已生效，不会做第二次。")
        if seen.theirs is None:
            return phrase("放弃后记录里仍查得到。")
        if isinstance(seen.again, Refused) and seen.drop is None and seen.blocker is None:
            return phrase(
                "想另做一步：先放弃这一条，再在{kind}上照常办；不放弃，新的一步会排在它后面。", kind=kind_words(seen)
            )
        if not is_live:
            return phrase("现在离线：选了先存在本机，连上后送达；那时若又有人改动，会回到这里。")
        return phrase("送出时平台再核对一次；若又有人改动，会回到这里。")
