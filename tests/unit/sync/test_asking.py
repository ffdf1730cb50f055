"""What the screens ask the platform for, word by word, and what serves when it cannot be asked."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import to_builtins

from commandcenter.bootstrap import Unavailable
from commandcenter.client.errors import MalformedAnswer
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.facts import Fact, Filed, Taken
from commandcenter.domain.lead_advice import (
    Argument,
    Change,
    LeadAdvice,
    LeadReason,
    OtherAnswer,
    ProposedBody,
    SimilarCase,
)
from commandcenter.domain.lights import Light
from commandcenter.protocol.codec import fact_envelope, record_envelope
from commandcenter.sync.desk import Desk
from commandcenter.sync.queries import (
    CarriedQuery,
    FiguresQuery,
    HistoryQuery,
    LeadAdviceQuery,
    PlacesQuery,
    Query,
    SearchQuery,
    SearchResult,
    SeatDayQuery,
)
from tests.kit.console import until
from tests.kit.district import NOON
from tests.kit.scripted import Paper, a_case, jsoned, problem, sit
from tests.unit.sync.test_desk_seated import at_desk

HISTORY, OUTLINE = "/v1/cases/c1/history", "/v1/places/outline"
BEGUN: tuple[Fact, ...] = (
    Taken("c1", "clerk", NOON, "N1", "hotline", "water", "", "", "east"),
    Filed("c1", "shift", NOON, "water", NOON, NOON),
)
COLLECTION = b'{"type":"FeatureCollection","features":[1]}'


class Asked(Paper):
    """A platform that remembers what exactly it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return await super().handle_async_request(request)

    @property
    def last(self) -> tuple[str, dict[str, str]]:
        """(path, parameters) of the last request."""
        url = self.requests[-1].url
        return url.path, dict(url.params)


@pytest.fixture
async def paper() -> Asked:
    return Asked()


@pytest.fixture
async def desk(tmp_path: Path, paper: Asked) -> AsyncIterator[Desk]:
    async with at_desk(tmp_path, paper) as made:
        await sit(made, paper)
        yield made


async def code(desk: Desk, query: Query) -> str:
    with pytest.raises(Unavailable) as said:
        await desk.ask(query)  # type: ignore[call-overload]
    return said.value.code


async def test_what_is_no_question_is_a_mistake_of_who_asks(desk: Desk) -> None:
    with pytest.raises(TypeError, match="no query"):
        await desk.ask("how many")  # type: ignore[call-overload]


SINCE, UNTIL = NOON, NOON + timedelta(days=1)
EVERYTHING = SearchQuery("积水", Stage.FILED, Tier.GRID, "east", "water", Light.OVERDUE, SINCE, UNTIL, 7, "next")
PERIOD = {"since": SINCE.isoformat(), "until": UNTIL.isoformat()}


@pytest.mark.parametrize(
    ("search", "params"),
    [
        (SearchQuery(), {"limit": "50"}),
        (SearchQuery(street="east"), {"street": "east", "limit": "50"}),
        (
            EVERYTHING,
            {"q": "积水", "stage": "filed", "tier": Tier.GRID.value, "street": "east", "kind": "water"}
            | {"light": Light.OVERDUE.value, "limit": "7", "cursor": "next"}
            | PERIOD,
        ),
    ],
)
async def test_a_search_asks_for_what_was_filled_in_and_nothing_else(
    desk: Desk, paper: Asked, search: SearchQuery, params: dict[str, str]
) -> None:
    body = {"items": [record_envelope(a_case()).record], "total": 9, "next": "more"}
    paper.instead["/v1/cases"] = jsoned(body)
    assert await desk.ask(search) == SearchResult((a_case(),), 9, "more")
    assert paper.last == ("/v1/cases", params)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (FiguresQuery(SINCE, UNTIL), "/v1/figures/summary"),
        (SeatDayQuery(SINCE, UNTIL), "/v1/figures/day"),
        (CarriedQuery(SINCE, UNTIL), "/v1/figures/carried"),
    ],
)
async def test_figures_are_asked_for_from_one_moment_to_another(
    desk: Desk, paper: Asked, query: FiguresQuery | SeatDayQuery | CarriedQuery, path: str
) -> None:
    assert await code(desk, query) == "unknown"
    assert paper.last == (path, PERIOD)


