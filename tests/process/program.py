"""Programs of a demonstration as processes of their own: what they say line by line, and an end without a warning."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds for a line


class Program:
    """One process; `said` are its lines so far, only whole ones. It is killed when the block around it ends."""

    def __init__(self, *arguments: str) -> None:
        self.said: list[str] = []
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._is_over = False

    async def start(self) -> None:
        """Begin, or begin once more; what it said before stays said."""
        pipe = subprocess.PIPE
        self._is_over = False
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._arguments, cwd=ROOT, stdin=pipe, stdout=pipe, limit=1 << 20
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def hear(self, beginning: str, *, since: int = 0, seconds: float = PATIENCE) -> str:
        """The rest of its first line after the first `since` that begins so; it must come in time."""
        async with asyncio.timeout(seconds):
            while True:
                found = next((line for line in self.said[since:] if line.startswith(beginning)), None)
                if found is not None:
                    return found.removeprefix(beginning).strip()
                assert not self._is_over, f"{self._arguments[1]} ended without {beginning!r}"
                self._news.clear()
                await self._news.wait()

    def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    async def kill(self) -> None:
        """kill -9; everything that it had said is in `said` when this returns."""
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
    """`main.py serve` on a data folder; a free port at each start."""

    def __init__(self, data: Path) -> None:
        super().__init__("-m", "commandcenter.operations.serve", "--port", "0", "--with-console", "--data", str(data))

    async def up(self) -> int:
        """Start it; its port, once it accepts."""
        since = len(self.said)
        await self.start()
        return int((await self.hear("ready ", since=since)).rpartition(":")[2])


@asynccontextmanager
async def ending(*programs: Program) -> AsyncIterator[None]:
    """None of them outlives the block."""
    try:
        yield
    finally:
        await asyncio.gather(*(program.kill() for program in programs))
