"""How late the window is while 200 crews report every second beside 5,000 open cases: at the queue, the map, 队伍."""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from commandcenter.server.command_pipeline.districts import create_district, put_places, put_reference
from commandcenter.simulation import district, reference
from commandcenter.simulation.layers import layers
from resources import path
from tests.bench import _measured_window as window
from tests.bench._measured_window import Lateness
from tests.bench._platform_hosts import platform
from tests.bench._platform_load import Target, answer, new_id, request
from tests.kit import hall, street_crews
from tests.kit.district import small_accounts

NAMES = ("desk.moving", "desk.moving_busy")
CASES, CREWS = 5_000, 200
PARCELS = 10  # posts a second, each with the reports of as many crews
ROOMS = ("to_queue", "to_map", "teams")  # the actions that open them
SECONDS = 20.0  # at each room
MOST = 16.0  # milliseconds
STEP = 1e-4  # degrees that a crew moves in a second


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields two rows, in milliseconds at the worst of the rooms.

    desk.moving: by how much one beat in a hundred is late; desk.moving_busy: how long the window's thread itself worked
    between two beats, which hardly depends on what else the machine does.
    """
    if not any(only is None or name.startswith(only) for name in NAMES):
        return
    with tempfile.TemporaryDirectory() as folder, platform(_full_hall, user="system") as target:
        still, moving = asyncio.run(_measured(Path(folder), target))
    late = [max(one.p99 for one in told) for told in (moving, still)]
    busy = [max(one.busy for one in told) for told in (moving, still)]
    for name, values in zip(NAMES, (late, busy), strict=True):
        yield _row(name, *values)


async def _measured(folder: Path, target: Target) -> tuple[list[Lateness], list[Lateness]]:
    """Returns (still, moving): the delays at each room while no crew reports, and while all do."""
    async with window.opened(folder, f"http://127.0.0.1:{target.port}", "dispatcher") as seat:
        await seat.beats(f"until {CASES}")
        still = [await seat.beats(f"at {room} {SECONDS}") for room in ROOMS]
        async with _reporting(target):
            return still, [await seat.beats(f"at {room} {SECONDS}") for room in ROOMS]


def _row(name: str, value: float, peer: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "ms p99",
        "peer": "the same rooms while no crew reports",
        "peer_value": peer,
        "ratio": value / peer,
        "bound": f"≤ {MOST:g} ms",
        "holds": value <= MOST,
    }


def _full_hall(connection: Connection) -> None:
    """Puts in the district with its open cases, crews that are somewhere in it, and its outlines."""
    now, (made, calendar, *others) = datetime.now(UTC), hall.reference()
    create_district(connection, made, calendar, now=now)  # type: ignore[arg-type]
    crews = street_crews.everywhere(CREWS, spots=[street.place for street in hall.streets()])
    put_reference(connection, made.id, [*others, *crews], now=now)
    put_reference(connection, made.id, hall.cases(CASES, now=now.astimezone(hall.ZONE)), now=now)
    for layer, body in layers(district.make(reference.read(path("demo")))).items():
        put_places(connection, made.id, layer, body)
    small_accounts(connection, district=made.id)


@asynccontextmanager
async def _reporting(target: Target) -> AsyncIterator[None]:
    """Has every crew report once a second where it has come, in PARCELS posts spread over that second."""
    task = asyncio.create_task(_report(target))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _report(target: Target) -> None:
    chance, crews = random.Random(3), street_crews.everywhere(CREWS)
    spots = [Spot(hall.WEST + chance.random() * 0.06, hall.SOUTH + chance.random() * 0.06) for _ in crews]
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    number, next_at = 0, time.perf_counter()
    while True:
        places = range(number % PARCELS, len(crews), PARCELS)
        for at in places:
            spots[at] = Spot(spots[at].lon + chance.uniform(-STEP, STEP), spots[at].lat + chance.uniform(-STEP, STEP))
        told = [_wish(number * CREWS + at, crews[at].id, spots[at], crews[at].status) for at in places]
        body = json.dumps({"epoch": 1, "console_id": "bench", "commands": told}).encode()
        writer.write(request(target, "POST", "/v1/commands", body))
        status, said = await answer(reader)
        assert status == 200, said
        number, next_at = number + 1, next_at + 1 / PARCELS
        await asyncio.sleep(max(0.0, next_at - time.perf_counter()))


def _wish(cseq: int, crew: str, spot: Spot, status: CrewStatus) -> dict[str, object]:
    args = {"crew": crew, "spot": {"lon": spot.lon, "lat": spot.lat}, "status": status}
    made_at = datetime.now(UTC).isoformat()
    return {"cmd_id": new_id(), "cseq": cseq, "type": "locate_crew", "made_at": made_at, "args": args}
