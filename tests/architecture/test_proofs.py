"""Checks the tests: each can fail, can be replayed, and does not depend on the speed of the machine."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.kit.sources import TESTS, functions_of, name_of, tree_of

STORIES = [path for path in TESTS if path.name.startswith("test_")]
# These raise an error when what they wait or check for does not hold.
WAITS = {"waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitCallback", "check_returncode", "wait_for"}
ASSERTS = {"raises", "warns", "fail", "deprecated_call"}
# Calls that read a clock of the machine, or that wait for a fixed time.
CLOCKS = {"remainingTime", "perf_counter", "perf_counter_ns", "QElapsedTimer"}
PAUSES = {"qWait", "qSleep", "msleep"}


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _asserts(function: ast.AST) -> bool:
    if any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(function)):
        return True
    return any(_last(call.func) in ASSERTS | WAITS for call in _calls(function))


@cache
def _asserting_helpers() -> set[str]:
    """Returns the names of helper functions that assert something or limit a wait by `asyncio.timeout`."""
    found = [f for path in TESTS for f in functions_of(tree_of(path))]
    return {f.name for f in found if not f.name.startswith("test_") and (_asserts(f) or _times_out(f))}


def _times_out(function: ast.AST) -> bool:
    return any(ast.unparse(call.func) == "asyncio.timeout" for call in _calls(function))


def idle_tests(tree: ast.AST) -> list[str]:
    """Returns the names of the tests in `tree` that neither assert anything nor call a helper that does."""
    tests = (f for f in functions_of(tree) if f.name.startswith("test_"))
    helpers = _asserting_helpers() & _of_the_tests(tree)
    return [
        f.name
        for f in tests
        if not _asserts(f) and not any(isinstance(c.func, ast.Name) and c.func.id in helpers for c in _calls(f))
    ]


def _of_the_tests(tree: ast.AST) -> set[str]:
    """Returns the names of functions that `tree` defines, and of everything that it imports from `tests`."""
    made = {f.name for f in functions_of(tree)}
    imports = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("tests."))
    return made | {alias.asname or alias.name for one in imports for alias in one.names}


def loose_chance(tree: ast.AST) -> list[int]:
    """Returns the lines that make a random generator without a reproducible seed."""
    return [
        call.lineno
        for call in _calls(tree)
        if ast.unparse(call.func) in ("random.Random", "np.random.default_rng", "Random")
        and (not call.args or "random.random" in ast.unparse(call.args[0]))
    ]


def hurried(tree: ast.AST) -> list[str]:
    """Returns "line: call" for each call that depends on the speed or the clock of the machine."""
    found = []
    for call in _calls(tree):
        name = ast.unparse(call.func)
        if (
            (_last(call.func) in CLOCKS and not name.startswith("calendar."))
            or name == "time.sleep"
            or _last(call.func) in PAUSES
        ):
            found.append(f"{call.lineno}: {name}")
        elif any(cap < (30 if name.startswith("asyncio.") else 30_000) for cap in _caps(call, name)):
            found.append(f"{call.lineno}: {name} gives up too soon")
    return found


def _caps(call: ast.Call, name: str) -> list[float]:
    """Returns the constant timeouts of a call: seconds for asyncio, milliseconds for Qt."""
    given = [word.value for word in call.keywords if word.arg == "timeout" and _last(call.func) in WAITS]
    given += {"asyncio.timeout": call.args[:1], "asyncio.wait_for": call.args[1:2]}.get(name, [])
    return [float(cap.value) for cap in given if isinstance(cap, ast.Constant) and isinstance(cap.value, int | float)]


@pytest.mark.parametrize("breaches", [idle_tests, loose_chance, hurried])
def test_every_test_asserts_and_hangs_on_no_machine(breaches) -> None:
    assert [(name_of(path), breach) for path in STORIES for breach in breaches(tree_of(path))] == []


def test_a_test_is_left_out_for_the_system_that_it_runs_on_alone() -> None:
    """Never by user id: an ordinary user and root prove the same."""
    asked = {
        f"{name_of(path)}:{call.lineno}"
        for path in STORIES
        for call in _calls(tree_of(path))
        if _last(call.func) in ("skipif", "skip") and "uid" in ast.unparse(call)
    }
    assert asked == set()


@pytest.mark.parametrize(
    ("code", "seen_by"),
    [
        ("def test_a():\n    act()", idle_tests),
        ("async def test_a(desk):\n    await desk.do(1)", idle_tests),
        ("chance = random.Random(random.random())", loose_chance),
        ("chance = random.Random()", loose_chance),
        ("assert timer.remainingTime() < 3", hurried),
        ("time.sleep(1)", hurried),
        ("qtbot.waitUntil(seen, timeout=500)", hurried),
        ("asyncio.timeout(5)", hurried),
        ("asyncio.wait_for(done.wait(), 10)", hurried),
    ],
)
def test_a_breach_is_seen(code: str, seen_by: object) -> None:
    assert callable(seen_by)
    assert seen_by(ast.parse(code))
