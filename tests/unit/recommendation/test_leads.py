"""Who is proposed as lead: small worlds made by hand, in each of which anybody in the hall knows the answer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from commandcenter.domain.lead_advice import LeadAdvice, LeadReason, ProposedBody
from commandcenter.recommendation.lead_questions import Asked, Body, Precedent, Question
from commandcenter.recommendation.leads import LEADS, recommend
from commandcenter.recommendation.precedents import Precedents

DAY = 86_400.0
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC).timestamp()
WATER, HOUSING, HEALTH, URBAN = "water", "housing", "health", "urban"
BODIES = tuple(Body(name, f"power of {name}") for name in (WATER, HOUSING, HEALTH, URBAN))
PUMP, LEAK = "小区二次供水泵房停水三天", "路边自来水管爆裂喷水"


def led(lead: str, ago: float, text: str = PUMP, kind: str = "supply", **more: object) -> Precedent:
    """A case that `lead` led so many days ago."""
    case = f"{lead}-{ago}-{text}-{kind}-{sorted(more)}-{more.get('grid')}"
    return replace(Precedent(case, kind, "east", None, text, NOON - ago * DAY, lead), **more)  # type: ignore[arg-type]


def asked(text: str = PUMP, kind: str = "supply", *, powers: tuple[str, ...] = (), grid: str | None = None) -> Asked:
    return Asked(Question("asked", kind, "east", grid, text), powers, BODIES)


def told(rows: list[Precedent], about: Asked) -> LeadAdvice:
    return recommend(Precedents(rows), about)


def first(rows: list[Precedent], about: Asked) -> str:
    return told(rows, about).leads[0].holder


def of(found: LeadAdvice, holder: str) -> ProposedBody:
    return next(one for one in found.leads if one.holder == holder)


def figures(found: ProposedBody) -> dict[LeadReason, tuple[float, float]]:
    return {one.code: (one.count, one.of) for one in (*found.reasons, *found.against)}


def test_the_text_decides_between_bodies_that_both_lead_the_kind() -> None:
    rows = [led(HOUSING, day) for day in range(1, 9)] + [led(WATER, day, LEAK) for day in range(1, 7)]
    assert first(rows, asked("泵房停水，楼上没水用")) == HOUSING
    assert first(rows, asked("自来水管爆裂，满街是水")) == WATER
    assert first(rows, asked("")) == HOUSING  # without a text the more frequent one


def test_a_duty_that_moved_is_followed() -> None:
    rows = [led(HOUSING, day) for day in range(100, 140)] + [led(WATER, day) for day in range(1, 9)]
    found = told(rows, asked())
    assert found.leads[0].holder == WATER
    assert figures(of(found, WATER))[LeadReason.DUTY_CAME] == (1.0, 0.0)
    assert figures(of(found, HOUSING))[LeadReason.DUTY_WENT] == (0.0, 1.0)
    assert first([led(one.lead, day) for day, one in enumerate(rows)], asked()) == HOUSING  # when it was is all


def test_the_owner_of_a_place_tips_what_is_open_otherwise() -> None:
    rows = [led(lead, day, kind=kind) for day in range(1, 9) for lead in (HOUSING, WATER) for kind in ("supply", "mud")]
    owned = [led(WATER, day + 0.5, kind="mud", grid="owned") for day in range(1, 10)]
    found = told(rows + owned, asked(grid="owned"))
    assert found.leads[0].holder == WATER
    assert figures(found.leads[0])[LeadReason.LEADS_HERE][0] == 9
    even = told(rows + owned, asked(grid="elsewhere"))
    assert of(found, WATER).score > of(even, WATER).score + 0.05


def test_who_refused_the_case_is_not_asked_again_first() -> None:
    rows = [led(HOUSING, day) for day in range(1, 20)] + [led(WATER, day + 0.5) for day in range(1, 4)]
    about = asked()
    assert first(rows, about) == HOUSING
    refused = replace(about, bodies=tuple(replace(body, refused=body.id == HOUSING) for body in BODIES))
    found = told(rows, refused)
    assert found.leads[0].holder == WATER
    assert LeadReason.REFUSED_THIS in {one.code for one in of(found, HOUSING).against}


def test_refusals_of_similar_cases_and_their_share_are_told() -> None:
    rows = [led(WATER, day, refused=(HOUSING,)) for day in range(1, 6)]
    rows += [led(HOUSING, day, "别的事情", "other") for day in range(1, 6)]
    found = told(rows, asked())
    assert found.leads[0].holder == WATER
    against = {one.code: one for one in of(found, HOUSING).against}
    assert against[LeadReason.REFUSED_SIMILAR].count == 5
    assert against[LeadReason.REFUSED_SIMILAR].at == datetime.fromtimestamp(NOON - DAY, UTC)
    assert against[LeadReason.REFUSES_OFTEN].count > against[LeadReason.REFUSES_OFTEN].of


@pytest.mark.parametrize("rows", [[], [led(HOUSING, day, "楼道堆物", "clutter") for day in range(1, 30)]])
def test_of_an_unknown_kind_the_duty_list_speaks(rows: list[Precedent]) -> None:
    about = asked("从来没有过的事", "new", powers=("power of health", "power of urban"))
    found = told(rows, about)
    assert [one.holder for one in found.leads[:2]] == [HEALTH, URBAN]
    assert figures(found.leads[0])[LeadReason.ON_DUTY_LIST] == (1, 2)
    assert figures(found.leads[1])[LeadReason.ON_DUTY_LIST] == (2, 2)
    assert LeadReason.NOT_ON_DUTY_LIST in figures(of(found, HOUSING))
    assert found.precedents == ()


def test_of_an_unknown_kind_a_text_that_is_known_speaks_too() -> None:
    rows = [led(WATER, day, LEAK, "pipes") for day in range(1, 9)]
    rows += [led(HOUSING, day, "楼道堆物", "clutter") for day in range(1, 9)]
    assert first(rows, asked(LEAK, "new")) == WATER
    assert first(rows, asked("楼道堆物", "new")) == HOUSING


def test_without_precedents_and_duties_all_are_alike() -> None:
    found = told([], asked("", powers=()))
    assert {one.score for one in found.leads} == {0.25}
    assert found.known == 0


def test_without_bodies_nobody_is_proposed() -> None:
    found = told([led(WATER, 1)], replace(asked(), bodies=()))
    assert (found.leads, found.co_handlers, found.changes) == ((), (), ())


def test_a_body_that_is_no_more_is_never_proposed() -> None:
    rows = [led("dissolved", day, helpers=("gone",)) for day in range(1, 30)] + [led(HEALTH, 50)]
    found = told(rows, asked())
    assert {one.holder for one in (*found.leads, *found.co_handlers)} <= {body.id for body in BODIES}
    assert found.leads[0].holder == HEALTH
    assert sum(one.score for one in found.leads) == pytest.approx(1, abs=1e-3)


def test_scores_are_shares_of_one_and_in_order() -> None:
    rows = [led(lead, day) for lead, days in ((WATER, 9), (URBAN, 5), (HEALTH, 2)) for day in range(days)]
    found = told(rows, asked())
    scores = [one.score for one in found.leads]
    assert scores == sorted(scores, reverse=True)
    assert [one.holder for one in found.leads[:3]] == [WATER, URBAN, HEALTH]
    assert sum(scores) == pytest.approx(1, abs=1e-3)
    assert len(found.leads) <= LEADS


def test_a_case_is_no_precedent_of_itself() -> None:
    rows = [led(HOUSING, 1, case="asked"), *(led(WATER, day) for day in range(10, 13))]
    found = told(rows, asked())
    assert found.leads[0].holder == WATER
    assert [one.case for one in found.precedents] == [row.case for row in rows[1:]]
    assert figures(found.leads[0])[LeadReason.LED_SIMILAR] == (3, 3)
