"""Makes imports cost less time and memory.

PySide replaces the built-in `import` by one that reads the source of every imported module to see whether it uses its
`__feature__` switches. No module here does, and reading some six hundred files takes a twelfth of the start. httpx
brings its command line along, with 70 modules and 5 MB, where the libraries for that happen to be installed.
"""

import builtins
import sys

import PySide6.QtCore  # noqa: F401 (replaces the built-in `import`)

_COMMAND_LINE = "httpx._main"  # httpx goes on without it when it cannot be imported


def lighten_imports() -> None:
    """Restores the `import` that PySide replaced, if it did, and leaves out what nothing here uses."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    sys.modules.setdefault(_COMMAND_LINE, None)  # type: ignore[arg-type] # None: `import` raises ImportError
