"""Writes the handover report: what was read from the board and told by the platform, in chapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.lights import Light
from commandcenter.domain.teams import CrewStatus, Loan
from ui.handover.blocks import Block, Cell, Column, Figures, Heading, Table, Text, Title
from ui.handover.reading import Handover
from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.texts import names, times
from ui.kit.texts.crews import STATUSES, crew_name
from ui.kit.texts.district_time import moment
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import count, short
from ui.kit.texts.words import Words, phrase, say, term, word
from ui.theme.paint import LIGHT_TEXT

if TYPE_CHECKING:
    from commandcenter.store.board import Board

MOST = 60  # rows of a list; how many more there are is said
STAGES = (Stage.RECEIVED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.REPORTED)
DONE: dict[str, Words] = {
    "received": phrase("受理"),
    "filed": term("fact", "filed"),
    "dispatched": phrase("派出"),
    "handling": term("fact", "accepted"),
    "reported": phrase("办结反馈"),
    "closed": term("fact", "closed"),
}  # the stages whose counts tell what was done, and their names there


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the board does not know: `done` is the platform's summary of the shift, None with `why_not` otherwise.

    Without a live connection the board is as the platform said until `as_of`, None: before this start; unless anything
    `is_known` there is nothing to count. `note` is for the next shift.
    """

    done: Any = None
    why_not: Words = ""
    is_live: bool = True
    is_known: bool = True
    as_of: datetime | None = None
    note: str = ""


