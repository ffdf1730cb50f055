"""Decides the commands of a case's life: take, file, dispatch, accept, report, close, and the return of a case."""

from datetime import datetime

from commandcenter.domain import commands as wish
from commandcenter.domain import facts as fact
from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.channels import Channel
from commandcenter.domain.deadlines import moments
from commandcenter.domain.decide.view import Refused, View
from commandcenter.domain.kinds import Check, Kind
from commandcenter.domain.people import Holder, HolderKind, Person, Role
from commandcenter.domain.personal import has_personal_number, is_personal_id, masked
from commandcenter.domain.places import Community, Grid
from commandcenter.domain.powers import refusal_code
from commandcenter.domain.text import TEXT_MOST, clean

_TIER_OF = {HolderKind.GRID_TEAM: Tier.GRID, HolderKind.UNIT: Tier.STREET, HolderKind.DEPARTMENT: Tier.DISTRICT}

Decision = tuple[fact.Fact, ...] | Refused


def take(view: View, command: wish.Take, by: Person, at: datetime) -> Decision:
    """Takes in a new case: channel, kind and street must exist; a text, and a place or a point, must be given.

    A person may use only the channels of the intake form, and personal numbers in their text are refused. Another
    system cannot be asked to correct its text, so there they are masked. In the external number, by which the case is
    found again, they are always refused.
    """
    refusal = _may("take", by, None) or _take_refusal(view, command, by)
    if refusal:
        return refusal
    taken = fact.Taken(
        case=command.case,
        by=by.user,
        at=at,
        number=view.new_number(at),
        channel=command.channel,
        kind=command.kind,
        text=_kept(command.text, by),
        place=_kept(command.place, by),
        street=command.street,
        community=command.community,
        grid=command.grid,
        spot=command.spot,
        external=None if command.external is None else clean(command.external),
        secret=command.secret,
        petitioner=command.petitioner,
    )
    return (taken,)


def file(view: View, command: wish.File, by: Person, at: datetime) -> Decision:
    """Files the case 立案; the limit of its kind and the district's calendar determine when it is due."""
    case = _case(view, "file", command.case, by)
    if isinstance(case, Refused):
        return case
    key = command.kind or case.kind or ""
    kind, calendar = view.find("kind", key), view.find("calendar", COUNTED_BY)
    if not isinstance(kind, Kind):
        return Refused("unknown_kind", key)
    if not isinstance(calendar, Calendar):
        return Refused("no_calendar")
    due, green_until = moments(at, kind.limit, calendar)
    return (fact.Filed(case=case.id, by=by.user, at=at, kind=kind.id, due=due, green_until=green_until),)


def dispatch(view: View, command: wish.Dispatch, by: Person, at: datetime) -> Decision:
    """Dispatches the case 派遣 to a holder of the district; a street's dispatcher only to holders of that street."""
    case = _bad_public_text(command.note, "note") or _case(view, "dispatch", command.case, by)
    if isinstance(case, Refused):
        return case
    holder = view.find("holder", command.to)
    if not isinstance(holder, Holder):
        return Refused("unknown_holder", command.to)
    if by.scope.street is not None and holder.street != by.scope.street:
        return Refused("other_street", holder.id)
    return (fact.Dispatched(case.id, by.user, at, to=holder.id, tier=_TIER_OF[holder.kind], note=clean(command.note)),)


def accept(view: View, command: wish.Accept, by: Person, at: datetime) -> Decision:
    """Accepts the case 签收, as the holder it was dispatched to."""
    case = _case(view, "accept", command.case, by)
    return case if isinstance(case, Refused) else (fact.Accepted(case.id, by.user, at),)


def report(view: View, command: wish.Report, by: Person, at: datetime) -> Decision:
    """Reports the case as settled 反馈, with a text on what was found and done."""
    case = _bad_required_text(command.finding, "finding") or _case(view, "report", command.case, by)
    return case if isinstance(case, Refused) else (fact.Reported(case.id, by.user, at, clean(command.finding)),)


def close(view: View, command: wish.Close, by: Person, at: datetime) -> Decision:
    """Closes a reported case 结案, unless its kind requires a check."""
    case = _bad_public_text(command.note, "note") or _case(view, "close", command.case, by)
    if isinstance(case, Refused):
        return case
    kind = view.find("kind", case.kind or "")
    if isinstance(kind, Kind) and kind.check is not Check.NONE:
        return Refused("needs_check", kind.check)
    return (fact.Closed(case.id, by.user, at, clean(command.note)),)


