"""Makes the standard streams safe when they are closed, cut off by `| head`, full, or unable to encode Chinese."""

from __future__ import annotations

import errno
import io
import os
import sys

from commandcenter.install.failure import SetupFailed


def make_streams_safe() -> None:
    """Replaces the standard streams by safe ones.

    A reader that stops reading does not end the program, and no file takes the place of a closed stream.
    """
    _fill_gaps()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # as long as the program
            continue
        if stream is getattr(sys, f"__{name}__") and not stream.isatty():
            stream = io.TextIOWrapper(
                io.BufferedWriter(TolerantOutput(stream.fileno())),
                encoding=stream.encoding,
                line_buffering=name == "stderr",
            )
            setattr(sys, name, stream)
        stream.reconfigure(errors="replace")


class TolerantOutput(io.RawIOBase):
    """Raw output to the file descriptor `handle`.

    After the reader has gone, output is discarded. Any other error is raised once as SetupFailed, so that the command
    ends with a message and an exit code other than 0; later output is discarded.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._is_dead = False

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        """Returns the number of bytes accepted."""
        if self._is_dead:
            return len(data)
        try:
            return os.write(self._handle, data)
        except OSError as wrong:
            self._is_dead = True
            if wrong.errno in (errno.EPIPE, errno.EIO, errno.EINVAL):  # EIO: terminal closed, EINVAL: pipe on Windows
                return len(data)
            raise SetupFailed(
                f"输出写不下去（{wrong.strerror}）；做完的都在，请换一个输出位置再看 · "
                f"the output cannot be written ({wrong.strerror}); what was done is done, send the output elsewhere"
            ) from wrong

    def writable(self) -> bool:
        """Returns True."""
        return True

    def fileno(self) -> int:
        """Returns the file descriptor, for code that writes to it directly."""
        return self._handle


def _fill_gaps() -> None:
    """Opens the null device for closed standard descriptors.

    Otherwise the next opened file would get the descriptor, and a library's message could be written into a database.
    """
    for handle in (0, 1, 2):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
