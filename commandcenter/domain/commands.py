"""Defines the commands: what a person or an intake asks the hall to do."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.domain.cases import Stage, Superior, Tier
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus


@dataclass(frozen=True, slots=True)
class Take:
    """受理登记: takes in a new case.

    `sealed` is the petitioner's data for the vault, sealed to the platform's public key (base64).
    """

    case: str
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
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """立案: files the case, which starts its time limit. `kind` corrects the intake clerk's choice."""

    case: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """派遣: dispatches the case to a grid team, a unit or a department."""

    case: str
    to: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """签收: the holder accepts the case."""

    case: str


@dataclass(frozen=True, slots=True)
class Report:
    """反馈: the holder reports what was found and done."""

    case: str
    finding: str


@dataclass(frozen=True, slots=True)
class Close:
    """结案: closes a reported case whose kind requires no check."""

    case: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplyReturn:
    """申请退回: the holder applies to return the case, with a reason."""

    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApproveReturn:
    """同意退回: approves the return; the case can be dispatched again."""

    case: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DenyReturn:
    """不同意退回: denies the return, with a reason; the case stays with its holder."""

    case: str
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """导入: imports a case as another system has it; a later import of the same case replaces that system's content.

    `source_hash` identifies the content of the row, so that an unchanged row produces no fact.
    """

    case: str
    channel: str
    external: str
    source_hash: str
    stage: Stage
    tier: Tier
    received_at: datetime
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    spot: Spot | None = None
    spot_gap: str | None = None
    superior: Superior | None = None
    responsible: str | None = None
    ended_at: datetime | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class LocateCrew:
    """Reports where a crew is and what it does, as its device says."""

    crew: str
    spot: Spot
    status: CrewStatus
    job: str | None = None


Command = (
    Take | File | Dispatch | Accept | Report | Close | ApplyReturn | ApproveReturn | DenyReturn | Import | LocateCrew
)

NAMES: dict[str, type[Command]] = {
    "take": Take,
    "file": File,
    "dispatch": Dispatch,
    "accept": Accept,
    "report": Report,
    "close": Close,
    "apply_return": ApplyReturn,
    "approve_return": ApproveReturn,
    "deny_return": DenyReturn,
    "import": Import,
    "locate_crew": LocateCrew,
}
_NAME_OF = {kind: name for name, kind in NAMES.items()}


def name_of(command: Command) -> str:
    """Returns the command's name, as messages and the table of powers use it."""
    return _NAME_OF[type(command)]


def records_of(command: Command) -> tuple[tuple[str, str], ...]:
    """Returns (kind, id) of every record that `command` is about; the first is the one that it changes."""
    return (("crew", command.crew),) if isinstance(command, LocateCrew) else (("case", command.case),)
