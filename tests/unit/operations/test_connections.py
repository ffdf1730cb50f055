"""Clients that say nothing, too much or too slowly: others are still served, on real sockets of the real server."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from commandcenter.operations import http_server
from commandcenter.operations.connection_pool import ConnectionPool, capacity
from commandcenter.operations.http_connection import (
    BODY,
    FIRST_BYTE,
    HEAD,
    HEAD_MOST,
    KEEP_ALIVE,
    UNREAD,
    HttpConnection,
)
from commandcenter.operations.listening import ListenOptions
from commandcenter.server.platform import Platform
from tests.kit.loopback import hosted

if sys.platform != "win32":
    import resource

ROOT = Path(__file__).parents[3]
HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
POST = b"POST /v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
Pool = ConnectionPool[HttpConnection]


class Client:
    """A socket that does what no client should."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, *pieces: bytes) -> None:
        """Send the pieces, as far as the other side takes them."""
        for piece in pieces:
            self.writer.write(piece)
            with suppress(ConnectionError):
                await self.writer.drain()

    async def hears(self) -> bytes:
        """The first bytes of the answer; none when the other side has hung up."""
        with suppress(ConnectionError):
            return await asyncio.wait_for(self.reader.read(64), 60)
        return b""


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _counted(pool: Pool, count: int) -> None:
    async with asyncio.timeout(60):
        while len(pool) != count:  # noqa: ASYNC110 (a server tells nobody)
            await asyncio.sleep(0.01)


async def _lives(port: int) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        return (await http.get(f"http://127.0.0.1:{port}/health")).status_code == 200


