"""Which step a case waits for, and whose it is."""

from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.commands import STEPS
from commandcenter.domain.people import Person
from commandcenter.domain.rules import refuse_unless_applied, refuse_unless_of_district


def awaited_step(case: Case) -> str | None:
    """Returns the name of the main step that a case waits for; None when it waits for nobody."""
    is_applied = case.application is not None
    main = ((name, step.rule) for name, step in STEPS.items() if step.entry.main and case.stage in step.rule.stages)
    found = [(name, rule) for name, rule in main if (refuse_unless_applied in rule.where) is is_applied]
    if case.tier is Tier.DISTRICT:  # what the district alone does comes first
        found.sort(key=lambda one: refuse_unless_of_district not in one[1].where)
    return next((name for name, _ in found), None)


def waits_for(by: Person, case: Case) -> bool:
    """Returns whether the step that the case waits for is one that `by` may give to it now."""
    name = awaited_step(case)
    return name is not None and STEPS[name].rule.refusal_code(by, case) is None