def apply_return(view: View, command: wish.ApplyReturn, by: Person, at: datetime) -> Decision:
    """Applies to return the case 申请退回; the stage stays until that is decided."""
    case = _bad_required_text(command.reason, "reason") or _case(view, "apply_return", command.case, by)
    return case if isinstance(case, Refused) else (fact.ReturnApplied(case.id, by.user, at, clean(command.reason)),)


def approve_return(view: View, command: wish.ApproveReturn, by: Person, at: datetime) -> Decision:
    """Approves the return 同意退回: the case is filed again and can be dispatched."""
    case = _bad_public_text(command.note, "note") or _case(view, "approve_return", command.case, by)
    return case if isinstance(case, Refused) else (fact.ReturnApproved(case.id, by.user, at, clean(command.note)),)


def deny_return(view: View, command: wish.DenyReturn, by: Person, at: datetime) -> Decision:
    """Denies the return 不同意退回 with a reason; the case stays with its holder."""
    case = _bad_required_text(command.reason, "reason") or _case(view, "deny_return", command.case, by)
    return case if isinstance(case, Refused) else (fact.ReturnDenied(case.id, by.user, at, clean(command.reason)),)


def _may(name: str, by: Person, case: Case | None) -> Refused | None:
    code = refusal_code(name, by, case)
    if code is None:
        return None
    return Refused(code, case.stage if case is not None and code == "stage" else by.role)


def _case(view: View, name: str, key: str, by: Person) -> Case | Refused:
    case = view.find("case", key)
    if not isinstance(case, Case):
        return Refused("unknown_case", key)
    return _may(name, by, case) or case


def _take_refusal(view: View, command: wish.Take, by: Person) -> Refused | None:
    channel = view.find("channel", command.channel)
    if not isinstance(channel, Channel):
        return Refused("unknown_channel", command.channel)
    if not channel.by_hand and by.role is not Role.CHANNEL:
        return Refused("not_by_hand", command.channel)
    if not isinstance(view.find("kind", command.kind), Kind):
        return Refused("unknown_kind", command.kind)
    if view.find("street", command.street) is None:
        return Refused("unknown_street", command.street)
    if by.scope.street is not None and command.street != by.scope.street:
        return Refused("other_street", command.street)
    return (
        _bad_area(view, command)
        or _missing_content(command)
        or _unsealed_personal_data(command, by)
        or _taken(view, command)
    )


def _taken(view: View, command: wish.Take) -> Refused | None:
    """Refuses an id that is taken; checked last, so that it reveals nothing to those who could not create the case."""
    return None if view.find("case", command.case) is None else Refused("id_taken", command.case)


def _bad_area(view: View, command: wish.Take) -> Refused | None:
    """Refuses a community or grid that does not exist or belongs to another street."""
    for kind, key in (("community", command.community), ("grid", command.grid)):
        if key is None:
            continue
        there = view.find(kind, key)
        if not isinstance(there, (Community, Grid)):
            return Refused(f"unknown_{kind}", key)
        if there.street != command.street:
            return Refused(f"other_{kind}", key)
    return None


def _missing_content(command: wish.Take) -> Refused | None:
    if not clean(command.place) and command.spot is None:
        return Refused("nothing_said", "place")
    if command.spot is not None and not command.spot.is_on_earth:
        return Refused("off_the_map", "spot")
    return _bad_length(command.text, "text")


def _unsealed_personal_data(command: wish.Take, by: Person) -> Refused | None:
    """Refuses personal numbers in the fields that everybody reads; they belong into the sealed part."""
    if command.petitioner is not None and is_personal_id(command.petitioner):
        return Refused("personal_number", "petitioner")
    free = () if by.role is Role.CHANNEL else (("text", command.text), ("place", command.place))
    said = (*free, ("external", command.external or ""))
    return next(filter(None, (_bad_public_text(words, field) for field, words in said)), None)


def _kept(text: str, by: Person) -> str:
    return masked(clean(text)) if by.role is Role.CHANNEL else clean(text)


def _bad_length(text: str, field: str) -> Refused | None:
    """Refuses a text that is empty or too long."""
    if not clean(text):
        return Refused("nothing_said", field)
    return Refused("too_long", field) if len(clean(text)) > TEXT_MOST else None


def _bad_required_text(text: str, field: str) -> Refused | None:
    return _bad_length(text, field) or _bad_public_text(text, field)


def _bad_public_text(text: str, field: str) -> Refused | None:
    """Refuses a text that everybody reads if it is too long or contains a phone, identity card or bank card number."""
    words = clean(text)
    if len(words) > TEXT_MOST:
        return Refused("too_long", field)
    return Refused("personal_number", field) if has_personal_number(words) else None