@contextmanager
def _limited(data: Path, files: int) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`serve` as a program that may open `files` files and no more."""
    command = [sys.executable, "-m", "commandcenter.operations.serve", "--port", "0", "--data", str(data)]
    limit = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {0})); "
    run = "sys.argv = sys.argv[2:]; runpy.run_module('commandcenter.operations.serve', run_name='__main__')"
    command = [sys.executable, "-c", limit.format(files) + run, *command[1:]]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as program:
        try:
            assert program.stdout is not None
            yield program, int(program.stdout.readline().rpartition(":")[2])
        finally:
            program.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of open files")
async def test_more_idle_connections_than_files_can_be_opened_keep_nobody_out(tmp_path: Path) -> None:
    with _limited(tmp_path, 200) as (program, port), ExitStack() as idle:
        for _ in range(260):
            idle.enter_context(socket.create_connection(("127.0.0.1", port), 10))
        assert await _lives(port)
        program.terminate()
        assert program.stderr is not None
        written = program.stderr.read()
    assert "Traceback" not in written
    assert len(written) < 10_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of open files")
def test_connections_stay_below_the_limit_of_open_files() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert 0 < capacity() < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.expects_log("no connection is accepted now")
async def test_a_system_without_room_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    said = {"message": "socket.accept() out of system resource", "exception": OSError(24, "Too many open files")}
    http_server._fault_in_loop(asyncio.get_running_loop(), said)
    (record,) = caplog.records
    assert record.getMessage() == "no connection is accepted now: Too many open files"
    assert record.exc_info is None


@pytest.mark.expects_log("of our own making")
async def test_a_fault_of_ours_in_the_loop_keeps_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    said = {"message": "of our own making", "exception": ValueError()}
    http_server._fault_in_loop(asyncio.get_running_loop(), said)
    assert caplog.records[0].exc_info is not None


async def test_who_says_nothing_makes_room_for_who_asks(platform: Platform) -> None:
    pool = Pool(8, per_address=4)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(hosted(platform, pool=pool))
        first, second, *_ = [await stack.enter_async_context(connected(port)) for _ in range(4)]
        await _counted(pool, 4)
        assert await _lives(port)
        assert await first.hears() == b""
        await second.says(HEALTH)
        assert await second.hears() != b""


async def test_who_never_asked_goes_before_who_did(platform: Platform) -> None:
    pool = Pool(2, per_address=2)
    async with hosted(platform, pool=pool) as port, connected(port) as asks:
        await asks.says(HEALTH)
        assert (await asks.hears()).startswith(b"HTTP/1.1 200")
        (who_asked,) = pool._address_of
        async with connected(port):
            await _counted(pool, 2)
            assert await _lives(port)
            await _counted(pool, 1)  # the silent one was closed, and who looked has gone
            assert list(pool._address_of) == [who_asked]


async def test_nobody_at_work_is_cut_off_for_a_newcomer(platform: Platform) -> None:
    pool = Pool(8, per_address=1)
    async with hosted(platform, pool=pool) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        signed = await http.post("/v1/sign-in", json={"user": "clerk", "password": "a-password-for-tests"})
        bearer = {"Authorization": f"Bearer {signed.json()['access']}"}
        async with http.stream("GET", "/v1/events", headers=bearer) as stream, connected(port) as late:
            assert await late.hears() == b""
            assert stream.status_code == 200
            assert len(pool) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(b"", FIRST_BYTE), (b"\r\n\r\n", HEAD), (HEALTH[:-2], HEAD), (POST + b"{", BODY)],
    ids=["nothing", "empty lines", "half a head", "half a body"],
)
async def test_a_request_has_its_time(platform: Platform, said: bytes, seconds: float) -> None:
    pool, now = Pool(8, per_address=8), asyncio.get_running_loop().time
    async with hosted(platform, pool=pool) as port, connected(port) as client:
        await _counted(pool, 1)
        await client.says(said)
        await _lives(port)  # what was said has been read by then
        begun = now()
        pool.drop_overdue(begun + seconds - 5)
        await asyncio.sleep(0)
        assert len(pool) >= 1
        pool.drop_overdue(begun + seconds + 1)
        assert await client.hears() == b""


async def test_an_answer_that_nobody_reads_is_not_kept_for_ever(platform: Platform) -> None:
    pool, now = Pool(8, per_address=8), asyncio.get_running_loop().time
    async with hosted(platform, pool=pool) as port:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
            await _counted(pool, 1)
            (held,) = pool._address_of
            held.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            await asyncio.get_running_loop().sock_sendall(client, HEALTH.replace(b"/health", b"/openapi.json"))
            async with asyncio.timeout(60):
                while not held.transport.get_write_buffer_size():  # noqa: ASYNC110 (nor does a transport)
                    await asyncio.sleep(0.01)
            pool.drop_overdue(now())
            pool.drop_overdue(now() + UNREAD - 5)
            assert len(pool) == 1
            pool.drop_overdue(now() + KEEP_ALIVE + UNREAD)
            await _counted(pool, 0)


@pytest.mark.expects_log("Invalid HTTP request received")
@pytest.mark.parametrize(
    "head",
    [
        (b"GET /", *([b"x" * 1_000_000] * 60)),
        (b"GET / HTTP/1.1\r\n", *([b"X: " + b"x" * 1_000_000] * 60)),
        (b"GET / HTTP/1.1\r\n", *([b"X: y\r\n" * 100_000] * 100)),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_MOST + b"\r\n\r\n",),
        (POST.replace(b"Content-Length: 50", b"Transfer-Encoding: chunked") + b"0\r\n", *([b"X: y\r\n" * 100_000] * 9)),
    ],
    ids=["address", "one header", "many headers", "just too long", "trailers"],
)
async def test_a_head_without_an_end_is_not_read_beyond_32_kilobytes(platform: Platform, head: tuple[bytes]) -> None:
    pool = Pool(8, per_address=8)
    async with hosted(platform, pool=pool) as port, connected(port) as client:
        saying = asyncio.ensure_future(client.says(*head))
        heard = await client.hears()
        for held in pool._address_of:
            assert sum(len(name) + len(value) for name, value in held.headers) + len(held.url) < 10 * HEAD_MOST
        saying.cancel()
        assert heard.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 401 ")) or heard == b""
        assert await _lives(port)


@pytest.mark.expects_log("Invalid HTTP request received")
async def test_a_head_of_ordinary_length_is_read(platform: Platform) -> None:
    async with hosted(platform) as port, httpx.AsyncClient(trust_env=False) as http:
        long = {"X-Long": "x" * (HEAD_MOST - 1_000)}
        assert (await http.get(f"http://127.0.0.1:{port}/health", headers=long)).status_code == 200
        assert (await http.get(f"http://127.0.0.1:{port}/health", headers={"X": "x" * HEAD_MOST})).status_code == 431


def _proxied(n: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"10.1.2.{n}", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(("proxies", "locked"), [((), True), (("10.9.9.9",), True), (("127.0.0.1",), False)])
async def test_a_forwarded_address_is_believed_to_a_named_proxy_alone(
    platform: Platform, proxies: tuple[str, ...], locked: bool
) -> None:
    listen = ListenOptions("127.0.0.1", 0, proxies=proxies)
    async with hosted(platform, listen=listen) as port, httpx.AsyncClient(trust_env=False) as http:
        url, wrong = f"http://127.0.0.1:{port}/v1/sign-in", {"user": "clerk", "password": "x"}
        codes = [(await http.post(url, json=wrong, headers=_proxied(n))).status_code for n in range(20)]
    assert (429 in codes) == locked


@pytest.mark.parametrize(("named", "locked"), [("10.0.0.7", False), ("::ffff:10.0.0.7", False), ("10.0.0.8", True)])
@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7"])
async def test_a_proxy_is_believed_however_the_socket_writes_its_address(
    platform: Platform, named: str, peer: str, locked: bool
) -> None:
    config = http_server.server_config(platform, ListenOptions("::", 0, proxies=(named,)))
    config.load()
    transport = httpx.ASGITransport(app=config.loaded_app, client=(peer, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        wrong = {"user": "clerk", "password": "x"}
        codes = [(await http.post("/v1/sign-in", json=wrong, headers=_proxied(n))).status_code for n in range(20)]
    assert (429 in codes) == locked


@pytest.mark.expects_log("Invalid HTTP request received")
async def test_requests_that_do_not_wait_for_answers_are_few(platform: Platform) -> None:
    async with hosted(platform) as port, connected(port) as client:
        await client.says(HEALTH * 1_000)
        answered = b""
        with suppress(ConnectionError):
            answered = await asyncio.wait_for(client.reader.read(), 60)
        assert answered.count(b"HTTP/1.1 200") < 100
        assert await _lives(port)
