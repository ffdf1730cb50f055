"""Lets the crews of the shift go on and off duty by their rosters, a few at a time; whoever has a job ends it first."""

import random
from collections.abc import Iterator
from datetime import datetime

from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.commands import LocateCrew
from commandcenter.domain.rosters import DutyState
from commandcenter.domain.teams import Crew, CrewStatus

_SHARE = 0.2  # of those whose turn it is, in each turn, so that nobody is to the second
_STAYS = frozenset({DutyState.ON, DutyState.ENDING, DutyState.OFF})


class DutyChanges:
    """Says which crews begin or end their shift now; a crew without a roster stays as it is."""

    def __init__(self, watch: ShiftView, chance: random.Random) -> None:
        self._watch = watch
        self._chance = chance

    def turn(self, now: datetime, *, most: int) -> list[LocateCrew]:
        """Returns at most `most` reports of crews that go on or off duty at `now`."""
        due = [report for report in self._due(now) if self._chance.random() < _SHARE]
        return due[:most]

    def _due(self, now: datetime) -> Iterator[LocateCrew]:
        for crew in self._watch.crews.values():
            roster = self._watch.rosters.get(crew.id)
            duty = None if roster is None else roster.duty(now, works=crew.is_on_duty)
            if duty is None or duty.state in _STAYS or crew.spot is None:
                continue
            comes = duty.state is DutyState.MISSING
            if comes or _is_free(crew):
                status = CrewStatus.AVAILABLE if comes else CrewStatus.OFF_DUTY
                yield LocateCrew(crew.id, crew.spot, status)


def _is_free(crew: Crew) -> bool:
    return crew.job is None and crew.order is None
