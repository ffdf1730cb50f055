"""What a console sends: who asks, in which form, with which token, and what it makes of tokens that are none."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from commandcenter.client.errors import (
    MalformedAnswer,
    NewerProtocol,
    NotAPlatform,
    PlatformBusy,
    SignedOut,
    Unreachable,
)
from commandcenter.client.session import Session
from commandcenter.client.stream import open_stream
from commandcenter.protocol import VERSION
from tests.kit.scripted import URL, Paper, html, jsoned, problem


class Mono:
    at = 100.0

    def __call__(self) -> float:
        return self.at


class Written(Paper):
    """Keeps the requests, and whether the console hung up."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[httpx.Request] = []
        self.is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        self.is_closed = True

    def last(self, path: str) -> httpx.Request:
        return [one for one in self.requests if one.url.path == path][-1]


def tokens(**other: Any) -> httpx.Response:
    said = {"access": "t1", "refresh": "r1", "expires_in": 900, "user": "shift", "role": "shift_leader"}
    return jsoned(said | {"scope": {"district": "d1"}} | other)


async def signed_in(paper: Paper, mono: Mono | None = None) -> Session:
    session = Session(URL, mono=mono or Mono(), transport=paper, silence=7.0)
    await session.sign_in("shift", "secret")
    return session


async def listened(session: Session) -> None:
    """The stream opened, and left."""
    async with open_stream(session, epoch=1, after=10, scope_ver=1):
        pass


def hello(**other: Any) -> dict[str, Any]:
    return json.loads(Paper()._hello().content) | other


async def test_each_request_says_who_sends_it_what_it_expects_and_how_long_it_waits():
    paper = Written()
    session = await signed_in(paper)
    await session.hello()
    async with open_stream(session, epoch=1, after=10, scope_ver=1) as incoming:
        paper.beat()
        await anext(incoming)
    await session.close()
    assert [one.url.path for one in paper.requests] == ["/v1/sign-in", "/v1/hello", "/v1/events", "/v1/sign-out"]
    for request in paper.requests:
        headers, media = request.headers, "text/event-stream" if request.method == "GET" else "application/json"
        assert (headers["user-agent"], headers["accept-encoding"]) == ("commandcenter", "identity")
        assert headers["accept"] == (media if request.url.path == "/v1/events" else "application/json")
        assert headers.get("content-type") == (None if request.method == "GET" else "application/json")
        assert headers.get("authorization") == (None if request.method == "POST" else "Bearer a1")
        assert request.extensions["timeout"] == {"connect": 5.0, "read": 7.0, "write": 10.0, "pool": 10.0}
    assert json.loads(paper.last("/v1/sign-in").content) == {"user": "shift", "password": "secret"}
    assert json.loads(paper.last("/v1/sign-out").content) == {"refresh": "r1"}
    assert paper.last("/v1/events").headers["last-event-id"] == "1:10"
    assert paper.is_closed
    with pytest.raises(SignedOut):
        await session.hello()


async def test_a_hello_shows_the_platform_the_newest_word_that_it_gave():
    paper = Written()
    session = await signed_in(paper)
    await session.hello()
    assert "cursor-token" not in paper.last("/v1/hello").headers
    await session.hello("1.10.x")
    assert paper.last("/v1/hello").headers["cursor-token"] == "1.10.x"
    await session.close()


async def test_after_a_no_to_its_token_a_request_goes_out_once_more_with_the_next_one():
    paper = Written()
    session = await signed_in(paper)
    paper.instead["/v1/hello"] = [problem(401, "signed_out")]
    paper.instead["/v1/refresh"] = [tokens(access="t2", refresh="r2")]
    await session.hello("1.10.x")
    first, second = (one for one in paper.requests if one.url.path == "/v1/hello")
    assert [one.headers["authorization"] for one in (first, second)] == ["Bearer a1", "Bearer t2"]
    assert second.headers["cursor-token"] == "1.10.x"
    assert json.loads(paper.last("/v1/refresh").content) == {"refresh": "r1"}
    paper.instead["/v1/events"] = [problem(401, "signed_out")]
    paper.beat()
    async with open_stream(session, epoch=1, after=10, scope_ver=1) as incoming:
        await anext(incoming)
    assert paper.asked.count("/v1/refresh") == 2
    assert paper.last("/v1/events").headers["authorization"] not in ("Bearer a1", "Bearer t2")
    await session.close()


