"""A session: tokens renewed once for all who ask, certificates that have to prove themselves, answers with an end."""

import asyncio
import gc
import inspect
import ssl
import time
from collections.abc import AsyncGenerator

import httpx
import pytest

from commandcenter.client import responses
from commandcenter.client.errors import MalformedAnswer, NotAPlatform, PlatformBusy, SignedOut, Unreachable, Untrusted
from commandcenter.client.session import Session
from commandcenter.client.snapshot import snapshot
from commandcenter.client.stream import open_stream
from commandcenter.protocol.messages import Hello
from tests.kit.console import until
from tests.kit.scripted import URL, Paper, jsoned, problem


class Mono:
    at = 100.0

    def __call__(self) -> float:
        return self.at


async def signed_in(paper: Paper, mono: Mono) -> Session:
    session = Session(URL, mono=mono, transport=paper)
    await session.sign_in("shift", "x")
    return session


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hall.example", "not_secure"),
        ("http://127.0.0.1.hall.example", "not_secure"),
        ("https://user:secret@hall.example", "with_password"),
        ("http://user:secret@127.0.0.1", "with_password"),
        ("https://hall.example@evil.example", "with_password"),
        ("https://user:secret@hall.example:99999", "with_password"),
        ("ftp://hall.example", "bad_address"),
        ("https://hall.example?user=x", "bad_address"),
        ("", "bad_address"),
    ],
)
async def test_an_address_to_which_no_password_may_go_is_refused_and_repeats_no_secret(url, code):
    with pytest.raises(NotAPlatform) as said:
        Session(url, mono=time.monotonic)
    assert said.value.code == code
    assert "secret" not in str(said.value)
    session = Session("https://hall.example", mono=time.monotonic)
    with pytest.raises(NotAPlatform):
        session.move(url)
    await session.close()


async def test_many_requests_at_the_end_of_a_token_renew_it_once():
    paper, mono = Paper(), Mono()
    session = await signed_in(paper, mono)
    mono.at += 900
    await asyncio.gather(*(session.hello() for _ in range(20)))
    assert paper.asked.count("/v1/refresh") == 1
    assert not session.is_expiring
    await session.close()


async def test_many_that_are_refused_with_the_same_token_renew_it_once():
    paper = Paper()
    session = await signed_in(paper, Mono())
    paper.instead["/v1/hello"] = [problem(401, "signed_out") for _ in range(20)]
    await asyncio.gather(*(session.hello() for _ in range(20)))
    assert paper.asked.count("/v1/refresh") == 1
    await session.close()


async def test_a_renewal_goes_on_when_who_asked_for_it_is_gone():
    paper, mono, gate, begun = Paper(), Mono(), asyncio.Event(), asyncio.Event()
    session = await signed_in(paper, mono)
    inner = paper.handle_async_request

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/refresh":
            begun.set()
            await gate.wait()
        return await inner(request)

    paper.handle_async_request = slow
    mono.at += 900
    asking = asyncio.ensure_future(session.hello())
    await begun.wait()
    asking.cancel()
    await asyncio.wait({asking})
    gate.set()
    await until(lambda: not session.is_expiring)
    assert isinstance(await session.hello(), Hello)
    assert paper.asked.count("/v1/refresh") == 1
    await session.close()


async def test_without_network_the_renewal_fails_but_the_sign_in_stays():
    paper, mono = Paper(), Mono()
    session = await signed_in(paper, mono)
    mono.at += 900
    paper.instead["/v1/refresh"] = [httpx.ConnectError("cut")]
    with pytest.raises(Unreachable) as cut:
        await session.hello()
    assert cut.value.of_sign_in  # what was asked for had not left
    paper.instead["/v1/refresh"] = [httpx.Response(200, json={})]
    with pytest.raises(MalformedAnswer) as garbled:
        await session.hello()
    assert garbled.value.of_sign_in
    paper.instead["/v1/hello"] = [httpx.ConnectError("cut")]
    with pytest.raises(Unreachable) as cut:
        await session.hello()
    assert not cut.value.of_sign_in
    await session.hello()
    await session.close()


async def test_a_refused_renewal_ends_the_sign_in():
    paper, mono = Paper(), Mono()
    session = await signed_in(paper, mono)
    mono.at += 900
    paper.instead["/v1/refresh"] = problem(401, "signed_out")
    for _ in range(2):
        with pytest.raises(SignedOut):
            await session.hello()
    assert paper.asked.count("/v1/refresh") == 1
    await session.close()


