"""受理登记: a case is taken in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, ClassVar

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.channels import Channel
from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.commands.texts import bad_length, bad_text
from commandcenter.domain.decisions import Beginning, Command, Decision, Entry, Refused, View
from commandcenter.domain.fields import CaseId, Id, NamesNew, Sealed
from commandcenter.domain.naming import district_refusal, name_refusal, named
from commandcenter.domain.people import TAKERS, Person, Role
from commandcenter.domain.personal import is_personal_id, masked
from commandcenter.domain.places import Community, Grid, Spot
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.text import clean


@dataclass(frozen=True, slots=True)
class Take(Command):
    """受理登记: takes in a new case: channel, kind and street must exist; a text, and a place or a point, be given.

    `sealed` is the petitioner's data for the vault, sealed to the platform's public key (base64). A person may use only
    the channels of the intake form, and personal numbers in their text are refused. Another system cannot be asked to
    correct its text, so there they are masked. In the external number, by which the case is found again, they are
    always refused.
    """

    case: Annotated[str, NamesNew("case", street="street")]
    channel: str
    kind: str
    text: str
    place: str
    street: str
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    external: str | None = None
    secret: bool = False
    petitioner: Annotated[str | None, Id()] = None
    sealed: Annotated[str | None, Sealed(of="petitioner")] = None

    entry: ClassVar[Entry] = Entry(key="F2", verb="sl", main=False, confirmed=False)
    rule = Rule(
        roles=TAKERS,
        stages=frozenset(),
        where=(),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns the case as taken in."""
        refusal = rule_refusal(self, by, None) or district_refusal(view, by) or _refusal(view, self, by)
        if refusal:
            return refusal
        taken = Taken(
            case=self.case,
            by=by.user,
            at=at,
            number=view.new_number(at),
            channel=self.channel,
            kind=self.kind,
            text=_kept(self.text, by),
            place=_kept(self.place, by),
            street=self.street,
            community=self.community,
            grid=self.grid,
            spot=self.spot,
            external=None if self.external is None else clean(self.external),
            secret=self.secret,
            petitioner=self.petitioner,
        )
        return (taken,)


@dataclass(frozen=True, slots=True)
class Taken(Beginning):
    """A case was taken in; `number` is None as long as only the console knows of it."""

    case: CaseId
    by: str
    at: datetime
    number: str | None
    channel: str
    kind: str
    text: str
    place: str
    street: str
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    external: str | None = None
    secret: bool = False
    petitioner: str | None = None
    hand: str | None = None

    def evolve(self, case: Case | None) -> Case:
        """Creates the case; it belongs to the grid tier until it is dispatched."""
        return Case(
            id=self.case,
            rev=1 if case is None else case.rev + 1,
            stage=Stage.RECEIVED,
            tier=Tier.GRID,
            channel=self.channel,
            received_at=self.at,
            number=self.number,
            external=self.external,
            kind=self.kind,
            text=self.text,
            place=self.place,
            street=self.street,
            community=self.community,
            grid=self.grid,
            spot=self.spot,
            spot_gap=None if self.spot else "not_given",
            petitioner=self.petitioner,
            secret=self.secret,
            taken_by=self.by,
        )

    def withheld(self) -> "Taken":
        """Leaves out text, number and petitioner."""
        return replace(self, text="", external=None, petitioner=None)


COMMANDS = (Take,)
FACTS = (Taken,)


def _refusal(view: View, command: Take, by: Person) -> Refused | None:
    channel = named(view, Channel, command.channel)
    if isinstance(channel, Refused):
        return channel
    if not channel.by_hand and by.role is not Role.CHANNEL:
        return Refused("not_by_hand", command.channel)
    unnamed = name_refusal(view, "kind", command.kind) or name_refusal(view, "street", command.street)
    if unnamed:
        return unnamed
    if by.scope.street is not None and command.street != by.scope.street:
        return Refused("other_street", command.street)
    return (
        _bad_area(view, command)
        or _missing_content(command)
        or _unsealed_personal_data(command, by)
        or _id_taken(view, command)
    )


def _id_taken(view: View, command: Take) -> Refused | None:
    """Refuses an id that is taken; checked last, so that it reveals nothing to those who could not create the case."""
    return None if view.find("case", command.case) is None else Refused("id_taken", command.case)


def _bad_area(view: View, command: Take) -> Refused | None:
    """Refuses a community or grid that does not exist or belongs to another street."""
    for kind, key in (("community", command.community), ("grid", command.grid)):
        if key is None:
            continue
        there, unnamed = view.find(kind, key), name_refusal(view, kind, key)
        if unnamed:
            return unnamed
        if isinstance(there, Community | Grid) and there.street != command.street:
            return Refused(f"other_{kind}", key)
    return None


def _missing_content(command: Take) -> Refused | None:
    if not clean(command.place) and command.spot is None:
        return Refused("nothing_said", "place")
    if command.spot is not None and not command.spot.is_on_earth:
        return Refused("off_the_map", "spot")
    return bad_length(command.text, "text")


def _unsealed_personal_data(command: Take, by: Person) -> Refused | None:
    """Refuses personal numbers in the fields that everybody reads; they belong into the sealed part."""
    if command.petitioner is not None and is_personal_id(command.petitioner):
        return Refused("personal_number", "petitioner")
    free = () if by.role is Role.CHANNEL else (("text", command.text), ("place", command.place))
    said = (*free, ("external", command.external or ""))
    return next(filter(None, (bad_text(words, field) for field, words in said)), None)


def _kept(text: str, by: Person) -> str:
    return masked(clean(text)) if by.role is Role.CHANNEL else clean(text)
