"""What the lanes say: names of units and crews, whose time is how long, and the sentence about the current item."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import Light
from commandcenter.domain.people import Holder, Relation
from commandcenter.domain.powers import Power
from commandcenter.domain.stays import Stay, Stays, light_of_stay, stays
from commandcenter.domain.teams import Crew, Team
from commandcenter.recommendation.coverage import Gap
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.texts import names, times
from ui.kit.texts.crews import crew_part, old_position, time_in_status
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import Words, phrase, say, term, word
from ui.teams import duty
from ui.teams.lanes import SEVERAL, WAITING, Column, Lane
from ui.teams.layout import Item, Part

if TYPE_CHECKING:
    from commandcenter.store.board import Board

LIST = 2  # names that a tag spells out


class Wording:
    """Says what the board holds, as of the current second of `clock`."""

    def __init__(self, board: Board, clock: SecondClock) -> None:
        self.board, self.clock = board, clock

    def power(self, unit: str) -> str:
        """Returns the name of a unit's power; of one without any how the unit is called in its street."""
        holder = records.find(self.board, Holder, unit)
        if holder is None:
            return unit
        return names.power(self.board, holder.power, (holder,)) if holder.power else names.own_part(holder)

    def column(self, column: Column, *, by: str) -> str:
        """Returns the title of a column in lanes by "streets" or "powers"."""
        if column.power == WAITING:
            return say("待派")
        if by == "powers":
            return self.street(column.street)
        if column.power == SEVERAL:
            return say("X {n} 家", n=len(column.units))
        if column.units:
            return self.power(column.units[0])
        known = records.find(self.board, Power, column.power)
        return "—" if known is None else called(known.name)

    def lane(self, lane: Lane, *, by: str) -> str:
        """Returns the title of a lane."""
        if by == "streets":
            return self.street(lane.id)
        units = [unit for column in lane.columns for unit in column.units]
        return self.power(units[0]) if units else names.power(self.board, lane.id, ())

    def street(self, key: str) -> str:
        """Returns the name of a street; cases may have none yet."""
        return names.name(self.board, "street", key) or say("未定街镇")

    def team(self, lane: Lane, *, by: str) -> str | None:
        """Returns the name of the team of a street, "" when it has none; None for a lane that is of no street."""
        if by != "streets" or not lane.id:
            return None
        team = records.find(self.board, Team, lane.id)
        return "" if team is None or team.retired else called(team.name)

    def is_outside(self, column: Column) -> bool:
        """Returns whether a column is that of one unit that is not in the team of its street, which has one."""
        team = records.find(self.board, Team, column.street)
        return len(column.units) == 1 and team is not None and not team.retired and column.units[0] not in team.units

    def relation(self, column: Column) -> Relation | None:
        """Returns how the street stands to the one unit of a column; None for several or none."""
        holder = records.find(self.board, Holder, column.units[0]) if len(column.units) == 1 else None
        return None if holder is None else holder.relation

    def crew_name(self, crew: Crew) -> str:
        """Returns the crew's name without that of its unit, beside or under which it stands: "一队" of "城管一队"."""
        return crew_part(self.board, crew)

    def stay(self, crew: Crew) -> tuple[str, Light]:
        """Returns how long the crew's status has lasted, to the second, and the light of that."""
        return time_in_status(crew, self.clock.now), light_of_stay(crew, self._longest, self.clock.now)

    def whereabouts(self, crew: Crew) -> str:
        """Returns the number of what the crew does or is asked to do, and how old its position is if that is long."""
        return self._whereabouts(crew, tail)

    def _whereabouts(self, crew: Crew, told: Callable[[Case], str]) -> str:
        job = records.find(self.board, Case, crew.job)
        order = records.find(self.board, Case, crew.order)
        parts = [told(job)] if job else []
        parts += [say("令 {number}", number=told(order))] if order else []
        parts += [old_position(crew, self.clock.now)] if crew.is_on_duty else []
        return " ".join(filter(None, parts))

    def open_cases(self, lane: Lane) -> str:
        """Returns how many open cases the columns of a lane have, and how many the grids of its street have."""
        told = say("在办 {n}", n=f"{lane.shown:,}")
        return say("{told}，网格 {n}", told=told, n=f"{lane.in_grids:,}") if lane.in_grids else told

    def gap_tag(self, gaps: tuple[Gap, ...], *, by: str, most: int = LIST) -> str:
        """Returns which powers (or streets) have nobody on duty, at most so many; of a single one also since when."""
        named = [self._power_of(gap) if by == "streets" else self.street(gap.street) for gap in gaps]
        if len(gaps) > most:
            return say("{names}等 {n} 处无人在岗", names=say("、").join(named[:most]), n=len(gaps))
        said = say("{names}无人在岗", names=say("、").join(named))
        since = gaps[0].since if len(gaps) == 1 else None
        return said if since is None else f"{said} {times.span(max(0.0, self.clock.seconds() - since))}"

    def sentence(self, item: Item, lane: Lane, *, by: str) -> str:
        """Returns the item in one sentence, for who does not see it."""
        title = self.lane(lane, by=by)
        if item.part is Part.LANE:
            team = self.team(lane, by=by)
            title = title if team is None else say("{street}，{team}", street=title, team=team or say("没有执法队"))
            return say("{title}：{open}，在岗 {crews} 组", title=title, open=self.open_cases(lane), crews=lane.on_duty)
        column = lane.columns[item.column]
        where = f"{title} {self.column(column, by=by)}"
        if item.part is Part.MORE:
            return say("{where}：另 {n} 件", where=where, n=item.place)
        told: Words = self._case(item) if item.part is Part.CASE else self._crew(item.key)
        return f"{where}{self._whose(item, column)}：{told}"

    def more(self, item: Item) -> tuple[str, ...]:
        """Returns what a sentence leaves out: where a case is, and what the keys and the pointer do with the item."""
        case = records.find(self.board, Case, item.key)
        if item.part is Part.CASE and case is not None:
            return str(names.place(case)), say("↵ 到调度台 · Ctrl ↑ ↓ 调序 · 拖到单位、队组或待派")
        if item.part is Part.CREW:
            return (*self._members(item.key), say("↵ 到它的案件 · 拖到一件案件上派它去"))
        return (say("↵ 折叠或展开 · Ctrl ← → 全部 · Ctrl ↵ 单独窗口"),) if item.part is Part.LANE else ()

    def _members(self, key: str) -> tuple[str, ...]:
        crew = records.find(self.board, Crew, key)
        named = "" if crew is None else duty.members(self.board, crew)
        return (say("成员 {names}", names=named),) if named else ()

    def job(self, key: str) -> str:
        """Returns the id of the case at which a crew is, or to which it was ordered; "" for none."""
        crew = records.find(self.board, Crew, key)
        return "" if crew is None else crew.job or crew.order or ""

    def _whose(self, item: Item, column: Column) -> str:
        """Returns which of the several units of a column has a case, to stand behind their number; else ""."""
        case = records.find(self.board, Case, item.key) if column.power == SEVERAL else None
        return f" {self.power(case.responsible)}" if case is not None and case.responsible else ""

    def _case(self, item: Item) -> Words:
        case = records.find(self.board, Case, item.key)
        if case is None:
            return ""
        standing = self.clock.standing(case)
        said = {"n": item.place, "number": tail(case), "title": names.title(self.board, case)}
        light, left = term("light", standing.light), time_text(standing, case, self.clock.now)
        return phrase("第 {n} 位，{number} {title}，{light} {left}", **said, light=light, left=left)

    def _crew(self, key: str) -> Words:
        crew = records.find(self.board, Crew, key)
        if crew is None:
            return ""
        stands = duty.sentence(self.board, crew, self.clock.now)
        return say("，").join(filter(None, (self._stays(crew), stands)))

    def _stays(self, crew: Crew) -> str:
        """Returns what the crew does, for how long, and that this is too long if it is."""
        lasted, light = self.stay(crew)
        where = self._whereabouts(crew, partial(names.heading, self.board))
        said = f"{called(crew.name)}，{word('status', crew.status)} {lasted} {where}".strip()
        stay = self._longest.get(crew.status)
        if stay is None or light not in (Light.SOON, Light.OVERDUE):
            return said
        if light is Light.SOON:
            return say("{said}，超过 {limit}", said=said, limit=times.span(stay.warn))
        return say("{said}，超过 {limit}，须过问", said=said, limit=times.span(stay.alarm))

    @property
    def _longest(self) -> Stays:
        return stays(records.every(self.board, Stay))

    def _power_of(self, gap: Gap) -> str:
        return self.power(gap.unit) if gap.unit else names.power(self.board, gap.power, ())
