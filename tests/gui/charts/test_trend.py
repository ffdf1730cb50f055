"""The tab 走势: what it shows is as old as it says."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.protocol.messages import Summary
from commandcenter.sync.queries import FiguresQuery
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled
from ui.charts.panel import Trend
from ui.kit.labels.label import Label
from ui.kit.texts.words import speak
from ui.theme import apply_theme


class CountingDesk(FakeDesk):
    """A desk whose platform counts one case and three reports an hour, and takes a minute for each answer."""

    def _figuresquery(self, query: FiguresQuery) -> Summary:
        self.pass_time(60)
        return Summary(
            total=1, tier={}, stage={"reported": 3, "closed": 9}, channel=(), kind=(), street=(), responsible=()
        )


@pytest.fixture
def desk() -> CountingDesk:
    return CountingDesk(hall.board(0))


@pytest.fixture
def trend(desk: CountingDesk, qapp: QApplication, qtbot: QtBot) -> Iterator[Trend]:
    apply_theme(qapp, "dark")
    speak("zh")
    made = Trend(desk)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    yield made
    made.hide()
    speak("zh")


def texts(trend: Trend) -> list[str]:
    return [label.text() for label in trend.findChildren(Label)]


async def test_counts_are_as_old_as_the_question_in_every_language(trend: Trend, desk: CountingDesk) -> None:
    trend.show()
    await seen(lambda: trend.day is not None)
    assert "截至 15:42" in texts(trend)
    desk.offline = True
    desk.pass_time(3 * 3600)
    trend.refresh()
    await settled()
    assert "截至 15:42" in texts(trend)
    speak("en")
    await seen(lambda: not any("截至" in text for text in texts(trend)))
    assert any("15:42" in text for text in texts(trend))


async def test_the_bars_stand_for_what_came_in_and_what_was_reported_in_each_hour(trend: Trend) -> None:
    trend.show()
    await seen(lambda: trend.day is not None)
    assert trend.day is not None
    assert (trend.day.received, trend.day.settled) == ((1,) * 24, (3,) * 24)
    _, (_, top) = trend.bars.plot.viewRange()
    assert top > 3  # each bar is seen whole
