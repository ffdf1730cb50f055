"""The ways of a session's requests: whose certificate counts, past which proxies, and how they end."""

import asyncio
import gc
import ssl
import time
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.client.errors import NotAPlatform, SignedOut, Unreachable, Untrusted
from commandcenter.client.http_link import tls_context
from commandcenter.client.session import Session
from tests.kit.certificate import CERTIFICATE, KEY
from tests.kit.console import until
from tests.kit.scripted import URL, Paper, problem

PAGE = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\nconnection: close\r\n\r\n<b/>"


@asynccontextmanager
async def web(heard: list[bytes], under: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A web server that is no platform; gives its port, and keeps what it hears."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(PAGE)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=under)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_password_goes_to_nobody_for_whom_the_machine_does_not_vouch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("certificate", CERTIFICATE), ("key", KEY)):
        (tmp_path / name).write_text(text)
    under, heard = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), list[bytes]()
    under.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    async with web(heard, under) as port:
        stranger = Session(f"https://127.0.0.1:{port}", mono=time.monotonic)
        with pytest.raises(Untrusted):
            await stranger.sign_in("shift", "secret")
        await stranger.close()
        assert heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))  # as an administrator installs one
        trusted = Session(f"https://127.0.0.1:{port}", mono=time.monotonic)
        with pytest.raises(NotAPlatform):
            await trusted.sign_in("shift", "secret")
        await trusted.close()
    assert len(heard) == 1


