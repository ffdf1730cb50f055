"""What a console takes from outside itself: its clock that does not jump, the name of the time since the start."""

import time

import pytest

from commandcenter.sync import environment


def test_the_clock_of_waiting_goes_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: 100.0 + clock, raising=False)
    assert environment.real_mono() == 107.0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    assert environment.real_mono() == 5.0


def test_two_looks_within_one_run_of_the_machine_name_it_alike() -> None:
    assert environment.real_boot() == environment.real_boot() != ""
