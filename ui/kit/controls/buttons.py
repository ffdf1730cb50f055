"""Buttons that show their shortcut key and, when disabled, give the reason in the tooltip."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QToolButton, QWidget

from commandcenter.domain.text import visible
from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, term
from ui.theme import MEASURES, colour, font, icon, mark, paint

INK = {
    "primary": "onac",
    "seat-primary": "onac",
    "danger": "bad",
    "warn": "warn",
    "needs": "vio",
    "text": "tx2",
    "link": "ac",
    "key": "tx2",
    "option": "tx2",
}
SIZES = {"row": MEASURES.label, "seat": MEASURES.section, "seat-primary": MEASURES.section, "key": MEASURES.note}
DISABLED = 0.55
EDGE = 4  # pixels between what is written and the edge, where there is less room than a button would have
_PAD = {"text": 8, "warn": 8, "needs": 8, "link": 6, "row": 8, "key": 5, "option": 10}


@dataclass(frozen=True, slots=True)
class NextStep:
    """An action offered to the user: its text, the callable it runs, its shortcut key and its button role."""

    words: Words
    do: Callable[[], object]
    key: str = ""
    role: str = "secondary"


class KeyButton(Retranslated, QPushButton):
    """A button with its shortcut in a key cap.

    ``role`` is primary, secondary, danger, warn, needs, text, link, row, key, option, seat or seat-primary. ``spread``
    puts the text at the left edge and the cap at the right. The shortcut works only when ``live`` is set; otherwise the
    action registry owns it.
    """

    def __init__(
        self,
        text: Words = "",
        *,
        key: str = "",
        role: str = "secondary",
        image: str = "",
        spread: bool = False,
        live: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words: Words = text
        self._why: Words = ""
        self._key, self._spread, self._live = key, spread, live
        self._role, self._image = role, image
        mark(self, role=role)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding if spread else QSizePolicy.Policy.Fixed, _FIXED)
        if image:
            self.setIcon(icon(image, self._ink()))
        self.retell()

    @property
    def key(self) -> str:
        """The shortcut shown in the key cap."""
        return self._key

    def set_words(self, text: Words) -> None:
        """Sets another text."""
        self._words = text
        self.retell()

    def set_role(self, role: str) -> None:
        """Sets another role."""
        self._role = role
        mark(self, role=role)
        if self._image:
            self.setIcon(icon(self._image, self._ink()))

    def disable(self, why: Words) -> None:
        """Disables the button; ``why`` becomes its tooltip and accessible description."""
        self._why = why
        self.setEnabled(False)
        self.retell()

    def allow(self) -> None:
        """Enables the button and clears the reason."""
        self._why = ""
        self.setEnabled(True)
        self.retell()

    def offer(self, code: str | None) -> None:
        """Enables the button, or disables it for the code of a refusal; touches nothing when that is so already."""
        why = "" if code is None else term("refusal", code)
        if (why, code is None) != (self._why, self.isEnabled()):
            self.allow() if code is None else self.disable(why)

    def retell(self) -> None:
        words, why = str(self._words), str(self._why)
        self.setText(words.replace("&", "&&"))
        if self._live and self._key:
            self.setShortcut(QKeySequence(KEY_SEQUENCES.get(self._key, self._key)))
        self.setAccessibleName(f"{words} {self._key}".strip())
        self.setAccessibleDescription(why)
        self.setToolTip(plain_tip(why))
        self.updateGeometry()

    def _ink(self) -> str:
        return INK.get(self._role, "tx1")

    def _lay(self, words: str) -> tuple[int, int]:
        """Returns the left edge and the width of the content, in pixels."""
        size = SIZES.get(self._role, MEASURES.body)
        wide = paint.text_width(words, size) + (22 if self._image else 0)
        wide += paint.key_width(self._key) + 8 if self._key else 0
        return (_PAD.get(self._role, 12) if self._spread else max(EDGE, (self.width() - wide) // 2)), wide

    def _room(self, left: int) -> int:
        """Returns the width of the words that begin at `left` and leave the key cap whole, in pixels."""
        cap = paint.key_width(self._key) + 8 if self._key else 0
        return self.width() - left - cap - EDGE

    def sizeHint(self) -> QSize:
        _, wide = self._lay(str(self._words))
        return QSize(wide + 2 * _PAD.get(self._role, 12), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Returns the least size in which nothing is cut; only an option is laid out as small as that."""
        _, wide = self._lay(str(self._words))
        return QSize(wide + 2 * EDGE, self.sizeHint().height()) if self._role == "option" else self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text, option.icon = "", QIcon()
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        self._paint_words(painter, visible(str(self._words)))
        painter.end()

    def _paint_words(self, painter: QPainter, words: str) -> None:
        left, _ = self._lay(words)
        middle = self.height() / 2
        on = self.isEnabled()
        if self._image:
            mode = QIcon.Mode.Normal if on else QIcon.Mode.Disabled
            icon(self._image, self._ink() if on else "tx3").paint(
                painter, QRect(left, round(middle) - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, mode
            )
            left += 22
        face = font(SIZES.get(self._role, MEASURES.body))
        words = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, self._room(left))
        width = QFontMetrics(face).horizontalAdvance(words)
        painter.setFont(face)
        painter.setPen(colour(self._ink_now()) if on else colour("tx3", alpha=DISABLED))
        painter.drawText(QRect(left, 0, width + 2, self.height()), _LEFT, words)
        if self._key:
            cap = self.width() - 8 - paint.key_width(self._key) if self._spread else left + width + 8
            ground = "acf" if on and "primary" in self._role else "bg1"
            paint.key_cap(painter, cap, middle, self._key, on=ground, faded=not on)

    def _ink_now(self) -> str:
        if self.isChecked() and self._role == "option":
            return "ac"
        return "tx1" if self._role == "text" and self.underMouse() else self._ink()


class CalmButton(KeyButton):
    """A button in a place where others come and go: the second press of a double click was meant for what was there."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class IconButton(Retranslated, QToolButton):
    """An icon button whose tooltip and accessible name give its action and shortcut."""

    def __init__(self, image: str, tip: Words, *, key: str = "") -> None:
        super().__init__()
        self._tip, self._key = tip, key
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_image(image)
        self.retell()

    def set_image(self, image: str) -> None:
        """Shows another icon."""
        self.setIcon(icon(image))

    def set_tip(self, tip: Words) -> None:
        """Sets another tooltip and accessible name."""
        self._tip = tip
        self.retell()

    def retell(self) -> None:
        said = f"{self._tip}  {self._key}".strip()
        self.setToolTip(plain_tip(said))
        self.setAccessibleName(said)


KEY_SEQUENCES = {"↵": "Return", "Ctrl ↵": "Ctrl+Return"}
_FIXED = QSizePolicy.Policy.Fixed
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
