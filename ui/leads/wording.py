"""What the board says of a case: its time, its lead and co-handlers with theirs, and what stands in a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.lights import Light
from commandcenter.domain.tasks import CaseTask, Task, TaskKind, TaskState, task_id
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock, light_and_time, time_text, time_token
from ui.kit.texts import names, times
from ui.kit.texts.district_time import brief_moment
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import Words, phrase, say, term, word
from ui.leads.columns import LEADS, Column
from ui.leads.coordination import Coordination, coordination, objections

if TYPE_CHECKING:
    from commandcenter.store.board import Board

_TYPE = " Bureau"  # of a department's English name, left out where there is little room
_HINTS = {
    Coordination.OFFERED: phrase("等主办签收"),
    Coordination.WORKING: phrase("只等主办反馈"),
    Coordination.HELPERS: phrase("协办办完，主办才能反馈"),
    Coordination.TO_CHECK: phrase("已反馈，等结案"),
    Coordination.ENDED: phrase("最近办结，只供查看"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A body at a case: the glyph of its state or an icon before its `name`, and at the right what is `said` of it."""

    name: str
    said: str
    token: str = "tx3"
    tone: str = "tx1"
    glyph: str = ""
    icon: str = ""
    strong: bool = False
    brief: str = ""  # the name where there is little room
    said_briefly: str = ""  # what is said of it there; "": the same


