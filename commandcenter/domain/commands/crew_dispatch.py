"""Which commands send crews to a case: orders, after a dispatch where nobody has the case yet."""

from collections.abc import Sequence
from datetime import datetime

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.dispatching import Dispatch
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.decisions import Command
from commandcenter.domain.teams import Crew


def crew_commands(
    case: Case,
    crews: Sequence[Crew],
    *,
    to: str = "",
    text: str = "",
    booked_for: datetime | None = None,
    for_a_reason: bool = False,
) -> tuple[Command, ...]:
    """Returns the commands that send `crews`, at least one, to `case`, in the order in which they are to be given.

    A case that nobody has, or one for which a holder `to` is named, is dispatched first: to that holder, or to the unit
    of the first crew, which goes with it in the same act unless one has a job, they are booked for later, or they need
    a reason for another cause (`for_a_reason`). `text` is that reason; where none is needed it goes with the dispatch.
    """
    first, *others = crews
    if case.stage is not Stage.FILED and not to:
        return _orders(case, crews, text, booked_for)
    to = to or first.unit
    if booked_for is not None or for_a_reason or any(crew.job is not None for crew in crews):
        return (Dispatch(case.id, to), *_orders(case, crews, text, booked_for))
    return (Dispatch(case.id, to, note=text, crew=first.id), *_orders(case, others, "", None))


def _orders(case: Case, crews: Sequence[Crew], text: str, booked_for: datetime | None) -> tuple[Command, ...]:
    return tuple(SendCrew(case.id, crew.id, text, booked_for) for crew in crews)
