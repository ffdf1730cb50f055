"""Who is named first for a case, and what is said for and against each."""

import pytest

from ui.leads.candidates import Because, Body, candidates

POWERS = ("housing", "urban")


def ranked(*bodies: Body, street: str | None = "s03") -> list[str]:
    return [one.body for one in candidates(bodies, powers=POWERS, street=street)]


def told(body: Body, *others: Body) -> list[tuple[str, bool]]:
    found = candidates((body, *others), powers=POWERS, street="s03")
    (mine,) = (one for one in found if one.body == body.id)
    return [(one.because.value, one.is_for) for one in mine.reasons]


def test_the_duty_comes_first_in_the_order_of_the_kind_and_then_who_has_least_to_do() -> None:
    bodies = [Body("fire", "fire", None, 1), Body("data", "data", None, 0)]
    bodies += [Body("urban", "urban", None, 90), Body("housing", "housing", None, 99)]
    assert ranked(*bodies) == ["housing", "urban", "data", "fire"]


def test_of_the_units_of_streets_only_the_cases_own_with_the_duty_are_named() -> None:
    units = [
        Body("s03-urban", "urban", "s03", 0),
        Body("s04-urban", "urban", "s04", 0),
        Body("s03-fire", "fire", "s03", 0),
    ]
    assert ranked(*units, Body("d-urban", "urban", None, 5)) == ["d-urban", "s03-urban"]
    assert ranked(*units, street=None) == []


@pytest.mark.parametrize("part", [Because.REFUSED_LEAD, Because.REFUSED_PART, Because.LEADS])
def test_who_refused_or_leads_is_named_after_all_others(part: Because) -> None:
    bodies = [Body("housing", "housing", None, 0, part), Body("data", "data", None, 50)]
    assert ranked(*bodies) == ["data", "housing"]


def test_reasons_say_what_speaks_for_a_body_and_against_it() -> None:
    idle, busy = Body("a", "housing", None, 2), Body("b", "data", None, 22)
    assert told(idle, busy) == [("duty", True), ("little_to_do", True)]
    assert told(busy, idle) == [("other_duty", False), ("much_to_do", False)]
    (first, second) = candidates((idle, busy), powers=POWERS, street=None)
    assert [(one.reasons[-1].load, one.reasons[-1].mean) for one in (first, second)] == [(2, 12), (22, 12)]


def test_what_a_body_has_to_do_with_the_case_is_said_first() -> None:
    assert told(Body("a", "housing", "s03", 1, Because.HELPS)) == [
        ("helps", True),
        ("duty", True),
        ("of_the_street", True),
    ]


def test_a_kind_without_powers_names_nobody_for_a_duty_and_nobody_against_it() -> None:
    found = candidates([Body("b", "data", None, 3), Body("a", None, None, 3)], powers=(), street=None)
    assert [(one.body, one.reasons) for one in found] == [("a", ()), ("b", ())]
    assert candidates((), powers=POWERS, street=None) == ()
