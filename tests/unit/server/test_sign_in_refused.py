"""Sign-ins that are refused: one answer for every wrong guess, a wait that grows, a row in the audit."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from commandcenter.server import schedule
from commandcenter.server.auth import accounts, throttle
from commandcenter.server.auth.throttle import Throttle
from commandcenter.server.errors import HttpProblem
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import audit, tables
from commandcenter.server.storage.settings import UNKNOWN_KEPT, SettingValues
from tests.kit.district import PASSWORD
from tests.kit.platform import Clock, ask_to_sign_in, small_platform
from tests.kit.role_spans import end_role


@pytest.fixture
def platform(tmp_path: Path, clock: Clock) -> Iterator[Platform]:
    """Whoever has to wait waits until the clock is moved on."""
    with small_platform(tmp_path / "data", clock=clock, mono=clock.mono) as platform:
        yield platform


async def test_unknown_user_and_wrong_password_get_the_same_answer(http: httpx.AsyncClient) -> None:
    wrong, nobody = await ask_to_sign_in(http, "clerk", "x"), await ask_to_sign_in(http, "nobody", "x")
    assert (wrong.status_code, wrong.content) == (nobody.status_code, nobody.content)
    assert wrong.status_code == 401


@pytest.mark.parametrize("user", ["clerk", "nobody"])
async def test_each_failure_behind_the_fifth_makes_the_next_try_wait_longer(
    http: httpx.AsyncClient, clock: Clock, user: str
) -> None:
    codes, waits = [(await ask_to_sign_in(http, user, "x")).status_code for _ in range(4)], []
    for _ in range(10):
        codes.append((await ask_to_sign_in(http, user, "x")).status_code)
        locked = await ask_to_sign_in(http, user, PASSWORD)
        assert (locked.status_code, locked.json()["code"]) == (429, "locked")
        waits.append(int(locked.headers["retry-after"]))
        clock.forward(seconds=waits[-1])
    assert codes == [401] * 14
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert (await ask_to_sign_in(http, user, PASSWORD)).status_code == (200 if user == "clerk" else 401)
    assert (await ask_to_sign_in(http, "shift", PASSWORD)).status_code == 200


@pytest.mark.parametrize("days", [-40, -1, 1, 40])
async def test_a_wall_clock_that_is_set_neither_forgives_nor_makes_anybody_wait_longer(
    http: httpx.AsyncClient, clock: Clock, days: int
) -> None:
    for _ in range(5):
        await ask_to_sign_in(http, "clerk", "x")
    clock.at += timedelta(days=days)
    assert (await ask_to_sign_in(http, "clerk", PASSWORD)).headers["retry-after"] == "5"
    clock.forward(seconds=4.5)
    assert (await ask_to_sign_in(http, "clerk", PASSWORD)).headers["retry-after"] == "1"
    clock.forward(seconds=0.5)
    assert (await ask_to_sign_in(http, "clerk", PASSWORD)).status_code == 200


async def test_who_guesses_at_one_address_locks_nobody_out_at_another(platform: Platform) -> None:
    for n in range(40):
        with suppress(HttpProblem):
            await platform.sign_ins.sign_in("clerk", "x", address=f"2001:db8:0:1::{n:x}")
    with pytest.raises(HttpProblem, match="Too many failures"):
        await platform.sign_ins.sign_in("clerk", PASSWORD, address="2001:db8:0:1:ffff::")
    assert (await platform.sign_ins.sign_in("clerk", PASSWORD, address="2001:db8:0:2::1")).user == "clerk"
    assert (await platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1")).user == "clerk"


async def test_who_tries_many_names_at_one_address_has_to_wait_and_its_own_people_have_not(platform: Platform) -> None:
    assert (await platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1")).user == "clerk"
    for n in range(40):
        with suppress(HttpProblem):
            await platform.sign_ins.sign_in(f"user{n}", "x", address="10.0.0.1")
    with pytest.raises(HttpProblem, match="Too many failures"):
        await platform.sign_ins.sign_in("shift", PASSWORD, address="10.0.0.1")
    assert (await platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1")).user == "clerk"
    assert (await platform.sign_ins.sign_in("shift", PASSWORD, address="10.0.0.2")).user == "shift"


class _Work:
    """What a platform does: passwords compared, rows written, statements."""

    def __init__(self, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: Counter[str] = Counter()
        real = accounts._HASHER

        class Hasher:
            def verify(_, *given: str) -> bool:
                self.done["compared"] += 1
                return real.verify(*given)

        monkeypatch.setattr(accounts, "_HASHER", Hasher())
        for engine in (platform.writer.engine, platform.readers.engine):
            event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.done[statement.split()[0]] += 1


async def test_a_name_that_nobody_has_costs_the_same_work_as_one_that_somebody_has(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, did = _Work(platform, monkeypatch), []
    for user in ("clerk", "nobody"):
        work.done.clear()
        with pytest.raises(HttpProblem, match="wrong"):
            await platform.sign_ins.sign_in(user, "x", address="10.0.0.1")
        did.append(dict(work.done))
    assert did[0] == did[1]
    assert (did[0]["compared"], did[0]["INSERT"]) == (1, 1)
    kept = platform.readers.now(lambda connection: connection.execute(select(tables.audit)).all())
    assert "nobody" not in str(kept)


async def test_more_sign_ins_at_a_time_than_an_address_needs_are_told_to_wait(platform: Platform) -> None:
    tries = [platform.sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1") for _ in range(70)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert {one.code for one in done if isinstance(one, HttpProblem)} == {"busy"}
    assert sum(isinstance(one, HttpProblem) for one in done) == 6
    assert platform.sign_ins._throttle._trying == {}


def test_more_sign_ins_at_a_time_than_the_platform_can_look_at_are_told_to_wait_wherever_they_come_from(
    clock: Clock,
) -> None:
    known, under_way = Throttle(clock.mono), ExitStack()
    with under_way:
        for n in range(255):
            under_way.enter_context(known.trying(f"10.0.0.{n}"))
        with known.trying("10.0.1.1"):
            with pytest.raises(HttpProblem, match="at a time") as refused, known.trying("10.0.1.2"):
                pass
            assert (refused.value.status, refused.value.code) == (429, "busy")
            assert refused.value.headers == {"Retry-After": "2"}
        with known.trying("10.0.1.2"):
            assert sum(known._trying.values()) == 256
    assert known._trying == {}


async def test_who_signs_in_at_many_seats_at_once_is_not_locked_out(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask_to_sign_in(http, "clerk", PASSWORD) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8


async def test_guesses_at_the_same_time_are_all_counted(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask_to_sign_in(http, "clerk", "x") for _ in range(12)))
    assert sum(answer.status_code == 401 for answer in answers) <= 6
    assert (await ask_to_sign_in(http, "clerk", PASSWORD)).status_code == 429


def test_guessing_at_many_names_takes_no_more_memory(clock: Clock) -> None:
    known = Throttle(clock.mono)
    for n in range(30_000):
        known.failed(f"user{n}", f"10.0.{n >> 8}.{n & 255}")
        known.succeeded(f"user{n}", f"10.0.{n >> 8}.{n & 255}")
        known.failed(f"user{n}", f"10.0.{n >> 8}.{n & 255}")
    assert len(known._pairs.counts) == len(known._addresses.counts) == len(known._known_addresses) == 20_000


async def test_names_that_nobody_has_fill_no_table(platform: Platform) -> None:
    five = SettingValues({UNKNOWN_KEPT: 5})
    for n in range(8):
        for user in ("clerk", "nobody"):
            with pytest.raises(HttpProblem, match="wrong"):
                await platform.sign_ins.sign_in(user, "x", address=f"10.0.0.{n}")
    await platform.writer.do(lambda connection: schedule.trim(connection, platform.now(), five))
    users = platform.readers.now(lambda connection: connection.execute(select(tables.audit.c.user)).scalars().all())
    assert Counter(users) == {"clerk": 8, "": 5}


async def test_each_sign_in_is_in_the_audit_with_its_address(platform: Platform) -> None:
    await platform.writer.do(lambda connection: end_role(connection, "shift", now=platform.now()))
    for n, (user, password) in enumerate([("clerk", PASSWORD), ("clerk", "x"), ("shift", PASSWORD), ("nobody", "x")]):
        with suppress(HttpProblem):
            await platform.sign_ins.sign_in(user, password, address=f"2001:db8::{n}")
    assert _noted(platform, "sign_in") == [
        ("clerk", "ok", "address:2001:db8::0"),
        ("clerk", "wrong_password", "address:2001:db8::1"),
        ("shift", "no_role", "address:2001:db8::2"),
        ("", "wrong_password", "address:2001:db8::3"),
    ]


@pytest.mark.parametrize("has_role", [True, False])
async def test_what_ends_a_sign_in_is_in_the_audit_with_the_address_that_it_came_from(
    platform: Platform, has_role: bool
) -> None:
    sign_ins = platform.sign_ins
    spent, left = [await sign_ins.sign_in("clerk", PASSWORD, address="10.0.0.1") for _ in range(2)]
    await sign_ins.refresh(spent.refresh, address="10.0.0.2")
    if not has_role:
        await platform.writer.do(lambda connection: end_role(connection, "clerk", now=platform.now()))
    with pytest.raises(HttpProblem, match="Sign in again"):
        await sign_ins.refresh(spent.refresh, address="2001:db8::3")
    await sign_ins.sign_out(left.refresh, address="2001:db8::4")
    assert _noted(platform, "refresh", "sign_out") == [
        ("clerk", "token_reused", "address:2001:db8::3"),
        ("clerk", "ok", "address:2001:db8::4"),
    ]


async def test_of_sign_ins_that_have_to_wait_one_a_minute_and_network_is_in_the_audit(
    tmp_path: Path, clock: Clock
) -> None:
    mono, first, others = [100.0], "2001:db8::1", ("2001:db8::3", "10.0.0.1")
    with open_platform(tmp_path / "data", now=clock, mono=lambda: mono[0]) as platform:
        for at, address in ((100.0, first), (159.0, "2001:db8::2"), *((160.0, other) for other in others)):
            mono[0] = at
            for _ in range(7):
                with suppress(HttpProblem):
                    await platform.sign_ins.sign_in("nobody", "x", address=address)
        await platform.writer.do(lambda connection: None)
        told = [(outcome, record) for _, outcome, record in _noted(platform, "sign_in") if outcome != "wrong_password"]
    assert told == [("locked", f"address:{address}") for address in (first, *others)]


async def test_refresh_tokens_that_nobody_was_given_cost_the_writer_nothing_and_their_network_has_to_wait(
    platform: Platform, clock: Clock
) -> None:
    sign_ins, address = platform.sign_ins, "2001:db8::1"
    bought = await sign_ins.sign_in("clerk", PASSWORD, address=address)
    jobs = platform.writer.tally.jobs
    for n in range(600):
        with pytest.raises(HttpProblem, match="Sign in again"):
            await sign_ins.refresh(f"made up {n}", address=f"2001:db8::{n:x}")
    await sign_ins.sign_out("made up", address=address)
    assert platform.writer.tally.jobs == jobs
    for _ in range(3):
        with pytest.raises(HttpProblem, match="Too many unknown tokens") as refused:
            await sign_ins.refresh("made up", address=address)
        assert (refused.value.status, refused.value.code) == (429, "busy")
        assert refused.value.headers == {"Retry-After": "1"}
    with pytest.raises(HttpProblem, match="Sign in again"):
        await sign_ins.refresh("made up", address="10.0.0.1")
    assert (await sign_ins.refresh(bought.refresh, address=address)).user == "clerk"
    clock.forward(seconds=1)
    with pytest.raises(HttpProblem, match="Sign in again"):
        await sign_ins.refresh("made up", address=address)
    assert _noted(platform, "refresh") == [("", "busy", f"address:{address}")]


async def test_sign_ins_that_are_refused_fill_no_table(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "TRIES_MOST", 0)
    for n in range(8):
        with pytest.raises(HttpProblem, match="at a time"):
            await platform.sign_ins.sign_in("clerk", PASSWORD, address=f"10.0.0.{n}")
    await platform.writer.do(lambda connection: audit.trim_unknown_users(connection, most=5))
    assert _noted(platform, "sign_in") == [("", "busy", f"address:10.0.0.{n}") for n in range(3, 8)]


def _noted(platform: Platform, *actions: str) -> list[tuple[str, str, str]]:
    asked = select(tables.audit).where(tables.audit.c.action.in_(actions)).order_by(tables.audit.c.id)
    rows = platform.readers.now(lambda connection: connection.execute(asked).all())
    return [(row.user, row.outcome, row.record) for row in rows]
