"""The mark in the desktop's tray: how much is new and the gravest of it, without anything personal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import QSystemTrayIcon

from commandcenter.attention.causes import Concern, Level
from ui.attention.bell import CHIP
from ui.attention.watch import AttentionWatch
from ui.attention.wording import Wording
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.theme import icons, paint

SIZE = 32
SECONDS = 8  # that a message stays


class Tray(QObject):
    """Shows `watch` in the tray; a click calls `raise_window`. It is invisible where the desktop has no tray."""

    def __init__(self, watch: AttentionWatch, wording: Wording, raise_window: Callable[[], object]) -> None:
        super().__init__()
        self._watch, self._wording = watch, wording
        self.mark = QSystemTrayIcon(self)
        self.mark.activated.connect(lambda _how: raise_window())
        self.mark.messageClicked.connect(raise_window)
        watch.changed.connect(self.refresh)
        watch.came.connect(self._tell)
        self.refresh()
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.mark.show()

    def refresh(self) -> None:
        """Shows the count and what is gravest."""
        fresh = self._watch.fresh
        self.mark.setIcon(_icon(len(fresh), max((one.level for one in fresh), default=Level.NOTICE)))
        top = [self._wording.sentence(fresh[0])] if fresh else []
        told = say("留意，新的 {n} 件", n=len(fresh)) if fresh else say("没有新的要留意")
        self.mark.setToolTip(plain_tip("\n".join((told, *top))))

    def close(self) -> None:
        """Takes the mark away."""
        self.mark.hide()

    def _tell(self, came: tuple[Concern, ...]) -> None:
        if came[0].level is Level.URGENT and self.mark.isVisible():
            kind = QSystemTrayIcon.MessageIcon.NoIcon
            self.mark.showMessage(say("留意"), self._wording.sentence(came[0]), kind, SECONDS * 1000)


def _icon(count: int, level: Level) -> QIcon:
    drawn = icons.pixmap("bell", "ac", SIZE)
    if count:
        painter = QPainter(drawn)
        paint.badge(painter, SIZE / 2, SIZE, SIZE - 17, count, kind=CHIP[level])
        painter.end()
    return QIcon(drawn.scaled(SIZE, SIZE, mode=Qt.TransformationMode.SmoothTransformation))
