"""Who acts: roles, the scope in which a role holds, and the holders of cases (grid teams, units, departments)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the hall; the words of the stage × role table."""

    INTAKE_CLERK = "intake_clerk"
    SHIFT_LEADER = "shift_leader"
    DISPATCHER = "dispatcher"
    STREET_DISPATCHER = "street_dispatcher"
    UNIT = "unit"
    DEPARTMENT = "department"
    GRID_LEADER = "grid_leader"
    LEADER = "leader"
    CHANNEL = "channel"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a role reaches: the whole district, or a street, or one holder of cases in it."""

    district: str
    street: str | None = None
    department: str | None = None
    unit: str | None = None
    grid: str | None = None

    @property
    def holder(self) -> str | None:
        """The id of the grid team, unit or department that the scope is narrowed to, if it is."""
        return self.unit or self.department or self.grid


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in: `user` is the account's name, never a person's own."""

    user: str
    role: Role
    scope: Scope


class HolderKind(StrEnum):
    """The three kinds of body that may hold a case; each belongs to a tier."""

    GRID_TEAM = "grid_team"
    UNIT = "unit"
    DEPARTMENT = "department"


class Relation(StrEnum):
    """How a street stands to a unit: it assigns (指挥), or it requests and the unit agrees (协同)."""

    ASSIGNS = "assigns"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who can be responsible for a case: a grid team 网格, a unit 派驻机构 or a department 专业部门."""

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
