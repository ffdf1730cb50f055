"""The board on a small screen: every stage is in sight, and what a card must tell is whole."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.gui.leads.conftest import Opened
from tests.kit import coordinated, hall
from tests.kit.coordinated import led, waiting
from tests.kit.legible import Drawing
from tests.kit.turns import settled
from ui.kit.texts import names
from ui.kit.texts.numbers import short
from ui.kit.texts.words import speak

Open = Callable[..., Awaitable[Opened]]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_on_a_small_screen_all_six_stages_are_in_sight_and_their_cards_are_read(
    opened: Open, language: str
) -> None:
    """Numbers with their day, times of days, late and at night, and kinds are whole; nothing lies over another."""
    speak(language)
    late = replace(led(2), due=hall.NOW - timedelta(hours=3), green_until=hall.NOW - timedelta(hours=9))
    other_day = [replace(waiting(900 + n), number=f"包河-20261121-{n:05d}") for n in range(1, 80)]
    stage = await opened(*coordinated.everywhere(80), *other_day, late, size=(1330, 660))
    view = stage.room.view
    for hours in (0, 4):  # by day, and in the evening
        stage.pass_time(hours * 3600)
        await settled()
        drawn = Drawing(stage.seat.window)
        texts = [text for text in drawn.texts if text.widget is view.viewport()]
        titles = {view._wording.title(one, "stages") for one in view.columns}
        assert len(view.columns) == len(titles) == 6
        assert titles <= {text.words for text in texts if not text.is_cut}
        cases = [view._wording.case(card) for card in view.layout_now.places]
        whole = {names.title(view._wording.board, case) for case in cases} | {
            said for case in cases for said in (short(case, year=2026), view._wording.time(case)[0])
        }
        assert {text.words for text in texts} & whole
        assert not whole & {text.words for text in texts if text.is_cut}
        assert drawn.laid_over() == []
    assert view.horizontalScrollBar().maximum() == 0
