"""The tab 责任时间: who carried how much in the period that is chosen, and what is said when there is nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.domain.responsibility import Carried, CarriedTime
from commandcenter.sync.queries import CarriedQuery
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.turns import seen, settled
from ui.charts.carried import CarriedPanel
from ui.charts.carried_bars import CarriedRow
from ui.kit.feedback.states import StateCard
from ui.kit.labels.elided import ElidedText
from ui.kit.texts.words import say, speak
from ui.theme import MEASURES, apply_theme, paint

SUMS = (Carried("s03-urban", 7_500.0, 1_200.0, 4), Carried("dispatcher", 600.0, 0.0, 9))


class Desk(FakeDesk):
    """A desk whose platform tells `sums` for every period, and keeps how many days were asked for."""

    sums: tuple[Carried, ...] = SUMS
    days: tuple[int, ...] = ()

    def _carriedquery(self, query: CarriedQuery) -> CarriedTime:
        self.days += ((query.until - query.since).days,)
        return CarriedTime(self.sums)


@pytest.fixture
def desk() -> Desk:
    return Desk(hall.board(0))


@pytest.fixture
def panel(desk: Desk, qapp: QApplication, qtbot: QtBot) -> Iterator[CarriedPanel]:
    apply_theme(qapp, "dark")
    speak("zh")
    made = CarriedPanel(desk)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    yield made
    made.hide()
    speak("zh")


async def test_each_body_is_told_with_its_time_and_its_cases(panel: CarriedPanel) -> None:
    panel.show()
    await seen(lambda: panel.bars.accessibleName())
    unit, seat = panel.bars.accessibleName().split("；")
    assert unit == "望湖·城管 主责 2:05 协办 0:20 件数 4"
    assert seat == "派遣员 主责 0:10 件数 9"


async def test_in_a_narrow_dock_what_is_counted_and_in_which_unit_is_still_read(
    panel: CarriedPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.resize(519, 196)
    panel.show()
    await seen(lambda: panel.bars.accessibleName())
    written: dict[str, float] = {}
    monkeypatch.setattr(paint, "words", lambda _to, box, said, **_: written.update({said: box.width()}))
    for language in ("zh", "en"):
        speak(language)
        await settled()
        panel.grab()
        for said in map(say, ("工作时间", "各单位，时:分", "主责", "协办")):
            assert paint.text_width(said, MEASURES.label) <= written[said]
    panel.bars.show_rows([CarriedRow("Changqing · City mgmt", 7200.0, 0.0, 3)])
    panel.grab()
    assert paint.text_width("Changqing · City mgmt") <= written["Changqing · City mgmt"]


async def test_another_period_is_asked_for_as_soon_as_it_is_chosen(panel: CarriedPanel, desk: Desk) -> None:
    panel.show()
    await seen(lambda: desk.days)
    panel.periods.choose("30")
    panel.periods.chosen.emit("30")
    await seen(lambda: len(desk.days) == 2)
    assert desk.days == (6, 29)
    await settled()
    assert any("近 30 天" in label.text() for label in panel.findChildren(ElidedText))


async def test_without_steps_and_without_a_platform_it_is_said(panel: CarriedPanel, desk: Desk) -> None:
    panel.show()
    await seen(lambda: desk.days)
    desk.sums = ()
    panel.refresh()
    card = panel.findChild(StateCard)
    assert card is not None
    await seen(lambda: "没有案件走动" in card.accessibleName())


async def test_sums_that_cannot_be_had_leave_the_former_ones_under_their_own_period(
    panel: CarriedPanel, desk: Desk
) -> None:
    panel.show()
    await seen(lambda: panel.bars.accessibleName())
    desk.offline = True
    panel.periods.choose("30")
    panel.periods.chosen.emit("30")
    await seen(lambda: panel.periods.current() == "7")
    assert any("近 7 天" in label.text() for label in panel.findChildren(ElidedText))
