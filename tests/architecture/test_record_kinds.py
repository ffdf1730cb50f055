"""Checks that no file but the declaration tells one kind of record from another by its name or its type."""

import ast

import pytest

from commandcenter.domain.records import KINDS
from tests.kit.sources import PRODUCT, Function, name_of, tree_of

DECLARATION = "commandcenter/domain/records.py"
LIVE = {name for name, kind in KINDS.items() if kind.is_live}
TYPES = {kind.type.__name__ for kind in KINDS.values()} - {"Case"}  # what the hall is about is no special case
CONTENT = {  # what only records of that kind have
    "commandcenter/domain/commands/references.py": {"Calendar"},
    "commandcenter/domain/soundness.py": {"Kind", "Calendar", "District"},
    "commandcenter/server/command_pipeline/effect.py": {"Holder"},
    "commandcenter/server/storage/projections.py": {"District"},
}


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
            texts = _texts(node)
            return texts >= LIVE or (len(texts) > 1 and texts <= LIVE)
    return False


def _names(node: ast.AST | None) -> set[str]:
    return set() if node is None else {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _types_told(tree: ast.AST) -> set[str]:
    """Returns the kinds from which a function tells a parameter that may be any record, by its type."""
    told = set()
    for function in ast.walk(tree):
        if not isinstance(function, Function | ast.Lambda):
            continue
        given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        records = {one.arg for one in given if "Record" in _names(one.annotation)}
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), types]) if name in records:
                    told |= _names(types) & TYPES
                case ast.MatchClass(cls=ast.Name(id=name)):
                    told |= {name} & TYPES
                case ast.Compare(left=ast.Call(func=ast.Name(id="type")), comparators=others):
                    told |= set().union(*map(_names, others)) & TYPES
    return told


def _special_cases(tree: ast.AST) -> list[int]:
    return sorted({node.lineno for node in ast.walk(tree) if _is_special(node)})


def test_no_kind_of_record_is_a_special_case() -> None:
    found = {name_of(path): _special_cases(tree_of(path)) for path in PRODUCT}
    assert [name for name, lines in found.items() if lines and name != DECLARATION] == [], "say it in domain/records.py"


def test_no_type_of_record_is_a_special_case() -> None:
    found = {name_of(path): _types_told(tree_of(path)) for path in PRODUCT if name_of(path) != DECLARATION}
    assert {name: types for name, types in found.items() if types} == CONTENT, "say it in domain/records.py"


@pytest.mark.parametrize(
    "planted",
    [
        "def of(record: Record): return record.unit if isinstance(record, Crew) else None",
        "async def of(connection, *, record: Record | None): return isinstance(record, (Crew, Case))",
        "def of(record: Record): return type(record) is Crew",
        "def of(record: Record):\n match record:\n  case Crew(): pass",
    ],
)
def test_a_type_that_is_asked_for_is_found(planted: str) -> None:
    assert _types_told(ast.parse(planted)) == {"Crew"}


def test_the_type_of_what_was_looked_up_by_its_kind_may_be_asserted() -> None:
    asserted = "def of(view: View):\n one = view.find('crew', 'c')\n assert isinstance(one, Crew)"
    assert not _types_told(ast.parse(asserted))


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
    assert _special_cases(ast.parse(planted)) == [planted.count("\n") + 1]


@pytest.mark.parametrize(
    "lookup",
    ['board.find("case", key)', 'gone = [("case", one.id) for one in cases]', 'if field in ("place", "street"): pass'],
)
def test_a_record_may_be_looked_up_by_the_name_of_its_kind(lookup: str) -> None:
    assert not _special_cases(ast.parse(lookup))
