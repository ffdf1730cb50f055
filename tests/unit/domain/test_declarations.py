"""What a verb does not say it does not have: nothing holds for it because it was forgotten."""

from dataclasses import MISSING, fields
from typing import Any

import pytest

from commandcenter.domain.commands import STEPS
from commandcenter.domain.fields import Chosen, Id, Names, Sealed, Text, marked
from commandcenter.domain.places import Street
from commandcenter.domain.records import RecordKind
from commandcenter.domain.rules import Rule


@pytest.mark.parametrize("name", STEPS)
def test_every_field_of_a_step_says_what_it_is(name: str) -> None:
    step: Any = STEPS[name]
    said = [field for field, _ in marked(step, (Names, Chosen, Text, Id, Sealed))]
    assert said == [field.name for field in fields(step)]


def test_a_verb_says_what_guards_it_and_a_kind_of_record_who_sees_it() -> None:
    with pytest.raises(TypeError, match="guarded"):
        Names("case")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="required"):
        Chosen("kind")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="audience"):
        RecordKind("street", Street)  # type: ignore[call-arg]
    assert all(part.default is MISSING for part in fields(Rule))
