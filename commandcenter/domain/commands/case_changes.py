"""What the facts about a case have in common: how they make its next revision."""

from dataclasses import replace
from typing import Any

from commandcenter.domain.cases import Case, Stage

NOBODY: dict[str, Any] = {"responsible": None, "dispatched_at": None, "accepted_at": None, "queued_as": None}


def changed(case: Case, **fields: Any) -> Case:
    """Returns the next revision of `case` with other `fields`."""
    return replace(case, rev=case.rev + 1, **fields)


def filed_again(case: Case, **fields: Any) -> Case:
    """Returns the next revision of `case`, filed, with nobody responsible and other `fields`; the limit runs on."""
    return changed(case, stage=Stage.FILED, **NOBODY, **fields)
