"""Outlines for the map: fetched once, asked about by their mark, and there without the network."""

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.sync.queries import PlacesQuery
from tests.kit.console import console
from tests.kit.scripted import Paper, problem, sit

OUTLINE = "/v1/places/outline"
FIRST, SECOND = b'{"type":"FeatureCollection","features":[]}', b'{"type":"FeatureCollection","features":[1]}'


def outline(body: bytes, etag: str) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/geo+json", "etag": etag}, content=body)


async def test_an_outline_is_kept_and_shown_when_the_platform_cannot_be_asked(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead[OUTLINE] = outline(FIRST, '"a"')
        assert (await desk.ask(PlacesQuery("outline")))["features"] == []
        paper.instead[OUTLINE] = httpx.Response(304)
        assert (await desk.ask(PlacesQuery("outline")))["features"] == []
        paper.instead[OUTLINE] = outline(SECOND, '"b"')
        assert (await desk.ask(PlacesQuery("outline")))["features"] == [1]
        paper.instead[OUTLINE] = httpx.ConnectError("cut")
        assert (await desk.ask(PlacesQuery("outline")))["features"] == [1]
    async with console(tmp_path, paper) as desk:
        assert (await desk.ask(PlacesQuery("outline")))["features"] == [1]


async def test_a_district_without_an_outline_shows_none_of_another_s(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead[OUTLINE] = outline(SECOND, '"b"')
        await desk.ask(PlacesQuery("outline"))
        paper.instead[OUTLINE] = problem(404, "unknown")
        assert (await desk.ask(PlacesQuery("outline")))["features"] == []
        paper.instead[OUTLINE] = httpx.ConnectError("cut")
        assert (await desk.ask(PlacesQuery("outline")))["features"] == []


async def test_without_a_copy_it_is_said_that_nobody_could_be_asked(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead[OUTLINE] = httpx.ConnectError("cut")
        with pytest.raises(Unavailable):
            await desk.ask(PlacesQuery("outline"))
        with pytest.raises(ValueError, match="no layer"):
            await desk.ask(PlacesQuery("../secrets"))
        paper.instead[OUTLINE] = outline(b"[]", '"c"')
        with pytest.raises(Unavailable):
            await desk.ask(PlacesQuery("outline"))
