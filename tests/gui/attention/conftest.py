"""The bell and the list of attention over a desk that sends nothing, at a dispatcher's seat in a small hall."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.attention.causes import Concern, Level
from commandcenter.domain.people import Role
from commandcenter.settings.file import open_settings
from commandcenter.store.board import Board
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from ui.attention.bell import Bell
from ui.attention.listing import AttentionList
from ui.attention.sounds import Sounds
from ui.attention.tray import Tray
from ui.attention.volume import VolumeChoice
from ui.attention.watch import AttentionWatch
from ui.attention.wording import Wording
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status.watch import StatusWatch
from ui.theme import apply_theme
from ui.window.kept_layout import KeptLayout


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


class Seat(SimpleNamespace):
    """One sitting at the desk: what it heard is in `heard`, what was opened from the list in `opened`."""

    desk: FakeDesk
    watch: AttentionWatch
    bell: Bell
    list: AttentionList
    tray: Tray
    heard: list[Level]
    opened: list[Concern]
    follow: Follow
    settings: Any

    def pass_time(self, minutes: float) -> None:
        """Lets so many minutes pass."""
        self.desk.pass_time(minutes * 60)
        self.follow.second.emit()

    def texts(self) -> list[str]:
        """Returns the rows of the list, from the top."""
        return [self.list.model.text(row) for row in range(self.list.model.rowCount())]


@pytest.fixture
def sit(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Seat]]:
    """Sits down at the desk, or again with the same profile."""
    made: list[Seat] = []

    def sitting(desk: FakeDesk) -> Seat:
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(1366, 768)
        follow, acts = Follow(desk.board), StatusWatch(desk)  # type: ignore[arg-type]
        settings, wording = open_settings(folder=tmp_path), Wording(desk)  # type: ignore[arg-type]
        watch = AttentionWatch(desk, follow, acts, KeptLayout(tmp_path / "window.ini"))  # type: ignore[arg-type]
        listing = AttentionList(desk, watch, settings, VolumeChoice(settings, settings.put), window)  # type: ignore[arg-type]
        parts = {"watch": watch, "list": listing, "follow": follow, "acts": acts, "settings": settings}
        seat = Seat(desk=desk, heard=[], opened=[], **parts)
        seat.bell, seat.tray = Bell(watch), Tray(watch, wording, window.raise_)
        seat.sounds = Sounds(desk, watch, settings, seat.heard.append)  # type: ignore[arg-type]
        seat.bell.setParent(window)
        listing.opened.connect(seat.opened.append)
        window.show()
        made.append(seat)
        return seat

    yield sitting
    for seat in made:
        seat.tray.close()
        seat.watch.close()
        seat.follow.close()
        seat.acts.close()


@pytest.fixture
def desk() -> FakeDesk:
    """The desk of the dispatcher of a district, with one case that has waited for an hour."""
    board = Board()
    board.replace((*hall.reference(), hall.case(421)))
    return FakeDesk(board, by=person(Role.DISPATCHER))
