"""Who helps, which precedents are shown, and what would change the answer: each change is made, and is true."""

from dataclasses import replace
from itertools import count

from commandcenter.domain.lead_advice import Change, LeadAdvice, LeadReason, OtherAnswer
from commandcenter.recommendation.lead_questions import Asked, Body, Precedent, Question
from commandcenter.recommendation.leads import HELPERS, SHOWN, recommend
from commandcenter.recommendation.precedents import Precedents

DAY = 86_400.0
NOON = 1_795_492_800.0
PUMP, LEAK = "泵房停水三天", "水管爆裂喷水"
_numbers = count()


def led(lead: str, ago: float, text: str = PUMP, *helpers: str, grid: str = "g1") -> Precedent:
    return Precedent(f"case {next(_numbers)}", "supply", "east", grid, text, NOON - ago * DAY, lead, helpers)


def asked(text: str, **loads: int) -> Asked:
    names = ("water", "housing", "health", "urban")
    bodies = tuple(Body(name, load=loads.get(name, 10)) for name in names)
    return Asked(Question("asked", "supply", "east", "g1", text), (), bodies)


def found(rows: list[Precedent], about: Asked) -> LeadAdvice:
    return recommend(Precedents(rows), about)


def change(advice: LeadAdvice, code: Change) -> OtherAnswer | None:
    return next((one for one in advice.changes if one.code is code), None)


def first(rows: list[Precedent], about: Asked) -> tuple[str, float]:
    best = found(rows, about).leads[0]
    return best.holder, best.score


def loaded(about: Asked, who: str, load: int) -> Asked:
    return replace(about, bodies=tuple(replace(one, load=load) if one.id == who else one for one in about.bodies))


BOTH = [led("housing", day, PUMP) for day in range(9)] + [led("water", day, LEAK) for day in range(7)]


def test_the_words_without_which_another_leads_are_named() -> None:
    about = asked(f"来电反映，{LEAK}。")
    told = change(found(BOTH, about), Change.WITHOUT_WORDS)
    assert told is not None
    assert told.words == LEAK
    assert (told.lead, told.score) == first(BOTH, asked("来电反映， 。"))
    assert told.lead == "housing"
    assert change(found(BOTH, asked(PUMP)), Change.WITHOUT_WORDS) is None  # without them housing leads too


def test_who_leads_if_the_first_refuses() -> None:
    about = asked(LEAK)
    told = change(found(BOTH, about), Change.IF_REFUSED)
    assert told is not None
    refused = replace(about, bodies=tuple(replace(one, refused=one.id == "water") for one in about.bodies))
    assert told.about == "water"
    assert (told.lead, told.score) == first(BOTH, refused)


EVEN = [led(who, day + shift) for day in range(8) for who, shift in (("housing", 0.0), ("water", 0.3))]


def test_the_load_below_which_a_rival_leads_is_the_highest_that_is_true() -> None:
    about = asked(PUMP, housing=12, water=30, health=5, urban=5)
    rows = [led("water", 0.0), *EVEN]
    assert first(rows, loaded(about, "water", 12))[0] == "water"
    assert first(rows, about)[0] == "housing"
    told = change(found(rows, about), Change.LOAD_BELOW)
    assert told is not None
    assert (told.about, told.lead) == ("water", "water")
    assert first(rows, loaded(about, "water", told.amount)) == (told.lead, told.score)
    assert first(rows, loaded(about, "water", told.amount + 1))[0] == "housing"


def test_the_load_from_which_the_first_no_longer_leads_is_the_lowest_that_is_true() -> None:
    about = asked(PUMP)
    lead = first(EVEN, about)[0]
    told = change(found(EVEN, about), Change.LOAD_ABOVE)
    assert told is not None
    assert told.about == lead
    assert told.lead != lead
    assert first(EVEN, loaded(about, lead, told.amount)) == (told.lead, told.score)
    assert first(EVEN, loaded(about, lead, told.amount - 1))[0] == lead


def test_where_all_speaks_for_one_its_load_changes_nothing() -> None:
    rows = [led("housing", day) for day in range(30)]
    assert change(found(rows, asked(PUMP)), Change.LOAD_ABOVE) is None
    assert change(found(rows, asked(PUMP, water=40)), Change.LOAD_BELOW) is None


def test_loads_far_from_the_mean_are_told() -> None:
    advice = found(EVEN, asked(PUMP, water=30, health=2))
    codes = {one.holder: {reason.code for reason in (*one.reasons, *one.against)} for one in advice.leads}
    assert LeadReason.LOADED in codes["water"]
    assert LeadReason.LITTLE_LOADED in codes["health"]
    assert not codes["housing"] & {LeadReason.LOADED, LeadReason.LITTLE_LOADED}


def test_those_help_who_helped_before_under_this_lead() -> None:
    rows = [led("housing", day, PUMP, "health", "urban") for day in range(8)]
    rows += [led("water", day, LEAK, "urban") for day in range(8)]
    advice = found(rows, asked(PUMP))
    helpers = {one.holder: one for one in advice.co_handlers}
    assert set(helpers) == {"health", "urban"}
    assert len(helpers) <= HELPERS
    told = helpers["health"].reasons[0]
    assert (told.code, told.count) == (LeadReason.HELPED_SIMILAR, 8)
    assert {one.holder for one in found(rows, asked(LEAK)).co_handlers} == {"urban"}


def test_neither_the_lead_nor_who_helps_already_nor_who_refused_to_is_to_help() -> None:
    rows = [led("housing", day, PUMP, "health", "urban", "housing") for day in range(8)]
    about = asked(PUMP)
    states = {"health": {"helps": True}, "urban": {"refused_help": True}}
    about = replace(about, bodies=tuple(replace(one, **states.get(one.id, {})) for one in about.bodies))
    assert found(rows, about).co_handlers == ()


def test_precedents_are_those_most_alike_with_what_became_of_them() -> None:
    rows = [replace(led("water", 40, LEAK, "urban"), refused=("housing",), seconds=3600.0), *BOTH]
    shown = found(rows, asked(LEAK)).precedents
    assert len(shown) <= SHOWN
    assert {one.lead for one in shown} == {"water"}
    assert all(one.likeness > 0.99 and one.same_grid for one in shown)
    old = found(rows[:1], asked(LEAK)).precedents[0]
    assert (old.case, old.helpers, old.refused, old.seconds) == (rows[0].case, ("urban",), ("housing",), 3600.0)
    assert old.at.timestamp() == NOON - 40 * DAY
    assert not hasattr(old, "text")
