"""No object of the window is half made: what an attribute holds, it holds from the constructor on."""

import ast
from collections.abc import Iterator

from tests.kit.sources import WINDOW, name_of, tree_of

# None is a value of these, not a time before the value: nothing is chosen or shown, nothing is filtered, nothing known.
NONE_IS_A_VALUE = {
    "ui/kit/seat/focus.py": {"Focus._case"},
    "ui/inbox/listing.py": {"InboxList._chosen"},
    "ui/inbox/room.py": {"InboxRoom._shown"},
    "ui/inbox/side.py": {"InboxSide._case"},
    "ui/cases/case.py": {"CasePanel._case"},
    "ui/cases/deadline_box.py": {"DeadlineBox._case"},
    "ui/cases/why_box.py": {"WhyBox._deadline", "WhyBox._now"},
    "ui/kit/case_parts/case_history.py": {"CaseHistory._case"},
    "ui/kit/case_parts/timeline.py": {"TimelineModel._today"},
    "ui/kit/tables/model.py": {"TableModel._keep", "TableModel._group"},
    "ui/intake/kind_box.py": {"KindBox._chosen"},
    "ui/intake/where.py": {"PlaceBox.spot", "PlaceBox.grid", "PlaceBox.community"},
    "ui/charts/panel.py": {"Trend._day"},
    "ui/charts/share.py": {"ShareBar._day"},
    "ui/status/watch.py": {"StatusWatch._live_since"},
    "ui/drill/panel.py": {"_Head._from"},
}


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yields each attribute of self that a function assigns, with the value where it is known."""
    for node in ast.walk(function):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            value = node.value  # type: ignore[attr-defined]
            pairs: list[tuple[ast.expr, ast.expr | None]] = [(target, value)]
            if isinstance(target, ast.Tuple):
                values = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
                pairs = list(zip(target.elts, values, strict=True))
            for one, said in pairs:
                if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "self":
                    yield one.attr, said


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def late(tree: ast.AST) -> set[str]:
    """Returns "Class.attribute" for each attribute that a constructor sets to None and another method to something."""
    found = set()
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef):
            methods = [part for part in made.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
            first = {name for m in methods if m.name == "__init__" for name, value in _assigned(m) if _is_none(value)}
            later = {
                name for m in methods if m.name != "__init__" for name, value in _assigned(m) if not _is_none(value)
            }
            declared = {
                part.target.id
                for part in made.body
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and _is_none(part.value)
            }
            found |= {f"{made.name}.{name}" for name in (first | declared) & later}
    return found


def test_no_attribute_is_none_for_a_while() -> None:
    found = {name_of(path): late(tree_of(path)) for path in WINDOW}
    assert {name: attributes for name, attributes in found.items() if attributes} == NONE_IS_A_VALUE


def test_a_late_attribute_is_found_however_it_is_written() -> None:
    written = """
class Room:
    kept: str | None = None

    def __init__(self):
        self.plain: int | None = None
        self.one = self.other = None
        self.first, self.second = 1, None
        self.never = None

    async def open(self):
        self.plain, self.second = 1, 2
        self.other = self.kept = "x"
"""
    assert late(ast.parse(written)) == {"Room.plain", "Room.other", "Room.second", "Room.kept"}
