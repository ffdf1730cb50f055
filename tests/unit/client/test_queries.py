"""Questions to the platform: each goes to its place with what was asked, and gives what is said there."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from commandcenter.client import queries
from commandcenter.client.errors import MalformedAnswer, NewerRecord
from commandcenter.client.session import Session
from commandcenter.domain.responsibility import Carried, CarriedTime
from commandcenter.protocol.messages import History, SeatDay, Summary
from tests.kit.scripted import URL, Paper, a_case, jsoned

PERIOD = {"since": "2026-11-24T00:00:00Z", "until": "2026-11-25T00:00:00Z"}


class Heard(Paper):
    """It remembers each question whole."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.questions.append(request)
        return await super().handle_async_request(request)

    @property
    def last(self) -> tuple[str, str, dict[str, str]]:
        """Method, path as it was sent, and parameters of the newest question."""
        request = self.questions[-1]
        return request.method, request.url.raw_path.decode().partition("?")[0], dict(request.url.params)


@pytest.fixture
async def asked() -> AsyncIterator[tuple[Heard, Session]]:
    paper = Heard()
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    yield paper, session
    await session.close()


@pytest.mark.parametrize(
    ("ask", "path", "answer"),
    [
        (queries.figures, "/v1/figures/summary", Summary(3, {"grid": 3}, {"received": 3}, (), (), (), ())),
        (queries.carried, "/v1/figures/carried", CarriedTime((Carried("housing", 60.5, 0.0, 2),))),
        (queries.seat_day, "/v1/figures/day", SeatDay(4, 61.5, 3, 2)),
    ],
)
async def test_counts_are_asked_for_of_the_period_that_was_meant(asked, ask: Any, path: str, answer: Any) -> None:
    paper, session = asked
    paper.instead[path] = jsoned(answer)
    assert await ask(session, PERIOD) == answer
    assert paper.last == ("GET", path, PERIOD)


async def test_cases_are_asked_for_as_they_are_searched_page_by_page(asked) -> None:
    paper, session = asked
    found = a_case("c7", text="积水")
    paper.instead["/v1/cases"] = jsoned({"items": [found], "total": 21, "next": "c7"})
    assert await queries.find_cases(session, {"q": "积水", "cursor": "c6"}) == ((found,), 21, "c7", 0)
    assert paper.last == ("GET", "/v1/cases", {"q": "积水", "cursor": "c6"})
    paper.instead["/v1/cases"] = jsoned({"items": [{"id": 7}], "total": 1, "next": None})
    with pytest.raises(MalformedAnswer):
        await queries.find_cases(session, {})


NEWER = asdict(a_case("c8")) | {"stage": "escalated"}  # a stage that only a newer program knows


async def test_a_page_counts_the_cases_that_only_a_newer_program_can_read(asked) -> None:
    paper, session = asked
    paper.instead["/v1/cases"] = jsoned({"items": [NEWER, a_case("c7"), NEWER], "total": 3, "next": None})
    assert await queries.find_cases(session, {}) == ((a_case("c7"),), 3, None, 2)


async def test_a_case_that_only_a_newer_program_can_read_is_told_from_one_that_makes_no_sense(asked) -> None:
    paper, session = asked
    paper.instead["/v1/cases/c8"] = jsoned(NEWER)
    with pytest.raises(NewerRecord) as said:
        await queries.one_case(session, "c8", scope_ver=None)
    assert (said.value.code, said.value.about) == ("older_program", "1")
    paper.instead["/v1/cases/c8"] = jsoned(NEWER | {"stage": 7})
    with pytest.raises(MalformedAnswer):
        await queries.one_case(session, "c8", scope_ver=None)


async def test_an_id_with_any_letters_asks_for_the_history_of_that_case_alone(asked) -> None:
    paper, session = asked
    paper.instead["/v1/cases/a/b?c/history"] = jsoned(History(()))
    assert await queries.history(session, "a/b?c") == ()
    assert paper.last == ("GET", "/v1/cases/a%2Fb%3Fc/history", {})


async def test_a_layer_is_fetched_once_for_each_of_its_versions(asked) -> None:
    paper, session = asked
    media = {"content-type": "application/geo+json"}
    paper.instead["/v1/places/grids"] = httpx.Response(200, headers=media | {"etag": '"v1"'}, content=b"{}")
    assert await queries.places(session, "grids", None) == ('"v1"', b"{}")
    assert "if-none-match" not in paper.questions[-1].headers
    paper.instead["/v1/places/grids"] = httpx.Response(200, headers=media, content=b"{}")
    assert await queries.places(session, "grids", '"v1"') == ("", b"{}")
    paper.instead["/v1/places/grids"] = httpx.Response(304)
    assert await queries.places(session, "grids", '"v1"') is None
    assert paper.questions[-1].headers["if-none-match"] == '"v1"'
    paper.instead["/v1/places/a/b"] = httpx.Response(304)
    assert await queries.places(session, "a/b", "x") is None
    assert paper.last[1] == "/v1/places/a%2Fb"
