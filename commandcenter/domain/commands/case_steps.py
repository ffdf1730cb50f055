"""Defines the commands that are a step of one existing case, and how their facts change it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.texts import bad_texts
from commandcenter.domain.decisions import Command, Decision, Entry, Refused, View
from commandcenter.domain.people import Person


class CaseStep(Command):
    """A command on one case that exists; its rule and its texts are checked before `step` decides."""

    __slots__ = ()
    entry: ClassVar[Entry]
    case: str

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns what `step` decides, or why the case or the texts do not allow it."""
        bad, case = bad_texts(self), view.find("case", self.case)
        if bad or not isinstance(case, Case):
            return bad or Refused("unknown_case", self.case)
        return rule_refusal(self, by, case) or self.step(view, case, by, at)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Returns the facts that follow for `case`, which `by` may act on, or the refusal."""
        raise NotImplementedError


def rule_refusal(command: Command, by: Person, case: Case | None) -> Refused | None:
    """Refuses what the rule of `command` does not allow `by` to do with `case` now."""
    code = command.rule.refusal_code(by, case)
    if code is None:
        return None
    return Refused(code, case.stage if case is not None and code == "stage" else by.role)


def changed(case: Case, **fields: Any) -> Case:
    """Returns the next revision of `case` with other `fields`."""
    return replace(case, rev=case.rev + 1, **fields)


def filed_again(case: Case, **fields: Any) -> Case:
    """Returns the next revision of `case`, filed, with nobody responsible and other `fields`; the limit runs on."""
    return changed(case, stage=Stage.FILED, responsible=None, dispatched_at=None, accepted_at=None, **fields)
