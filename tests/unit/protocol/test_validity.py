"""A console takes no record that it could not count by, whichever of its moments is impossible."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.teams import Crew
from commandcenter.protocol.codec import Unreadable
from commandcenter.protocol.validity import validated
from tests.kit.district import NOON

CASE = Case("c", 1, Stage.FILED, Tier.GRID, "hotline", NOON)


@pytest.mark.parametrize(
    "name",
    ["received_at", "filed_at", "due", "green_until", "dispatched_at", "accepted_at", "reported_at", "ended_at"],
)
def test_no_moment_of_a_case_lies_where_no_clock_counts(name: str) -> None:
    assert validated(replace(CASE, **{name: NOON + timedelta(days=1)})).id == "c"
    for moment in (datetime(2200, 1, 2, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), NOON.replace(tzinfo=None)):
        with pytest.raises(Unreadable, match="no clock"):
            validated(replace(CASE, **{name: moment}))


def test_a_crew_that_never_reported_is_taken() -> None:
    crew = Crew("k", 1, "一组", "east-urban", "east")
    assert validated(crew) is crew