async def test_who_should_lead_a_case_is_asked_for_by_the_case(desk: Desk, paper: Asked) -> None:
    about = "/v1/cases/c1/recommendation"
    refused = Argument(LeadReason.REFUSED_SIMILAR, 2, 5, NOON)
    lead = ProposedBody("housing", 0.7, (Argument(LeadReason.ON_DUTY_LIST, 1, 2, about="housing"),), (refused,))
    before = SimilarCase("c0", "water", NOON, "housing", ("health",), ("works",), 0.9, seconds=60.0)
    other = OtherAnswer(Change.IF_REFUSED, "works", 0.5, about="housing")
    advice = LeadAdvice("c1", 3, (lead,), (), (before,), (other,), known=9)
    paper.instead[about] = jsoned(to_builtins(advice))
    assert await desk.ask(LeadAdviceQuery("c1")) == advice
    assert paper.last == (about, {})
    early = replace(before, at=datetime(1, 1, 1, tzinfo=UTC))
    late = replace(lead, against=(replace(refused, at=datetime(9999, 12, 31, tzinfo=UTC)),))
    for lie in (replace(advice, case="c2"), replace(advice, precedents=(early,)), replace(advice, leads=(late,))):
        paper.instead[about] = jsoned(to_builtins(lie))
        assert await code(desk, LeadAdviceQuery("c1")) == MalformedAnswer.code
    paper.instead[about] = problem(403, "role")
    assert await code(desk, LeadAdviceQuery("c1")) == "role"


def told(*facts: Fact) -> httpx.Response:
    return jsoned({"facts": [fact_envelope(fact) for fact in facts]})


async def test_a_history_that_was_told_once_is_there_when_nobody_can_be_asked(desk: Desk, paper: Asked) -> None:
    paper.instead[HISTORY] = told(*BEGUN)
    assert await desk.ask(HistoryQuery("c1")) == BEGUN
    paper.instead[HISTORY] = httpx.ConnectError("cut")
    assert await desk.ask(HistoryQuery("c1")) == BEGUN
    paper.instead["/v1/cases/c2/history"] = httpx.ConnectError("cut")
    assert await code(desk, HistoryQuery("c2")) == "unreachable"


async def test_a_history_without_its_beginning_is_none_when_nobody_can_be_asked(desk: Desk, paper: Asked) -> None:
    paper.put(11, a_case("c1", rev=2), facts=[fact_envelope(BEGUN[1])])
    paper.instead[HISTORY] = httpx.ConnectError("cut")
    await until(lambda: desk.board.find("case", "c1"))
    assert await code(desk, HistoryQuery("c1")) == "unreachable"
    paper.instead[HISTORY] = problem(404, "unknown")
    assert await code(desk, HistoryQuery("c1")) == "unknown"


async def test_what_cannot_be_read_of_an_answer_is_said_and_kept_nowhere(desk: Desk, paper: Asked) -> None:
    paper.instead[HISTORY] = told(*BEGUN)
    await desk.ask(HistoryQuery("c1"))
    paper.instead[HISTORY] = jsoned({"facts": [{"type": "filed", "fact": {"case": 7}}]})
    assert await code(desk, HistoryQuery("c1")) == MalformedAnswer.code
    paper.instead[HISTORY] = httpx.ConnectError("cut")
    assert await desk.ask(HistoryQuery("c1")) == BEGUN


def layer(body: bytes, etag: str = '"a"') -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/geo+json", "etag": etag}, content=body)


async def test_places_are_asked_for_by_their_mark_and_kept_only_when_they_can_be_read(desk: Desk, paper: Asked) -> None:
    def mark() -> str | None:
        return paper.requests[-1].headers.get("if-none-match")

    for body in (b"[]", b"{", b"[" * 100_000):
        paper.instead[OUTLINE] = layer(body)
        assert await code(desk, PlacesQuery("outline")) == MalformedAnswer.code
        assert mark() is None
    paper.instead[OUTLINE] = layer(COLLECTION)
    wanted: dict[str, Any] = {"type": "FeatureCollection", "features": [1]}
    assert await desk.ask(PlacesQuery("outline")) == wanted
    assert mark() is None
    for answer in (httpx.Response(304), problem(500, "internal"), httpx.ConnectError("cut"), problem(403, "forbidden")):
        paper.instead[OUTLINE] = answer
        assert await desk.ask(PlacesQuery("outline")) == wanted
        assert mark() == '"a"'
    paper.instead[OUTLINE] = problem(404, "unknown")
    assert (await desk.ask(PlacesQuery("outline")))["features"] == []
    paper.instead["/v1/places/grids"] = problem(500, "internal")
    assert await code(desk, PlacesQuery("grids")) == "platform_error"
