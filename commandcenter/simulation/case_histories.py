"""Generates the facts of each case: taken, filed, dispatched, accepted, perhaps returned, reported, closed."""

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from commandcenter.domain import facts as fact
from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.deadlines import allowance, moments
from commandcenter.domain.facts import Fact
from commandcenter.domain.ids import uuid7
from commandcenter.domain.kinds import LimitBasis
from commandcenter.domain.people import Role
from commandcenter.domain.places import Grid, Spot
from commandcenter.simulation import teams
from commandcenter.simulation.addresses import Addresses
from commandcenter.simulation.coordination import Coordination, Course
from commandcenter.simulation.day import moment, to_millisecond
from commandcenter.simulation.district import DistrictMap
from commandcenter.simulation.lead_histories import CaseOfDistrict, LeadHistories
from commandcenter.simulation.plans import DENIED, DISTRICT, GRID, RETURNED, STREET, CasePlan
from commandcenter.simulation.words import DemoPhrases

_SEATS = {
    "受理": Role.INTAKE_CLERK,
    "值班长": Role.SHIFT_LEADER,
    "派遣": Role.DISPATCHER,
    "街镇": Role.STREET_DISPATCHER,
    "统筹": Role.COORDINATOR,
}
_HOLDERS = {Tier.GRID: Role.GRID_LEADER, Tier.STREET: Role.UNIT, Tier.DISTRICT: Role.DEPARTMENT}


def role_in(fact: Fact, case: Case) -> Role:
    """Returns the role of whoever acted in `fact`, after which the case is `case`: at a seat of the hall, or holder."""
    return _SEATS.get(fact.by[:-2]) or _HOLDERS[case.tier]


@dataclass(frozen=True)
class Numbers:
    """Issues case numbers, counted from one within each local day; `last` is the last count of each day."""

    prefix: str
    zone: str
    last: dict[str, int] = field(default_factory=dict)

    def next(self, at: datetime) -> str:
        """Returns the next number of the local day of `at`."""
        day = at.astimezone(ZoneInfo(self.zone)).strftime("%Y%m%d")
        self.last[day] = self.last.get(day, 0) + 1
        return f"{self.prefix}-{day}-{self.last[day]:05d}"


