"""How long a crew may be in a status before it is noted, and before somebody has to act."""

from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.domain.lights import Light
from commandcenter.domain.stays import Stay, light_of_stay, past_stays, stays
from commandcenter.domain.teams import Crew, CrewStatus

MINUTES = {"dispatched": (3, 10), "en_route": (15, 30), "on_scene": (30, 60), "handling": (60, 120)}
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def crew(status: CrewStatus, seconds: float, key: str = "c") -> Crew:
    return Crew(key, 1, "一队", "u", "s", status, NOW - timedelta(seconds=seconds))


@pytest.mark.parametrize("status", CrewStatus)
def test_a_status_turns_at_its_minutes_and_the_others_never(status: CrewStatus) -> None:
    usual = stays(())
    if status.value not in MINUTES:
        assert light_of_stay(crew(status, 1e9), usual, NOW) is Light.NONE
        return
    warn, alarm = (minutes * 60 for minutes in MINUTES[status.value])
    moments = (0, warn - 1, warn, alarm - 1, alarm)
    told = [light_of_stay(crew(status, seconds), usual, NOW) for seconds in moments]
    assert told == [Light.ON_TIME, Light.ON_TIME, Light.SOON, Light.SOON, Light.OVERDUE]


def test_what_an_administrator_set_holds_until_it_is_retired() -> None:
    returning, handling = crew(CrewStatus.RETURNING, 61), crew(CrewStatus.HANDLING, 61)
    told = (Stay("returning", 1, 30, 60), Stay("handling", 1, 60, 90))
    assert [light_of_stay(one, stays(told), NOW) for one in (returning, handling)] == [Light.OVERDUE, Light.SOON]
    gone = (Stay("returning", 2, 30, 60, retired=True), Stay("handling", 2, 60, 90, retired=True))
    assert [light_of_stay(one, stays(gone), NOW) for one in (returning, handling)] == [Light.NONE, Light.ON_TIME]


def test_of_many_crews_those_are_told_that_are_past_a_threshold() -> None:
    never = Crew("never", 1, "六队", "u", "s", CrewStatus.HANDLING)  # no report so far: since when is not known
    crews = (
        crew(CrewStatus.HANDLING, 3599, "fresh"),
        crew(CrewStatus.HANDLING, 3600, "late"),
        crew(CrewStatus.DISPATCHED, 600, "silent"),
        crew(CrewStatus.AVAILABLE, 1e6, "rested"),
        never,
    )
    assert past_stays(crews, stays(()), NOW) == {"late": Light.SOON, "silent": Light.OVERDUE}
