"""`serve` as a program: ready on standard output, sentences instead of traces, an orderly end."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.demonstration.accounts import replace_demo_accounts
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Street
from commandcenter.operations import serve
from commandcenter.operations.administrator import ADMINISTRATOR, has_administrator
from commandcenter.operations.listening import ListenOptions, bound_socket
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.districts import create_district, put_reference
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.gate import is_loopback
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import database
from commandcenter.sync.demo_accounts import FILE, read_accounts, write_accounts
from tests.kit.district import CALENDAR, DISTRICT, NOON, small_accounts, small_district
from tests.kit.platform import calling, sit_down

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-m", "commandcenter.operations.serve"]


@contextmanager
def served(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program at work, and its address."""
    command = [*SERVE, "--port", "0", "--data", str(data), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as program:
        try:
            assert program.stdout is not None
            word, url = program.stdout.readline().split()
            assert word == "ready"
            yield program, url
        finally:
            program.kill()


def _refused(*options: str) -> str:
    done = subprocess.run([*SERVE, *options], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with database.writing(tmp_path) as connection:
        small_district(connection)
        small_accounts(connection)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_it_serves_until_it_is_told_to_end_and_says_bye(data: Path) -> None:
    with served(data) as (program, url):
        answer = httpx.post(f"{url}/v1/sign-in", json={"user": "clerk", "password": "a-password-for-tests"})
        bearer = {"Authorization": f"Bearer {answer.json()['access']}"}
        with httpx.stream("GET", f"{url}/v1/events", headers=bearer, timeout=20) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: hb"
            program.send_signal(signal.SIGTERM)
            assert "event: bye" in list(lines)
        assert program.wait(10) == 0
        assert program.stderr is not None
        assert "Traceback" not in program.stderr.read()


def test_it_ends_with_the_console_that_started_it(tmp_path: Path) -> None:
    with served(tmp_path, "--with-console") as (program, _):
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(10) == 0
        assert program.stderr is not None
        assert "account admin, password " in program.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_it_ends_in_order_on_a_signal_while_the_console_that_started_it_lives(tmp_path: Path) -> None:
    with served(tmp_path, "--with-console") as (program, _):
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
        assert program.stderr is not None
        assert "Fatal" not in program.stderr.read()


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in _refused("--port", port, "--data", str(tmp_path))


def test_answers_are_not_held_back() -> None:
    with bound_socket(ListenOptions("127.0.0.1", 0)) as made:
        assert made.proto == socket.IPPROTO_TCP


def test_what_is_not_this_machine_needs_a_certificate(tmp_path: Path) -> None:
    assert "--certificate" in _refused("--host", "0.0.0.0", "--data", str(tmp_path))
    assert "--demo" in _refused("--demo", "--host", "0.0.0.0", "--data", str(tmp_path))
    assert "cert.pem" in _refused(
        "--host", "0.0.0.0", "--data", str(tmp_path), "--certificate", "cert.pem", "--key", "key.pem"
    )


def test_a_certificate_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    here = ("--port", "0", "--data", str(tmp_path / "data"))
    assert "no certificate" in _refused(*here, "--certificate", str(junk), "--key", str(junk))
    assert "--certificate" in _refused(*here, "--key", str(junk))
    assert not (tmp_path / "data").exists()


def test_a_halls_platform_loads_nothing_of_the_demonstration(tmp_path: Path) -> None:
    program = """
import sys
from commandcenter.operations import serve
assert serve.main(["--port", "0", "--data", sys.argv[1], "--with-console"]) == 0
print(*(name for name in ("numpy", "shapely", "pandas", "commandcenter.simulation") if name in sys.modules))
"""
    words = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [""]


def test_an_interrupt_ends_the_seeding_on_the_spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(data: Path) -> None:
        handlers.append(signal.getsignal(signal.SIGINT))
        raise UnusableEnvironment("ended", "The seeding was ended.")

    handlers: list[Any] = []
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(f"{serve.DEMONSTRATION}.fill", fill)
    assert serve.main(["--port", "0", "--data", str(tmp_path / "new"), "--demo"]) == 2
    assert handlers == [signal.SIG_DFL]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_folder_that_is_held_is_one_sentence(platform: Platform) -> None:
    assert "running" in _refused("--port", "0", "--data", str(platform.data))


def test_a_console_hears_by_a_code_why_its_platform_cannot_start(
    platform: Platform, capfd: pytest.CaptureFixture[str]
) -> None:
    assert serve.main(["--port", "0", "--data", str(platform.data), "--with-console"]) == 2
    assert capfd.readouterr().out == "unusable held\n"


@pytest.mark.parametrize(
    ("host", "is_ours"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_what_loopback_is(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours


async def test_the_demonstration_seats_everybody_with_new_passwords(data: Path) -> None:
    with open_platform(data) as platform:
        first = await platform.writer.do(replace_demo_accounts)
        told = await platform.writer.do(replace_demo_accounts)
        file = write_accounts(data, told)
        assert json.loads(file.read_text("utf-8")) == [asdict(one) for one in told]
        assert read_accounts(data) == tuple(told)
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert stat.S_IMODE(database.file_in(data).stat().st_mode) == 0o600
        assert (told[0].role, told[0].street) == ("dispatcher", None)
        roles = [one.role for one in told]
        assert {"intake_clerk", "shift_leader", "leader", "system", "department"} <= set(roles)
        assert (roles.count("street_dispatcher"), roles.count("unit"), roles.count("grid_leader")) == (2, 4, 2)
        async with calling(platform) as http:
            await sit_down(http, told[0].user, password=told[0].password)
            old = {"user": first[0].user, "password": first[0].password}
            assert (await http.post("/v1/sign-in", json=old)).status_code == 401


async def test_a_district_without_units_has_seats_for_two_of_its_streets(tmp_path: Path) -> None:
    streets = [Street(f"s{n}", 1, f"Council District {n}") for n in range(4)]
    with database.writing(tmp_path) as connection:
        create_district(connection, DISTRICT, CALENDAR, now=NOON)
        put_reference(connection, DISTRICT.id, streets, now=NOON)
        told = replace_demo_accounts(connection)
    assert [one.street for one in told if one.role == "street_dispatcher"] == ["s0", "s1"]


async def test_a_halls_own_database_gets_no_seats_of_a_demonstration(data: Path) -> None:
    with database.writing(data) as connection:
        assert not has_administrator(connection)
        accounts.put(connection, Person(ADMINISTRATOR, Role.SYSTEM, Scope("d1")), "hash")
    with served(data, "--demo") as (program, _):
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
        assert program.stderr is not None
        assert "a hall's own accounts" in program.stderr.read()
    assert not (data / FILE).exists()
    with database.writing(data) as connection:
        assert roles.role_history(connection, "dispatcher").at(NOON).person.scope == Scope("d1")
        assert roles.role_history(connection, "intake_clerk") is None
