"""The tour, played in a real window on a real platform: every assertion of every scene must hold."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commandcenter.demonstration.tour_script import SCENES
from ui.tour.shift import read

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 1800  # seconds, far more than it takes: a hang must not block the other tests


@pytest.mark.window
def test_a_shift_is_played_from_signing_in_to_the_small_screen(tmp_path: Path) -> None:
    """A clerk takes a case, a leader files it, a dispatcher assigns it to a unit, which returns and then settles it."""
    command = [sys.executable, "-m", "ui.tour", "--out", str(tmp_path / "tour")]
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path / "home")}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    played = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST)
    assert played.returncode in (0, 1), played.stderr[-2000:]
    told = json.loads((tmp_path / "tour" / "tour.json").read_text("utf-8"))
    failed = [f"{step['scene']}: {step['failed']}" for step in told["steps"] if "failed" in step]
    assert failed == [], played.stdout[-2000:]
    assert played.returncode == 0
    assert [step["scene"] for step in told["steps"]] == [scene.__name__ for scene in SCENES]
    for step in told["steps"]:
        assert step["asserted"]
        for picture in step["pictures"]:
            assert (tmp_path / "tour" / picture).stat().st_size > 10_000
    assert "Traceback" not in played.stderr


def test_what_was_said_to_a_console_without_a_screen_holds_for_the_tour_as_far_as_it_can(capsys) -> None:
    said = read(["--out", "tour-out", "--as-console", "--theme", "light", "--profile", "two", "--size", "1366x768"])
    assert (said.out, said.theme, said.lang, said.size) == (Path("tour-out"), "light", "zh", (1366, 768))
    assert "the tour is played" in capsys.readouterr().err
