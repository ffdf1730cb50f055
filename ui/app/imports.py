"""`import` without PySide's search for its `__feature__` switches.

PySide lays an `import` of its own over what was there, which reads the source of every module that is imported to see
whether it might throw one of them. Nobody here does, and reading some six hundred files takes a twelfth of a start.
"""

import builtins

import PySide6.QtCore  # noqa: F401 (lays it)


def without_switches() -> None:
    """Take that layer off; nothing to do where PySide lays none. What PySide needs to load its classes late stays."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
