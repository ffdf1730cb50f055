"""The bell in the top bar: how much is new, in the colour of the gravest."""

from PySide6.QtGui import QPainter, QPaintEvent

from commandcenter.attention.causes import Level
from ui.attention.watch import AttentionWatch
from ui.kit.controls.buttons import IconButton
from ui.kit.texts.words import Words, phrase
from ui.theme import paint

KEY = "F12"
CHIP = {Level.NOTICE: "stage", Level.IMPORTANT: "warn", Level.URGENT: "bad"}


class Bell(IconButton):
    """A button with a count, 0 shown as none."""

    def __init__(self, watch: AttentionWatch) -> None:
        super().__init__("bell", phrase("留意"), key=KEY)
        self._watch, self._count, self._level = watch, 0, Level.NOTICE
        self.setMinimumWidth(40)
        watch.changed.connect(self.refresh)
        self.refresh()

    @property
    def count(self) -> int:
        """How much is new."""
        return self._count

    def refresh(self) -> None:
        """Counts again."""
        fresh = self._watch.fresh
        told = len(fresh), max((one.level for one in fresh), default=Level.NOTICE)
        if told != (self._count, self._level):
            self._count, self._level = told
            said: Words = phrase("留意，新的 {n} 件", n=self._count) if self._count else phrase("留意")
            self.set_tip(said)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._count:
            painter = QPainter(self)
            paint.badge(painter, self.width() / 2 + 1, self.width() - 1, 1, self._count, kind=CHIP[self._level])
