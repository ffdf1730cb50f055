"""The base page: made by folium once, then taken from the cache; nothing inline, nothing from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ui.map.page import SCRIPTS, STYLES, base_page, split
from ui.map.scheme import bundled, event

ASKED = """
import sys, pathlib
from ui.map.page import base_page
base_page(pathlib.Path(sys.argv[1]))
print("folium" in sys.modules)
"""


def test_folium_is_imported_for_the_first_page_only(tmp_path: Path) -> None:
    def imports_folium() -> str:
        return subprocess.run(
            [sys.executable, "-c", ASKED, str(tmp_path)], capture_output=True, text=True, check=True, cwd=_root()
        ).stdout.strip()

    assert imports_folium() == "True"
    assert imports_folium() == "False"


@pytest.mark.expects_log("the kept map page is not used")
def test_a_spoilt_cache_is_made_again(tmp_path: Path) -> None:
    good = base_page(tmp_path)
    kept = next(tmp_path.iterdir())
    kept.write_text("{ half a page")
    assert "L.map(" in base_page(tmp_path).script
    assert base_page(tmp_path).html.splitlines()[:3] == good.html.splitlines()[:3]


@pytest.mark.expects_log("the kept map page is not used")
@pytest.mark.expects_log("the map page could not be kept")
def test_a_cache_that_cannot_be_written_still_gives_a_page(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    assert "L.map(" in base_page(in_the_way).script


def test_the_page_holds_nothing_inline_and_names_no_other_host(page_cache: Path) -> None:
    html = base_page(page_cache).html
    assert not re.findall(r"<script>|<style>|https?://|\son\w+=|\sstyle=", html)
    assert "default-src 'none'" in html
    assert all(f'src="/{name}"' in html for name in SCRIPTS)


def test_the_map_has_a_nearest_and_a_farthest_zoom(page_cache: Path) -> None:
    script = base_page(page_cache).script
    assert '"minZoom": 7' in script
    assert '"maxZoom": 18' in script


def test_every_part_the_page_names_is_bundled() -> None:
    for name in (*SCRIPTS, *STYLES):
        file = bundled(f"/{name}")
        assert file is not None
        assert file.is_file()


@pytest.mark.parametrize(
    "route", ["/../page.py", "/map.css/../../x", "/font/", "/etc/passwd", "//map.css", "/%2e%2e/x"]
)
def test_no_route_leads_elsewhere(route: str) -> None:
    assert bundled(route) is None


def test_only_fixed_events_with_their_numbers_are_heard() -> None:
    assert event("/event/picked/12") == ("picked", (12.0,))
    assert event("/event/placed/117.31/-31.8") == ("placed", (117.31, -31.8))
    for route in (
        "/event/picked",
        "/event/picked/x",
        "/event/run/1",
        "/event/picked/1/2",
        "/event/picked/1e9",
        "/event/",
    ):
        assert event(route) is None


def test_inline_parts_are_cut_out() -> None:
    page = split(
        "<html><head><style>a{}</style></head><body><script>one()</script></body><script>two()</script></html>"
    )
    assert page.script.split() == ["one()", "two()"]
    assert page.html.count("<script") == 1


def _root() -> Path:
    return Path(__file__).resolve().parents[3]
