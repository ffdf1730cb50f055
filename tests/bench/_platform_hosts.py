"""Starts the servers of the benchmarks, each in a process of its own on a fresh folder with the small district."""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from commandcenter.server.storage import database
from tests.bench._platform_load import Target
from tests.kit.district import PASSWORD, small_accounts, small_district

ROOT = Path(__file__).resolve().parents[2]
_SERVE = ("commandcenter.operations.serve", "--port", "{port}", "--data", "{data}", "--quotas", "1000")


Fill = Callable[[Connection], None]


def small(connection: Connection) -> None:
    """Puts in the small district with an account for each of its seats."""
    small_district(connection)
    small_accounts(connection)


@contextmanager
def platform(fill: Fill = small, *, user: str = "clerk") -> Iterator[Target]:
    """Runs the platform as `serve` does, on what `fill` puts in; the target has the access token of `user`."""
    with _host(*_SERVE, fill=fill) as port:
        yield Target(port, sign_in(port, user))


@contextmanager
def async_peer() -> Iterator[Target]:
    """Runs the same endpoint on async SQLAlchemy and aiosqlite."""
    with _host("tests.bench.peer.async_platform", "{data}", "{port}") as port:
        yield Target(port)


@contextmanager
def bare() -> Iterator[Target]:
    """Runs uvicorn with an endpoint that does nothing."""
    with _host("tests.bench.peer.bare", "{port}") as port:
        yield Target(port)


def sign_in(port: int, user: str) -> str:
    """Returns an access token for `user`."""
    body = json.dumps({"user": user, "password": PASSWORD}).encode()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/sign-in", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        return str(json.load(answer)["access"])


@contextmanager
def _host(module: str, *options: str, fill: Fill = small) -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder:
        with database.writing(Path(folder)) as connection:
            fill(connection)
        port = _free_port()
        given = [option.format(port=port, data=folder) for option in options]
        with subprocess.Popen([sys.executable, "-m", module, *given], cwd=ROOT, stdout=subprocess.PIPE) as program:
            try:
                _wait(port, program)
                yield port
            finally:
                program.terminate()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(port: int, program: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if program.poll() is not None:
            break
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("a server of the bench did not start")
