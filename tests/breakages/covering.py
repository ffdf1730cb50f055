"""Which stories run through which function, and how long they take: recorded once, and good until functions move."""

import ast
import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

import coverage
import pytest

from tests.breakages.drawing import ROOT, files
from tests.breakages.rules import Breakage, Function
from tests.breakages.trial import PLAIN

RECORDED = Path(__file__).with_name("covering.json")
WHERE = (
    *(f"tests/unit/{room}" for room in ("sync", "cache", "client", "server", "store")),
    *("tests/disk/test_recovery.py", "tests/disk/test_spoilt.py", "tests/faults/test_mends.py"),
)
_A_FUNCTION = 40  # stories kept for a function


@dataclass(frozen=True, slots=True)
class Covering:
    """`seconds` of each story by its id; `functions`: those that run through `file:function`, the quickest first."""

    seconds: Mapping[str, float]
    functions: Mapping[str, tuple[str, ...]]

    def stories(self, breakage: Breakage, most: float) -> tuple[str, ...]:
        """What is asked about `breakage`, for about `most` seconds; the room's own stories for a new function."""
        known = self.functions.get(f"{breakage.file}:{breakage.function}")
        wanted = self._of_room(breakage) if known is None else known
        chosen, left = [], most
        for story in wanted:
            if story in _there(story.partition("::")[0]) and self.seconds[story] <= left:
                chosen.append(story)
                left -= self.seconds[story]
        return tuple(chosen)

    def _of_room(self, breakage: Breakage) -> tuple[str, ...]:
        room = f"tests/unit/{breakage.file.split('/')[1]}/"
        return tuple(sorted((one for one in self.seconds if one.startswith(room)), key=lambda one: self.seconds[one]))


def covering() -> Covering:
    """What is recorded."""
    told = json.loads(RECORDED.read_text(encoding="utf-8"))
    names = [name for name, _ in told["stories"]]
    functions = {where: tuple(names[number] for number in numbers) for where, numbers in told["functions"].items()}
    return Covering(dict(told["stories"]), functions)


def record(where: Sequence[str] = ()) -> int:
    """Run the stories and write down what they run through; how many functions are reached.

    `where`: only these files of stories, which are new; what is recorded of the others stays.
    """
    known = covering() if where else Covering({}, {})
    traced = coverage.Coverage(data_file=None, config_file=False, include=[str(file) for file in files()])
    listener = _Listener(traced)
    traced.start()
    code = pytest.main([*PLAIN[1:], "--import-mode=importlib", *(where or WHERE)], plugins=[listener])
    traced.stop()
    if code:
        raise SystemExit("the stories have to hold before anything is broken")
    found = {at: list(stories) for at, stories in known.functions.items()}
    seconds = dict(known.seconds) | listener.seconds
    for file in files():
        by_line = traced.get_data().contexts_by_lineno(str(file))
        for name, lines in _lines(file).items():
            through = [[one for one in by_line.get(line, ()) if one] for line in lines]
            at = f"{file.relative_to(ROOT).as_posix()}:{name}"
            if chosen := {*_chosen(through, listener.seconds), *found.get(at, ())}:
                found[at] = sorted(chosen, key=lambda one: (seconds[one], one))
    _write(found, seconds)
    return len(found)


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
    """The id of a test, of all its parameters together."""
    return nodeid.partition("[")[0]


def _lines(file: Path) -> dict[str, range]:
    """The lines of each function of a source, by its name."""

    def within(node: ast.AST, name: str) -> None:
        for one in ast.iter_child_nodes(node):
            inner = f"{name}.{one.name}".lstrip(".") if isinstance(one, Function | ast.ClassDef) else name
            if isinstance(one, Function):
                found[inner] = range(one.body[0].lineno, (one.end_lineno or one.lineno) + 1)
            within(one, inner)

    found: dict[str, range] = {}
    within(ast.parse(file.read_bytes()), "")
    return found


def _chosen(through: Iterable[list[str]], seconds: Mapping[str, float]) -> list[str]:
    """Of the stories of each line the quickest, and of each file of stories some; in the order of their seconds."""
    by_line = [sorted(stories, key=lambda one: seconds[one]) for stories in through]
    by_file: dict[str, list[str]] = {}
    for story in sorted({one for stories in by_line for one in stories}, key=lambda one: seconds[one]):
        by_file.setdefault(story.partition("::")[0], []).append(story)
    ranked = [one for turn in zip_longest(*by_line, *by_file.values()) for one in turn if one is not None]
    return sorted(list(dict.fromkeys(ranked))[:_A_FUNCTION], key=lambda one: seconds[one])


def _write(found: Mapping[str, list[str]], seconds: Mapping[str, float]) -> None:
    names = sorted({story for stories in found.values() for story in stories})
    numbers = {name: number for number, name in enumerate(names)}
    lines = ",\n".join(json.dumps([name, round(seconds[name], 2)]) for name in names)
    told = ",\n".join(f"{json.dumps(at)}: {json.dumps([numbers[one] for one in found[at]])}" for at in sorted(found))
    RECORDED.write_text(f'{{"stories": [\n{lines}\n], "functions": {{\n{told}\n}}}}\n', encoding="utf-8")


@cache
def _there(file: str) -> frozenset[str]:
    """The stories that a file of tests has now."""
    path = ROOT / file
    tree = ast.parse(path.read_bytes()) if path.exists() else ast.Module([], [])
    return frozenset(f"{file}::{one.name}" for one in tree.body if isinstance(one, Function))