@pytest.mark.parametrize("path", ["/v1/hello", "/v1/events"])
async def test_a_platform_that_says_no_to_the_next_token_as_well_is_not_asked_a_third_time(path):
    paper = Written()
    session = await signed_in(paper)
    paper.instead[path] = problem(401, "signed_out")
    with pytest.raises(SignedOut):
        await (session.hello() if path == "/v1/hello" else listened(session))
    assert (paper.asked.count(path), paper.asked.count("/v1/refresh")) == (2, 1)
    await session.close()


async def test_before_anybody_signed_in_there_is_nobody_and_nothing_is_asked():
    paper = Written()
    session = Session(URL + "/", mono=Mono(), transport=paper)
    assert (session.person, session.round_trip, session.attestation_key) == (None, None, None)
    assert session.is_expiring
    assert session.url == URL
    with pytest.raises(SignedOut):
        await session.hello()
    await session.close()
    assert paper.requests == []
    with pytest.raises(Unreachable) as said:
        await session.sign_in("shift", "x")
    assert said.value.code == "closed"


async def test_the_key_for_attesting_is_the_one_that_came_with_the_tokens():
    paper = Paper()
    paper.instead["/v1/sign-in"] = [tokens(), tokens(attest="a2V5")]
    session = await signed_in(paper)
    assert session.attestation_key is None
    await session.sign_in("shift", "x")
    assert session.attestation_key == "a2V5"
    assert session.person is not None
    await session.close()
    assert session.attestation_key is None


@pytest.mark.parametrize(
    ("lasts", "used"), [(100, 75), (120, 90), (900, 870), (3, 2.25), (0, 0), (-5, 0), (10**9, 7 * 86400 - 30)]
)
async def test_a_token_is_renewed_when_a_quarter_of_its_life_is_left_and_at_most_half_a_minute(lasts, used):
    paper, mono = Paper(), Mono()
    paper.expires_in = lasts
    session = await signed_in(paper, mono)
    if used:
        mono.at = 100.0 + used - 0.125
        await session.hello()
        assert not session.is_expiring
    mono.at = 100.0 + used
    assert session.is_expiring
    assert paper.asked.count("/v1/refresh") == 0
    await session.hello()
    assert paper.asked.count("/v1/refresh") == 1
    await session.close()


@pytest.mark.parametrize("access", ["", "a\nb", "钥", "x" * 4097, "a\x7f"])
async def test_a_token_that_no_request_can_carry_signs_nobody_in(access):
    paper = Paper()
    paper.instead["/v1/sign-in"] = [tokens(access=access), *(tokens(access="x" * n) for n in (1, 4096))]
    session = Session(URL, mono=Mono(), transport=paper)
    with pytest.raises(MalformedAnswer):
        await session.sign_in("shift", "x")
    assert session.person is None
    with pytest.raises(SignedOut):
        await session.hello()
    for _ in range(2):
        person = await session.sign_in("shift", "x")
        assert session.person is person
    await session.close()


async def test_a_platform_that_seats_somebody_else_seats_nobody():
    paper = Paper()
    paper.instead["/v1/sign-in"] = tokens(user="another")
    session = Session(URL, mono=Mono(), transport=paper)
    with pytest.raises(NotAPlatform):
        await session.sign_in("shift", "x")
    assert session.person is None
    with pytest.raises(SignedOut):
        await session.hello()
    await session.close()


