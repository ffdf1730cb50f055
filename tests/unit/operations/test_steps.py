"""`main.py steps`: an administrator compares the steps of cases with the log, and has them made anew from it."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from commandcenter.domain.commands import Take
from commandcenter.operations.steps import main
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.storage import tables
from commandcenter.server.storage.database import writing
from tests.kit.district import NOON, seats
from tests.kit.platform import Clock, new_id, small_platform


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with three cases, in which no platform runs."""
    with small_platform(tmp_path, clock=Clock()) as platform:
        for _ in range(3):
            take, clerk = Take(new_id(), "hotline", "water", "积水", "路口", "east"), seats()["clerk"].person
            platform.writer.submit(
                lambda con, take=take, clerk=clerk: perform(con, take, clerk, NOON, cmd_id=new_id(), bases={})
            ).result()
    return tmp_path


def test_steps_that_differ_from_the_log_are_found_and_made_anew(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--data", str(data)]
    assert main(folder) == 0
    assert capsys.readouterr().out == "d1: as logged\n"
    with writing(data) as connection:
        connection.execute(delete(tables.steps))
    assert main(folder) == 1
    assert capsys.readouterr().out == "d1: differs from the log: run again with --rebuild\n"
    assert main([*folder, "--rebuild"]) == 0
    assert capsys.readouterr().out == "d1: 3 steps made anew\n"
    assert main(folder) == 0


def test_a_folder_without_a_database_or_with_a_platform_at_work_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "holds no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    with small_platform(tmp_path, clock=Clock()):
        assert main(["--data", str(tmp_path), "--rebuild"]) == 2
    assert "platform" in capsys.readouterr().err
