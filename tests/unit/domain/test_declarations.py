"""What a verb does not say it does not have: nothing holds for it because it was forgotten."""

from dataclasses import MISSING, fields
from typing import Any

import pytest

from commandcenter.domain.commands import NAMES as VERBS
from commandcenter.domain.commands import STEPS
from commandcenter.domain.facts import NAMES
from commandcenter.domain.fields import Chosen, Id, Moment, Names, OneOf, Rank, Sealed, Text, marked
from commandcenter.domain.places import Street
from commandcenter.domain.records import KINDS, RecordKind
from commandcenter.domain.rules import Rule

WORDS = {"text", "external", "petitioner"}  # the fields of a case that only some may read when it is secret


@pytest.mark.parametrize("name", STEPS)
def test_every_field_of_a_step_says_what_it_is(name: str) -> None:
    step: Any = STEPS[name]
    said = dict(marked(step, (Names, Chosen, OneOf, Text, Moment, Rank, Id, Sealed)))  # a field may have two marks
    assert list(said) == [field.name for field in fields(step)]


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("mark", [Chosen, Text])
def test_a_step_needs_no_more_than_the_screens_ask_for(name: str, mark: type) -> None:
    assert sum(one.required for _, one in marked(STEPS[name], mark)) <= 1


def test_a_verb_with_a_key_is_a_step_of_a_case_or_takes_one_in() -> None:
    keyed = {name for name, verb in VERBS.items() if verb.entry is not None}
    assert keyed == STEPS.keys() | {"take"}  # keys, buttons and command line exist for no others


def test_a_verb_says_what_guards_it_and_a_kind_of_record_who_sees_it() -> None:
    with pytest.raises(TypeError, match="guarded"):
        Names("case")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="required"):
        Chosen("kind")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="audience"):
        RecordKind("street", Street)  # type: ignore[call-arg]
    assert all(part.default is MISSING for part in fields(Rule))


@pytest.mark.parametrize("fact", [fact for fact in NAMES.values() if WORDS & {field.name for field in fields(fact)}])
def test_a_fact_with_a_petitioners_words_says_how_it_is_told_without_them(fact: type[Any]) -> None:
    hidden = WORDS & {field.name for field in fields(fact)}
    told = fact(**{field.name: "x" for field in fields(fact)}).withheld()
    assert {getattr(told, name) for name in hidden} <= {"", None}
    assert {getattr(told, field.name) for field in fields(fact) if field.name not in hidden} == {"x"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_record_says_which_of_its_fields_a_person_is_shown(kind: RecordKind) -> None:
    assert kind.shown
    assert {*kind.loose} < {*kind.shown} <= {field.name for field in fields(kind.type)}
    assert kind.edited - {*kind.shown} <= {"place"}  # where a street's name is drawn is read by nobody
