"""Reads the targets of a command: which of the words that follow the case name them, and which are the text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ui.kit.command_line.parts import LinePart, NamedObject, Verb
from ui.kit.search.spelling import fit

_BEGINNING = 2  # the worst rank of letters with which a name begins
_BETWEEN = "、"  # may stand between targets in the place of a blank


@dataclass(frozen=True, slots=True)
class ReadTargets:
    """The `targets` found by the `words` that name them, and the words of the `text` that follows.

    `ranked` are the targets that the last of the words could mean, the likeliest first; `unknown` is what names none.
    """

    targets: tuple[NamedObject, ...] = ()
    ranked: tuple[NamedObject, ...] = ()
    words: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class TargetReader:
    """Reads the targets of `verb` among `things`; those that `suit` the case come first.

    `picked` has the id of what was picked from a list by its name, since several targets may be called the same.
    """

    verb: Verb
    things: tuple[NamedObject, ...]
    suit: "Suit"
    picked: Mapping[str, str]

    def read(self, typed: Sequence[str]) -> ReadTargets:
        """Returns the targets that the words name, and what follows them."""
        words, found, is_full = self._apart(typed), ReadTargets(), False
        if not words:
            return ReadTargets(ranked=tuple(ranked("", self._left(()), self.suit)))
        rest = words
        while rest and (things := self._left(found.targets)):
            count, is_one_full = self._words_of_one(rest, things)
            named = " ".join(rest[:count])
            fitting = tuple(ranked(named, things, self.suit))
            if not fitting:
                break
            targets = (*found.targets, self._meant(named, fitting))
            found = ReadTargets(targets, fitting, (*found.words, *rest[:count]))
            rest, is_full = rest[count:], is_one_full
        return self._with_text(found, rest, is_full=is_full)

    def _with_text(self, found: ReadTargets, rest: Sequence[str], *, is_full: bool) -> ReadTargets:
        """Returns the targets with the words that name none of them: a text, or a slip.

        A text that need not be there follows only a name in full, so that a slip is none.
        """
        if found.targets and (LinePart.TEXT in self.verb.needs or is_full):
            return replace(found, text=tuple(rest))
        count, _ = self._words_of_one(list(rest), list(self.things)) if rest else (0, False)
        return replace(found, unknown=" ".join(rest[:count]))

    def _apart(self, typed: Sequence[str]) -> list[str]:
        """Returns the words, those that name several targets taken apart: 环保、水务."""
        if not self._takes_many:
            return list(typed)
        apart: list[str] = []
        for word in typed:
            parts = [part for part in word.split(_BETWEEN) if part]
            are_targets = all(any(fit(part, *thing.names) is not None for thing in self.things) for part in parts)
            apart += parts if len(parts) > 1 and are_targets else [word]
        return apart

    def _left(self, targets: tuple[NamedObject, ...]) -> list[NamedObject]:
        """Returns what can still be named after `targets`: after the first one the kinds of which there may be many."""
        kinds = {choice.kind for choice in self.verb.choices if choice.many or not targets}
        return [thing for thing in self.things if thing.kind in kinds and thing not in targets]

    def _words_of_one(self, words: list[str], things: list[NamedObject]) -> tuple[int, bool]:
        """Returns how many of `words` name one target, at least one, and whether they are a name in full.

        Without such a name all of them where nothing else can follow, otherwise as many as fit one target.
        """
        lower = [word.lower() for word in words]
        full = (parts for thing in things for parts in thing.full_names() if parts == lower[: len(parts)])
        if count := max(map(len, full), default=0):
            return count, True
        if LinePart.TEXT not in self.verb.needs and not self._takes_many:
            return len(words), False
        fitting = things
        for count, word in enumerate(words):
            names_another = self._takes_many and count and _begins(word, things) and not _begins(word, fitting)
            fitting = [thing for thing in fitting if fit(word, *thing.names) is not None]
            if not fitting or names_another:
                return max(count, 1), False
        return len(words), False

    @property
    def _takes_many(self) -> bool:
        return any(choice.many for choice in self.verb.choices)

    def _meant(self, named: str, fitting: tuple[NamedObject, ...]) -> NamedObject:
        key = self.picked.get(named, "")
        return next((thing for thing in fitting if thing.id == key), fitting[0])


@dataclass(frozen=True, slots=True)
class Suit:
    """What makes a target likely: being of the `place` (None: of any), and one of the `powers`, the fittest first.

    `way` returns how far a target, by its id, is away: it decides between equally likely ones before any is typed.
    """

    place: str | None
    powers: tuple[str, ...] = ()
    way: Callable[[str], float] = lambda _key: 0.0

    def is_far(self, thing: NamedObject) -> bool:
        """Returns whether a target is of another place."""
        return self.place is not None and thing.place != self.place

    def fitness(self, thing: NamedObject) -> int:
        """Returns where the power of a target stands among those needed, behind all of them where it has none."""
        return min((self.powers.index(one) for one in thing.powers if one in self.powers), default=len(self.powers))

    def order(self, thing: NamedObject) -> tuple[bool, int]:
        """Returns the sort key of a target before anything is typed.

        What is of the whole district and has a power that is needed is then as near as what is of the place.
        """
        fitness = self.fitness(thing)
        is_near = not thing.place and fitness < len(self.powers)
        return self.is_far(thing) and not is_near, fitness


def suit_of(case: NamedObject, *, is_of_district: bool, way: Callable[[str], float] = lambda _key: 0.0) -> Suit:
    """Returns what suits a `case`: targets of its street, or those of no street where the step is the district's."""
    return Suit("" if is_of_district else case.place or None, case.powers, way)


def ranked(typed: str, things: Iterable[NamedObject], suit: Suit) -> list[NamedObject]:
    """Returns the things that `typed` fits, the likeliest first.

    Those called so in full come first, then those of the place, then the nearer, then those that the letters fit best,
    then those with the fitter power. Without letters the power counts before all but the place, and the way after all.
    """
    scored = []
    for number, thing in enumerate(things):
        is_called = thing.is_called(typed)
        rank = 0 if is_called else fit(typed, *thing.names)
        if rank is not None:
            order = (suit.is_far(thing), 0) if typed else suit.order(thing)
            way = 0.0 if typed else suit.way(thing.id)
            scored.append((not is_called, *order, thing.near, rank, suit.fitness(thing), way, number, thing))
    return [thing for *_, thing in sorted(scored, key=lambda row: row[:-1])]


def _begins(word: str, things: Iterable[NamedObject]) -> bool:
    """Returns whether letters are how the pinyin or the initials of one of the things begin, so that they name it."""
    ranks = (fit(word, *thing.names) for thing in things if word.isascii())
    return any(rank is not None and rank <= _BEGINNING for rank in ranks)
