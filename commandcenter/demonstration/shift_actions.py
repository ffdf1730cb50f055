"""Decides what the accounts of the shift do next: file, dispatch, accept, report, close, or answer an application.

Some cases at each stage are left for a visitor. A case on which a visitor acted is left alone, except that the holder
it was dispatched to accepts it. An account that a visitor acted as is left alone for a while.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from commandcenter.demonstration.shift_pace import ShiftAction, Way, chosen
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain import commands
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.orders import AcceptOrder, RefuseOrder
from commandcenter.domain.people import Role
from commandcenter.simulation import teams
from commandcenter.simulation.reference import Table
from commandcenter.simulation.words import DemoPhrases
from commandcenter.sync.demo_accounts import DemoAccount

# How often an action is taken per arriving case, how many seconds a case must wait for it, how many stay untouched.
_PACE = {
    "file": 1.05,
    "dispatch": 1.05,
    "accept": 1.1,
    "report": 1.0,
    "close": 1.0,
    "answer": 0.06,
    "apply": 0.03,
    "order": 1.0,
}
_MIN_WAIT = {
    "file": 60,
    "dispatch": 240,
    "accept": 40,
    "report": 420,
    "close": 300,
    "answer": 600,
    "apply": 120,
    "order": 45,
}
_LEFT_FOR_VISITOR = {"file": 4, "dispatch": 14, "accept": 10, "report": 60, "close": 14, "answer": 4, "apply": 60}
_ANSWERED_AFTER = 45  # seconds until a unit answers an order to one of its crews
_ACCEPTS = 0.85  # of the orders


class ShiftActions:
    """Chooses the next commands from what `watch` sees; `staff` are the accounts that can act."""

    def __init__(
        self,
        watch: ShiftView,
        staff: Sequence[DemoAccount],
        kinds: Sequence[Table],
        words: DemoPhrases,
        chance: random.Random,
    ) -> None:
        self._watch = watch
        self._staff = staff
        self._holders = {one.holder: one for one in staff if one.holder}
        self._departments = {row["id"]: row["department"] for row in kinds}
        self._words = words
        self._chance = chance
        self._ways: dict[str, Way] = {
            "file": self._file,
            "dispatch": self._dispatch,
            "accept": self._accept,
            "report": self._report,
            "close": self._close,
            "answer": self._answer,
            "apply": self._apply,
        }

    def next(self, now: datetime, *, share: float) -> Iterator[ShiftAction]:
        """Yields the actions of one turn; `share` is the turn's length as a part of the time between two arrivals."""
        yield from chosen(self._ways, _PACE, now, share=share, chance=self._chance)
        answer = self._order(now)
        if answer is not None:
            yield answer

    def somebody(self, role: Role, case_street: str | None = None) -> DemoAccount | None:
        """Returns a random account of `role` that may act on a case of `case_street`, or None."""
        fit = [one for one in self._staff if one.role == role and one.street in (None, case_street)]
        return self._chance.choice(fit) if fit else None

    def _file(self, now: datetime) -> ShiftAction | None:
        case = self._pick("file", now, self._at(Stage.RECEIVED), lambda one: one.received_at)
        return self._by(self.somebody(Role.SHIFT_LEADER), case, lambda one: commands.File(one.id))

    def _dispatch(self, now: datetime) -> ShiftAction | None:
        filed = [one for one in self._at(Stage.FILED) if one.tier is not Tier.DISTRICT]  # that is the coordinator's
        case = self._pick("dispatch", now, filed, lambda one: one.filed_at)
        role = self._chance.choice((Role.DISPATCHER, Role.STREET_DISPATCHER))
        by = self.somebody(role, case.street if case else None) or self.somebody(Role.DISPATCHER)
        if case is None or by is None:
            return None
        to = self._fit_holder(case, by)
        return self._by(by, case, lambda one: commands.Dispatch(one.id, to)) if to else None

    def _accept(self, now: datetime) -> ShiftAction | None:
        case = self._pick("accept", now, self._held(Stage.DISPATCHED), lambda one: one.dispatched_at, keep=False)
        return self._by(self._holder_of(case), case, lambda one: commands.Accept(one.id))

    def _report(self, now: datetime) -> ShiftAction | None:
        done = [one for one in self._held(Stage.HANDLING) if not one.open_tasks]
        case = self._pick("report", now, done, lambda one: one.accepted_at)
        finding = self._words.finding(case.kind, self._chance.getrandbits(16)) if case and case.kind else ""
        return self._by(self._holder_of(case), case, lambda one: commands.Report(one.id, finding)) if finding else None

    def _close(self, now: datetime) -> ShiftAction | None:
        case = self._pick("close", now, self._at(Stage.REPORTED), lambda one: one.reported_at)
        role = self._chance.choice((Role.INTAKE_CLERK, Role.SHIFT_LEADER))
        return self._by(self.somebody(role), case, lambda one: commands.Close(one.id))

    def _answer(self, now: datetime) -> ShiftAction | None:
        waiting = [one for one in self._watch.cases.values() if one.application]
        case = self._pick("answer", now, waiting, lambda one: one.application.at if one.application else None)
        if self._chance.random() < 0.7:
            note = self._words.phrase("approvals", self._chance.getrandbits(16))
            return self._by(self.somebody(Role.DISPATCHER), case, lambda one: commands.ApproveReturn(one.id, note))
        reason = self._words.phrase("denials", self._chance.getrandbits(16))
        return self._by(self.somebody(Role.DISPATCHER), case, lambda one: commands.DenyReturn(one.id, reason))

    def _apply(self, now: datetime) -> ShiftAction | None:
        case = self._pick("apply", now, self._held(Stage.HANDLING), lambda one: one.accepted_at)
        reason = self._words.phrase("returns", self._chance.getrandbits(16))
        return self._by(self._holder_of(case), case, lambda one: commands.ApplyReturn(one.id, reason))

    def _order(self, now: datetime) -> ShiftAction | None:
        """The unit of a crew that somebody sent answers: mostly it accepts."""
        latest = now - timedelta(seconds=_ANSWERED_AFTER)
        sent = [one for one in self._watch.crews.values() if one.order and one.status_since <= latest]
        seated = ((one, self._holders.get(one.unit)) for one in sent)
        free = ((one, by) for one, by in seated if by and not self._watch.was_used_by_visitor(by.user))
        crew, by = next(free, (None, None))
        if crew is None or by is None or crew.order is None:
            return None
        if self._chance.random() < _ACCEPTS:
            return by, self._watch.planned(AcceptOrder(crew.order, crew.id))
        reason = self._words.phrase("refusals", self._chance.getrandbits(16))
        return by, self._watch.planned(RefuseOrder(crew.order, crew.id, reason))

    def _at(self, stage: Stage) -> list[Case]:
        return [one for one in self._watch.cases.values() if one.stage is stage]

    def _held(self, stage: Stage) -> list[Case]:
        """Returns the cases at `stage` whose holder has an account that no visitor acted as lately."""
        held = [one for one in self._at(stage) if not one.application]
        by = ((one, self._holders.get(one.responsible or "")) for one in held)
        return [one for one, account in by if account and not self._watch.was_used_by_visitor(account.user)]

    def _pick(
        self, name: str, now: datetime, pile: list[Case], since: Callable[[Case], datetime | None], *, keep: bool = True
    ) -> Case | None:
        """Returns one of the longest waiting cases of `pile`.

        None when no more than _LEFT_FOR_VISITOR are there or none has waited for _MIN_WAIT. `keep`: skip cases that a
        visitor acted on.
        """
        latest = now - timedelta(seconds=_MIN_WAIT[name])
        ripe = sorted((at, one.id) for one in pile if (at := since(one)) and at < latest)
        free = [key for _, key in ripe if not keep or not self._watch.was_changed_by_visitor(self._watch.cases[key])]
        if len(pile) <= _LEFT_FOR_VISITOR[name] or not free:
            return None
        return self._watch.cases[self._chance.choice(free[: max(3, len(free) // 3)])]

    def _fit_holder(self, case: Case, by: DemoAccount) -> str | None:
        """Chooses the holder of a case: mostly its grid team, then a unit of the street, seldom a department.

        Holders with an account are preferred.
        """
        kind = self._watch.kinds.get(case.kind or "")
        units = [teams.unit(case.street or "", power) for power in (kind.powers if kind else ())]
        grid = [teams.grid_team(case.grid)] if case.grid else []
        department = [self._departments.get(case.kind or "", "")] if by.street is None else []
        order = {0: [*grid, *units], 1: [*units, *grid], 2: [*department, *units]}
        wanted = order[self._chance.choices((0, 1, 2), (77, 19, 4))[0]]
        there = [key for key in wanted if key in self._watch.holders]
        return next((key for key in there if key in self._holders), there[0] if there else None)

    def _holder_of(self, case: Case | None) -> DemoAccount | None:
        return self._holders.get(case.responsible) if case is not None and case.responsible else None

    def _by(
        self, by: DemoAccount | None, case: Case | None, make: Callable[[Case], commands.Command]
    ) -> ShiftAction | None:
        return None if by is None or case is None else (by, self._watch.planned(make(case)))
