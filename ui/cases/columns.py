"""The queue's columns and groupings: what each shows, how it sorts, and which columns shrink or leave first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from commandcenter.domain.cases import Stage, Tier
from commandcenter.store.columns import LIGHT_CODES, CaseColumns
from ui.cases import time_words
from ui.cases.texts import Texts, stage_word
from ui.kit.case_parts.clock import SecondClock
from ui.kit.tables.columns import Alignment, Array, Column, Grouping
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import number_of, short
from ui.kit.texts.words import word

if TYPE_CHECKING:
    from commandcenter.domain.cases import Case
    from commandcenter.store.board import Board

LIGHTS = ("overdue", "soon", "on_time", "paused", "none", "ended")


def queue_columns(board: Board, clock: SecondClock, texts: Texts) -> tuple[Column, ...]:
    """Returns the queue's columns over `board`, from left to right."""
    cases = board.cases

    def told(slot: int) -> str:
        case = texts.case(slot)
        return "" if case is None else time_words.in_row(clock, case)

    def explained(slot: int) -> str:
        case = texts.case(slot)
        return "" if case is None else time_words.explained(board, clock, case)

    def ticking(slot: int) -> object:
        case = texts.case(slot)
        return None if case is None else (clock.standing(case), told(slot))

    def number(case: Case) -> str:
        return short(case, year=clock.year)

    def of_case(say: Callable) -> Callable[[int], str]:
        return lambda slot: "" if (case := texts.case(slot)) is None else say(case)

    def named(key: str, kind: str, **more: Any) -> Column:
        text = of_case(lambda case: texts.name(kind, getattr(case, key)))
        return Column(key=key, text=text, order=lambda _now: texts.ranks(kind, key)[cases[key]], **more)

    return (
        Column(
            key="time", title="余时", width=127, english_width=136, side=Alignment.RIGHT,
            text=told, whole=explained, ticking=ticking, order=lambda now: cases.urgency(now),
        ),
        Column(
            key="number", title="编号", width=96, english_width=92, least=60, shrink_priority=1,
            text=of_case(number), whole=of_case(lambda case: number_of(case, year=clock.year).full),
            order=lambda _now: _numbers(cases),
        ),
        named("kind", "kind", title="小类", width=118, english_width=122),
        Column(
            key="place", title="地点", width=170, least=150, takes_slack=True,
            text=of_case(lambda case: called(case.place)), order=lambda _now: texts.places(),
        ),
        named("street", "street", title="街镇", width=92, shrink_priority=2, tone="tx2"),
        Column(
            key="stage", title="环节", width=64, english_width=92,
            text=of_case(stage_word), order=lambda _now: _in_order(cases, "stage", tuple(Stage)),
        ),
        named("responsible", "holder", title="承办", width=106, english_width=150, shrink_priority=3),
        named("channel", "channel", title="渠道", width=78, english_width=104, shrink_priority=4, tone="tx3"),
        Column(
            key="tier", title="层级", width=56, english_width=72, shrink_priority=5, tone="tx3",
            text=of_case(lambda case: word("tier", case.tier, short=True)),
            order=lambda _now: _in_order(cases, "tier", tuple(Tier)),
        ),
    )  # fmt: skip


def groupings(board: Board, texts: Texts) -> dict[str, Grouping]:
    """Returns the groupings of the queue by key."""
    cases = board.cases

    def named(key: str, kind: str) -> Grouping:
        def name(place: int) -> str:
            ranks = texts.ranks(kind, key)
            return texts.name(kind, cases.codes[key].words[int(np.flatnonzero(ranks == place)[0])])

        return Grouping(key=key, codes=lambda _now: texts.ranks(kind, key)[cases[key]], name=name)

    def fixed(key: str, order: tuple[str, ...]) -> Grouping:
        def codes(_now: float) -> Array:
            return _in_order(cases, key, order)

        return Grouping(key=key, codes=codes, name=lambda place: word(key, order[place]))

    return {
        "light": Grouping(
            key="light", codes=lambda now: _lights(cases, now), name=lambda place: word("light", LIGHTS[place])
        ),
        "stage": fixed("stage", tuple(Stage)),
        "tier": fixed("tier", tuple(Tier)),
        "street": named("street", "street"),
        "kind": named("kind", "kind"),
    }


def _numbers(cases: CaseColumns) -> Array:
    """Returns int64 sort keys; cases without a number yet are the newest and sort last."""
    return np.where(cases["number"] == 0, np.iinfo(np.int64).max, cases["number"])


def _in_order(cases: CaseColumns, column: str, order: tuple[str, ...]) -> Array:
    words = cases.codes[column].words
    ranks = np.array([order.index(w) if w in order else len(order) - 1 for w in words], np.int32)
    return ranks[cases[column]]


def _lights(cases: CaseColumns, now: float) -> Array:
    ranks = np.array([LIGHTS.index(name) for name in LIGHT_CODES] + [0] * (256 - len(LIGHT_CODES)), np.int32)
    return ranks[cases.lights(now)]
