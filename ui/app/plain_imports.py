"""The language's own `import`, put back where PySide has laid its own over it.

PySide's reads the source of every module that is imported, in search of its `__feature__` switches. Nobody here throws
them, and reading some six hundred files takes a twelfth of a start.
"""

import builtins

import PySide6.QtCore  # noqa: F401 (from now on `import` is PySide's)


def put_back() -> None:
    """From now on `import` is what it was before PySide came; nothing to do where PySide no longer lays its own."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
