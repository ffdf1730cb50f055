"""Makes `import` skip PySide's search for its `__feature__` switches.

PySide replaces the built-in `import` by one that reads the source of every imported module to see whether it uses such
a switch. No module here does, and reading some six hundred files takes a twelfth of the start.
"""

import builtins

import PySide6.QtCore  # noqa: F401 (lays it)


def remove_feature_hook() -> None:
    """Restores the `import` that PySide replaced, if it did; PySide's lazy loading of its classes stays."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