async def test_an_answer_without_an_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("commandcenter.client.http_link.LARGEST", 1000)
    assert responses.LARGEST > 1_000_000
    paper = Paper()
    session = await signed_in(paper, Mono())
    paper.instead["/v1/hello"] = jsoned({"min_client": 1, "more": "x" * 2000})
    with pytest.raises(NotAPlatform):
        await session.hello()
    await session.close()


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"{}\n", b'{"epoch":1,"cursor":1,"scope_ver":1,"n":1}\n',
     b'{"epoch":1,"cursor":1,"scope_ver":1,"n":0}\n{"end":true,"n":0,"sha256":"00"}\n',
     b'{"epoch":1,"cursor":1,"scope_ver":1,"n":1}\nnot json\n'],
)  # fmt: skip
async def test_a_snapshot_that_is_none_is_garbled(body):
    paper = Paper()
    session = await signed_in(paper, Mono())
    media = {"content-type": "application/x-ndjson"}
    paper.instead["/v1/snapshot"] = httpx.Response(200, headers=media, content=body)

    async def whole() -> None:
        async with snapshot(session) as coming:
            async for _ in coming.bundles:
                pass

    with pytest.raises(MalformedAnswer):
        await whole()
    await session.close()


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted():
    paper = Paper()
    session = Session("https://platform.invalid", mono=time.monotonic, transport=paper)
    wrong = httpx.ConnectError("certificate")
    wrong.__cause__ = ssl.SSLCertVerificationError("self-signed")
    paper.instead["/v1/sign-in"] = wrong
    with pytest.raises(Untrusted) as said:
        await session.sign_in("shift", "x")
    assert said.value.code == "certificate"
    await session.close()


async def test_who_does_not_answer_is_named_by_the_address():
    paper = Paper()
    session = Session(URL, mono=time.monotonic, transport=paper)
    for wrong, code in ((httpx.ConnectError("x"), "unreachable"), (httpx.ReadTimeout("x"), "timed_out")):
        paper.instead["/v1/sign-in"] = wrong
        with pytest.raises(Unreachable) as said:
            await session.sign_in("shift", "x")
        assert (said.value.code, said.value.about) == (code, URL)
    await session.close()


async def test_who_is_locked_out_hears_for_how_long():
    paper = Paper()
    session = Session(URL, mono=time.monotonic, transport=paper)
    paper.instead["/v1/sign-in"] = problem(429, "locked", **{"retry-after": "841"})
    with pytest.raises(PlatformBusy) as said:
        await session.sign_in("shift", "x")
    assert (said.value.code, said.value.about) == ("locked", "15")
    await session.close()


def test_there_is_no_way_to_switch_verification_off():
    with pytest.raises(TypeError):
        Session("https://platform.invalid", mono=time.monotonic, verify=False)


async def _leave_in_the_middle(session: Session) -> None:
    async with open_stream(session, epoch=1, after=10, scope_ver=1) as incoming:
        async for _ in incoming:
            raise RuntimeError("enough")


def _suspended() -> list[AsyncGenerator]:
    """The generators over a stream that this program has to close and that wait in the middle of it."""
    waiting = [one for one in gc.get_objects() if inspect.isasyncgen(one) and one.ag_frame is not None]
    return [one for one in waiting if one.ag_code.co_qualname in ("_messages", "Response.aiter_bytes")]


async def test_a_stream_that_is_left_in_the_middle_leaves_nothing_behind_that_still_reads():
    paper, before = Paper(), _suspended()  # whatever other stories left behind is theirs
    session = await signed_in(paper, Mono())
    paper.beat()
    with pytest.raises(RuntimeError, match="enough") as said:
        await _leave_in_the_middle(session)
    assert [one for one in _suspended() if one not in before] == []
    del said  # until here its frames kept every generator alive: only who closes them ends them
    await session.close()


async def test_how_long_an_answer_takes_is_known_from_the_first_one_on():
    paper, mono = Paper(), Mono()
    session = Session(URL, mono=mono, transport=paper)
    assert session.round_trip is None
    await session.sign_in("shift", "x")
    inner = paper.handle_async_request

    async def slow(request: httpx.Request) -> httpx.Response:
        mono.at += 0.25
        return await inner(request)

    paper.handle_async_request = slow
    await session.hello()
    assert session.round_trip == 0.25
    await session.close()
