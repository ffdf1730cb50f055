"""How case numbers, counts and rates are told."""

from dataclasses import dataclass

from commandcenter.domain.cases import Case
from ui.kit.times import UNKNOWN
from ui.kit.words import say

THIN_GAP = "\u2009"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in three lengths: ``full`` on paper, ``prefix`` (tx3) + ``tail`` in rows, ``tail`` in chips."""

    full: str
    prefix: str
    tail: str


def case_number(text: str, *, year: int | None = None) -> CaseNumber:
    """Split "包河-20261124-00421" into "1124-" and "00421"; anything else is all tail.

    In another `year` the prefix says its own: "261124-".
    """
    parts = text.rsplit("-", 2)
    if len(parts) != 3 or len(parts[1]) != 8 or not parts[1].isdecimal():
        return CaseNumber(text, "", text)
    day = parts[1][4:] if year in (None, int(parts[1][:4])) else parts[1][2:]
    return CaseNumber(text, f"{day}-", parts[2])


def short(case: Case, *, year: int) -> str:
    """Its number as rows give it, read in `year`: "1124-00421"; before the platform gave one, that it waits for it."""
    number = case_number(case.number or say("待编号"), year=year)
    return number.prefix + number.tail


def tail(case: Case) -> str:
    """Its number as chips and tellings give it: "00421"; before the platform gave one, that it waits for it."""
    return case_number(case.number).tail if case.number else say("待编号")


def count(number: int | None) -> str:
    """A count as "1,204"; "—" when unknown, never 0."""
    return UNKNOWN if number is None else f"{number:,}"


def rate(share: float | None) -> str:
    """A share from 0 to 1 as "92.4 %", one decimal, thin gap; "—" when there is no base."""
    return UNKNOWN if share is None else f"{share * 100:.1f}{THIN_GAP}%"
