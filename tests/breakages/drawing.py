"""Draws the breakages to try from a seed: a longer file more often, each breakage at most once."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from tests.breakages.rules import Breakage, breakages

ROOT = Path(__file__).parents[2]
ROOMS = ("sync", "cache", "client", "files", "server/command_pipeline", "server/streaming")  # of commandcenter/
SHARED = ("digest", "events", "snapshots", "sse")  # modules of commandcenter/protocol that several of them use
EQUIVALENT = Path(__file__).with_name("equivalent.json")


def files() -> list[Path]:
    """Returns the sources that are broken."""
    shared = (ROOT / "commandcenter/protocol" / f"{name}.py" for name in SHARED)
    return sorted((*shared, *(file for room in ROOMS for file in (ROOT / "commandcenter" / room).rglob("*.py"))))


def of_file(file: Path) -> list[Breakage]:
    """Returns all breakages of a source."""
    return breakages(file.read_bytes(), file.relative_to(ROOT).as_posix())


def drawn(most: int, seed: int) -> list[Breakage]:
    """Returns up to `most` breakages that compile; each draw chooses a file by its size, then one of its breakages."""
    return [one for _, one in zip(range(most), _draw(random.Random(seed)), strict=False)]


def marked(marks: set[str]) -> list[Breakage]:
    """Returns the breakages with these marks."""
    return [one for file in files() for one in of_file(file) if one.mark in marks]


def equivalent() -> dict[str, str]:
    """Returns, by mark, why a breakage leaves the program the same, as a person judged who read both versions."""
    return {mark: told["why"] for mark, told in json.loads(EQUIVALENT.read_text(encoding="utf-8")).items()}


def _draw(chance: random.Random) -> Iterator[Breakage]:
    sources = {file: file.read_bytes() for file in files()}
    left: dict[Path, list[Breakage]] = {}
    while sources:
        file = chance.choices(list(sources), [len(source) for source in sources.values()])[0]
        if file not in left:
            left[file] = of_file(file)
            chance.shuffle(left[file])
        if not left[file]:
            del sources[file]
            continue
        one = left[file].pop()
        if one.compiles(sources[file]):
            yield one
