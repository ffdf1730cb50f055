"""The standard streams as the world hands them over: closed, cut off by `| head`, full, or unable to write Chinese."""

from __future__ import annotations

import errno
import io
import os
import sys

from commandcenter.install.failure import SetupFailed


def mend() -> None:
    """From now on nobody who stops reading ends the program, and nothing else lands in the place of a closed stream."""
    _fill_gaps()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # as long as the program
            continue
        if stream is getattr(sys, f"__{name}__") and not stream.isatty():
            stream = io.TextIOWrapper(
                io.BufferedWriter(Outlet(stream.fileno())), encoding=stream.encoding, line_buffering=name == "stderr"
            )
            setattr(sys, name, stream)
        stream.reconfigure(errors="replace")


class Outlet(io.RawIOBase):
    """The stream `handle`. When its reader has gone, the rest is for nobody; when its disk is full, that is said once.

    Raises SetupFailed with the sentence, so that the command ends with an exit code that is not 0.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._is_dead = False

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        """How many bytes were taken."""
        if self._is_dead:
            return len(data)
        try:
            return os.write(self._handle, data)
        except OSError as wrong:
            self._is_dead = True
            if wrong.errno in (errno.EPIPE, errno.EIO, errno.EINVAL):  # the last two: a terminal gone, Windows' pipe
                return len(data)
            raise SetupFailed(
                f"输出写不下去（{wrong.strerror}）；做完的都在，请换一个输出位置再看 · "
                f"the output cannot be written ({wrong.strerror}); what was done is done, send the output elsewhere"
            ) from wrong

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The handle, for those who write past us."""
        return self._handle


def _fill_gaps() -> None:
    """A closed standard handle would go to the next file that is opened: a library's cry would land in a database."""
    for handle in (0, 1, 2):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
