"""The map of a first site: it has no outlines yet, and its streets and outlines come while somebody looks at it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from commandcenter.domain.places import Spot, Street
from commandcenter.sync.connection import State
from commandcenter.sync.queries import PlacesQuery
from tests.gui.map import district
from tests.kit.fake_desk import FakeDesk
from ui.actions.context import UiContext
from ui.kit.seat import tasks
from ui.map.panel import MapPanel

NEW = Street("s90", 1, "新建街道", Spot(117.3, 31.7))


@pytest.fixture
def layers(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the platform has as outline, streets and grids."""
    kept: dict[str, Any] = {name: {"features": []} for name in ("outline", "streets", "grids")}

    async def ask(query: Any) -> Any:
        assert isinstance(query, PlacesQuery)
        desk.asked.append(query)
        return kept[query.layer]

    monkeypatch.setattr(desk, "ask", ask)
    return kept


@pytest.fixture
def board_map(desk: FakeDesk, seat: UiContext, layers: dict[str, Any], tmp_path: Path) -> Iterator[MapPanel]:
    made = MapPanel(seat, seat.follow, cache_dir=tmp_path / "map")
    yield made
    made.shut()


def drawn(board_map: MapPanel) -> dict[str, Any]:
    return json.loads(board_map.view._content.places.data or b"{}")


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            QApplication.processEvents()
            await asyncio.sleep(0.01)


async def test_a_street_that_is_created_while_somebody_looks_stands_on_the_map(
    board_map: MapPanel, desk: FakeDesk
) -> None:
    board_map._second()  # it is connected: no tick after the test asks for anything
    await board_map.places.fetch()
    assert "新建街道" not in [name for *_, name in drawn(board_map)["middles"]]
    desk.board.apply([NEW])
    await until(lambda: "新建街道" in [name for *_, name in drawn(board_map)["middles"]])
    await tasks.close()


async def test_the_box_names_the_district_as_soon_as_the_board_knows_it(board_map: MapPanel, desk: FakeDesk) -> None:
    board_map._second()
    here = next(iter(desk.board.all("district")))
    desk.board.apply([replace(here, rev=2, name="")])
    await board_map.places.fetch()
    assert drawn(board_map)["name"] == ""
    desk.board.apply([replace(here, rev=3)])
    await until(lambda: drawn(board_map)["name"] == "包河区")
    await tasks.close()


async def test_outlines_that_came_while_the_platform_was_stopped_are_drawn(
    board_map: MapPanel, desk: FakeDesk, seat: UiContext, layers: dict[str, Any]
) -> None:
    await board_map.places.fetch()
    desk.connection.to(State.WAITING)
    board_map._second()
    outline, streets, grids, _ = district.places(20)
    layers |= {"outline": outline, "streets": streets, "grids": grids}
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.LIVE)
    await until(lambda: drawn(board_map)["outline"]["features"])
    desk.asked.clear()
    desk.board.apply([NEW])  # a district with outlines keeps them: nothing is fetched again
    heard: list[object] = []
    seat.follow.touched.connect(heard.append)
    await until(lambda: heard)
    assert "places of a first site" not in tasks.running()
    assert desk.asked == []
    await tasks.close()
