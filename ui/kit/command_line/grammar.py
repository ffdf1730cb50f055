"""Grammar of the command line: parses typed text into verb, case, target and text, with offers for the missing part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ui.kit.search.spelling import fit
from ui.kit.texts.moments import split_moment

MAX_OFFERS = 8  # offers shown at once
_TOKEN = re.compile(r"\d+|[^\s\d]+")
_CASE = re.compile(r"\d{2,}")


class LinePart(StrEnum):
    """The parts of a command line, in typing order."""

    VERB = "verb"
    CASE = "case"
    TARGET = "target"
    MOMENT = "moment"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Verb:
    """One action by id: its full `names`, its short forms `keys` ("pd"), and the parts that it `needs`.

    `on_ended`: the case that it needs is one that has ended; otherwise an open one. `target_kind` is the kind of record
    that its target is. `is_timed`: a moment may be said.
    """

    id: str
    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    needs: tuple[LinePart, ...] = ()
    on_ended: bool = False
    target_kind: str = ""
    is_timed: bool = False


@dataclass(frozen=True, slots=True)
class NamedObject:
    """A case or a target; `names` are what it is found by (for a case, its number first).

    Targets with the `place` of the case come first, then those with the smaller `near`. `has_ended` is of a case, and
    `kind`, the kind of record, of a target.
    """

    id: str
    names: tuple[str, ...]
    near: int = 0
    place: str = ""
    has_ended: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion of the line: `line` is the field's new text, `name` the name of a target in it."""

    part: LinePart
    id: str
    line: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A parsed command line: `missing` is the next missing part (None: complete), `unknown` what matches nothing."""

    verb: Verb | None = None
    case: str | None = None
    target: str | None = None
    moment: str = ""
    text: str = ""
    missing: LinePart | None = LinePart.VERB
    unknown: str = ""
    offers: tuple[Offer, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, so that Enter may execute the line."""
        return self.verb is not None and self.missing is None


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that a command line may name; `chosen` is the selected case, used when none is typed.

    `picked_target` is (name, id) of the target picked from the offers, since two targets may have the same name.
    """

    verbs: tuple[Verb, ...]
    cases: tuple[NamedObject, ...] = ()
    targets: tuple[NamedObject, ...] = ()
    chosen: str | None = None
    picked_target: tuple[str, str] | None = None

    def read(self, typed: str) -> CommandLine:
        """Returns the command line parsed from `typed`.

        >>> pd = Verb("dispatch", ("派遣",), ("pd",), (LinePart.CASE, LinePart.TARGET))
        >>> known = Grammar((pd,), (NamedObject("c1", ("包河-20261124-00421",)),), (NamedObject("u1", ("望湖·城管",)),))
        >>> known.read("pd 0421 城管").target
        'u1'
        """
        words = typed.split()
        if not words:
            return CommandLine(offers=tuple(_verb_candidate(verb) for verb in self.verbs[:MAX_OFFERS]))
        verb, rest = self._verb(words)
        if verb is None:
            return self._verbs_like(words)
        return self._object(verb, rest)

    def _verb(self, words: list[str]) -> tuple[Verb | None, list[str]]:
        """Returns the verb and the remaining words; Chinese needs no space after the verb ("派遣0421城管")."""
        head, rest = words[0].lower(), words[1:]
        for verb in self.verbs:
            if head in verb.keys or head in (name.lower() for name in verb.names):
                return verb, rest
        for verb in sorted(self.verbs, key=lambda v: -max(map(len, v.names))):
            for name in verb.names:
                if not name.isascii() and head.startswith(name):
                    return verb, [*_TOKEN.findall(words[0][len(name) :]), *rest]
        alike = [verb for verb in self.verbs if fit(head, *verb.names) is not None]
        return (alike[0], rest) if len(alike) == 1 and rest else (None, rest)

    def _verbs_like(self, words: list[str]) -> CommandLine:
        ranked = _ranked(words[0], ((verb, (*verb.keys, *verb.names)) for verb in self.verbs))
        if not ranked:
            return CommandLine(unknown=words[0])
        return CommandLine(offers=tuple(_verb_candidate(verb) for verb in ranked[:MAX_OFFERS]))

    def _object(self, verb: Verb, words: list[str]) -> CommandLine:
        if LinePart.CASE not in verb.needs:
            return self._ending(CommandLine(verb=verb), words)
        if words and _CASE.fullmatch(words[0].replace("-", "")):
            return self._numbered(verb, words[0], words[1:])
        if self.chosen is None:
            return CommandLine(verb=verb, missing=LinePart.CASE, offers=self._cases_like(verb, ""))
        return self._ending(CommandLine(verb=verb, case=self.chosen), words)

    def _numbered(self, verb: Verb, digits: str, words: list[str]) -> CommandLine:
        found = self._ending_in(digits, verb)
        if len(found) == 1:
            return self._ending(CommandLine(verb=verb, case=found[0].id), words)
        if not found:
            return CommandLine(verb=verb, missing=LinePart.CASE, unknown=digits)
        exact = [case for case in found if case.id == self.chosen]
        if exact:
            return self._ending(CommandLine(verb=verb, case=exact[0].id), words)
        return CommandLine(verb=verb, missing=LinePart.CASE, offers=self._cases_like(verb, digits))

    def _cases_like(self, verb: Verb, digits: str) -> tuple[Offer, ...]:
        found = sorted(self._ending_in(digits, verb), key=lambda case: case.near)
        return tuple(
            Offer(LinePart.CASE, case.id, f"{_said(verb)} {self._unique(case)} ") for case in found[:MAX_OFFERS]
        )

    def _ending_in(self, digits: str, verb: Verb) -> list[NamedObject]:
        """Returns the cases whose number ends in `digits`, among those for which `verb` is."""
        of_verb = (case for case in self.cases if case.has_ended is verb.on_ended)
        return [case for case in of_verb if _ends_with(case.names[0], digits)]

    def _unique(self, case: NamedObject) -> str:
        """Returns the end of the case number that no other such case has: the serial of the day, or date and serial."""
        tail = _tail(case)
        alike = sum(_ends_with(other.names[0], tail) for other in self.cases if other.has_ended is case.has_ended)
        return tail if alike == 1 else "-".join(case.names[0].rsplit("-", 2)[-2:])

    def _ending(self, line: CommandLine, words: list[str]) -> CommandLine:
        verb = line.verb
        assert verb is not None
        if verb.is_timed:
            moment, words = split_moment(words)
            line = replace(line, moment=moment)
        return self._target(line, verb, words) if LinePart.TARGET in verb.needs else _with_text(line, words)

    def _target(self, line: CommandLine, verb: Verb, words: list[str]) -> CommandLine:
        place = next((case.place for case in self.cases if case.id == line.case), "")
        things = [thing for thing in self.targets if thing.kind == verb.target_kind]
        count = _target_words(words, things, needs_text=LinePart.TEXT in verb.needs)
        typed, text = " ".join(words[:count]), words[count:]
        ranked = _ranked(typed, ((thing, thing.names) for thing in things), place)
        if typed and not ranked:
            return replace(line, missing=LinePart.TARGET, unknown=typed)
        head = " ".join(filter(None, (_said(verb), self._tail_of(line.case))))
        offers = tuple(_target_offer(verb, head, thing, text) for thing in ranked[:MAX_OFFERS])
        if not typed:
            return replace(line, missing=LinePart.TARGET, offers=offers)
        target = ranked[0].id
        if self.picked_target and self.picked_target in {(typed, thing.id) for thing in ranked}:
            target, offers = self.picked_target[1], ()
        return _with_text(replace(line, target=target, offers=offers), text)

    def _tail_of(self, key: str | None) -> str:
        return next((self._unique(case) for case in self.cases if case.id == key), "")


def _ranked(typed: str, things: Iterable, place: str = "") -> list:
    scored = []
    for number, (thing, names) in enumerate(things):
        rank = fit(typed, *names)
        if rank is not None:
            far = bool(place) and getattr(thing, "place", "") != place
            scored.append((far, getattr(thing, "near", 0), rank, number, thing))
    return [thing for *_, thing in sorted(scored, key=lambda row: row[:4])]


def _target_words(words: list[str], things: list[NamedObject], *, needs_text: bool) -> int:
    """Returns how many of `words` name the target, so that the text follows: those of a name that stands there in full.

    Without such a name all of them, but as many as fit a target when a text must follow.
    """
    lower = [word.lower() for word in words]
    full = (name.lower().split() for thing in things for name in thing.names)
    if count := max((len(parts) for parts in full if parts == lower[: len(parts)]), default=0):
        return count
    if not needs_text:
        return len(words)
    for count, word in enumerate(words):
        things = [thing for thing in things if fit(word, *thing.names) is not None]
        if not things:
            return max(count, 1)
    return len(words)


def _with_text(line: CommandLine, words: list[str]) -> CommandLine:
    """Returns the line with `words` as its text; it may lack a moment, or a text."""
    needs = () if line.verb is None else line.verb.needs
    said = {LinePart.MOMENT: line.moment, LinePart.TEXT: words}
    missing = next((part for part, given in said.items() if part in needs and not given), None)
    return replace(line, text=" ".join(words), missing=missing)


def _ends_with(number: str, digits: str) -> bool:
    return "".join(filter(str.isdigit, number)).endswith("".join(filter(str.isdigit, digits)))


def _tail(case: NamedObject) -> str:
    return case.names[0].rsplit("-", 1)[-1]


def _said(verb: Verb) -> str:
    return verb.keys[0] if verb.keys else verb.names[0]


def _target_offer(verb: Verb, head: str, thing: NamedObject, text: list[str]) -> Offer:
    line = " ".join((head, thing.names[0], *text)) + (" " if LinePart.TEXT in verb.needs and not text else "")
    return Offer(LinePart.TARGET, thing.id, line, thing.names[0])


def _verb_candidate(verb: Verb) -> Offer:
    return Offer(LinePart.VERB, verb.id, _said(verb) + (" " if verb.needs else ""))
