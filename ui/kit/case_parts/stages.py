"""The colour of a stage, the same in every room: what waits for the hall stands out, all others are plain."""

from commandcenter.domain.cases import WAITS_FOR_HALL, Stage


def stage_ink(stage: Stage) -> str:
    """Returns the text colour token of a stage in a row."""
    return "ac" if stage in WAITS_FOR_HALL else "tx1"


def stage_chip(stage: Stage) -> str:
    """Returns the kind of chip that a stage stands in."""
    return "stage" if stage in WAITS_FOR_HALL else "plain"
