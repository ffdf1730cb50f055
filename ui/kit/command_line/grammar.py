"""Grammar of the command line: reads typed text into commands, with offers for the part that is missing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ui.kit.command_line.numbering import ends_with, numbered, unique_end
from ui.kit.command_line.parts import Clause, CommandLine, LinePart, NamedObject, Offer, Verb
from ui.kit.command_line.targets import TargetReader, suit_of
from ui.kit.search.spelling import fit
from ui.kit.texts.moments import split_moment

MAX_OFFERS = 8  # offers shown at once
_TOKEN = re.compile(r"\d+|[^\s\d]+")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that a command line may name; `chosen` is the selected case, used when none is typed.

    `advised` returns the ids of the targets recommended for a verb and a case, both by id, the best first: they are
    offered first as long as none is typed. `way` returns how far a target is from a case, both by id. `picked` has the
    id of each target picked from the offers by its name, since two targets may have the same name.
    """

    verbs: tuple[Verb, ...]
    cases: tuple[NamedObject, ...] = ()
    targets: tuple[NamedObject, ...] = ()
    chosen: str | None = None
    picked: Mapping[str, str] = field(default_factory=dict)
    advised: Callable[[str, str], Sequence[str]] = lambda _verb, _case: ()
    way: Callable[[str, str], float] = lambda _target, _case: 0.0

    def read(self, typed: str) -> CommandLine:
        """Returns the command line parsed from `typed`: one command, or several for the same case or further ones.

        >>> pd = Verb("dispatch", ("派遣",), ("pd",), (LinePart.CASE, LinePart.TARGET), choices=(Choice("holder"),))
        >>> unit = NamedObject("u1", ("望湖·城管",), kind="holder")
        >>> known = Grammar((pd,), (NamedObject("c1", ("包河-20261124-00421",)),), (unit,))
        >>> known.read("pd 0421 城管").clauses[0].targets == (unit,)
        True
        """
        words = typed.split()
        if not words:
            return CommandLine(offers=tuple(map(_verb_offer, self.verbs[:MAX_OFFERS])))
        verb, rest = self._verb(words)
        if verb is None:
            return self._verbs_like(words[0])
        own, later = self._apart(verb, rest)
        line = self._clause(verb, own)
        if not later or not line.is_complete:
            return line
        return self._followed(line, " ".join(later))

    def picking(self, offer: Offer) -> "Grammar":
        """Returns the grammar in which the name of the `offer` means what was offered."""
        return replace(self, picked={**self.picked, " ".join(offer.name.split()): offer.id})

    def _followed(self, line: CommandLine, later: str) -> CommandLine:
        """Returns `line`, of one command, with those that follow; where they name no case that of before is meant."""
        next_ = replace(self, chosen=line.clauses[-1].case).read(later)
        before = " ".join(filter(None, (line.said, line.clauses[0].text)))
        offers = tuple(replace(offer, line=f"{before} {offer.line}") for offer in next_.offers)
        return replace(next_, clauses=(*line.clauses, *next_.clauses), offers=offers)

    def _apart(self, verb: Verb, words: list[str]) -> tuple[list[str], list[str]]:
        """Returns the words of `verb`, and those of the commands that follow: they begin with a verb's short form.

        A text that has to be given runs to the end of the line.
        """
        if LinePart.CASE not in verb.needs or LinePart.TEXT in verb.needs:
            return words, []
        is_numbered = bool(words) and numbered(words[0])
        first = is_numbered + (LinePart.TARGET in verb.needs)
        keys = {key for other in self.verbs if LinePart.CASE in other.needs for key in other.keys}
        at = next((at for at in range(first, len(words)) if words[at].lower() in keys), len(words))
        return words[:at], words[at:]

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

    def _verbs_like(self, word: str) -> CommandLine:
        fits = ((fit(word, *verb.keys, *verb.names), verb) for verb in self.verbs)
        found = sorted(((rank, verb) for rank, verb in fits if rank is not None), key=lambda one: one[0])
        offers = tuple(_verb_offer(verb) for _, verb in found[:MAX_OFFERS])
        return CommandLine(offers=offers) if offers else CommandLine(unknown=word)

    def _clause(self, verb: Verb, words: list[str]) -> CommandLine:
        clause = Clause(verb, words=(verb.said,))
        if LinePart.CASE not in verb.needs:
            return self._ending(clause, words)
        if words and numbered(words[0]):
            return self._of_number(clause, words[0], words[1:])
        if self.chosen is None:
            return CommandLine((clause,), LinePart.CASE, offers=self._cases_like(verb, ""))
        return self._ending(replace(clause, case=self.chosen), words)

    def _of_number(self, clause: Clause, digits: str, words: list[str]) -> CommandLine:
        found = self._ending_in(digits, clause.verb)
        meant = found if len(found) == 1 else [case for case in found if case.id == self.chosen]
        if meant:
            return self._ending(replace(clause, case=meant[0].id, words=(*clause.words, digits)), words)
        if not found:
            return CommandLine((clause,), LinePart.CASE, unknown=digits)
        return CommandLine((clause,), LinePart.CASE, offers=self._cases_like(clause.verb, digits))

    def _cases_like(self, verb: Verb, digits: str) -> tuple[Offer, ...]:
        """Offers cases in their order, those of the stages for which `verb` is before all others."""
        fits = self._ending_in(digits, verb)
        found = sorted(fits, key=lambda case: bool(verb.stages) and case.stage not in verb.stages)[:MAX_OFFERS]
        ends = ((case.id, self._end_of(case)) for case in found)
        return tuple(Offer(LinePart.CASE, key, f"{verb.said} {end} ", end) for key, end in ends)

    def _ending_in(self, digits: str, verb: Verb) -> list[NamedObject]:
        """Returns the cases whose number ends in `digits`, among those for which `verb` is."""
        of_verb = (case for case in self.cases if case.has_ended is verb.on_ended)
        return [case for case in of_verb if ends_with(case.names[0], digits)]

    def _end_of(self, case: NamedObject) -> str:
        """Returns the end of the case's number that no other such case has."""
        return unique_end(case.names[0], (one.names[0] for one in self.cases if one.has_ended is case.has_ended))

    def _ending(self, clause: Clause, words: list[str]) -> CommandLine:
        moment, words = split_moment(words) if clause.verb.is_timed else ("", words)
        clause = replace(clause, moment=moment)
        if LinePart.TARGET in clause.verb.needs:
            return self._with_targets(clause, words)
        return _with_text(clause, words)

    def _with_targets(self, clause: Clause, words: list[str]) -> CommandLine:
        verb, case = clause.verb, next((case for case in self.cases if case.id == clause.case), NamedObject("", ("",)))
        kinds = {choice.kind for choice in verb.choices}
        things = tuple(thing for thing in self.targets if thing.kind in kinds)
        suit = suit_of(case, is_of_district=verb.is_of_district, way=lambda key: self.way(key, case.id))
        read = TargetReader(verb, things, suit, self.picked).read(words)
        text = " ".join(read.text)
        said = (verb.said, self._end_of(case) if case.id else "", *(one.names[0] for one in read.targets[:-1]))
        head, likely = " ".join(filter(None, said)), read.ranked if words else self._advised_first(clause, read.ranked)
        offers = tuple(_target_offer(verb, head, thing, text) for thing in likely[:MAX_OFFERS])
        clause = replace(clause, targets=read.targets, words=(*clause.words, *read.words))
        if read.unknown or not read.targets:
            return CommandLine((clause,), LinePart.TARGET, read.unknown, () if read.unknown else offers)
        is_picked = any(self.picked.get(name) == read.targets[-1].id for name in read.targets[-1].names)
        return replace(_with_text(clause, list(read.text)), offers=() if is_picked else offers)

    def _advised_first(self, clause: Clause, things: tuple[NamedObject, ...]) -> tuple[NamedObject, ...]:
        place = {key: at for at, key in enumerate(self.advised(clause.verb.id, clause.case or ""))}
        return tuple(sorted(things, key=lambda thing: place.get(thing.id, len(place))))


def _with_text(clause: Clause, words: list[str]) -> CommandLine:
    """Returns the line with `words` as the text of its command; it may lack a moment, or a text."""
    needs, moment = clause.verb.needs, clause.moment.split()
    said = {LinePart.MOMENT: clause.moment, LinePart.TEXT: words}
    missing = next((part for part, given in said.items() if part in needs and not given), None)
    return CommandLine((replace(clause, text=" ".join(words), words=(*clause.words, *moment)),), missing)


def _target_offer(verb: Verb, head: str, thing: NamedObject, text: str) -> Offer:
    line = " ".join(filter(None, (head, thing.names[0], text)))
    return Offer(
        LinePart.TARGET, thing.id, line + (" " if _takes_more(verb) and not text else ""), thing.names[0], thing.kind
    )


def _takes_more(verb: Verb) -> bool:
    """Whether something has to follow the target."""
    return LinePart.TEXT in verb.needs or LinePart.MOMENT in verb.needs


def _verb_offer(verb: Verb) -> Offer:
    return Offer(LinePart.VERB, verb.id, verb.said + (" " if verb.needs else ""))
