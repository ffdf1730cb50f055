"""The facts of a case as labelled lines: place, grid, petition, petitioner, holder, finding, references, spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case, Stage
from ui.kit import records
from ui.kit.case_parts.case_lines import (
    crew_lines,
    finding_lines,
    holder_line,
    objection_lines,
    petition_line,
    place_line,
    task_lines,
)
from ui.kit.labels.facts import Fact
from ui.kit.texts import names
from ui.kit.texts.district_time import moment
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from datetime import datetime

    from commandcenter.store.board import Board


def case_facts(board: Board, case: Case, now: datetime) -> list[Fact]:
    """Returns the lines for `case`: unknown values are stated as such, lines that do not apply are left out."""
    lines = [
        place_line(case),
        Fact(phrase("网格"), _grid(board, case), tone="tx2"),
        petition_line(case),
        Fact(phrase("诉求人"), _petitioner(case), tone="tx2"),
    ]
    if case.responsible:
        lines.append(holder_line(board, case))
    lines += objection_lines(board, case)
    lines += task_lines(board, case, now)
    lines += crew_lines(board, case)
    lines += finding_lines(case)
    bonds = _bonds(board, case, now)
    if bonds:
        lines.append(Fact(phrase("关联"), " · ".join(map(str, bonds)), tone="tx2"))
    lines.append(Fact(phrase("点位"), _spot(case), tone="tx2"))
    return lines


def _grid(board: Board, case: Case) -> str:
    parts = (
        names.name(board, "street", case.street),
        names.community(board, case.community),
        names.name(board, "grid", case.grid),
        str(term("tier", case.tier)),
    )
    return " · ".join(filter(None, parts))


def _petitioner(case: Case) -> Words:
    if case.is_withheld:
        return phrase("要求保密")
    if case.petitioner is None:
        return phrase("未留姓名电话")
    return phrase("已密封，要求保密") if case.secret else phrase("已密封，未要求保密")


def _bonds(board: Board, case: Case, now: datetime) -> list[Words]:
    found: list[Words] = []
    if case.superior is not None:
        channel = names.name(board, "channel", case.superior.channel)
        found.append(phrase("{channel} 单 {number}", channel=channel, number=case.superior.number))
        if case.superior.due is not None:
            found.append(phrase("要求 {at} 前办结", at=moment(board, case.superior.due, now)))
    if case.stage is Stage.MERGED and case.merged_into:
        into = records.find(board, Case, case.merged_into)
        number = into.number if into and into.number else case.merged_into
        found.append(phrase("已并入 {number}", number=number))
    return found


def _spot(case: Case) -> Words:
    if case.spot is not None:
        return f"{case.spot.lon:.5f}, {case.spot.lat:.5f}"
    return phrase("没有准确点位：{why}", why=term("spot_gap", case.spot_gap or "not_given"))
