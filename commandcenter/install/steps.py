"""Shows the progress of set-up: numbered steps with their seconds and the last output line of what runs in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

BEAT = 10.0  # seconds between progress lines when the output is no terminal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code of a child process and its output, line by line."""

    code: int
    lines: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The output line most likely to explain a failure, at most 300 characters."""
        spoken = [line.strip() for line in self.lines if line.strip()]
        faults = [line for line in spoken if line.lower().startswith(("error", "e:", "× "))]
        return (faults or spoken or [f"exit {self.code}"])[-1][:300]


class Steps:
    """The numbered list of steps on standard error (standard output belongs to the command itself)."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self._total = total
        self._number = 0
        self._out = out or sys.stderr
        self._moving = self._out.isatty()
        self._title = ""
        self._began = self._spoke = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[Steps]:
        """Shows one step: its title at the start, its seconds at the end, also when it fails."""
        self._number += 1
        self._title = f"[{self._number}/{self._total}] {title}"
        self._began = self._spoke = time.monotonic()
        self._write(f"{self._title} …", end="" if self._moving else "\n")
        done = "✗"
        try:
            yield self
            done = "✓"
        finally:
            self._write(f"{self._title} … {self._seconds:.1f} s {done}", end="\n")

    def run(self, command: Sequence[str], *, env: Mapping[str, str] | None = None) -> Outcome:
        """Runs `command` (never through a shell) and shows its last output line meanwhile.

        A command that cannot be started has the exit code 127.
        """
        try:
            child = _child(command, env)
        except OSError as error:
            return Outcome(127, (str(error),))
        lines: list[str] = []
        reader = threading.Thread(target=_gather, args=(child, lines), daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                reader.join(0.1)
                self._beat(lines[-1] if lines else "")
        finally:
            if child.poll() is None and reader.is_alive():
                child.terminate()
            child.wait()
        return Outcome(child.returncode, tuple(lines))

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _beat(self, said: str) -> None:
        if not self._moving and time.monotonic() - self._spoke < BEAT:
            return
        self._spoke = time.monotonic()
        if self._moving:
            self._write(_fitted(f"{self._title} … {self._seconds:.0f} s  {said}"), end="")
        else:
            self._write(f"      {self._seconds:.0f} s  {said[:100]}", end="\n")

    def _write(self, text: str, *, end: str) -> None:
        self._out.write(("\r\033[K" if self._moving else "") + text + end)
        self._out.flush()


def _child(command: Sequence[str], env: Mapping[str, str] | None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        list(command),
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def _gather(child: subprocess.Popen[str], lines: list[str]) -> None:
    assert child.stdout is not None
    with child.stdout as said:
        lines.extend(line.rstrip() for line in said)


def _fitted(text: str) -> str:
    """Cuts `text` to one line of the terminal, where a Chinese character takes two cells."""
    left = shutil.get_terminal_size().columns - 1
    for at, sign in enumerate(text):
        left -= 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if left < 0:
            return text[:at]
    return text
