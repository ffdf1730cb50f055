"""Puts the reason codes of a recommendation into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from commandcenter.domain.people import Holder
from commandcenter.domain.teams import Crew
from commandcenter.recommendation.crew_states import Because, Reason
from ui.kit import records
from ui.kit.texts import names, times
from ui.kit.texts.crews import crew_name
from ui.kit.texts.words import Words, phrase, say

if TYPE_CHECKING:
    from commandcenter.store.board import Board

Say = Callable[["Reasons", Because], Words]


class Reasons:
    """Says reasons with the names of the board; a power without a record is called as the `units` that have it are."""

    def __init__(self, board: Board, units: Iterable[Holder]) -> None:
        self._board, self._units = board, tuple(units)

    def power(self, power: str) -> str:
        """Returns the name of a power."""
        return names.power(self._board, power, self._units)

    def powers(self, powers: tuple[str, ...]) -> str:
        """Returns the names of several powers."""
        return say("、").join(map(self.power, powers))

    def words(self, because: Because) -> Words:
        """Returns the reason in words."""
        return _WORDS[because.code](self, because)

    def crew(self, key: str) -> str:
        """Returns the name of a crew."""
        crew = records.find(self._board, Crew, key)
        return key if crew is None else crew_name(self._board, crew)

    def street(self, key: str) -> str:
        """Returns the name of a street."""
        return names.name(self._board, "street", key) or say("未定街镇")


def _km(metres: float) -> str:
    return f"{metres / 1000:.1f}"


_WORDS: dict[Reason, Say] = {
    Reason.NEAREST: lambda _, one: phrase("最近：直线 {km} km", km=_km(one.amount)),
    Reason.NEAREST_HERE: lambda _, one: phrase("本街镇最近：直线 {km} km", km=_km(one.amount)),
    Reason.NEAR: lambda _, one: phrase("直线 {km} km", km=_km(one.amount)),
    Reason.FAR: lambda _, one: phrase("远：直线 {km} km", km=_km(one.amount)),
    Reason.COVERS: lambda told, one: phrase("有{power}职权", power=told.power(one.about)),
    Reason.NOT_COVERING: lambda told, one: phrase("不含{power}职权", power=told.power(one.about)),
    Reason.LEAST_LOADED: lambda _, one: phrase("负荷最轻：单位在办 {n} 件", n=int(one.amount)),
    Reason.LOADED: lambda _, one: phrase("负荷重：单位在办 {n} 件", n=int(one.amount)),
    Reason.RESTED: lambda _, one: phrase("待命已 {time}", time=times.span(one.amount)),
    Reason.RETURNING: lambda _, one: phrase("正在返回 {time}", time=times.span(one.amount)),
    Reason.BUSY: lambda told, one: _of_crew(told, one, phrase("有任务，已 {time}", time=times.span(one.amount))),
    Reason.RETURNED: lambda _, __: phrase("退回过这件"),
    Reason.REFUSED: lambda _, __: phrase("刚拒绝这次派单"),
    Reason.OTHER_STREET: lambda told, one: phrase("外街镇：{street}", street=told.street(one.about)),
    Reason.POSITION_OLD: lambda told, one: _of_crew(
        told, one, phrase("位置过旧：{age}", age=times.ago(one.amount or None))
    ),
    Reason.NO_POSITION: lambda _, __: phrase("没有位置"),
    Reason.ON_REQUEST: lambda _, __: phrase("协同单位，须它同意"),
    Reason.HELPS: lambda _, __: phrase("不是承办单位，去协助"),
    Reason.NO_CREW: lambda _, __: phrase("没有可派的队组"),
    Reason.ORDERED: lambda told, one: _of_crew(told, one, phrase("另有指令未答")),
    Reason.NOBODY_ON_DUTY: lambda told, one: _nobody(told, one),
    Reason.SHIFT_ENDS: lambda told, one: _of_crew(
        told, one, phrase("下班还有 {n} 分", n=times.whole_minutes(one.amount))
    ),
    Reason.OFF_ROSTER: lambda told, one: _of_crew(told, one, phrase("按轮班不当班，派它要写原因")),
    Reason.NO_UNIT: lambda told, one: phrase("本街镇没有{power}", power=told.power(one.about)),
}


def _of_crew(told: Reasons, one: Because, words: Words) -> Words:
    """Returns the words with the crew that they are about, if they stand under no crew."""
    return phrase("{who}：{what}", who=told.crew(one.about), what=words) if one.about else words


def _nobody(told: Reasons, one: Because) -> Words:
    """Returns that nobody is on duty, and if it is known when somebody will be."""
    power = told.power(one.about)
    if not one.amount:
        return phrase("{power}此刻无人在岗", power=power)
    return phrase("{power}此刻无人在岗，{time} 后有班", power=power, time=times.in_words(one.amount))
