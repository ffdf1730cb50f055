"""Under TLS: handshakes that nobody finishes hold no more open files than other connections, and keep nobody out."""

import asyncio
import socket
import ssl
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import pytest

from commandcenter.operations.connection_pool import ConnectionPool
from commandcenter.operations.http_connection import FIRST_BYTE
from commandcenter.operations.listening import ListenOptions
from commandcenter.server.platform import Platform
from tests.kit.certificate import CERTIFICATE, KEY
from tests.kit.loopback import hosted


@pytest.fixture
def listen(tmp_path: Path) -> ListenOptions:
    """Under TLS, as localhost and 127.0.0.1."""
    for name, text in (("certificate", CERTIFICATE), ("key", KEY)):
        (tmp_path / f"{name}.pem").write_text(text)
    return ListenOptions("127.0.0.1", 0, tmp_path / "certificate.pem", tmp_path / "key.pem")


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """What a client trusts."""
    return ssl.create_default_context(cadata=CERTIFICATE)


async def _health(port: int, trusting: ssl.SSLContext) -> int:
    async with httpx.AsyncClient(verify=trusting, trust_env=False, timeout=30) as http:
        return (await http.get(f"https://127.0.0.1:{port}/health")).status_code


async def _is_cut_off(client: socket.socket) -> bool:
    try:
        async with asyncio.timeout(60):
            return await asyncio.get_running_loop().sock_recv(client, 64) == b""
    except ConnectionError:
        return True


async def _silent(stack: ExitStack, port: int) -> socket.socket:
    client = stack.enter_context(socket.socket())
    client.setblocking(False)
    await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    return client


async def _counted(pool: ConnectionPool, count: int) -> None:
    async with asyncio.timeout(60):
        while len(pool) != count:  # noqa: ASYNC110 (a server tells nobody)
            await asyncio.sleep(0.01)


async def test_who_never_begins_the_handshake_makes_room(
    platform: Platform, listen: ListenOptions, trusting: ssl.SSLContext
) -> None:
    pool = ConnectionPool(4, per_address=4)
    async with hosted(platform, listen=listen, pool=pool) as port:
        with ExitStack() as stack:
            silent = [await _silent(stack, port) for _ in range(4)]
            await _counted(pool, 4)
            assert await _health(port, trusting) == 200
            assert await _is_cut_off(silent[0])
        await _counted(pool, 0)


async def test_a_handshake_has_its_time(platform: Platform, listen: ListenOptions, trusting: ssl.SSLContext) -> None:
    pool = ConnectionPool(4, per_address=4)
    async with hosted(platform, listen=listen, pool=pool) as port:
        with ExitStack() as stack:
            silent = await _silent(stack, port)
            await _counted(pool, 1)
            pool.drop_overdue(asyncio.get_running_loop().time() + FIRST_BYTE + 1)
            assert await _is_cut_off(silent)
            await _counted(pool, 0)
        assert await _health(port, trusting) == 200


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 99, b"\0" * 9_000])
async def test_what_is_no_tls_ends_itself_alone(
    platform: Platform, listen: ListenOptions, trusting: ssl.SSLContext, said: bytes
) -> None:
    pool = ConnectionPool(4, per_address=4)
    async with hosted(platform, listen=listen, pool=pool) as port:
        with ExitStack() as stack:
            client = await _silent(stack, port)
            await asyncio.get_running_loop().sock_sendall(client, said)
            client.shutdown(socket.SHUT_WR)
            await _counted(pool, 0)
        assert await _health(port, trusting) == 200


async def test_a_request_that_comes_with_the_end_of_the_handshake_is_answered(
    platform: Platform, listen: ListenOptions, trusting: ssl.SSLContext
) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    async with hosted(platform, listen=listen) as port, AsyncExitStack() as stack:
        for _ in range(20):
            plain = stack.enter_context(socket.socket())
            plain.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(plain, ("127.0.0.1", port))
            received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
            client = trusting.wrap_bio(received, sent, server_hostname="127.0.0.1")
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    await loop.sock_sendall(plain, sent.read())
                    received.write(await loop.sock_recv(plain, 65_536))
            client.write(request)
            await loop.sock_sendall(plain, sent.read())  # the client's last message and its request at once
            answer = b""
            async with asyncio.timeout(60):
                while b"200 OK" not in answer:
                    heard = await loop.sock_recv(plain, 65_536)
                    assert heard
                    received.write(heard)
                    try:
                        answer += client.read(65_536)
                    except ssl.SSLWantReadError:
                        continue
