"""What the platform proposes at the board: its bodies first with its reasons, what would change it, the precedents."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

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
from tests.kit.turns import seen, turns
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
        ProposedBody(FIRST, 0.1),
    ),
    precedents=(SimilarCase("old", None, WHEN, SECOND, (FIRST,), (), 0.9),),
    changes=(OtherAnswer(Change.WITHOUT_WORDS, FIRST, 0.5, words="井盖"),),
    known=3_589,
)


def boxes(stage: Opened) -> list[ChoiceBox]:
    return [box for box in stage.room.side.bodies.boxes if not box.isHidden()]


async def proposed(opened: Open) -> Opened:
    """A case without a lead is chosen, and the platform has answered."""
    case = hall.case(1, stage=Stage.FILED, tier=Tier.DISTRICT)
    stage = await opened(case)
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
