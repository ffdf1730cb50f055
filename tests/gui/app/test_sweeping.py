"""Widgets that nobody holds any more are freed in the window's thread, whoever makes the garbage."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.app.process.garbage import collect_in_main_thread


class _Round(QWidget):
    """A widget in a circle with itself."""

    def __init__(self, freed: list[int]) -> None:
        super().__init__()
        self.me = self
        weakref.finalize(self, lambda: freed.append(threading.get_ident()))


def test_a_thread_that_makes_much_garbage_frees_no_widget(qapp: QApplication, qtbot: QtBot) -> None:
    freed: list[int] = []
    collect_in_main_thread(qapp)
    _Round(freed)
    lane = threading.Thread(target=_litter)
    lane.start()
    lane.join()
    assert freed == []
    qtbot.waitUntil(lambda: _litter() or bool(freed))
    assert freed == [threading.get_ident()]


def test_what_a_start_has_loaded_is_not_looked_through_again(qtbot: QtBot) -> None:
    whole = QObject()
    kept = gc.get_freeze_count()
    collect_in_main_thread(whole, after=20)
    assert gc.get_freeze_count() == kept
    try:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > kept)
    finally:
        gc.unfreeze()


def _litter() -> list[list]:
    """Garbage beyond every threshold of the collector."""
    for _ in range(gc.get_threshold()[0] * 20):
        one: list = []
        one.append(one)
    return []
