"""Defines the commands on one existing case, and those of them that screens offer as its steps."""

from datetime import datetime
from typing import ClassVar

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.follow_ups import completed
from commandcenter.domain.commands.texts import bad_texts
from commandcenter.domain.decisions import Command, Decision, Entry, Refused, View
from commandcenter.domain.people import Person


class CaseCommand(Command):
    """A command on one case that exists; its rule and its texts are checked before `step` decides."""

    __slots__ = ()
    case: str

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns what `step` decides, or why the case or the texts do not allow it."""
        bad, case = bad_texts(self), view.find("case", self.case)
        if bad or not isinstance(case, Case):
            return bad or Refused("unknown_case", self.case)
        decision = rule_refusal(self, by, case) or self.step(view, case, by, at)
        return decision if isinstance(decision, Refused) else completed(view, decision, by, at)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Returns the facts that follow for `case`, which `by` may act on, or the refusal."""
        raise NotImplementedError


class CaseStep(CaseCommand):
    """A command on one case that every screen with the case offers, by button, key and verb."""

    __slots__ = ()
    entry: ClassVar[Entry]


def rule_refusal(command: Command, by: Person, case: Case | None) -> Refused | None:
    """Refuses what the rule of `command` does not allow `by` to do with `case` now."""
    code = command.rule.refusal_code(by, case)
    if code is None:
        return None
    return Refused(code, case.stage if case is not None and code == "stage" else by.role)
