"""Crews of tests: what they are assigned to, and the cases to which they were sent."""

from typing import Any

from commandcenter.domain.cases import SentCrew
from commandcenter.domain.teams import Assignment, AssignmentState


def assigned(case: str, state: str = "current", holder: str = "east-urban", street: str = "east") -> dict[str, Any]:
    """Returns the field of a crew that is sent to a case of `holder`."""
    return {"assignments": (Assignment(case, holder, street, AssignmentState(state)),)}


def sent(*crews: str, unit: str = "east-urban") -> dict[str, Any]:
    """Returns the field of a case to which `crews` of a unit were sent."""
    return {"crews": tuple(SentCrew(key, unit) for key in crews)}
