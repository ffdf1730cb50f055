"""The digits 1 to 9 choose a row of the list where they cannot be a part of the line; with Alt they do everywhere."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.kit.command_line.parts import CommandLine, LinePart

SERIAL = 5  # digits of a number within its day, after which none follows


def row_of(event: QKeyEvent, typed: str, line: CommandLine) -> int | None:
    """Returns the place from 0 of the row that a key chooses; None for a key that belongs to the line."""
    number = event.key() - Qt.Key.Key_0
    if not 1 <= number <= 9:
        return None
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    is_plain = held == Qt.KeyboardModifier.NoModifier and _are_free(typed, line)
    return number - 1 if is_plain or held == Qt.KeyboardModifier.AltModifier else None


def cap(row: int, typed: str, line: CommandLine) -> str:
    """Returns the key of a row as its cap shows it: "2", or "Alt 2" where a digit may go on with the line."""
    return str(row + 1) if _are_free(typed, line) else f"Alt {row + 1}"


def _are_free(typed: str, line: CommandLine) -> bool:
    """Returns whether a digit cannot go on with the line: nothing is typed, or a whole number and no target yet."""
    if not typed.strip():
        return True
    if line.missing is not LinePart.TARGET or line.unknown:
        return False
    if line.clauses[-1].targets or len(line.clauses[-1].words) < 2:
        return False
    last = typed.rpartition(" ")[2].rpartition("-")[2]
    return typed.endswith(" ") or (last.isdigit() and len(last) >= SERIAL)
