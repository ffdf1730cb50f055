"""How the command line says commands that were given: the inverse of its grammar, but for the free texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commandcenter.domain.cases import ENDED, Case
from commandcenter.domain.commands import STEPS, Dispatch, name_of
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.decisions import Command
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, asked, marked
from commandcenter.domain.rules import refuse_unless_of_district
from commandcenter.domain.teams import Crew
from commandcenter.domain.text import snake_case
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.command_line.naming import case_object, target_objects
from ui.kit.command_line.numbering import unique_end
from ui.kit.command_line.parts import Choice, NamedObject
from ui.kit.command_line.targets import Suit, ranked, suit_of
from ui.kit.texts import names
from ui.kit.texts.moments import typed_moment

Target = tuple[str, str]  # kind and id
_ELIDED = "…"
_DISPATCH, _SEND = (snake_case(command.__name__) for command in (Dispatch, SendCrew))


def choices_of(name: str) -> tuple[Choice, ...]:
    """Returns what the step `name` takes as targets, what has to be chosen first; none where nothing has to be."""
    marks = sorted((mark for _, mark in marked(STEPS[name], (Chosen, OneOf))), key=lambda mark: not mark.required)
    if not marks or not marks[0].required:
        return ()
    return tuple(Choice(mark.kind, many=isinstance(mark, Chosen) and mark.many) for mark in marks)


def is_of_district(name: str) -> bool:
    """Returns whether the step `name` is one for cases of the district alone."""
    return refuse_unless_of_district in STEPS[name].rule.where


def line_of(board: Board, commands: Sequence[Command]) -> str:
    """Returns the line that gives the same `commands`: "zb 0421 住建 xb 环保 水务".

    Free texts are left out, since their words could be read as a moment or a verb; "…" stands where one is required.
    "" where one of them has no short form, or is about a case that has no number yet.
    """
    cases = [records.find(board, Case, getattr(command, "case", None)) for command in commands]
    if any(name_of(command) not in STEPS for command in commands) or any(not (case and case.number) for case in cases):
        return ""
    said: list[_Said] = []
    for command in commands:
        one = _said(command)
        together = _together(said[-1], one) if said else None
        said = [*said, one] if together is None else [*said[:-1], together]
    return " ".join(_words(board, said))


class SameLine:
    """Says a line again without working it out again, for what asks with every movement of the pointer."""

    def __init__(self, board: Board) -> None:
        self._board, self._line = board, ""
        self._commands: tuple[Command, ...] = ()

    def of(self, commands: tuple[Command, ...]) -> str:
        """Returns `line_of` the commands."""
        if commands != self._commands:
            self._commands, self._line = commands, line_of(self._board, commands)
        return self._line


@dataclass(frozen=True, slots=True)
class _Said:
    """One command of a line, or several that differ in their targets alone."""

    name: str
    case: str
    targets: tuple[Target, ...]
    text: str
    moment: datetime | None


def _said(command: Command) -> _Said:
    (_, text), (moment, _) = asked(command, Text), asked(command, Moment)
    fields = [(mark.kind, getattr(command, name)) for name, mark in marked(command, (Chosen, OneOf))]
    targets = tuple((kind, str(key)) for kind, key in fields if key) if choices_of(name_of(command)) else ()
    when = getattr(command, moment) if moment else None
    said = _ELIDED if text and text.required else ""
    return _Said(name_of(command), getattr(command, "case", ""), targets, said, when)


def _together(one: _Said, other: _Said) -> _Said | None:
    """Returns both as one command of the line; None where it takes two."""
    targets = (*one.targets, *other.targets)
    if one.case != other.case:
        return None
    if (one.name, other.name) == (_DISPATCH, _SEND):
        return replace(one, targets=targets, text=one.text or other.text, moment=other.moment)
    is_alike = replace(one, targets=()) == replace(other, targets=())
    return replace(one, targets=targets) if is_alike and any(choice.many for choice in choices_of(one.name)) else None


def _words(board: Board, said: Sequence[_Said]) -> Iterator[str]:
    before = ""
    for one in said:
        yield STEPS[one.name].entry.verb
        case = records.find(board, Case, one.case)
        assert case is not None
        if one.case != before:
            yield unique_end(case.number or "", _numbers(board, is_on_ended=STEPS[one.name].rule.stages <= ENDED))
        yield from _names(board, one, case)
        if one.moment is not None:
            yield typed_moment(one.moment, names.zone(board))
        if one.text:
            yield one.text
        before = one.case


def _numbers(board: Board, *, is_on_ended: bool) -> Iterator[str]:
    """Yields the numbers of the cases for which a step can be: those that have ended, or the open ones."""
    return (case.number or "" for case in records.every(board, Case) if case.is_open is not is_on_ended)


def _names(board: Board, one: _Said, case: Case) -> Iterator[str]:
    """Yields a name of each target by which it alone is meant; the unit of a crew that is sent goes without saying."""
    things = [thing for choice in choices_of(one.name) for thing in target_objects(board, choice.kind)]
    suit = suit_of(case_object(board, case), is_of_district=is_of_district(one.name))
    targets = one.targets
    if one.name == _DISPATCH and len(targets) > 1:
        crew = records.find(board, Crew, targets[1][1])
        targets = targets[1:] if crew is not None and crew.unit == targets[0][1] else targets
    for target in targets:
        thing = next((thing for thing in things if (thing.kind, thing.id) == target), None)
        yield target[1] if thing is None else _name(thing, things, suit)


def _name(thing: NamedObject, things: Sequence[NamedObject], suit: Suit) -> str:
    """Returns the first name of `thing` that means no other where those that `suit` the case come first."""
    called = (*thing.names, *filter(None, (thing.whole,)))
    alike = {name: [one for one in things if one.is_called(name)] for name in called}
    return next((name for name, ones in alike.items() if ranked(name, ones, suit)[0] == thing), thing.names[0])
