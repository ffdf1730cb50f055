"""How long a crew may be in a status before it is noted, and before somebody has to act."""

import pytest

from commandcenter.domain.lights import Light
from commandcenter.domain.teams import CrewStatus, light_of_stay

MINUTES = {"dispatched": (3, 10), "en_route": (15, 30), "on_scene": (30, 60), "handling": (60, 120)}


@pytest.mark.parametrize("status", CrewStatus)
def test_a_status_turns_at_its_minutes_and_the_others_never(status: CrewStatus) -> None:
    if status.value not in MINUTES:
        assert light_of_stay(status, 1e9) is Light.NONE
        return
    warn, alarm = (minutes * 60 for minutes in MINUTES[status.value])
    moments = (0, warn - 1, warn, alarm - 1, alarm)
    told = [light_of_stay(status, seconds) for seconds in moments]
    assert told == [Light.ON_TIME, Light.ON_TIME, Light.SOON, Light.SOON, Light.OVERDUE]
