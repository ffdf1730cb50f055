"""How long to wait: spread out, doubling, never beyond the cap, and never less than was asked for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.client.backoff import BASE, CAP, LONGEST, full_jitter
from commandcenter.client.errors import retry_after

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
CHANCES = st.floats(0, 1, exclude_max=True)


@given(st.integers(0, 10_000), CHANCES)
def test_within_the_span_of_the_attempt(attempt, chance):
    assert 0 <= full_jitter(attempt, chance) < min(CAP, BASE * 2 ** min(attempt, 10)) + 1e-9


@given(st.integers(0, 100), CHANCES, st.floats(0, LONGEST))
def test_never_sooner_than_asked_and_spread_beyond_it(attempt, chance, asked):
    assert asked <= full_jitter(attempt, chance, asked=asked) <= asked + CAP


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("9999999999", 86400.0),
        ("Tue, 24 Nov 2026 04:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 03:59:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 04:00:30 -0000", 30.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_platform_may_ask_for(said, seconds):
    assert retry_after(said, NOW) == seconds


@given(st.integers(0, 100), CHANCES, st.floats(LONGEST, 1e308))
def test_whoever_asks_for_hours_is_asked_again_after_minutes(attempt, chance, asked):
    assert LONGEST <= full_jitter(attempt, chance, asked=asked) <= LONGEST + CAP
