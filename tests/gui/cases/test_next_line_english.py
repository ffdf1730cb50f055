"""The line in another language: at once, also for whom it proposed a moment ago."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from commandcenter.domain.cases import Stage
from commandcenter.domain.places import Spot
from tests.kit.case_panel import at_stage
from tests.kit.street_crews import crew
from tests.kit.turns import turns
from ui.kit.texts import glossary
from ui.kit.texts.words import speak


@pytest.fixture
def translated() -> Iterator[None]:
    glossary.use(True)
    yield
    glossary.use(False)
    speak("zh")


@pytest.mark.usefixtures("translated")
async def test_a_proposal_is_told_in_the_language_that_was_just_chosen(open_case: Callable[..., Any]) -> None:
    at = Spot(117.30, 31.80)
    panel, seat = open_case(at_stage(Stage.FILED, spot=at))
    seat.desk.board.apply([crew(2, spot=at)])
    seat.desk.pass_time(5)
    panel._turn()
    assert panel.line.text().startswith("派遣 → 望湖·城管 二队")
    speak("en")
    panel.retell()
    assert panel.line.text().startswith("Dispatch → Wanghu · City mgmt Team 2")
    panel.line.button.click()
    await turns()
    assert panel.line.text() == "Dispatched to Wanghu · City mgmt, Crew sent City mgmt 2, Kept, to be sent 15:42:13"
    speak("zh")  # the receipt stands
    panel.retell()
    assert (
        panel.line.text() == panel.line.receipt.accessibleName() == "派遣至望湖·城管，派队 城管二队，已存待发 15:42:13"
    )
