"""The steps of cases: what was done, by whom and when; the same whether written with the command or from the log."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from commandcenter.domain.calendar import Calendar, weekly
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import (
    Accept,
    ApplyReturn,
    ApproveReturn,
    Close,
    Command,
    DenyReturn,
    Dispatch,
    File,
    Import,
    Report,
    Take,
)
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.protocol.messages import Result
from commandcenter.server import schedule
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform
from commandcenter.server.storage import steps, tables
from tests.kit.district import DISTRICT, NOON, seats
from tests.kit.platform import Clock, new_id
from tests.kit.swapping import Swap, swapping

MORNINGS = weekly("Asia/Shanghai", days=7, spans=((480, 720),))  # 8 to 12 o'clock
NIGHTS = weekly("Asia/Shanghai", days=7, spans=((0, 360), (1200, 1440)))
WHO = {File: "shift", Dispatch: "dispatcher", Recall: "dispatcher", ApproveReturn: "dispatcher"}
WHO |= {DenyReturn: "dispatcher", Take: "clerk", Close: "clerk", Import: "system"}  # all others: the unit


@dataclass
class Story:
    """The small platform at work through its real pipeline, on a clock that the story moves."""

    platform: Platform
    clock: Clock

    def does(self, user: str, command: Command, **how: Any) -> Result:
        """Executes `command` of `user` on what stands now."""
        person = seats()[user].person

        def work(connection: Connection) -> Result:
            rows = connection.execute(select(tables.cases.c.id, tables.cases.c.rev))
            bases = {f"case:{row.id}": row.rev for row in rows}
            given: dict[str, Any] = {"bases": bases, "cmd_id": new_id()} | how
            return perform(connection, command, person, self.clock(), **given)

        return self.writes(work)

    def takes(self, street: str = "east") -> str:
        case = new_id()
        assert self.does("clerk", Take(case, "hotline", "water", "积水", "路口", street)).status == "applied"
        return case

    def counts_by(self, calendar: Calendar) -> None:
        """Changes the calendar of the district."""
        self.writes(lambda con: put_reference(con, DISTRICT.id, [calendar], now=self.clock()))

    def writes(self, work: Callable[[Connection], Any]) -> Any:
        return self.platform.writer.submit(work).result()

    def rows(self, case: str | None = None) -> list[dict[str, Any]]:
        """Returns the steps of all cases, or of one."""
        wanted = select(tables.steps).order_by(tables.steps.c.case, tables.steps.c.rev)
        rows = self.platform.readers.now(lambda con: con.execute(wanted).mappings().all())
        return [dict(row) for row in rows if case in (None, row["case"])]

    def column(self, name: str, case: str) -> list[Any]:
        """Returns one column of the steps of a case."""
        return [row[name] for row in self.rows(case)]

    def holds(self) -> bool:
        """Whether the steps are what the log says."""
        return self.platform.readers.now(lambda con: steps.are_as_logged(con, DISTRICT.id))


@pytest.fixture
def hall(platform: Platform, clock: Clock) -> Story:
    return Story(platform, clock)


def test_each_act_on_a_case_is_a_step_with_its_actor_role_holder_and_times(hall: Story) -> None:
    case = hall.takes()
    hall.does("shift", File(case))
    hall.does("dispatcher", Dispatch(case, "east-urban"))
    hall.clock.forward(minutes=5)
    hall.does("east-urban", Accept(case))
    hall.does("east-urban", ApplyReturn(case, "不归本队"))
    hall.does("dispatcher", ApproveReturn(case))
    found = [(row["rev"], row["verb"], row["actor"], row["role"], row["holder"]) for row in hall.rows(case)]
    assert found == [
        (1, "taken", "clerk", "intake_clerk", None),
        (2, "filed", "shift", "shift_leader", None),
        (3, "dispatched", "dispatcher", "dispatcher", "east-urban"),
        (4, "accepted", "east-urban", "unit", "east-urban"),
        (5, "return_applied", "east-urban", "unit", "east-urban"),
        (6, "return_approved", "dispatcher", "dispatcher", None),
    ]
    due = (NOON + timedelta(hours=4)).timestamp()
    assert hall.column("due", case) == [None, *(due,) * 5]
    later = (NOON + timedelta(minutes=5)).timestamp()
    assert hall.column("at", case) == hall.column("acted_at", case) == [NOON.timestamp()] * 3 + [later] * 3
    assert hall.column("worked", case) == [None, 0.0, 0.0, 300.0, 0.0, 0.0]


def test_time_between_two_steps_is_counted_by_the_calendar_in_force_at_the_later_one(hall: Story) -> None:
    hall.counts_by(MORNINGS)
    case = hall.takes()  # at noon
    hall.clock.forward(hours=22)
    hall.does("shift", File(case))  # at ten the next morning
    hall.counts_by(NIGHTS)
    hall.clock.forward(hours=20)
    hall.does("dispatcher", Dispatch(case, "east-urban"))  # at six in the morning after it
    assert hall.column("worked", case) == [None, 7200.0, 36000.0]
    hall.clock.forward(days=60)
    hall.writes(lambda con: schedule.trim(con, hall.clock()))
    assert hall.holds()  # past calendars outlast the frames


def test_a_platform_whose_clock_is_set_back_knows_of_no_act_that_is_still_to_come(hall: Story) -> None:
    hall.clock.forward(days=40)
    case = hall.takes()
    hall.clock.forward(days=-40)
    hall.does("shift", File(case))
    taken, filed = hall.rows(case)
    assert (taken["acted_at"] - filed["acted_at"], filed["acted_at"]) == (40 * 86_400, filed["at"])
    assert filed["worked"] == 0.0
    assert hall.holds()


def test_a_case_that_is_open_again_begins_another_cycle(hall: Story) -> None:
    case = new_id()
    row = Import(case, "hotline", "23-1", "a" * 8, Stage.FILED, Tier.STREET, NOON, kind="water", street="east")
    for stage, digest in ((Stage.FILED, "a"), (Stage.CLOSED, "b"), (Stage.FILED, "c"), (Stage.VOID, "d")):
        assert hall.does("system", replace(row, stage=stage, source_hash=digest * 8)).status == "applied"
    assert hall.column("cycle", case) == [1, 1, 2, 2]
    assert hall.holds()


def test_a_verb_that_the_table_was_never_told_of_is_a_step_of_each_case_that_it_names(hall: Story) -> None:
    with swapping():
        mine, theirs = hall.takes(), hall.takes("west")
        for case, to in ((mine, "east-urban"), (theirs, "west-urban")):
            hall.does("shift", File(case))
            hall.does("dispatcher", Dispatch(case, to))
        assert hall.does("dispatcher", Swap(mine, theirs)).status == "applied"
        assert [(hall.rows(case)[-1]["verb"], hall.rows(case)[-1]["holder"]) for case in (mine, theirs)] == [
            ("swapped", "west-urban"),
            ("swapped", "east-urban"),
        ]
        assert hall.holds()


def test_an_act_that_a_leader_carried_out_is_a_step_of_whoever_gave_it(hall: Story) -> None:
    case, leader = hall.takes(), seats()["shift"].person
    hall.does("shift", File(case))
    assert hall.does("dispatcher", Dispatch(case, "east-urban"), hand=leader).status == "applied"
    (row,) = [row for row in hall.rows(case) if row["verb"] == "dispatched"]
    assert (row["actor"], row["role"]) == ("dispatcher", "dispatcher")
    assert hall.holds()


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_the_steps_are_what_the_log_says(hall: Story, seed: int) -> None:
    chance, cases = random.Random(seed), [hall.takes(), hall.takes("west")]
    for number in range(120):
        hall.clock.forward(minutes=chance.choice((0, 3, 50, 700)))
        away = chance.choice((None, None, hall.clock() - timedelta(minutes=chance.randrange(900))))
        command = _any_command(chance, cases, number)
        hall.does(WHO.get(type(command), "east-urban"), command, given_at=away)
        if number % 40 == 20:
            hall.counts_by(chance.choice((MORNINGS, NIGHTS)))
            hall.writes(lambda con: schedule.trim(con, hall.clock() + timedelta(days=9)))
    written = hall.rows()
    assert {"taken", "filed", "dispatched", "accepted", "imported"} <= {row["verb"] for row in written}
    assert any(row["acted_at"] < row["at"] for row in written)
    assert hall.holds()
    hall.writes(lambda con: con.execute(delete(tables.steps).where(tables.steps.c.rev == 2)))
    hall.writes(lambda con: con.execute(update(tables.steps).values(holder="west-urban")))
    assert not hall.holds()
    assert hall.writes(lambda con: steps.rebuild(con, DISTRICT.id)) == len(written)
    assert hall.rows() == written


def _any_command(chance: random.Random, cases: list[str], number: int) -> Command:
    case = chance.choice((cases[0], cases[0], *cases[-2:]))
    if chance.random() < 0.1:
        cases.append(new_id())
        return Take(cases[-1], "hotline", "water", "积水", "路口", "east")
    if chance.random() < 0.1:
        cases.append(f"ext-{chance.randrange(3)}")
        stage = chance.choice((Stage.FILED, Stage.CLOSED, Stage.RECEIVED))
        return Import(cases[-1], "hotline", cases[-1], f"{number:08}", stage, Tier.STREET, NOON, "water", street="east")
    return chance.choice(
        (
            *(File(case), File(case)),
            *(Dispatch(case, chance.choice(("west-urban", "housing"))), Dispatch(case, "east-urban")),
            *(Accept(case), Accept(case), ApplyReturn(case, "不归本队"), ApproveReturn(case), DenyReturn(case, "归")),
            *(Recall(case, "派错"), Report(case, "已抽排"), Report(case, "已抽排"), Close(case)),
        )
    )


def test_what_is_reopened_begins_another_cycle_with_a_limit_of_its_own_and_the_first_stays(hall: Story) -> None:
    case = hall.takes()
    for user, command in (
        ("shift", File(case)),
        ("dispatcher", Dispatch(case, "east-urban")),
        ("east-urban", Accept(case)),
        ("east-urban", Report(case, "已抽排")),
        ("clerk", Close(case)),
    ):
        hall.does(user, command)
    assert hall.does("clerk", Reopen(case, "又积水了")).code == "role"  # who closed it does not undo it
    hall.clock.forward(days=30)
    assert hall.does("shift", Reopen(case, "又积水了")).status == "applied"
    assert hall.does("shift", Reopen(case, "再开一次")).code == "stage"
    hall.does("east-urban", Report(case, "换了泵"))
    hall.does("clerk", Close(case))
    found = [(row["cycle"], row["verb"], row["holder"]) for row in hall.rows(case)]
    assert found == [
        (1, "taken", None),
        (1, "filed", None),
        *((1, verb, "east-urban") for verb in ("dispatched", "accepted", "reported", "closed")),
        *((2, verb, "east-urban") for verb in ("reopened", "reported", "closed")),
    ]
    first, second = (NOON + timedelta(days=days, hours=4) for days in (0, 30))
    assert hall.column("due", case) == [None, *[first.timestamp()] * 5, *[second.timestamp()] * 3]
    assert hall.holds()


def test_what_nobody_has_waits_to_be_dispatched_when_it_is_reopened(hall: Story) -> None:
    case = new_id()
    told = {"stage": Stage.CLOSED, "tier": Tier.GRID, "received_at": NOON, "street": "east", "text": "占道"}
    for kind, code in ((None, "unknown_kind"), ("stall", None)):
        imported = Import(case, "hotline", f"A-{kind}", f"hash {kind}", kind=kind, **told)
        assert hall.does("system", imported).status == "applied"
        assert hall.does("shift", Reopen(case, "还在占道")).code == code
    assert hall.column("holder", case)[-1] is None
    assert hall.does("dispatcher", Dispatch(case, "east-urban")).status == "applied"
    assert hall.column("cycle", case) == [1, 1, 2, 2]
    assert hall.holds()
