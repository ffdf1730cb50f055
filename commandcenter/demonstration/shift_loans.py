"""Decides how the streets of the shift help each other: crews are asked for and offered, lent, refused, given back."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from commandcenter.demonstration.shift_pace import ShiftAction, Way, chosen
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.commands import Command
from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.people import Role
from commandcenter.domain.teams import FREE, Crew
from commandcenter.sync.demo_accounts import DemoAccount

_PACE = {"ask": 0.01, "offer": 0.01, "agree": 0.12, "refuse": 0.01, "end": 0.03}  # how often per arriving case
_MOST = 2  # crews asked for or lent at a time
_KEPT = 2  # free crews that a unit's street keeps of its power, before one helps elsewhere
_LASTS = timedelta(hours=2)
_REASON, _REFUSAL, _THANKS = "辖区多处同时报警，请支援一组。", "本街道同时段也缺人手。", "现场已处理完，归队。"


class LoanActions:
    """Chooses the next commands from what `watch` sees; the accounts in `staff` act for their streets."""

    def __init__(self, watch: ShiftView, staff: Sequence[DemoAccount], chance: random.Random) -> None:
        self._watch, self._chance = watch, chance
        self._streets = {one.street: one for one in staff if one.role == Role.STREET_DISPATCHER and one.street}
        self._district = [one for one in staff if one.role == Role.DISPATCHER]
        self._ways: dict[str, Way] = {
            "ask": self._ask,
            "offer": self._offer,
            "agree": self._agree,
            "refuse": self._refuse,
            "end": self._end,
        }

    def next(self, now: datetime, *, share: float) -> Iterator[ShiftAction]:
        """Returns the actions of one turn; `share` is the turn's length as a part of the time between two arrivals."""
        return chosen(self._ways, _PACE, now, share=share, chance=self._chance)

    def _ask(self, now: datetime) -> ShiftAction | None:
        """The district asks both streets."""
        crew = self._spare()
        by = self._chance.choice(self._district) if self._district else None
        return self._given(by, self._loan(crew, now))

    def _offer(self, now: datetime) -> ShiftAction | None:
        """A street lends of its own accord."""
        crew = self._spare()
        return self._given(self._streets.get(crew.street) if crew else None, self._loan(crew, now))

    def _agree(self, now: datetime) -> ShiftAction | None:
        return self._answered(lambda crew: AgreeLoan(crew.id))

    def _refuse(self, now: datetime) -> ShiftAction | None:
        return self._answered(lambda crew: EndLoan(crew.id, _REFUSAL))

    def _end(self, now: datetime) -> ShiftAction | None:
        """The street that was helped gives a crew back that has nothing to do there."""
        idle = (crew for crew in self._lent() if crew.loan and crew.loan.street not in _at_work_in(crew))
        crew = self._one(crew for crew in idle if crew.loan and len(crew.loan.agreed) > 1)
        by = self._streets.get(crew.loan.street) if crew and crew.loan else None
        return self._given(by, EndLoan(crew.id, _THANKS) if crew else None)

    def _answered(self, make: Callable[[Crew], Command]) -> ShiftAction | None:
        """A street that has not agreed yet answers."""
        crew = self._one(crew for crew in self._lent() if self._silent(crew))
        return self._given(self._streets[self._silent(crew)[0]], make(crew)) if crew else None

    def _silent(self, crew: Crew) -> list[str]:
        streets = () if crew.loan is None else (crew.street, crew.loan.street)
        return [one for one in streets if one in self._streets and crew.loan and one not in crew.loan.agreed]

    def _loan(self, crew: Crew | None, now: datetime) -> Command | None:
        others = [street for street in self._streets if crew and street != crew.street]
        if crew is None or not others or len(self._lent()) >= _MOST:
            return None
        return AskCrew(crew.id, self._chance.choice(others), _REASON, now + _LASTS)

    def _spare(self) -> Crew | None:
        """Returns a free crew of a unit that has more of them than it keeps."""
        crews = self._watch.crews.values()
        free = [one for one in crews if one.street in self._streets and one.status in FREE and not one.assignments]
        units = Counter(one.unit for one in free)
        return self._one(one for one in free if units[one.unit] > _KEPT and one.loan is None)

    def _lent(self) -> list[Crew]:
        return [crew for crew in self._watch.crews.values() if crew.loan is not None]

    def _one(self, crews: Iterable[Crew]) -> Crew | None:
        found = list(crews)
        return self._chance.choice(found) if found else None

    def _given(self, by: DemoAccount | None, command: Command | None) -> ShiftAction | None:
        """Returns the command given by the account, unless a visitor sits there."""
        if by is None or command is None or self._watch.was_used_by_visitor(by.user):
            return None
        return by, self._watch.planned(command)


def _at_work_in(crew: Crew) -> set[str | None]:
    return {one.street for one in crew.assignments}