class HandoverDocument:
    """Writes what was `read`, in the words of the current language."""

    def __init__(self, board: Board, read: Handover, told: Told) -> None:
        self._board, self._read, self._told = board, read, told
        self._clock = SecondClock(board, lambda: read.at)

    def blocks(self) -> list[Block]:
        """Returns the report from its title to the note."""
        open_ones, others = (self._open, self._due, self._promised), (self._crews, self._unsent)
        chapters = [self._head, *((self._done, *open_ones, *others) if self._told.is_known else ())]
        chapters.insert(1 if self._told.note else len(chapters), self._note)
        return [block for chapter in chapters for block in chapter()]

    @property
    def title(self) -> str:
        """The title with the place and the shift, for the foot of a page and the name of a file."""
        begun = f"{self._read.shift.since.astimezone(names.zone(self._board)):%Y-%m-%d %H:%M}"
        return say("{place}交接班 {begun}", place=self._place(), begun=begun)

    def _head(self) -> Iterator[Block]:
        read, zone = self._read, names.zone(self._board)
        today = read.at.astimezone(zone).date()
        since, until = (times.moment(at, zone, today=today) for at in (read.shift.since, read.shift.until))
        who = f"{word('role', read.person.role)} {read.person.user}"
        lines = [
            say("班次 {since} – {until}", since=since, until=until),
            say("{who}，{at} 出具", who=who, at=times.full_clock(read.at, zone)),
        ]
        yield Title(say("{place}交接班报告", place=self._place()), tuple(lines))
        yield Text(self._as_of(), "tx2" if self._told.is_live else "warn")

    def _as_of(self) -> str:
        if self._told.is_live:
            return say("数据到出具时为止")
        if not self._told.is_known:
            return say("还没有取到案件，取到后按 Ctrl R 重新出具")
        if self._told.as_of is None:
            return say("连接断开，数据是本机上次存下的")
        return say("连接断开，数据只到 {at}", at=moment(self._board, self._told.as_of, self._read.at))

    def _done(self) -> Iterator[Block]:
        yield Heading(say("本班办了什么"), say("按发生时间计，重办、重派每次都计"))
        done = self._told.done
        if done is None:
            yield Text(say("平台没有给出这一班的数：{why}", why=self._told.why_not), "warn")
            return
        shown = [(str(name), count(done.stage.get(stage, 0))) for stage, name in DONE.items()]
        yield Figures((*shown, (say("异议和退回"), count(done.refused))))

    def _open(self) -> Iterator[Block]:
        stages = self._read.stages
        yield Heading(say("在办案件"), say("共 {n} 件", n=count(sum(stages.values()))))
        lights = [(light.value, word("light", light)) for light in Light]
        columns = (Column(say("环节"), 2), *(Column(name, 1, is_right=True) for _, name in lights))
        rows = [(word("stage", stage), [stages.get((stage, light), 0) for light in Light]) for stage in STAGES]
        totals = [sum(row[1][at] for row in rows) for at in range(len(lights))]
        made = tuple(self._counts(name, numbers, lights) for name, numbers in rows)
        total = self._counts(say("合计"), totals, lights)
        yield Table((*columns, Column(say("合计"), 1, is_right=True)), made, total)

    def _counts(self, name: str, numbers: list[int], lights: list[tuple[str, str]]) -> tuple[Cell, ...]:
        tones = (LIGHT_TEXT[light] if light in ("overdue", "soon") else "tx1" for light, _ in lights)
        cells = (Cell(count(n), tone if n else "tx3") for n, tone in zip(numbers, tones, strict=True))
        return (Cell(name), *cells, Cell(count(sum(numbers)), is_bold=True))

    def _due(self) -> Iterator[Block]:
        for title, cases, nothing in (
            (say("已超期"), self._read.overdue, say("没有超期的案件。")),
            (say("两小时内到期"), self._read.due_soon, say("两小时内没有到期的案件。")),
        ):
            yield Heading(title, say("{n} 件，已反馈的不列", n=count(len(cases))))
            yield from self._listed(self._case_columns(say("余时")), cases, self._due_row, nothing)

    def _promised(self) -> Iterator[Block]:
        read = self._read
        yield Heading(say("已约定的"), say("下一班要兑现"))
        if not any((read.booked, read.whistles, read.applied, read.lent)):
            yield Text(say("没有预约的队组、未到的吹哨、待批的申请和要归还的借队。"), "tx2")
            return
        applied = ((one.application.at, one) for one in read.applied if one.application is not None)
        rows = [
            *((one[1].booked_for, Cell(say("预约出队")), one[1].case, called(one[0].name)) for one in read.booked),
            *((one.due, Cell(say("吹哨到场")), one.case, self._body(one.holder)) for one in read.whistles),
            *((at, Cell(say("退回待批")), one.id, self._holder(one)) for at, one in applied),
            *((one.loan.until, self._return(one.loan), None, self._lent(one)) for one in read.lent if one.loan),
        ]
        columns = (
            Column(say("时间"), 2),
            Column(say("事项"), 2),
            Column(say("案件"), 4, gives_way=True),
            Column(say("谁"), 4, gives_way=True),
        )
        yield from self._listed(columns, rows, self._promise_row, "")

    def _crews(self) -> Iterator[Block]:
        crews = self._read.crews
        on_duty = sum(n for (_, status), n in crews.items() if status is not CrewStatus.OFF_DUTY)
        yield Heading(say("在岗队组"), say("{n} 组在岗，共 {all} 组", n=on_duty, all=sum(crews.values())))
        if not crews:
            yield Text(say("没有队组。"), "tx2")
            return
        columns = (Column(say("街镇"), 2.4), *(Column(word("status", one), 1, is_right=True) for one in STATUSES))
        streets = sorted({street for street, _ in crews}, key=lambda key: names.name(self._board, "street", key))
        rows = [
            (Cell(names.name(self._board, "street", key)), *(_number(crews.get((key, one), 0)) for one in STATUSES))
            for key in streets
        ]
        totals = (_number(sum(crews.get((key, one), 0) for key in streets)) for one in STATUSES)
        yield Table(columns, tuple(rows), (Cell(say("合计")), *totals))

    def _unsent(self) -> Iterator[Block]:
        unsent = self._read.unsent
        yield Heading(say("本机未送达的操作"), say("{n} 条", n=sum(unsent.values())))
        if not unsent:
            yield Text(say("都已送达。"), "tx2")
            return
        named = ((names.account_name(self._board, user), count(n)) for user, n in sorted(unsent.items()))
        rows = tuple((Cell(who), Cell(n)) for who, n in named)
        yield Table((Column(say("谁的"), 4), Column(say("条数"), 1, is_right=True)), rows)
        yield Text(say("它们由各人登录后送出，或由值班长代办。"), "tx2")

    def _note(self) -> Iterator[Block]:
        yield Heading(say("给下一班的话"))
        yield Text(self._told.note or say("没有留言。"), "tx1" if self._told.note else "tx2")

    def _listed(
        self, columns: tuple[Column, ...], found: Sequence[Any], row: Callable[[Any], tuple[Cell, ...]], nothing: str
    ) -> Iterator[Block]:
        """Yields a table of what was found, as far as there is room; in its place `nothing`."""
        if not found:
            yield Text(nothing, "tx2")
            return
        yield Table(columns, tuple(map(row, found[:MOST])))
        if len(found) > MOST:
            yield Text(say("另 {n} 件不列出。", n=count(len(found) - MOST)), "tx2")

    def _case_columns(self, time: str) -> tuple[Column, ...]:
        titles = (time, say("编号"), say("小类"), say("街镇"), say("承办"), say("环节"))
        shares, gives_way = (2.2, 1.8, 2.6, 2.4, 3, 1.4), (False, False, False, False, True, False)
        return tuple(map(Column, titles, shares, (False,) * len(titles), gives_way))

    def _due_row(self, case: Case) -> tuple[Cell, ...]:
        standing = self._clock.standing(case)
        left = time_text(standing, case, self._read.at)
        tone, board = LIGHT_TEXT[standing.light], self._board
        time = Cell(left, tone, is_bold=True, glyph=f"light.{standing.light}")
        what = (self._number(case), names.public_title(board, case), names.name(board, "street", case.street))
        return (time, *map(Cell, (*what, self._holder(case), word("stage", case.stage))))

    def _promise_row(self, row: tuple[datetime | None, Cell, str | None, str]) -> tuple[Cell, ...]:
        at, what, key, who = row
        case = self._board.find("case", key) if key else None
        said = self._called(case) if isinstance(case, Case) else times.UNKNOWN
        time = moment(self._board, at, self._read.at) if at is not None else say("用完为止")
        return (Cell(time, is_bold=True), what, Cell(said), Cell(who))

    def _called(self, case: Case) -> str:
        return f"{self._number(case)} {names.public_title(self._board, case)}"

    def _number(self, case: Case) -> str:
        return short(case, year=self._clock.year)

    def _holder(self, case: Case) -> str:
        return self._body(case.responsible) or times.UNKNOWN

    def _body(self, key: str | None) -> str:
        return names.holder_name(self._board, key, short=True)

    def _return(self, loan: Loan) -> Cell:
        is_late = loan.until is not None and loan.until <= self._read.at
        return Cell(say("借队超期未还"), "bad") if is_late else Cell(say("借队归还"))

    def _lent(self, crew: Any) -> str:
        streets = [names.name(self._board, "street", key) for key in (crew.loan.street, crew.street)]
        return say("{crew}：{there} 还 {home}", crew=crew_name(self._board, crew), there=streets[0], home=streets[1])

    def _place(self) -> str:
        scope = self._read.person.scope
        if scope.holder is None and scope.street is None:
            return names.name(self._board, "district", scope.district) or names.scope_name(self._board, scope)
        return names.scope_name(self._board, scope)


def _number(n: int) -> Cell:
    return Cell(count(n), "tx1" if n else "tx3")


def file_name(title: str) -> str:
    """Returns `title` as the name of a PDF file."""
    return "".join(sign if sign.isalnum() or sign in "-._" else "-" for sign in title) + ".pdf"
