"""No sequence of commands brings a case where it may not be, and its facts tell all that there is to know of it."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from commandcenter.domain import commands as wish
from commandcenter.domain.calendar import weekly
from commandcenter.domain.cases import ENDED, Case, Stage
from commandcenter.domain.channels import Channel
from commandcenter.domain.commands import records_of
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.decisions import Refused, decide, evolve
from commandcenter.domain.facts import Fact
from commandcenter.domain.kinds import Check, Kind, Limit, Measure
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.domain.places import Street
from commandcenter.domain.records import Record, Ref, kind_of

BEGAN = datetime(2026, 11, 24, 1, tzinfo=UTC)
STEPS = {
    (Stage.RECEIVED, Stage.FILED),
    (Stage.FILED, Stage.DISPATCHED),
    (Stage.DISPATCHED, Stage.HANDLING),
    (Stage.HANDLING, Stage.REPORTED),
    (Stage.REPORTED, Stage.CLOSED),
    (Stage.DISPATCHED, Stage.FILED),
    (Stage.HANDLING, Stage.FILED),
    (Stage.CLOSED, Stage.HANDLING),
}
HOLDERS = (
    Holder("unit", 1, HolderKind.UNIT, "城管中队", "城管", street="east"),
    Holder("team", 1, HolderKind.GRID_TEAM, "网格队", "网格", street="east"),
    Holder("department", 1, HolderKind.DEPARTMENT, "住建局", "住建"),
)
PEOPLE = tuple(
    Person(role.value, role, scope)
    for role, scope in (
        *((role, Scope("d")) for role in Role),
        (Role.UNIT, Scope("d", unit="unit")),
        (Role.GRID_LEADER, Scope("d", grid="team")),
        (Role.DEPARTMENT, Scope("d", department="department")),
        (Role.STREET_DISPATCHER, Scope("d", street="west")),
    )
)
BASE: tuple[Record, ...] = (
    weekly("Asia/Shanghai", spans=((510, 720), (840, 1050))),
    Street("east", 1, "东"),
    Channel("hotline", 1, "热线", by_hand=True),
    Kind("water", 1, "积水", "event", "市政", Limit(4, Measure.WORKING_HOURS)),
    Kind("lid", 1, "井盖", "component", "设施", Limit(1, Measure.URGENT_HOURS), check=Check.SITE),
    *HOLDERS,
)


class Hall:
    def __init__(self) -> None:
        self.records = {(kind_of(record), record.id): record for record in BASE}

    def find(self, kind: str, key: str) -> Record | None:
        return self.records.get((kind, key))

    def adopters(self, ref: Ref) -> frozenset[str]:
        return frozenset()

    def new_number(self, at: datetime) -> str | None:
        return "1"


class Lives(RuleBasedStateMachine):
    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.hall = Hall()
        self.told: list[Fact] = []
        self.now = BEGAN
        self.count = 0

    @rule(target=cases, kind=st.sampled_from(["water", "lid"]))
    def take(self, kind: str) -> str:
        self.count += 1
        key = f"c{self.count}"
        self._do(wish.Take(key, "hotline", kind, "文字", "地点", "east"), PEOPLE[0])
        return key

    @rule(
        case=cases,
        by=st.sampled_from(PEOPLE),
        to=st.sampled_from([holder.id for holder in HOLDERS]),
        command=st.sampled_from(
            [wish.File, wish.Dispatch, wish.Accept, wish.Report, wish.Close, wish.ApplyReturn, wish.ApproveReturn,
             wish.DenyReturn, Reopen]
        ),
    )  # fmt: skip
    def act(self, case: str, by: Person, to: str, command: type) -> None:
        more = {wish.Dispatch: (to,), wish.Report: ("已办",), wish.ApplyReturn: ("理由",), wish.DenyReturn: ("理由",)}
        more |= {Reopen: ("不满意",)}
        self._do(command(case, *more.get(command, ())), by)

    @rule(case=cases, to=st.sampled_from([holder.id for holder in HOLDERS]))
    def go_on(self, case: str, to: str) -> None:
        """The next step by whoever may take it, so that whole lives happen."""
        found = self.hall.find("case", case)
        assert isinstance(found, Case)
        report = wish.Report(case, "已办")
        again = Reopen(case, "不满意")
        steps = (wish.File(case), wish.Dispatch(case, to), wish.Accept(case), report, wish.Close(case), again)
        for command in steps:
            if any(self._do(command, by) for by in PEOPLE):
                return

    @rule(minutes=st.integers(1, 3000))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def _do(self, command: wish.Command, by: Person) -> bool:
        (ref, *_) = records_of(command)
        before = self.hall.find(*ref)
        facts = decide(self.hall, command, by, self.now)
        if isinstance(facts, Refused):
            assert facts.code
            return False
        for fact in facts:
            (at,) = records_of(fact)
            self.hall.records[at] = evolve(self.hall.records.get(at), fact)
        self.told += facts
        self._lawful(before, self.hall.find(*ref))
        return True

    def _lawful(self, before: Record | None, after: Record | None) -> None:
        assert isinstance(after, Case)
        if isinstance(before, Case):
            assert after.rev == before.rev + 1
            assert before.stage is after.stage or (before.stage, after.stage) in STEPS
            assert before.is_open or before.stage is Stage.CLOSED

    @invariant()
    def every_case_is_what_its_facts_say(self) -> None:
        folded: dict[tuple[str, str], Record] = {}
        for fact in self.told:
            (at,) = records_of(fact)
            folded[at] = evolve(folded.get(at), fact)
        assert folded == {ref: record for ref, record in self.hall.records.items() if ref[0] == "case"}

    @invariant()
    def what_a_case_holds_fits_its_stage(self) -> None:
        for record in self.hall.records.values():
            if isinstance(record, Case):
                given = record.stage in (Stage.DISPATCHED, Stage.HANDLING, Stage.REPORTED, Stage.CLOSED)
                assert (record.responsible is not None) is given
                assert (record.due is None) is (record.stage is Stage.RECEIVED)
                assert record.application is None or record.stage in (Stage.DISPATCHED, Stage.HANDLING)
                assert (record.ended_at is not None) is (record.stage in ENDED)
                assert record.stage is not Stage.CLOSED or record.kind != "lid"


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
