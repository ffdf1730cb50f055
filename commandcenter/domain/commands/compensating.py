"""Which command takes back what another has just done, at once and with nothing left of it but its history."""

from commandcenter.domain.commands.dispatching import Dispatch, Recall
from commandcenter.domain.commands.orders import ReleaseCrew, SendCrew
from commandcenter.domain.decisions import Command


def compensation(command: Command | None, reason: str) -> Command | None:
    """Returns the command that takes `command` back for `reason`; None where there is none."""
    match command:
        case Dispatch():
            return Recall(command.case, reason)
        case SendCrew():
            return ReleaseCrew(command.case, command.crew, reason)
    return None
