"""Formats case numbers, counts, rates and limits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Limit, Measure
from ui.kit.texts.times import UNKNOWN
from ui.kit.texts.words import Phrase, phrase, say

THIN_GAP = "\u2009"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in three lengths: ``full`` on paper, ``prefix`` (in tx3) + ``tail`` in rows, ``tail`` in chips."""

    full: str
    prefix: str
    tail: str


def case_number(text: str, *, year: int | None = None) -> CaseNumber:
    """Splits "包河-20261124-00421" into prefix "1124-" and tail "00421"; any other text is all tail.

    When `year` is another year, the prefix contains its own: "261124-".
    """
    parts = text.rsplit("-", 2)
    if len(parts) != 3 or len(parts[1]) != 8 or not parts[1].isdecimal():
        return CaseNumber(text, "", text)
    day = parts[1][4:] if year in (None, int(parts[1][:4])) else parts[1][2:]
    return CaseNumber(text, f"{day}-", parts[2])


def number_of(case: Case, *, year: int) -> CaseNumber:
    """Returns the case's number as read in `year`; "待编号" until the platform assigns one."""
    return case_number(case.number or say("待编号"), year=year)


def short(case: Case, *, year: int) -> str:
    """Returns the number as rows show it in `year`: "1124-00421"; "待编号" until the platform assigns one."""
    number = number_of(case, year=year)
    return number.prefix + number.tail


def tail(case: Case) -> str:
    """Returns the number as chips and notifications show it: "00421"; "待编号" until the platform assigns one."""
    return case_number(case.number).tail if case.number else say("待编号")


def shared_tails(cases: Iterable[Case]) -> frozenset[str]:
    """Returns the numbers as chips show them that two or more of `cases` have: they were filed on several days."""
    found = Counter(tail(case) for case in cases if case.number)
    return frozenset(said for said, times in found.items() if times > 1)


def told_apart(case: Case, shared: frozenset[str], *, year: int) -> str:
    """Returns the number as chips show it, with its day when it is one of `shared`: "1124-00421"."""
    said = tail(case)
    return short(case, year=year) if said in shared else said


def count(number: int | None) -> str:
    """Returns a count as "1,204"; "—" when it is unknown, never 0."""
    return UNKNOWN if number is None else f"{number:,}"


def rate(share: float | None) -> str:
    """Returns a share from 0 to 1 as "92.4 %" with one decimal and a thin space; "—" when there is no base."""
    return UNKNOWN if share is None else f"{share * 100:.1f}{THIN_GAP}%"


def limit_words(limit: Limit) -> Phrase:
    """Returns the limit as text: "4 工作时"."""
    return replace(_LIMITS[limit.measure], values={"n": f"{limit.amount:g}"})


_LIMITS = {
    Measure.WORKING_HOURS: phrase("{n} 工作时"),
    Measure.WORKING_DAYS: phrase("{n} 工作日"),
    Measure.URGENT_HOURS: phrase("{n} 小时（不分昼夜）"),
}
