"""A small district for tests: two streets with four grids, three kinds, units, a department, accounts for all seats."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import Connection

from commandcenter.domain.calendar import weekly
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Check, Kind, Limit, Measure
from commandcenter.domain.people import Holder, HolderKind, Person, Relation, Role, Scope
from commandcenter.domain.places import Community, District, Grid, Spot, Street
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline.districts import create_district, put_places, put_reference

DISTRICT = District("d1", 1, "试验区", "Asia/Shanghai", "SY")
CALENDAR = weekly("Asia/Shanghai", days=7, spans=((0, 1440),))
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
PASSWORD = "a-password-for-tests"
STREETS = ("east", "west")
OUTLINE = b'{"type":"FeatureCollection","features":[]}'


@dataclass(frozen=True, slots=True)
class Seat:
    """An account of the small district: user, role and scope."""

    user: str
    role: Role
    scope: Scope

    @property
    def person(self) -> Person:
        """The person who signs in with this account."""
        return Person(self.user, self.role, self.scope)


def small_district(connection: Connection, *, district: District = DISTRICT) -> None:
    """Creates the district with its reference records, crews and outline."""
    create_district(connection, district, CALENDAR, now=NOON)
    put_reference(connection, district.id, reference(), now=NOON)
    put_places(connection, district.id, "outline", OUTLINE)


def small_accounts(connection: Connection, *, district: str = DISTRICT.id, prefix: str = "") -> None:
    """Creates an account for each seat, all with PASSWORD."""
    for seat in seats(district, prefix).values():
        accounts.put(connection, seat.person, hashed())


def seats(district: str = DISTRICT.id, prefix: str = "") -> dict[str, Seat]:
    """Returns the seats by user name without the prefix."""
    found = {
        "clerk": (Role.INTAKE_CLERK, Scope(district)),
        "shift": (Role.SHIFT_LEADER, Scope(district)),
        "dispatcher": (Role.DISPATCHER, Scope(district)),
        "coordinator": (Role.COORDINATOR, Scope(district)),
        "system": (Role.SYSTEM, Scope(district)),
        "sensors": (Role.CHANNEL, Scope(district)),
        "housing": (Role.DEPARTMENT, Scope(district, department="housing")),
    }
    for street in STREETS:
        found[f"{street}-desk"] = (Role.STREET_DISPATCHER, Scope(district, street=street))
        found[f"{street}-urban"] = (Role.UNIT, Scope(district, street=street, unit=f"{street}-urban"))
        found[f"{street}-police"] = (Role.UNIT, Scope(district, street=street, unit=f"{street}-police"))
        found[f"{street}-team"] = (Role.GRID_LEADER, Scope(district, street=street, grid=f"{street}-team"))
    return {name: Seat(prefix + name, role, scope) for name, (role, scope) in found.items()}


def reference() -> tuple[Record, ...]:
    """Returns all records except the district, its calendar and the cases."""
    kinds = (
        Kind(
            "water", 1, "道路积水", "event", "市政", Limit(4, Measure.WORKING_HOURS), powers=("urban",), hints=("积水",)
        ),
        Kind("stall", 1, "占道经营", "event", "街面秩序", Limit(2, Measure.WORKING_HOURS), powers=("urban",)),
        Kind("lid", 1, "井盖缺失", "component", "公用设施", Limit(1, Measure.URGENT_HOURS), check=Check.SITE),
    )
    channels = (
        Channel("hotline", 1, "热线", by_hand=True),
        Channel("grid", 1, "网格上报", by_hand=True),
        Channel("sensor", 1, "物联感知"),
    )
    housing = Holder("housing", 1, HolderKind.DEPARTMENT, "住房和城乡建设局", "住建局", power="housing")
    return (*kinds, *channels, housing, *(record for street in STREETS for record in _street(street)))


def _street(street: str) -> tuple[Record, ...]:
    team = Holder(
        f"{street}-team", 1, HolderKind.GRID_TEAM, f"{street} 网格队", "网格", street=street, grid=f"{street}-1"
    )
    units = tuple(
        Holder(
            f"{street}-{power}", 1, HolderKind.UNIT, f"{street} {power}", power, street, None, power, Relation.ASSIGNS
        )
        for power in ("urban", "police")
    )
    crew = Crew(f"{street}-crew", 1, "一组", f"{street}-urban", street, CrewStatus.AVAILABLE, NOON, Spot(117.3, 31.8))
    grids = tuple(Grid(f"{street}-{n}", 1, f"{street} {n}", street, f"{street}-c", date(2026, 1, 1)) for n in (1, 2))
    return (
        Street(street, 1, street, Spot(117.3, 31.8)),
        Community(f"{street}-c", 1, "社区", street),
        *grids,
        team,
        *units,
        crew,
    )


@cache
def hashed() -> str:
    """Returns the hash of PASSWORD as accounts store it; computed once, because hashing is slow."""
    return accounts.hashed(PASSWORD)
