"""Records which tests run through which line and how long they take; a record holds until its function changes."""

import ast
import hashlib
import json
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, zip_longest
from pathlib import Path

import coverage
import pytest

from tests.breakages.drawing import ROOT, files
from tests.breakages.rules import Breakage, Function
from tests.breakages.trial import PLAIN

RECORDED = Path(__file__).with_name("covering.json")
WHERE = (
    *(f"tests/unit/{room}" for room in ("sync", "cache", "client", "files", "protocol", "server", "store")),
    *("tests/disk/test_recovery.py", "tests/disk/test_spoilt.py", "tests/faults/test_mends.py"),
)
_A_LINE = 80  # tests kept for a line


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a function with the same tests; `first` is the first line's number, counted from the `def`."""

    first: int
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A function as it was when its `blocks` were recorded; `words` is a hash of its source."""

    words: str
    blocks: tuple[Block, ...]

    def stories(self, line: int, words: str) -> tuple[str, ...]:
        """Returns the tests through `line`, alternating with those of the function's least tested lines.

        The latter test this function in particular, while many tests pass its other lines. They are returned alone when
        the source (hash `words`) has changed since.
        """
        rare = [one for block in sorted(self.blocks, key=lambda one: len(one.stories)) for one in block.stories]
        through = self.through(line) if words == self.words else ()
        return tuple(dict.fromkeys(one for turn in zip_longest(through, rare) for one in turn if one is not None))

    def through(self, line: int) -> tuple[str, ...]:
        """Returns the tests through `line`."""
        return next((block.stories for block in reversed(self.blocks) if block.first <= line), ())


@dataclass(frozen=True, slots=True)
class Covering:
    """The record: `seconds` of each test by its id, `functions` by `file:function`."""

    seconds: Mapping[str, float]
    functions: Mapping[str, Recorded]

    def stories(self, breakage: Breakage, most: float) -> tuple[str, ...]:
        """Returns tests for `breakage` that take up to `most` seconds together, the quickest first.

        An unrecorded function gets the unit tests of its package.
        """
        at = f"{breakage.file}:{breakage.function}"
        known, now = self.functions.get(at), _functions(ROOT / breakage.file).get(breakage.function)
        wanted = known.stories(breakage.line - now.first, now.words) if known and now else self._of_room(breakage)
        chosen, left = [], most
        for story in wanted:
            if story in _there(story.partition("::")[0]) and self.seconds[story] <= left:
                chosen.append(story)
                left -= self.seconds[story]
        return tuple(sorted(chosen, key=lambda one: self.seconds[one]))

    def _of_room(self, breakage: Breakage) -> tuple[str, ...]:
        room = f"tests/unit/{breakage.file.split('/')[1]}/"
        return tuple(sorted((one for one in self.seconds if one.startswith(room)), key=lambda one: self.seconds[one]))


def covering() -> Covering:
    """Reads the recorded data."""
    told = json.loads(RECORDED.read_text(encoding="utf-8"))
    names = [name for name, _ in told["stories"]]
    functions = {
        at: Recorded(words, tuple(Block(first, tuple(names[one] for one in stories)) for first, stories in blocks))
        for at, (words, blocks) in told["functions"].items()
    }
    return Covering(dict(told["stories"]), functions)


def record(where: Sequence[str] = ()) -> int:
    """Runs the tests and records what they run through; returns the number of functions reached.

    `where`: only these new test files; the record of the others stays.
    """
    known = covering() if where else Covering({}, {})
    traced = coverage.Coverage(data_file=None, config_file=False, include=[str(file) for file in files()])
    listener = _Listener(traced)
    traced.start()
    code = pytest.main([*PLAIN[1:], "--import-mode=importlib", *(where or WHERE)], plugins=[listener])
    traced.stop()
    if code:
        raise SystemExit("the stories have to hold before anything is broken")
    through = {file: traced.get_data().contexts_by_lineno(str(file)) for file in files()}
    seconds = {one: round(took, 2) for one, took in {**known.seconds, **listener.seconds}.items()}
    choice = _Choice(seconds, through)
    found = dict(known.functions)
    for file, by_line in through.items():
        for name, function in _functions(file).items():
            at = f"{file.relative_to(ROOT).as_posix()}:{name}"
            if blocks := choice.blocks(function, by_line, found.get(at)):
                found[at] = Recorded(function.words, blocks)
    _write(found, seconds)
    return len(found)


class _Choice:
    """Chooses the tests kept for a line: those that run through little else, and the quickest of each file."""

    def __init__(self, seconds: Mapping[str, float], through: Mapping[Path, Mapping[int, Collection[str]]]) -> None:
        self._seconds = seconds
        self._width: dict[str, int] = {}
        for by_line in through.values():
            for stories in by_line.values():
                for one in stories:
                    self._width[one] = self._width.get(one, 0) + 1

    def blocks(
        self, function: "_Lines", by_line: Mapping[int, Collection[str]], known: Recorded | None
    ) -> tuple[Block, ...]:
        """Returns the lines of `function` with their tests, including those `known` already."""
        lines = [(line - function.first, {one for one in by_line.get(line, ()) if one}) for line in function.lines]
        if known is not None:
            every = known.stories(0, "") if known.words != function.words else None
            lines = [(line, stories.union(known.through(line) if every is None else every)) for line, stories in lines]
        reached = [(line, self._ranked(stories)) for line, stories in lines if stories]
        return tuple(Block(next(iter(same))[0], stories) for stories, same in groupby(reached, lambda one: one[1]))

    def _ranked(self, stories: Collection[str]) -> tuple[str, ...]:
        by_file: dict[str, list[str]] = {}
        for story in sorted(stories, key=lambda one: (self._seconds[one], one)):
            by_file.setdefault(story.partition("::")[0], []).append(story)
        quick = [one for turn in zip_longest(*by_file.values()) for one in turn if one is not None]
        narrow = sorted(stories, key=lambda one: (self._width.get(one, 1 << 20), one))
        ranked = dict.fromkeys(one for pair in zip(narrow, quick, strict=True) for one in pair)
        return tuple(ranked)[:_A_LINE]


class _Listener:
    def __init__(self, traced: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self._traced = traced

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._traced.switch_context(_story(item.nodeid))
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        story = _story(report.nodeid)
        self.seconds[story] = self.seconds.get(story, 0.0) + report.duration


def _story(nodeid: str) -> str:
    """Returns the id of a test without its parameters."""
    return nodeid.partition("[")[0]


@dataclass(frozen=True, slots=True)
class _Lines:
    """A function in a source: the line of its `def`, the lines of its body, a hash of its source."""

    first: int
    lines: range
    words: str


@cache
def _functions(file: Path) -> dict[str, _Lines]:
    """Returns the functions of a source by their qualified names."""

    def within(node: ast.AST, name: str) -> None:
        for one in ast.iter_child_nodes(node):
            inner = f"{name}.{one.name}".lstrip(".") if isinstance(one, Function | ast.ClassDef) else name
            if isinstance(one, Function):
                last = one.end_lineno or one.lineno
                words = hashlib.sha256(b"\n".join(source[one.lineno - 1 : last])).hexdigest()[:8]
                found[inner] = _Lines(one.lineno, range(one.body[0].lineno, last + 1), words)
            within(one, inner)

    found: dict[str, _Lines] = {}
    source = file.read_bytes().splitlines()
    within(ast.parse(file.read_bytes()), "")
    return found


def _write(found: Mapping[str, Recorded], seconds: Mapping[str, float]) -> None:
    names = sorted({story for one in found.values() for block in one.blocks for story in block.stories})
    numbers = {name: number for number, name in enumerate(names)}
    lines = ",\n".join(json.dumps([name, seconds[name]]) for name in names)
    told = ",\n".join(f"{json.dumps(at)}: {_plain(found[at], numbers)}" for at in sorted(found))
    RECORDED.write_text(f'{{"stories": [\n{lines}\n], "functions": {{\n{told}\n}}}}\n', encoding="utf-8")


def _plain(one: Recorded, numbers: Mapping[str, int]) -> str:
    blocks = [[block.first, [numbers[story] for story in block.stories]] for block in one.blocks]
    return json.dumps([one.words, blocks], separators=(",", ":"))


@cache
def _there(file: str) -> frozenset[str]:
    """Returns the ids of the tests that a test file contains now."""
    path = ROOT / file
    tree = ast.parse(path.read_bytes()) if path.exists() else ast.Module([], [])
    return frozenset(f"{file}::{one.name}" for one in tree.body if isinstance(one, Function))