class Wording:
    """Says what the board holds, as of the current second of `clock`."""

    def __init__(self, board: Board, clock: SecondClock) -> None:
        self.board, self.clock = board, clock

    def case(self, key: str) -> Case | None:
        """Returns a case of the board."""
        return records.find(self.board, Case, key)

    def body(self, key: str) -> str:
        """Returns the short name of a body."""
        return names.holder_name(self.board, key, short=True)

    def light(self, case: Case) -> str:
        """Returns the name of the light of a case."""
        return self.clock.standing(case).light

    def time(self, case: Case) -> tuple[str, str]:
        """Returns the time left to the second and its token; of an ended case when it ended."""
        if case.ended_at is not None:
            return brief_moment(self.board, case.ended_at, self.clock.now), "tx3"
        standing = self.clock.standing(case)
        return time_text(standing, case, self.clock.now), time_token(standing)

    def brief_time(self, case: Case) -> str:
        """Returns the same time where there is little room."""
        standing = self.clock.standing(case)
        return self.time(case)[0] if case.ended_at else time_text(standing, case, self.clock.now, brief=True)

    def place(self, case: Case) -> str:
        """Returns where the case is, without its street."""
        return str(names.place(case))

    def street(self, case: Case) -> str:
        """Returns the name of the case's street; "" for none."""
        return names.name(self.board, "street", case.street)

    def waited(self, case: Case) -> float:
        """Returns for how many seconds the coordinator carries the time of a case that nobody leads."""
        since = case.waits_since or case.filed_at or case.received_at
        return max(0.0, self.clock.between(case, since, case.ended_at or self.clock.now))

    def lead(self, case: Case) -> Line:
        """Returns who leads the case and for how long; or that the coordinator carries its time."""
        if case.responsible is None:
            if not case.is_open:
                return Line(say("没有定过主办"), "", icon="flag", tone="tx3")
            said = times.span(self.waited(case), day=self.clock.day(case))
            return Line(
                say("无主办，统筹员计时"), said, "warn", "warn", icon="flag", strong=True, brief=say("统筹员计时")
            )
        since = case.dispatched_at or self.clock.now
        until = case.reported_at or case.ended_at or self.clock.now
        held = times.span(max(0.0, self.clock.between(case, since, until)), day=self.clock.day(case))
        name = self.body(case.responsible)
        return Line(name, held, icon="flag", strong=True, brief=name.removesuffix(_TYPE))

    def lines(self, case: Case) -> tuple[Line, ...]:
        """Returns who refused the lead, and each sub-task in the order asked for."""
        lines = [] if case.objection is None else [self._objection(case)]
        return (*lines, *(self.task(case, one) for one in case.tasks))

    def task(self, case: Case, named: CaseTask) -> Line:
        """Returns a sub-task as a line: its state, and the time it has; of a whistle when the body has to be there."""
        found = records.find(self.board, Task, task_id(case.id, named.holder, named.kind))
        is_whistle = named.kind is TaskKind.WHISTLE
        glyph, said, token = self._state(case, named, found)
        tone = "tx1" if named.is_open else "tx2"
        alone = said.removeprefix(f"{word('task', named.state)} ")  # the glyph says the state
        icon, briefly = ("megaphone", self._must_appear(found)) if is_whistle and named.is_open else ("", alone)
        name = self.body(named.holder)
        brief = name.removesuffix(_TYPE)
        return Line(name, said, token, tone, f"task.{glyph}", icon, brief=brief, said_briefly=briefly)

    def coordinated(self, case: Case) -> Words:
        """Returns for what the case waits, as a sentence."""
        stage = self.stage(coordination(case))
        if not case.is_open:
            return phrase("{stage}，{at}", stage=stage, at=self.time(case)[0])
        left = self._standing(case)
        if case.responsible is None:
            waited = times.on_one_line(times.span(self.waited(case), day=self.clock.day(case)))
            return phrase("待定主办已 {waited}；{left}", waited=waited, left=left)
        return phrase("{stage}；{left}", stage=stage, left=left)

    def stage(self, stage: str) -> Words:
        """Returns the name of a stage of coordination."""
        return term("coordination", stage)

    def title(self, column: Column, tab: str) -> str:
        """Returns the title of a column under a tab."""
        if tab != LEADS:
            return str(self.stage(column.id))
        return self.body(column.id) if column.id else str(self.stage(Coordination.UNLED))

    def hint(self, column: Column, tab: str, *, brief: bool = False) -> tuple[str, str]:
        """Returns what stands under the title of a column, and its token: for UNLED the coordinator's time in all.

        `brief` is for narrow columns.
        """
        if column.id in ("", Coordination.UNLED):
            cases = [case for card in column.cards if (case := self.case(card.id)) is not None]
            waited = sum(self.waited(case) for case in cases)
            day = min((self.clock.day(case) for case in cases), default=times.DAY)  # of working time, if any is in it
            told = times.span(waited, day=day)
            said = say("合计 {time}", time=told) if brief else say("统筹员计时，合计 {time}", time=told)
            return said, "warn" if cases else "tx3"
        if tab == LEADS:
            late = sum(self._is_late(card.id) for card in column.cards)
            return (say("超期 {n} 件", n=late), "bad") if late else (say("没有超期"), "tx3")
        return str(_HINTS[Coordination(column.id)]), "tx3"

    def foot(self, case: Case) -> tuple[str, str]:
        """Returns how often the case was passed on to a body, and how many object; "" for none."""
        objecting = objections(case)
        passed = say("转过 1 次") if case.hops == 1 else say("转过 {n} 次", n=case.hops) if case.hops else ""
        return passed, say("异议 {n}", n=objecting) if objecting else ""

    def sentence(self, case: Case) -> str:
        """Returns the card in one sentence, for who does not see it."""
        told = [f"{tail(case)} {names.title(self.board, case)}", str(self._standing(case))]
        told += [f"{line.name} {line.said}" for line in (self.lead(case), *self.lines(case))]
        told += [self.place(case)]
        return f"{self.stage(coordination(case))}：" + say("，").join(told)

    def _standing(self, case: Case) -> Words:
        """Returns light and time; of an ended case when it ended."""
        if not case.is_open:
            return f"{word('light', self.light(case))} {self.time(case)[0]}"
        return light_and_time(self.clock.standing(case), case, self.clock.now)

    def _is_late(self, key: str) -> bool:
        case = self.case(key)
        return case is not None and self.light(case) == Light.OVERDUE

    def _objection(self, case: Case) -> Line:
        assert case.objection is not None
        said = word("objection", case.objection.code, short=True)
        name = self.body(case.objection.holder)
        return Line(name, said, "vio", glyph="task.refused", brief=name.removesuffix(_TYPE))

    def _state(self, case: Case, named: CaseTask, task: Task | None) -> tuple[str, str, str]:
        """Returns glyph, words and token of a sub-task; None: the board knows it by its case alone."""
        is_whistle, state = named.kind is TaskKind.WHISTLE, named.state
        if state is TaskState.REFUSED:
            why = None if task is None else task.objection
            return state, word("objection", why, short=True) if why else word("task", state), "vio"
        if not named.is_open or task is None or task.due is None or case.stage is Stage.REPORTED:
            done = say("已到") if is_whistle and state is TaskState.REPORTED else word("task", state)
            return state, done, "ok" if state is TaskState.REPORTED else "tx3"
        return self._timed(case, task)

    def _timed(self, case: Case, task: Task) -> tuple[str, str, str]:
        assert task.due is not None
        left = self.left(case, task)
        day = times.DAY if task.kind is TaskKind.WHISTLE else self.clock.day(case)
        token = "warn" if _is_past(task.green_until, self.clock.now) else "tx2"
        if left < 0:
            return "overdue", times.left(left, day=day), "bad"
        if task.kind is TaskKind.WHISTLE:
            at = brief_moment(self.board, task.due, self.clock.now)
            return task.state, say("{at} 到 {left}", at=at, left=times.span(left)), token
        return task.state, f"{word('task', task.state)} {times.span(left, day=day)}", token

    def _must_appear(self, whistle: Task | None) -> str:
        """Returns when the whistled body has to be there; "" once that is past."""
        if whistle is None or whistle.due is None or whistle.due < self.clock.now:
            return ""
        return say("{at} 到", at=brief_moment(self.board, whistle.due, self.clock.now))

    def left(self, case: Case, task: Task) -> float:
        """Returns the seconds until the sub-task is due, negative when that is past; a whistle counts by the clock."""
        assert task.due is not None
        if task.kind is TaskKind.WHISTLE:
            return (task.due - self.clock.now).total_seconds()
        return self.clock.between(case, self.clock.now, task.due)


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now > moment
