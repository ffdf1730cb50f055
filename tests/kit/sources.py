"""The source files of the project as the rules of the house read them: each is parsed once in a run."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINDOW = sorted(ROOT.glob("ui/**/*.py"))
PRODUCT = sorted([*ROOT.glob("commandcenter/**/*.py"), *WINDOW])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def text_of(path: Path) -> str:
    """Returns what the file says."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """Returns the file's syntax tree; nobody changes it."""
    return ast.parse(text_of(path))


def name_of(path: Path) -> str:
    """Returns the file's path inside the project, with "/"."""
    return path.relative_to(ROOT).as_posix()


def functions_of(tree: ast.AST) -> list[Function]:
    """Returns all functions and methods in `tree`."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]
