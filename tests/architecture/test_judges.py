"""Checks that the test judges (oracles) have rules of their own and import none from the program that they judge."""

import ast
from pathlib import Path

import pytest

from tests.kit.sources import ROOT, name_of, text_of, tree_of

JUDGES = sorted([*ROOT.glob("tests/faults/*.py"), *ROOT.glob("tests/fuzz/*.py"), *ROOT.glob("tests/ribbon/oracle.py")])
RULES = {
    "commandcenter.domain.commands.next_commands",
    "commandcenter.domain.commands.refusal_code",
    "commandcenter.domain.decisions.decide",
    "commandcenter.domain.fields.guards_of",
    "commandcenter.domain.people.may_adopt",
    "commandcenter.domain.rules",
    "commandcenter.domain.secrecy",
    "commandcenter.domain.visibility",
    "commandcenter.server.storage.scope",
    "commandcenter.server.storage.secrecy",
    "commandcenter.sync.send_order",
}
BREAKS_THEM = {"tests/faults/mutants_of_rules.py"}  # on purpose, to test that the judges notice


def _imported(path: Path) -> set[str]:
    """Returns the dotted names of all modules that the file imports, and of all names imported from them."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_judge_takes_its_rules_from_the_program() -> None:
    assert {name_of(path) for path in JUDGES if _imported(path) & RULES} <= BREAKS_THEM


def test_whose_a_token_is_no_judge_asks_the_program() -> None:
    assert [path.name for path in JUDGES if path.parent.name == "faults" and "seats.find(" in text_of(path)] == []


@pytest.mark.parametrize("path", ["tests/faults/rules.py", "tests/faults/reasons.py"])
def test_the_hand_written_rules_know_nothing_of_the_program(path: str) -> None:
    imported = _imported(ROOT / path)
    assert not [name for name in imported if name.partition(".")[0] in ("commandcenter", "ui", "tests")]
