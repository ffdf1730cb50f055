"""What the platform proposes at the board: its bodies first with its reasons, what would change it, the precedents."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands.leading import SetLead
from commandcenter.domain.lead_advice import (
    Argument,
    Change,
    LeadAdvice,
    LeadReason,
    OtherAnswer,
    ProposedBody,
    SimilarCase,
)
from tests.gui.leads.conftest import Opened
from tests.kit import coordinated, hall
from tests.kit.legible import Drawing
from tests.kit.turns import seen, turns
from ui.kit.labels.reason_lines import ReasonLines
from ui.kit.texts.words import speak
from ui.leads.bodies_panel import ChoiceBox

Open = Callable[..., Awaitable[Opened]]
FIRST, SECOND = (one.id for one in coordinated.departments()[:2])
WHEN = datetime(2026, 9, 3, tzinfo=UTC)
ADVICE = LeadAdvice(
    case="",
    rev=1,
    leads=(
        ProposedBody(
            SECOND,
            0.78,
            (Argument(LeadReason.LED_SIMILAR, 3, 5, WHEN),),
            (Argument(LeadReason.REFUSES_OFTEN, 0.12, 0.07),),
        ),
        ProposedBody(FIRST, 0.1, (), (Argument(LeadReason.SELDOM_HERE, 1, 4),)),
    ),
    precedents=(SimilarCase("old", None, WHEN, SECOND, (FIRST,), (), 0.9),),
    changes=(OtherAnswer(Change.WITHOUT_WORDS, FIRST, 0.5, words="井盖"),),
    known=3_589,
)


def boxes(stage: Opened) -> list[ChoiceBox]:
    return [box for box in stage.room.side.bodies.boxes if not box.isHidden()]


async def proposed(opened: Open, **how: Any) -> Opened:
    """A case without a lead, due in days, is chosen, and the platform has answered."""
    case = hall.case(1, stage=Stage.FILED, tier=Tier.DISTRICT, due=hall.NOW + timedelta(days=6))
    stage = await opened(case, **how)
    stage.desk.advice = ADVICE
    stage.seat.focus.choose(None, by="test")
    stage.desk.board.apply([replace(case, rev=9)])
    stage.seat.focus.choose(case.id, by="test")
    await seen(lambda: stage.room.side.more.texts())
    return stage


async def test_its_bodies_come_first_with_their_reasons_and_figures(opened: Open) -> None:
    stage = await proposed(opened)
    first = boxes(stage)[0]
    assert first.load.text().startswith("0.78")
    assert first.reasons.texts() == ["+ 先例 5 件中主办 3 件，最近 2026-09", "− 异议退回率 12%（全区 7%）"]
    name = boxes(stage)[1].name.text()
    assert stage.room.side.more.texts() == [
        f"若无“井盖” → {name}主办 0.50",
        f"2026-09    {first.name.text()}主办，{name}协办",
    ]


async def test_in_english_on_a_small_screen_every_reason_is_whole_and_no_line_ends_within_a_time(opened: Open) -> None:
    speak("en")
    side = (await proposed(opened, size=(1330, 660))).room.side
    await turns()
    drawn = [text for text in Drawing(side.window()).texts if isinstance(text.widget, ReasonLines)]
    assert "refuses or returns 12% (all bodies 7%)" in {text.words for text in drawn}
    seldom = [text.words for text in drawn if text.widget is side.bodies.boxes[1].reasons]
    assert len(seldom) > 2
    assert " ".join(seldom) == "− led only 1 case in this grid, where 4 were to be expected"
    assert not any(text.is_cut for text in drawn)
    for box in side.bodies.boxes[:2]:
        assert box.reasons.height() == box.reasons.heightForWidth(box.reasons.width())
    assert re.search(r"On time \d+\u00a0d\u00a0\d\d:\d\d$", side.stands.text())


async def test_the_choice_has_the_rank_that_it_was_shown_with(opened: Open) -> None:
    stage = await proposed(opened)
    boxes(stage)[1].buttons[0].click()
    await seen(lambda: stage.desk.heard)
    assert stage.desk.heard == [SetLead(hall.case(1).id, FIRST, rank=2)]


async def test_without_an_answer_the_board_says_what_it_knows(opened: Open) -> None:
    stage = await opened(hall.case(1, stage=Stage.FILED, tier=Tier.DISTRICT))
    stage.desk.offline = True
    stage.desk.board.apply([hall.case(1, stage=Stage.FILED, tier=Tier.DISTRICT, rev=9)])
    await turns()
    assert boxes(stage)
    assert stage.room.side.more.texts() == []
