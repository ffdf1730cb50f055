"""The long run climbs every rung that the short one has, says what each came to, and fails when one breaks."""

from pathlib import Path

import pytest

from tests import long
from tests.long import LADDER, Rung
from tests.run import RUNGS


def test_every_rung_is_in_the_long_run() -> None:
    assert {rung.name for rung in LADDER} == {name for name in RUNGS if not name.startswith("-")} | {"disk"}


def test_each_rung_has_its_line_and_one_that_breaks_breaks_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "well.py").write_text("print('progress')\nprint('schedules 5, violations 0')\n")
    (tmp_path / "broken.py").write_text("import sys\nprint('cycles 5, 1 lost')\nsys.exit(1)\n")
    monkeypatch.setattr(long, "ROOT", tmp_path)
    assert long.climb([Rung("well", ("well",), times=2)]) == 0
    assert long.climb([Rung("broken", ("broken",)), Rung("well", ("well",))]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines.count("progress") == 3
    assert [line.split()[:2] for line in lines[-2:]] == [["broken", "BAD"], ["well", "ok"]]
    assert "2 times: schedules 5, violations 0" in "\n".join(lines)


def test_an_unknown_rung_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        long.main(["--only", "simulate,jump"])
    assert ended.value.code == 2
    assert "no rung jump" in capsys.readouterr().err
