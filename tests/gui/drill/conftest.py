"""A drill on a platform of paper, and the panel over a window on a desk that sends nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.demonstration.drill import Drill
from commandcenter.demonstration.faulty_network import FaultyNetwork
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.drill.panel import DrillPanel
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.theme import apply_theme


class PaperPlatform:
    """What the drill knows of an embedded platform."""

    def __init__(self, data: Path) -> None:
        self.data, self.is_up = data, True


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(hall.board(10))


@pytest.fixture
def platform(tmp_path: Path) -> PaperPlatform:
    return PaperPlatform(tmp_path)


@pytest.fixture
def drill(platform: PaperPlatform) -> Drill:
    return Drill(FaultyNetwork(), platform)  # type: ignore[arg-type]


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def panel(drill: Drill, desk: FakeDesk, asked: list[str], qtbot: Any) -> Iterator[DrillPanel]:
    window = QWidget()
    window.resize(1200, 800)
    qtbot.addWidget(window)
    follow = Follow(desk.board)
    made = DrillPanel(
        drill,
        desk,  # type: ignore[arg-type]
        follow,
        act=asked.append,
        corner=lambda: QPoint(1200, 780),
        second=lambda: asked.append("second"),
        parent=window,
    )
    window.show()
    made.open()
    yield made
    follow.close()
