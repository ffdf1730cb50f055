"""The peer of the console's start: a bare main window with a table of 5,000 rows, which ends once it is painted."""

import json
import os
import sys
import time

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

ROWS, COLUMNS = 5_000, 8
NOWHERE = QModelIndex()


class Numbers(QAbstractTableModel):
    """A table model of numbers as text."""

    def rowCount(self, parent: QModelIndex = NOWHERE) -> int:
        return ROWS

    def columnCount(self, parent: QModelIndex = NOWHERE) -> int:
        return COLUMNS

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


class Eye(QObject):
    """Reports the first paint event and ends the program."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, told)
        return False


def told() -> None:
    with open("/proc/self/stat", encoding="ascii") as file:
        ticks = int(file.read().rpartition(")")[2].split()[19])
    since = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    print(json.dumps({"mark": "first_paint", "ms": round(since * 1000, 1)}), file=sys.stderr, flush=True)
    QApplication.quit()


if __name__ == "__main__":
    app = QApplication([])
    window, table, eye = QMainWindow(), QTableView(), Eye()
    table.setModel(Numbers())
    window.setCentralWidget(table)
    window.resize(1680, 980)
    table.viewport().installEventFilter(eye)
    window.show()
    app.exec()
