"""Checks that every database engine hides statement parameters: error messages must not contain what people wrote."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [file for room in ("commandcenter", "ui", "tests") for file in ROOT.glob(f"{room}/**/*.py")]
MAKERS = {"create_engine", "create_async_engine", "engine_from_config", "create_mock_engine", "create_pool_from_url"}


def test_every_engine_hides_its_parameters() -> None:
    calls = {
        f"{path.relative_to(ROOT)}:{node.lineno}": {word.arg: ast.unparse(word.value) for word in node.keywords}
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MAKERS
    }
    assert len(calls) >= 2
    assert {where for where, words in calls.items() if words.get("hide_parameters") != "True"} == set()