class CaseHistories:
    """Turns planned cases of one district into facts; they lie in today's grids, or with `archive` in the archive's."""

    def __init__(self, made: DistrictMap, addresses: Addresses, numbers: Numbers, *, archive: bool = False) -> None:
        reference = made.reference
        self._calendar = reference.calendar
        self._channels = [row["id"] for row in reference.channel_data["channel"]]
        self._ordered = {row["id"] for row in reference.channel_data["channel"] if "number" in row}
        self._kinds = reference.kinds
        self._bases = [LimitBasis(kind.limit, kind.rev, self._calendar.rev) for kind in self._kinds]
        self._grids = made.grids_by_cell(archive=archive)
        self._units = {holder.id: holder.short for holder in teams.holders(made, archive=archive)}
        self._addresses = addresses
        self._numbers = numbers
        self._words = DemoPhrases(reference.words)
        usual = {row["id"]: row["department"] for row in reference.kind_data["kind"]}
        self._coordination = Coordination(reference.lead_data, usual, seed=len(self._grids))
        self._leads = LeadHistories(self._coordination, self._units.__getitem__)

    def of(self, plans: Sequence[CasePlan], chance: np.random.Generator) -> Iterator[list[Fact]]:
        """Yields for each plan, in order of arrival, all facts of its case in order of time."""
        noise = chance.bytes(10 * len(plans))
        for at, plan in enumerate(plans):
            grid, case = self._grids[plan.grid], uuid7(plan.at, noise[10 * at : 10 * at + 10])
            if plan.tier == DISTRICT:
                own = random.Random(plan.picks[0] << 30 | plan.picks[5])
                course = self._coordination.course(self._kinds[plan.kind].id, grid.id, moment(plan.at), own)
                yield [self._taken(plan, grid, case, course.words), *self._coordinated(plan, grid, case, course, own)]
            else:
                yield [self._taken(plan, grid, case), *self._worked(plan, grid, case)]

    def _taken(self, plan: CasePlan, grid: Grid, case: str, words: str = "") -> fact.Taken:
        channel, kind, at = self._channels[plan.channel], self._kinds[plan.kind], moment(plan.at)
        number = self._numbers.next(at)
        return fact.Taken(
            case=case,
            by=_seat("受理", plan.picks[4], 6),
            at=at,
            number=number,
            channel=channel,
            kind=kind.id,
            text=self._words.text(kind.id, channel, plan.picks[0], words),
            place=self._addresses.names[plan.address],
            street=grid.street,
            community=grid.community,
            grid=grid.id,
            spot=Spot(*plan.lonlat),
            external=f"{number[7:11]}-{10_000 + plan.picks[5] % 80_000}" if channel in self._ordered else None,
        )

    def _coordinated(
        self, plan: CasePlan, grid: Grid, case: str, course: Course, chance: random.Random
    ) -> Iterator[Fact]:
        """Yields how a case of the district is filed, led and settled."""
        filed = self._filed(plan, case)
        yield filed
        one = CaseOfDistrict(case, filed.kind, grid, filed.at, moment(plan.dispatched), filed.due)
        lead, done = yield from self._leads.of(one, course, chance)
        yield from self._settled(plan, case, (lead, Tier.DISTRICT), filed.at, done)

    def _filed(self, plan: CasePlan, case: str) -> fact.Filed:
        kind, filed = self._kinds[plan.kind], moment(plan.filed)
        due, green_until = moments(filed, kind.limit, self._calendar)
        by, basis = _seat("值班长", plan.picks[1], 3), self._bases[plan.kind]
        return fact.Filed(case, by, filed, kind.id, due, green_until, basis)

    def _worked(self, plan: CasePlan, grid: Grid, case: str) -> Iterator[Fact]:
        filed = self._filed(plan, case)
        yield filed
        sent, accepted = moment(plan.dispatched), moment(plan.accepted)
        holder = self._holder(plan, grid, plan.tier)
        if plan.course == RETURNED:
            wrong = self._holder(plan, grid, STREET if plan.tier == GRID else GRID)
            yield from self._given(plan, case, wrong, sent, accepted)
            sent, accepted = yield from self._given_back(plan, case, wrong, accepted)
        yield from self._given(plan, case, holder, sent, accepted)
        if plan.course == DENIED:
            accepted = yield from self._denied_return(plan, case, holder, accepted)
        yield from self._settled(plan, case, holder, filed.at, accepted)

    def _given(
        self, plan: CasePlan, case: str, holder: tuple[str, Tier], sent: datetime, accepted: datetime
    ) -> Iterator[Fact]:
        note = self._words.phrase("notes", plan.picks[2])
        yield fact.Dispatched(case, _seat("派遣", plan.picks[2] >> 8, 8), sent, *holder, note)
        yield fact.Accepted(case, self._units[holder[0]], accepted)

    def _given_back(
        self, plan: CasePlan, case: str, holder: tuple[str, Tier], accepted: datetime
    ) -> Generator[Fact, None, tuple[datetime, datetime]]:
        """Yields the wrong holder's return; returns when the case is dispatched again and accepted by the right one."""
        approved = yield from self._return_applied(plan, case, holder, accepted)
        note = self._words.phrase("approvals", plan.picks[4])
        yield fact.ReturnApproved(case, _seat("派遣", plan.picks[3] >> 8, 8), approved, note)
        sent = approved + timedelta(minutes=2 + plan.picks[4] % 9)
        return sent, sent + timedelta(minutes=12 + plan.picks[4] % 50)

    def _denied_return(
        self, plan: CasePlan, case: str, holder: tuple[str, Tier], accepted: datetime
    ) -> Generator[Fact, None, datetime]:
        """Yields an application to return the case and its denial; returns when work goes on."""
        denied = yield from self._return_applied(plan, case, holder, accepted)
        reason = self._words.phrase("denials", plan.picks[4])
        yield fact.ReturnDenied(case, _seat("派遣", plan.picks[3] >> 8, 8), denied, reason)
        return denied

    def _return_applied(
        self, plan: CasePlan, case: str, holder: tuple[str, Tier], accepted: datetime
    ) -> Generator[Fact, None, datetime]:
        """Yields an application to return the case; returns when it is answered."""
        applied = accepted + timedelta(minutes=5 + plan.picks[3] % 40)
        yield fact.ReturnApplied(case, self._units[holder[0]], applied, self._words.phrase("returns", plan.picks[3]))
        return applied + timedelta(minutes=3 + plan.picks[3] % 23)

    def _settled(
        self, plan: CasePlan, case: str, holder: tuple[str, Tier], filed: datetime, accepted: datetime
    ) -> Iterator[Fact]:
        if plan.share < 0:
            done = accepted + timedelta(minutes=plan.minutes)
        else:
            done = max(self._after(plan, filed), accepted + timedelta(minutes=4 + plan.minutes / 8))
        finding = self._words.finding(self._kinds[plan.kind].id, plan.picks[1])
        yield fact.Reported(case, self._units[holder[0]], to_millisecond(done), finding)
        closed = to_millisecond(done + timedelta(minutes=plan.until_closed))
        yield fact.Closed(case, _seat("受理", plan.picks[4], 6), closed, self._words.phrase("closings", plan.picks[5]))

    def _after(self, plan: CasePlan, filed: datetime) -> datetime:
        """Returns when the plan's share of the limit is used up."""
        limit, calendar = self._kinds[plan.kind].limit, self._calendar
        seconds = allowance(limit, calendar) * plan.share
        if limit.is_urgent:
            return filed + timedelta(seconds=seconds)
        return calendar.moment(calendar.elapsed(filed) + seconds)

    def _holder(self, plan: CasePlan, grid: Grid, tier: int) -> tuple[str, Tier]:
        """Returns the id and the tier of the holder that handles the case in its grid or its street."""
        if tier == GRID:
            return teams.grid_team(grid.id), Tier.GRID
        powers = self._kinds[plan.kind].powers
        return teams.unit(grid.street, powers[plan.picks[3] % 4 == 3 and len(powers) > 1]), Tier.STREET


def _seat(name: str, pick: int, many: int) -> str:
    """Returns the name of one of `many` seats of the hall: one of _SEATS with two digits."""
    return f"{name}{pick % many + 1:02d}"
