"""Facts of a case as labelled lines, as every room that shows a case says them."""

from commandcenter.domain.cases import Case
from ui.kit.labels.facts import Fact
from ui.kit.texts import names
from ui.kit.texts.words import phrase


def place_line(case: Case, *, strong: bool = False) -> Fact:
    """Returns where the case is."""
    return Fact(phrase("地点"), names.place(case), strong=strong)


def petition_line(case: Case) -> Fact:
    """Returns what the petitioner wants."""
    return Fact(phrase("诉求"), names.petition(case))


def finding_lines(case: Case) -> list[Fact]:
    """Returns what the holder found, once it reported."""
    return [Fact(phrase("反馈"), case.finding)] if case.finding else []
