"""Stories: access is given in the loop's thread while the writer's thread takes it back."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from commandcenter.server.auth.access_tokens import AccessTokens

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ROUNDS = 1_000


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_whoever_is_stopped_while_others_sign_in_is_out_and_the_others_stay() -> None:
    seats, faults = AccessTokens(lambda: NOW), list[Exception]()

    def stop_one_after_the_other() -> None:
        try:
            for number in range(ROUNDS):
                seats.revoke(user=f"stopped {number}")
        except Exception as fault:
            faults.append(fault)

    stopped = [seats.give(f"stopped {number}", "one", until=NOW + timedelta(hours=1))[0] for number in range(ROUNDS)]
    writer = Thread(target=stop_one_after_the_other)
    writer.start()
    others = [seats.give(f"other {number}", "two", until=NOW + timedelta(hours=1))[0] for number in range(ROUNDS)]
    writer.join()
    assert not faults
    assert [token for token in stopped if seats.find(token)] == []
    assert all(seats.find(token) for token in others)
