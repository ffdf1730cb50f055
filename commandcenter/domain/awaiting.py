"""Which step a case waits for, and whose it is."""

from functools import cache

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import STEPS
from commandcenter.domain.people import Person
from commandcenter.domain.rules import refuse_unless_applied, refuse_unless_of_district


def awaited_step(case: Case) -> str | None:
    """Returns the name of the main step that a case waits for; None when it waits for nobody."""
    return _main_step(case.stage, case.application is not None, case.tier is Tier.DISTRICT)


@cache
def _main_step(stage: Stage, is_applied: bool, is_of_district: bool) -> str | None:
    main = ((name, step.rule) for name, step in STEPS.items() if step.entry.main and stage in step.rule.stages)
    found = [(name, rule) for name, rule in main if (refuse_unless_applied in rule.where) is is_applied]
    if is_of_district:  # what the district alone does comes first
        found.sort(key=lambda one: refuse_unless_of_district not in one[1].where)
    return next((name for name, _ in found), None)


def waits_for(by: Person, case: Case) -> bool:
    """Returns whether the step that the case waits for is one that `by` may give to it now."""
    name = awaited_step(case)
    return name is not None and STEPS[name].rule.refusal_code(by, case) is None
