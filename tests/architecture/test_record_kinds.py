"""Checks that no file but the declaration tells one kind of record from another by its name."""

import ast
from pathlib import Path

import pytest

from commandcenter.domain.records import KINDS

ROOT = Path(__file__).parents[2]
DECLARATION = ROOT / "commandcenter/domain/records.py"
PRODUCT = sorted({*ROOT.glob("commandcenter/**/*.py"), *ROOT.glob("ui/**/*.py")} - {DECLARATION})
LIVE = {name for name, kind in KINDS.items() if kind.is_live}


def _texts(node: ast.expr | None) -> set[object]:
    """Returns the constant that `node` is, or those in the collection that it writes down; a dict by its keys."""
    match node:
        case ast.Constant(value=value):
            return {value}
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(keys=parts):
            return {part.value if isinstance(part, ast.Constant) else None for part in parts}
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "tuple"), args=[inner]):
            return _texts(inner)
    return set()


def _is_special(node: ast.AST) -> bool:
    """Whether `node` compares something with names of kinds alone, or lists the live ones."""
    match node:
        case ast.Compare(left=left, comparators=others):
            return any(texts and texts <= KINDS.keys() for texts in map(_texts, (left, *others)))
        case ast.MatchValue(value=value):
            return bool(_texts(value) & KINDS.keys())
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
            return _texts(node) >= LIVE
    return False


def _special_cases(source: str) -> list[int]:
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if _is_special(node)})


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_kind_of_record_is_a_special_case(path: Path) -> None:
    assert not _special_cases(path.read_text(encoding="utf-8")), "say it in domain/records.py"


@pytest.mark.parametrize(
    "planted",
    [
        'if kind == "crew": pass',
        'stays = "crew" != kind_of(record)',
        'here = log.c.kind == "case"',
        'found = [one for one in refs if one[0] in ("case", "crew")]',
        'if kind not in frozenset({"case", "district"}): pass',
        'ids = {"case": cases, "crew": crews}.get(kind)',
        'for kind in ["crew", "case"]: pass',
        'match kind:\n case "case": pass',
    ],
)
def test_a_special_case_that_is_planted_is_found(planted: str) -> None:
    assert _special_cases(planted) == [planted.count("\n") + 1]


@pytest.mark.parametrize(
    "lookup",
    ['board.find("case", key)', 'gone = [("case", one.id) for one in cases]', 'if field in ("place", "street"): pass'],
)
def test_a_record_may_be_looked_up_by_the_name_of_its_kind(lookup: str) -> None:
    assert not _special_cases(lookup)
