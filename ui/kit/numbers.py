"""How case numbers, counts and rates are told."""

from dataclasses import dataclass

from ui.kit.times import UNKNOWN

THIN_GAP = "\u2009"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in three lengths: ``full`` on paper, ``prefix`` (tx3) + ``tail`` in rows, ``tail`` in chips."""

    full: str
    prefix: str
    tail: str


def case_number(text: str) -> CaseNumber:
    """Split "包河-20261124-00421" into "1124-" and "00421"; anything else is all tail."""
    parts = text.rsplit("-", 2)
    if len(parts) != 3 or len(parts[1]) != 8 or not parts[1].isdecimal():
        return CaseNumber(text, "", text)
    return CaseNumber(text, f"{parts[1][4:]}-", parts[2])


def count(number: int | None) -> str:
    """A count as "1,204"; "—" when unknown, never 0."""
    return UNKNOWN if number is None else f"{number:,}"


def rate(share: float | None) -> str:
    """A share from 0 to 1 as "92.4 %", one decimal, thin gap; "—" when there is no base."""
    return UNKNOWN if share is None else f"{share * 100:.1f}{THIN_GAP}%"
