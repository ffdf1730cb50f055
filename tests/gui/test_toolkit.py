"""The toolkit itself: a version that drops references of None and True at each call ends the hall after some hours."""

import sys

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

CALLS = 20_000


class _Bell(QObject):
    rung = Signal(bool)


def test_calls_and_signals_drop_no_reference(qtbot: QtBot) -> None:
    bell = _Bell()
    heard: list[bool] = []
    bell.rung.connect(lambda loud: heard.append(loud) if not loud else None)
    none, true = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        bell.setObjectName("bell")
        bell.rung.emit(True)
    assert sys.getrefcount(None) - none > -CALLS / 2
    assert sys.getrefcount(True) - true > -CALLS / 2
    assert not heard
