"""Writes as TOML what tomllib reads; values are preserved, comments are not."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any


def to_toml(tree: dict[str, Any]) -> str:
    r"""Returns the tree as TOML, plain values before tables.

    >>> to_toml({"language": "zh", "platform": {"url": "", "retry": True}})
    'language = "zh"\n\n[platform]\nurl = ""\nretry = true\n'
    """
    return "\n".join(_table(tree, ())).lstrip("\n") + "\n"


def _table(tree: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for name, value in tree.items():
        if not isinstance(value, dict):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tree.items():
        if isinstance(value, dict):
            here = (*path, _key(name))
            yield f"\n[{'.'.join(here)}]"
            yield from _table(value, here)


def _key(name: str) -> str:
    plain = name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name)
    return name if plain else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(name)} = {_value(one)}' for name, one in value.items())}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return repr(value)


def _text(value: str) -> str:
    """Returns a TOML basic string: JSON escapes are valid TOML, except that DEL has to be escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