@pytest.mark.parametrize("answer", [html(), jsoned({"songs": 1}), jsoned([])])
async def test_whoever_answers_a_sign_in_with_no_tokens_is_no_platform(answer):
    paper = Paper()
    paper.instead["/v1/sign-in"] = answer
    session = Session(URL, mono=Mono(), transport=paper)
    with pytest.raises(NotAPlatform):
        await session.sign_in("shift", "x")
    await session.close()


@pytest.mark.parametrize(
    ("answer", "fault", "about"),
    [
        (jsoned({"songs": 1}), NotAPlatform, "JSON"),
        (jsoned({"min_client": VERSION}), MalformedAnswer, "Object missing required field `proto`"),
        (jsoned({"min_client": VERSION + 1}), NewerProtocol, f"{VERSION + 1} > {VERSION}"),
        (jsoned(hello(now="9999-12-31T23:59:59Z")), MalformedAnswer, "a platform at a moment that no clock shows"),
        (jsoned(hello(since="0001-01-01T00:00:00Z")), MalformedAnswer, "a platform at a moment that no clock shows"),
        (html(), NotAPlatform, "text/html"),
    ],
)
async def test_a_hello_that_is_none_or_too_new_or_of_no_time_is_told_as_such(answer, fault, about):
    paper = Paper()
    session = await signed_in(paper)
    paper.instead["/v1/hello"] = answer
    with pytest.raises(fault) as said:
        await session.hello()
    assert (type(said.value), said.value.about) == (fault, about)
    await session.close()


@pytest.mark.parametrize(
    ("answer", "fault", "about"),
    [
        (html(), NotAPlatform, "text/html instead of text/event-stream"),
        (jsoned({}), NotAPlatform, "application/json instead of text/event-stream"),
        (httpx.Response(200, content=b"data: {}\n\n"), NotAPlatform, "HTTP 200"),
        (httpx.Response(201, headers={"content-type": "text/event-stream"}), NotAPlatform, "text/event-stream"),
        (html(502), Unreachable, "HTTP 502"),
    ],
)
async def test_what_is_no_stream_is_not_listened_to(answer, fault, about):
    paper = Paper()
    session = await signed_in(paper)
    paper.instead["/v1/events"] = answer
    with pytest.raises(fault) as said:
        await listened(session)
    assert said.value.about in (about, about.split(" ")[0])
    await session.close()


async def test_a_stream_may_name_its_alphabet():
    paper = Paper()
    session = await signed_in(paper)
    media = {"content-type": "text/event-stream; charset=utf-8"}
    paper.instead["/v1/events"] = httpx.Response(200, headers=media, content=b'event: bye\ndata: {"why":"x"}\n\n')
    await listened(session)
    assert paper.asked[-1] == "/v1/events"
    await session.close()


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Thu, 01 Jan 2026 00:00:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 00:00:40 GMT", 20.0),
        ("Thursday, 01-Jan-26 00:00:40 GMT", 20.0),
    ],
)
async def test_a_moment_to_come_back_at_is_counted_from_the_platforms_own_clock(date, seconds):
    paper = Paper()
    session = await signed_in(paper)
    later = {"retry-after": "Thu, 01 Jan 2026 00:01:00 GMT"}
    paper.instead["/v1/hello"] = problem(503, "busy", date=date, **later)
    with pytest.raises(PlatformBusy) as said:
        await session.hello()
    assert said.value.retry_after == seconds
    paper.instead["/v1/events"] = problem(503, "busy", date=date, **later)
    with pytest.raises(PlatformBusy) as said:
        await listened(session)
    assert said.value.retry_after == seconds
    await session.close()


@pytest.mark.parametrize("said", [{}, {"date": "soon"}])
async def test_without_the_platforms_clock_a_moment_to_come_back_at_is_counted_from_ones_own(said):
    paper = Paper()
    session = await signed_in(paper)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=3600), usegmt=True)
    paper.instead["/v1/hello"] = problem(503, "busy", **{"retry-after": later}, **said)
    with pytest.raises(PlatformBusy) as busy:
        await session.hello()
    assert 0 < busy.value.retry_after <= 3600
    await session.close()
