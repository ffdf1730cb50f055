"""Somebody outside asks the console to end: it is heard in the loop's turn, never in the middle of a step."""

import os
import signal
import sys

import pytest

from ui.app.process.signals import signals_handled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nobody can send one there")


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_waits_for_the_loop_s_turn(qtbot, asked: signal.Signals) -> None:
    told: list[int] = []
    with signals_handled(told.append):
        os.kill(os.getpid(), asked)
        assert told == [], "a coroutine's step was broken into"
        qtbot.waitUntil(lambda: told == [asked])


def test_afterwards_a_signal_does_what_it_did_before(qtbot) -> None:
    others: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: others.append(number))
    try:
        with signals_handled(lambda number: None):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        assert others == [signal.SIGTERM]
        assert signal.set_wakeup_fd(-1) == -1
    finally:
        signal.signal(signal.SIGTERM, before)


def test_two_in_a_row_are_both_heard(qtbot) -> None:
    told: list[int] = []
    with signals_handled(told.append):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: told == [signal.SIGINT, signal.SIGTERM])
