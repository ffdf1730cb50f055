"""What the kernel says of a program's processes: their tree, the processor time they used, and their memory."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # a second


def tree(root: int, *, without: int = 0) -> Iterator[int]:
    """Yields `root` and its descendants, except the process `without` and its own."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            children[_parent(int(entry.name))].append(int(entry.name))
    waiting = [root]
    while waiting:
        process = waiting.pop()
        if process != without:
            yield process
            waiting += children[process]


def child_with(root: int, word: str) -> int:
    """Returns the descendant of `root` whose command line holds `word`; raises LookupError without one."""
    for process in tree(root):
        if process != root and word in Path(f"/proc/{process}/cmdline").read_text().split("\0"):
            return process
    raise LookupError(word)


def cpu_seconds(processes: Iterator[int]) -> dict[int, float]:
    """Returns the seconds of processor time (user and system) that each process has used."""
    return {process: sum(map(int, fields[11:13])) / TICKS for process in processes if (fields := _stat(process))}


def memory(process: int, name: str) -> float:
    """Returns a line of a process's status, such as VmRSS or RssAnon, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def _parent(process: int) -> int:
    fields = _stat(process)
    return int(fields[1]) if fields else 0


def _stat(process: int) -> list[str]:
    """Returns the fields of /proc/PID/stat from the state on; none when the process is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
