"""Runs programs as processes: reads their output line by line, and ends them by SIGKILL."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds to wait for a line


class Program:
    """A process; `said` are the complete lines that it has printed so far, over all its starts."""

    def __init__(self, *arguments: str) -> None:
        self.said: list[str] = []
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._is_over = False

    async def start(self) -> None:
        """Starts the process, or starts it again; `said` keeps the earlier lines."""
        pipe = subprocess.PIPE
        self._is_over = False
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._arguments, cwd=ROOT, stdin=pipe, stdout=pipe, limit=1 << 20
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def hear(self, beginning: str, *, since: int = 0, seconds: float = PATIENCE) -> str:
        """Returns the rest of the first line, from index `since` on, that starts with `beginning`; waits for it.

        Raises TimeoutError after `seconds`, and AssertionError when the process ends without such a line.
        """
        async with asyncio.timeout(seconds):
            while True:
                found = next((line for line in self.said[since:] if line.startswith(beginning)), None)
                if found is not None:
                    return found.removeprefix(beginning).strip()
                assert not self._is_over, f"{self._arguments[1]} ended without {beginning!r}"
                self._news.clear()
                await self._news.wait()

    def tell(self, line: str) -> None:
        """Writes a line to the standard input of the process."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    async def kill(self) -> None:
        """Kills the process by SIGKILL; on return, `said` has everything that it had printed."""
        if self._process is None or self._reading is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        await self._reading
        self._process = None

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while (line := await process.stdout.readline()).endswith(b"\n"):
            self.said.append(line.decode().rstrip("\n"))
            self._news.set()
        self._is_over = True
        self._news.set()


class PlatformProgram(Program):
    """`main.py serve` on a data folder, on a free port at each start."""

    def __init__(self, data: Path) -> None:
        super().__init__("-m", "commandcenter.operations.serve", "--port", "0", "--with-console", "--data", str(data))

    async def up(self) -> int:
        """Starts it and returns its port once it accepts connections."""
        since = len(self.said)
        await self.start()
        return int((await self.hear("ready ", since=since)).rpartition(":")[2])


@asynccontextmanager
async def ending(*programs: Program) -> AsyncIterator[None]:
    """Kills the programs after the block."""
    try:
        yield
    finally:
        await asyncio.gather(*(program.kill() for program in programs))
