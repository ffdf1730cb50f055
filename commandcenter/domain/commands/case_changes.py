"""What the facts about a case have in common: how they make its next revision."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from commandcenter.domain.cases import Case, Stage

NOBODY: dict[str, Any] = dict.fromkeys(
    ("responsible", "dispatched_at", "accepted_at", "queued_as", "waits_since", "order_refusal", "urged_at")
)


def changed(case: Case, **fields: Any) -> Case:
    """Returns the next revision of `case` with other `fields`."""
    return replace(case, rev=case.rev + 1, **fields)


def filed_again(case: Case, at: datetime, **fields: Any) -> Case:
    """Returns the next revision of `case`, filed, with nobody responsible since `at`, and other `fields`.

    The limit runs on.
    """
    return changed(case, **{**NOBODY, "stage": Stage.FILED, "waits_since": at, **fields})
