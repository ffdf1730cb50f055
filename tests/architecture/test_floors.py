"""Checks the architecture rules: import layers, what the core must not load, lengths of files and functions."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

from tests.kit.sources import PRODUCT, ROOT, functions_of, name_of, text_of, tree_of

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


def test_a_file_has_one_subject_and_says_it() -> None:
    assert [name_of(path) for path in PRODUCT if len(text_of(path).splitlines()) > 300] == []
    untold = [name_of(path) for path in PRODUCT if not ast.get_docstring(tree_of(path))]
    assert untold == [], "a module says in one sentence what it keeps"


def test_functions_stay_short() -> None:
    lengths = []
    for path in PRODUCT:
        for function in functions_of(tree_of(path)):
            lengths.append((function.end_lineno or 0) - function.lineno + 1)
    assert statistics.median(lengths) <= 6
    assert statistics.quantiles(lengths, n=10)[-1] <= 18


def _hidden_imports(path: Path) -> set[str]:
    """Returns the dotted names that functions of the file import."""
    hidden = set()
    for function in functions_of(tree_of(path)):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                hidden |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                hidden |= {f"{node.module}.{alias.name}" for alias in node.names}
    return hidden


def _may_be_late(path: Path, name: str) -> bool:
    late = LATE | LATE_DOORS.get(name_of(path), set())
    return any(name == one or name.startswith(one + ".") for one in late)


def test_no_import_hides_in_a_function() -> None:
    install = ROOT / "commandcenter/install"  # the set-up runs before anything is installed, and imports what it can
    files = [path for path in PRODUCT if not path.is_relative_to(install)]
    found = {name_of(path): [name for name in _hidden_imports(path) if not _may_be_late(path, name)] for path in files}
    assert {name: hidden for name, hidden in found.items() if hidden} == {}
