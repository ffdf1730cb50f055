"""Applies each fact about a case."""

from dataclasses import fields, replace

from commandcenter.domain import facts as fact
from commandcenter.domain.cases import Application, Case, Stage, Tier

_IMPORTED = tuple(f.name for f in fields(fact.Imported) if f.name not in ("case", "by", "at", "hand"))


def taken(case: Case | None, said: fact.Taken) -> Case:
    """Creates the case; it belongs to the grid tier until it is dispatched."""
    return Case(
        id=said.case,
        rev=1 if case is None else case.rev + 1,
        stage=Stage.RECEIVED,
        tier=Tier.GRID,
        channel=said.channel,
        received_at=said.at,
        number=said.number,
        external=said.external,
        kind=said.kind,
        text=said.text,
        place=said.place,
        street=said.street,
        community=said.community,
        grid=said.grid,
        spot=said.spot,
        spot_gap=None if said.spot else "not_given",
        petitioner=said.petitioner,
        secret=said.secret,
        taken_by=said.by,
    )


def filed(case: Case, said: fact.Filed) -> Case:
    """Files the case, which starts its time limit."""
    return _next(case, stage=Stage.FILED, kind=said.kind, filed_at=said.at, due=said.due, green_until=said.green_until)


def dispatched(case: Case, said: fact.Dispatched) -> Case:
    """Makes a holder responsible, which also determines the tier."""
    return _next(
        case, stage=Stage.DISPATCHED, responsible=said.to, tier=said.tier, dispatched_at=said.at, accepted_at=None
    )


def accepted(case: Case, said: fact.Accepted) -> Case:
    """Starts the work on the case."""
    return _next(case, stage=Stage.HANDLING, accepted_at=said.at)


def reported(case: Case, said: fact.Reported) -> Case:
    """Records that the holder reports the case as settled."""
    return _next(case, stage=Stage.REPORTED, reported_at=said.at, finding=said.finding)


def closed(case: Case, said: fact.Closed) -> Case:
    """Closes the case."""
    return _next(case, stage=Stage.CLOSED, ended_at=said.at)


def return_applied(case: Case, said: fact.ReturnApplied) -> Case:
    """Adds the holder's application to return the case; the stage stays."""
    return _next(case, application=Application(by=said.by, reason=said.reason, at=said.at))


def return_approved(case: Case, said: fact.ReturnApproved) -> Case:
    """Returns the case to filed, with nobody responsible; the time limit runs on."""
    return _next(
        case,
        stage=Stage.FILED,
        responsible=None,
        dispatched_at=None,
        accepted_at=None,
        application=None,
        returns=case.returns + 1,
    )


def return_denied(case: Case, said: fact.ReturnDenied) -> Case:
    """Removes the application; everything else stays."""
    return _next(case, application=None)


def imported(case: Case | None, said: fact.Imported) -> Case:
    """Takes over all content from the other system."""
    content = {name: getattr(said, name) for name in _IMPORTED}
    if case is None:
        return Case(id=said.case, rev=1, imported_rev=1, **content)
    return _next(case, imported_rev=case.rev + 1, **content)


def _next(case: Case, **changes: object) -> Case:
    return replace(case, rev=case.rev + 1, **changes)  # type: ignore[arg-type]  # field names are checked by the tests
