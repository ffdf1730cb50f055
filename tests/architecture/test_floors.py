"""Checks the architecture rules: import layers, what the core must not load, lengths of files and functions."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted([*ROOT.glob("commandcenter/**/*.py"), *ROOT.glob("ui/**/*.py")])
# Heavy packages are imported by the function that first needs them; no other import may be inside a function.
LATE = {
    *("folium", "pandas", "pyqtgraph", "pypinyin", "qasync", "tomlkit"),
    *("PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets"),
}
# Imports that the first paint does not need, by importing file: these modules load the heavy packages.
LATE_DOORS = {
    "commandcenter/bootstrap.py": {"commandcenter.client.session.Session"},
    "commandcenter/server/queries/lead_advice.py": {"commandcenter.recommendation.leads"},
    "ui/app/start.py": {"ui.app.process.faults.Faults", "ui.app.console_application.ConsoleApplication"},
    "ui/app/console_application.py": {"ui.app.drilling.DrillNetwork"},
    "ui/app/drilling.py": {"commandcenter.demonstration.drill.Drill"},
    "ui/app/intake_action.py": {"ui.intake.floating.FloatingIntake"},
    "ui/attention/sounds.py": {"PySide6.QtMultimedia.QMediaDevices", "PySide6.QtMultimedia.QSoundEffect"},
    "ui/workspaces/handover_cover.py": {"ui.handover.room.HandoverRoom"},
    "ui/workspaces/leads_cover.py": {"ui.leads.room.LeadsRoom"},
    "ui/workspaces/teams_cover.py": {"ui.teams.room.TeamsRoom"},
    "ui/workspaces/dispatch/lower_panels.py": {"ui.charts.panel.Trend"},
    "ui/map/channel.py": {"ui.map.engine.MapEngine"},
}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_floors_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_core_loads_no_window_and_the_domain_no_package() -> None:
    program = """
import sys
before = set(sys.modules)
import importlib, pkgutil, commandcenter.domain as domain
def load(package):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".migrations." not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
load(domain)
third = {m.split(".")[0] for m in set(sys.modules) - before} - sys.stdlib_module_names - {"commandcenter"}
assert not [m for m in third if not m.startswith("_")], third
import commandcenter
load(commandcenter)
assert not [m for m in sys.modules if m.split(".")[0] in ("PySide6", "shiboken6", "qasync", "ui")]
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("path", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_has_one_subject_and_says_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)), "a module says in one sentence what it keeps"


def test_functions_stay_short() -> None:
    lengths = []
    for path in PRODUCT:
        for function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            lengths.append((function.end_lineno or 0) - function.lineno + 1)
    assert statistics.median(lengths) <= 6
    assert statistics.quantiles(lengths, n=10)[-1] <= 18


@pytest.mark.parametrize("path", PRODUCT, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    if path.is_relative_to(ROOT / "commandcenter/install"):
        return  # the set-up runs before anything is installed and imports as little as it can
    hidden = set()
    for function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                hidden |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                hidden |= {f"{node.module}.{alias.name}" for alias in node.names}
    late = LATE | LATE_DOORS.get(path.relative_to(ROOT).as_posix(), set())
    assert not [name for name in hidden if not any(name == one or name.startswith(one + ".") for one in late)]
