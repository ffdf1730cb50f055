"""Tries one breakage in a process of its own: the tests that cover its line, then fault schedules, until one fails."""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from types import CodeType
from typing import Any

import pytest

from tests.breakages.rules import Breakage

PLAIN = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:pytest-qt", "-o", "addopts=")
PLAIN += ("-W", "ignore::pytest.PytestConfigWarning")  # about pytest-qt's settings, as the plug-in is not loaded
PLAIN += ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # about modules that are loaded already
# Modules that every trial needs and no breakage changes: loaded once where the system has a fork server.
_READY = ["pytest", "_pytest.python", "sqlalchemy.dialects.sqlite", "fastapi", "httpx"]
_READY += ["httptools", "uvicorn", "msgspec", "argon2", "nacl.public", "numpy", "alembic.config", "unittest.mock"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: tests by their ids, then schedules by their seeds.

    No schedule starts after `enough` seconds; a trial that takes longer than `patience` seconds counts as endless.
    """

    breakage: Breakage
    stories: Sequence[str]
    schedules: Sequence[int]
    patience: float
    enough: float = 200.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a trial: `by` is the failed test or schedule, or the timeout; empty when the breakage escaped."""

    breakage: Breakage
    by: str
    seconds: float


def tried(trial: Trial) -> Verdict:
    """Returns the verdict of a process that runs with the breakage; it is killed when it takes too long.

    Raises RuntimeError when the trial itself failed.
    """
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(_READY)
    here, there = context.Pipe()
    process = context.Process(target=_in_process, args=(trial, there))
    began = time.monotonic()
    process.start()
    there.close()
    by: str | Exception
    try:
        by = here.recv() if here.poll(trial.patience) else f"time: not over after {trial.patience:.0f} s"
    except EOFError:
        by = "the end of the process"
    process.kill()
    process.join()
    if isinstance(by, BaseException):
        raise RuntimeError(f"{trial.breakage} could not be tried") from by
    return Verdict(trial.breakage, by, time.monotonic() - began)


class BrokenSource(importlib.abc.MetaPathFinder):
    """Imports one module with a breakage in it, without changing the file on disk."""

    def __init__(self, breakage: Breakage) -> None:
        self._breakage = breakage

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Returns the spec of that module; None for all others."""
        if fullname != self._breakage.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Broken(fullname, spec.origin, self._breakage)
        return spec


class _Broken(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, file: str, breakage: Breakage) -> None:
        super().__init__(name, file)
        self._breakage = breakage

    def get_code(self, fullname: str) -> CodeType:
        source = self._breakage.broken(self.get_data(self.path))
        return compile(source, self.path, "exec", dont_inherit=True)


def seen_by(trial: Trial) -> str:
    """Returns what failed first; this process runs with the breakage from now on."""
    assert trial.breakage.module not in sys.modules, "it was imported before it was broken"
    ends = time.monotonic() + trial.enough
    sys.meta_path.insert(0, BrokenSource(trial.breakage))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return failed_story(trial.stories) or _failed_schedule(trial.schedules, ends)


def failed_story(stories: Sequence[str]) -> str:
    """Returns the id of the first test that fails; empty when all pass."""
    listener = _Failures()
    code = pytest.main([*PLAIN, "--import-mode=importlib", *stories], plugins=[listener]) if stories else 0
    if code and not listener.first:
        raise RuntimeError(f"pytest ended with {code}, and no story failed")
    return listener.first


class _Failures:
    def __init__(self) -> None:
        self.first = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed:
            self.first = self.first or report.nodeid


def _failed_schedule(seeds: Sequence[int], ends: float) -> str:
    if not seeds:
        return ""
    try:
        simulate = importlib.import_module("tests.faults.simulate")
    except Exception as wrong:
        return f"the import of the schedules: {wrong}"
    simulate._ready()
    for seed in takewhile(lambda _: time.monotonic() < ends, seeds):
        broken = simulate.judged((seed, None)).broken
        if broken:
            return f"schedule {seed}: {broken[0].name}"
    return ""


def _in_process(trial: Trial, answer: "Connection[str | Exception, None]") -> None:
    with open(os.devnull, "w") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    try:
        answer.send(seen_by(trial))
    except Exception as wrong:
        answer.send(RuntimeError(repr(wrong)))
    os._exit(0)  # a broken program may leave threads that never end
