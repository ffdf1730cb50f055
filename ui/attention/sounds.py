"""Plays one short sound for what is new, as the settings allow; without an audio device it is silent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLoggingCategory, QObject, QTimer, QUrl

from commandcenter.attention.causes import Concern, Level
from commandcenter.attention.sounding import APART, SoundLimiter, is_audible
from resources import path
from ui.attention.watch import AttentionWatch
from ui.kit.lazy import Lazy
from ui.kit.texts import names

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from commandcenter.sync.desk import Desk

VOLUME = 0.6
QUIET = "qt.multimedia.symbolsresolver.warning=false"  # it names each library that is not there and not needed


class Player:
    """Plays the bundled sound of a level; it loads Qt's multimedia at the first sound, not at the start."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self._effects = {level: Lazy(partial(self._new_effect, level)) for level in Level}

    def play(self, level: Level) -> None:
        """Plays it, if this machine can be heard."""
        if not _has_audio():
            return
        QLoggingCategory.setFilterRules(QUIET)
        from PySide6.QtMultimedia import QMediaDevices

        if not QMediaDevices.defaultAudioOutput().isNull():
            self._effects[level]().play()

    def _new_effect(self, level: Level) -> Any:
        from PySide6.QtMultimedia import QSoundEffect

        effect = QSoundEffect(self._parent)
        effect.setSource(QUrl.fromLocalFile(str(path("sounds", f"{level.name.lower()}.wav"))))
        effect.setVolume(VOLUME)
        return effect


class Sounds(QObject):
    """Makes what `watch` tells as new heard, by `play` (a level)."""

    def __init__(
        self, desk: Desk, watch: AttentionWatch, settings: Settings, play: Callable[[Level], object] | None = None
    ) -> None:
        super().__init__()
        self._desk, self._settings = desk, settings
        self._play = play or Player(self).play
        self._limiter = SoundLimiter()
        self._later = QTimer(self, interval=int(APART * 1000), singleShot=True)
        self._later.timeout.connect(self._sound)
        watch.came.connect(self._hear)

    def _hear(self, came: tuple[Concern, ...]) -> None:
        audible = [one.level for one in came if self._is_audible(one.level)]
        if audible:
            self._limiter.ask(max(audible))
            self._sound()

    def _sound(self) -> None:
        level = self._limiter.due(monotonic())
        if level is not None:
            self._play(level)
            self._later.start()  # for what comes too soon after it

    def _is_audible(self, level: Level) -> bool:
        at = self._desk.now().astimezone(names.zone(self._desk.board)).time()
        least, quiet = str(self._settings["attention.sound"]), str(self._settings["attention.quiet"])
        return is_audible(level, least=least, quiet=quiet, at=at)


def _has_audio() -> bool:
    """Returns whether this machine may have an audio device; on Linux without loading what would look for one."""
    if sys.platform != "linux":
        return True
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    servers = (runtime / "pulse" / "native", runtime / "pipewire-0")
    devices = Path("/dev/snd").glob("pcm*p")
    return "PULSE_SERVER" in os.environ or any(server.exists() for server in servers) or any(devices)
