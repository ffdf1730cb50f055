"""Defines who acts: roles, the scope of a role, and the holders of cases (grid teams, units, departments)."""

from dataclasses import dataclass
from enum import StrEnum

from commandcenter.domain.reference import Reference


class Role(StrEnum):
    """A person's role in the hall, as the stage × role table uses it."""

    INTAKE_CLERK = "intake_clerk"
    SHIFT_LEADER = "shift_leader"
    DISPATCHER = "dispatcher"
    COORDINATOR = "coordinator"
    STREET_DISPATCHER = "street_dispatcher"
    UNIT = "unit"
    DEPARTMENT = "department"
    GRID_LEADER = "grid_leader"
    LEADER = "leader"
    CHANNEL = "channel"
    SYSTEM = "system"  # a machine
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})  # three different people
NOWHERE = ""  # the street of administrators, in which they see no case and no crew, whatever a record says
TAKERS = frozenset({Role.INTAKE_CLERK, Role.GRID_LEADER, Role.CHANNEL})  # who takes cases in


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a role reaches: the whole district, a street, or one holder of cases."""

    district: str
    street: str | None = None
    department: str | None = None
    unit: str | None = None
    grid: str | None = None

    @property
    def holder(self) -> str | None:
        """The id of the unit, department or grid team that the scope is limited to; None when it is not."""
        return self.unit or self.department or self.grid


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in account with its role and scope; `user` is the account's name, never a person's real name.

    `own_grid` is the basic grid of the team that a grid leader's scope names; None for all others.
    """

    user: str
    role: Role
    scope: Scope
    own_grid: str | None = None


class HolderKind(StrEnum):
    """The three kinds of holder; each belongs to a tier."""

    GRID_TEAM = "grid_team"
    UNIT = "unit"
    DEPARTMENT = "department"


HOLDER_SEATS: dict[HolderKind, tuple[Role, str]] = {
    HolderKind.UNIT: (Role.UNIT, "unit"),
    HolderKind.DEPARTMENT: (Role.DEPARTMENT, "department"),
    HolderKind.GRID_TEAM: (Role.GRID_LEADER, "grid"),
}  # the role that sits for a holder, and the field of its Scope that names the holder
HOLDER_ROLES = frozenset(role for role, _ in HOLDER_SEATS.values())


class Relation(StrEnum):
    """A street's relation to a unit: it assigns (指挥), or it requests and the unit agrees (协同)."""

    ASSIGNS = "assigns"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Holder(Reference):
    """A body that can be responsible for a case: a grid team 网格, a unit 派驻机构 or a department 专业部门."""

    id: str
    rev: int
    kind: HolderKind
    name: str
    short: str
    street: str | None = None
    grid: str | None = None
    power: str | None = None
    relation: Relation | None = None
    phone: str = ""


_NEVER_ADOPTED = ADMINISTRATORS | {Role.CHANNEL, Role.SYSTEM}  # no people at a seat of the hall


def may_adopt(leader: Person, other: Person) -> bool:
    """Whether `leader` may act in the place of `other`: a shift leader whose district or street covers them.

    Acts of machines and of administrators cannot be adopted.
    """
    over, under = leader.scope, other.scope
    is_over = over.holder is None and over.district == under.district and over.street in (None, under.street)
    is_other_person = leader.user != other.user and other.role not in _NEVER_ADOPTED
    return leader.role is Role.SHIFT_LEADER and is_other_person and is_over