def test_on_the_loopback_nobody_is_trusted_because_nobody_has_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "certificate").write_text(CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
    assert tls_context("https://127.0.0.1").cert_store_stats()["x509"] == 1
    assert tls_context("http://127.0.0.1").cert_store_stats()["x509"] == 0


async def test_a_proxy_that_the_environment_names_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    proxied, heard = list[bytes](), list[bytes]()
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with web(proxied) as proxy, web(heard) as port:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        session = Session(f"http://127.0.0.1:{port}", mono=time.monotonic)
        with pytest.raises(NotAPlatform):
            await session.sign_in("shift", "secret")
        await session.close()
    assert proxied == []
    assert heard[0].startswith(b"POST /v1/sign-in HTTP/1.1\r\n")


class Body(httpx.AsyncByteStream):
    """Comes drop by drop, and knows whether anybody hung up on it."""

    def __init__(self, *drops: bytes, pause: float = 0.0) -> None:
        self._drops, self._pause = drops, pause
        self.is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for drop in self._drops:
            await asyncio.sleep(self._pause)
            yield drop

    async def aclose(self) -> None:
        self.is_closed = True


def answered(body: Body, **headers: str) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json"} | headers, stream=body)


async def signed_in(paper: Paper) -> Session:
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    return session


async def test_an_answer_that_comes_drop_by_drop_is_none():
    paper, body = Paper(), Body(*[b" "] * 400, pause=0.01)
    session = await signed_in(paper)
    session._link.silence = 0.02
    paper.instead["/v1/hello"] = answered(body)
    with pytest.raises(Unreachable) as said:
        await session.hello()
    assert (said.value.code, said.value.about) == ("timed_out", URL)
    assert body.is_closed
    await session.close()


async def test_a_packed_answer_is_hung_up_on_unread():
    paper, body = Paper(), Body(b"x")
    session = await signed_in(paper)
    paper.instead["/v1/hello"] = answered(body, **{"content-encoding": "gzip"})
    with pytest.raises(NotAPlatform, match="a packed answer"):
        await session.hello()
    assert body.is_closed
    for plain in ("identity", " Identity "):
        paper.instead["/v1/hello"] = answered(Body(b"{}"), **{"content-encoding": plain})
        with pytest.raises(NotAPlatform, match="JSON"):
            await session.hello()
    await session.close()


class Hanging(Paper):
    """Never answers what is asked at `path`; `told` is what becomes of it, and of what comes later; `at_end` is called
    before the last of it.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.told: list[str] = []
        self.begun = asyncio.Event()
        self.at_end: Callable[[], object] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != self._path:
            self.told.append(request.url.path)
            return await super().handle_async_request(request)
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.at_end()
            self.told.append(f"{self._path} ended")
        raise AssertionError

    async def aclose(self) -> None:
        self.told.append("hung up")


async def test_a_session_that_is_closed_ends_its_renewal_first_and_who_waited_for_it_is_signed_out():
    paper = Hanging("/v1/refresh")
    paper.expires_in = 0
    session = await signed_in(paper)
    asking = asyncio.ensure_future(session.hello())
    await paper.begun.wait()
    await session.close()
    assert paper.told == ["/v1/sign-in", "/v1/refresh ended", "/v1/sign-out", "hung up"]
    with pytest.raises(SignedOut):
        await asking


async def test_who_is_cancelled_while_the_session_ends_is_cancelled_and_not_signed_out():
    paper = Hanging("/v1/refresh")
    paper.expires_in = 0
    session = await signed_in(paper)
    asking = asyncio.ensure_future(session.hello())
    await paper.begun.wait()
    paper.at_end = asking.cancel
    await session.close()
    await asyncio.wait({asking})
    assert asking.cancelled()


class Ending(Paper):
    """While a renewal is answered, `then` is begun beside it."""

    then: Callable[[], Coroutine[Any, Any, None]]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/refresh":
            self.beside = asyncio.ensure_future(self.then())
        return await super().handle_async_request(request)


async def test_a_session_that_ends_just_when_it_was_renewed_serves_nobody_any_more():
    paper = Ending()
    paper.expires_in = 0
    session = await signed_in(paper)
    paper.then = session.close
    with pytest.raises(SignedOut):
        await session.hello()
    await paper.beside
    assert paper.asked == ["/v1/sign-in", "/v1/refresh", "/v1/sign-out"]


class Late(Paper):
    """Says no to the first questions for a hello when it is told to, one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.gates = [asyncio.Event(), asyncio.Event()]
        self.waiting = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/hello" and self.waiting < len(self.gates):
            gate = self.gates[self.waiting]
            self.waiting += 1
            await gate.wait()
            return problem(401, "signed_out")
        return await super().handle_async_request(request)


async def test_who_hears_late_that_a_token_ran_out_takes_the_one_that_came_meanwhile():
    paper = Late()
    session = await signed_in(paper)
    first, second = (asyncio.ensure_future(session.hello()) for _ in range(2))
    await until(lambda: paper.waiting == 2)
    for gate, asking in zip(paper.gates, (first, second), strict=True):
        gate.set()
        await asking
    assert paper.asked.count("/v1/refresh") == 1
    await session.close()


async def test_who_hears_of_a_token_that_ran_out_after_the_farewell_is_signed_out():
    paper = Late()
    session = await signed_in(paper)
    asking = asyncio.ensure_future(session.hello())
    await until(lambda: paper.waiting == 1)
    hearing, hung = asyncio.Event(), paper.handle_async_request

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/sign-out":
            paper.gates[0].set()
            await hearing.wait()
        return await hung(request)

    paper.handle_async_request = slow
    closing = asyncio.ensure_future(session.close())
    with pytest.raises(SignedOut):
        await asking
    hearing.set()
    await closing
    assert "/v1/refresh" not in paper.asked


class Cut(Late):
    """The line is cut while a renewal waits for its answer."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/refresh":
            self.waiting += 1
            await self.gates[0].wait()
            raise httpx.ConnectError("cut")
        return await Paper.handle_async_request(self, request)


async def _leave_a_renewal_alone() -> "weakref.ref[asyncio.Task[None]]":
    paper = Cut()
    paper.expires_in = 0
    session = await signed_in(paper)
    asking = asyncio.ensure_future(session.hello())
    await until(lambda: paper.waiting == 1)
    asking.cancel()
    await asyncio.wait({asking})
    renewal = session._tokens._renewal
    assert renewal is not None
    paper.gates[0].set()
    await asyncio.wait({renewal})
    await session.close()
    return weakref.ref(renewal)


async def test_a_renewal_that_fails_when_nobody_waits_for_it_any_more_is_no_error_that_nobody_saw():
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told))
    renewal = await _leave_a_renewal_alone()
    gc.collect()
    assert renewal() is None
    assert faults == []


async def test_a_platform_that_does_not_hear_the_farewell_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commandcenter.client.tokens.SIGN_OUT_TIMEOUT", 0.05)
    paper = Hanging("/v1/sign-out")
    session = await signed_in(paper)
    await asyncio.wait_for(session.close(), 60)
    assert paper.told == ["/v1/sign-in", "/v1/sign-out ended", "hung up"]
