"""How the map is painted on the machine that it finds."""

import os
from pathlib import Path

import pytest

from ui.map import flags

ASKED = "QT_QUICK_BACKEND"


@pytest.mark.parametrize(
    ("device", "has"), [("dri/renderD128", True), ("nvidia0", True), ("dxg", True), ("dri/card0", False)]
)
def test_a_graphics_processor_is_known_by_its_device(tmp_path: Path, device: str, has: bool) -> None:
    (tmp_path / device).parent.mkdir(exist_ok=True)
    (tmp_path / device).touch()
    assert flags.has_graphics(tmp_path) is has


@pytest.mark.parametrize(("has", "given", "then"), [(False, "", "software"), (True, "", ""), (False, "rhi", "rhi")])
def test_without_one_the_map_is_painted_in_software_unless_the_user_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, has: bool, given: str, then: str
) -> None:
    monkeypatch.setattr(flags, "has_graphics", lambda: has)
    monkeypatch.delenv(ASKED, raising=False)
    if given:
        monkeypatch.setenv(ASKED, given)
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", ""))
    flags.prepare()
    assert os.environ.get(ASKED, "") == then
    monkeypatch.delenv(ASKED, raising=False)  # what `prepare` set is none of the following stories' business
