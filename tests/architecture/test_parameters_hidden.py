"""Checks that every database engine hides statement parameters: error messages must not contain what people wrote."""

import ast

from tests.kit.sources import PRODUCT, TESTS, name_of, tree_of

MAKERS = {"create_engine", "create_async_engine", "engine_from_config", "create_mock_engine", "create_pool_from_url"}


def test_every_engine_hides_its_parameters() -> None:
    calls = {
        f"{name_of(path)}:{node.lineno}": {word.arg: ast.unparse(word.value) for word in node.keywords}
        for path in (*PRODUCT, *TESTS)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MAKERS
    }
    assert len(calls) >= 2
    assert {where for where, words in calls.items() if words.get("hide_parameters") != "True"} == set()
