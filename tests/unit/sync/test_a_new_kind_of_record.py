"""A kind of record that is declared in one place travels as any other does: here one that only these stories know."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import pytest

from commandcenter.bootstrap import Desk
from commandcenter.domain import commands, facts, records
from commandcenter.domain.decisions import Beginning, Command, Decision, View
from commandcenter.domain.fields import Names
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import RecordKind
from commandcenter.domain.rules import Offline, Rule
from commandcenter.store.overlay import Delivery
from commandcenter.store.touched import Touched
from tests.kit.console import Wire, console, done, hall, idle, live, seated, until


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle of the street teams."""

    id: str
    rev: int
    street: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class VehicleSeen(Beginning):
    """A vehicle was seen in a street."""

    vehicle: Annotated[str, Names("vehicle", frozenset())]
    by: str
    at: datetime
    street: str
    hand: str | None = None

    def evolve(self, vehicle: Vehicle | None) -> Vehicle:  # type: ignore[override]
        return Vehicle(self.vehicle, 1 if vehicle is None else vehicle.rev + 1, self.street, self.at)


@dataclass(frozen=True, slots=True)
class SeeVehicle(Command):
    """Reports in which street a vehicle is."""

    vehicle: Annotated[str, Names("vehicle", frozenset())]
    street: str

    rule = Rule(
        roles=frozenset({Role.SHIFT_LEADER}),
        stages=frozenset(),
        where=(),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        return (VehicleSeen(self.vehicle, by.user, at, self.street),)


VEHICLE = RecordKind(
    "vehicle",
    Vehicle,  # type: ignore[arg-type]
    audience={"s": ("street",)},
    is_live=True,
    is_supplied=False,
    codes=("street",),
    times=("seen_at",),
)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(records.KINDS, VEHICLE.name, VEHICLE)
    monkeypatch.setitem(records.KIND_OF, VEHICLE.type, VEHICLE)
    monkeypatch.setitem(commands.NAMES, "see_vehicle", SeeVehicle)
    monkeypatch.setitem(facts.NAMES, "vehicle_seen", VehicleSeen)


def vehicle(desk: Desk, key: str = "v1") -> Vehicle | None:
    found = desk.board.find("vehicle", key)
    assert found is None or isinstance(found, Vehicle)
    return found


def columns(desk: Desk) -> dict[str, tuple[str, float]]:
    """Returns street and time of each vehicle as the board's columns have them."""
    shown = desk.board.columns["vehicle"]
    words = shown.codes["street"].words
    slots = {key: shown.slot(key) for key in shown.ids if key}
    return {key: (words[shown["street"][at]], float(shown["seen_at"][at])) for key, at in slots.items()}


async def test_what_one_seat_says_of_it_the_others_see_and_keep(tmp_path: Path) -> None:
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "a", url, "shift") as mine, seated(tmp_path / "b", url, "clerk") as theirs:
            heard: list[Touched] = []
            theirs.board.changed.connect(heard.append)
            await done(mine, SeeVehicle("v1", "east"))
            await done(mine, SeeVehicle("v1", "west"))
            await until(lambda: vehicle(theirs) == vehicle(mine))
            seen = vehicle(theirs)
            assert seen is not None
            assert (seen.rev, seen.street) == (2, "west")
            assert columns(theirs) == {"v1": ("west", seen.seen_at.timestamp())}
            assert any(touched.concerns("vehicle", "v1") for touched in heard)
            assert not any(touched.concerns("case") for touched in heard)
            digest = await theirs._parts.inbound._mirror.digest()
            assert digest == await mine._parts.inbound._mirror.digest()
        async with console(tmp_path / "b") as again:  # from its cache
            assert vehicle(again) == seen
        with closing(sqlite3.connect(tmp_path / "b" / "cache.db")) as cache:
            assert cache.execute("SELECT record, type FROM facts").fetchall() == [("vehicle:v1", "vehicle_seen")] * 2
        async with seated(tmp_path / "c", url, "dispatcher") as new:  # by a snapshot
            assert vehicle(new) == seen
            assert await new._parts.inbound._mirror.digest() == digest


async def test_only_the_street_that_its_declaration_names_sees_it(tmp_path: Path) -> None:
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "a", url, "shift") as mine, seated(tmp_path / "b", url, "east-desk") as theirs:
            await done(mine, SeeVehicle("v1", "east"))
            await until(lambda: vehicle(theirs) is not None)
            await done(mine, SeeVehicle("v1", "west"))
            await until(lambda: vehicle(theirs) is None)
        async with seated(tmp_path / "c", url, "east-desk") as again:  # by a snapshot
            assert vehicle(again) is None


async def test_what_is_said_of_it_offline_is_shown_and_goes_out_later(tmp_path: Path) -> None:
    net = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "shift", net) as desk:
        net.cut()
        await until(lambda: desk.connection.state != "live")
        await desk.do(SeeVehicle("v1", "east"))
        shown = vehicle(desk)
        assert shown is not None
        assert desk.board.confirmed("vehicle", "v1") is None
        assert desk.board.delivery("vehicle", "v1") is Delivery.KEPT
        assert columns(desk) == {"v1": ("east", shown.seen_at.timestamp())}
        assert desk.board.columns["vehicle"]["delivery"][0] == Delivery.KEPT
        net.mend()
        await live(desk)
        await idle(desk)
        await until(lambda: desk.board.confirmed("vehicle", "v1") is not None)
        assert desk.board.delivery("vehicle", "v1") is Delivery.DONE
