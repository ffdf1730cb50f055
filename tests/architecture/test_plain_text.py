"""Checks that no text from people or other systems is interpreted as markup: where Qt guesses, it gets plain text."""

import ast
from collections.abc import Iterator

import pytest

from tests.kit.sources import WINDOW, name_of, tree_of

TIPS = {"setToolTip", "setStatusTip", "setWhatsThis"}
TIP_ROLES = {"ToolTipRole", "StatusTipRole", "WhatsThisRole"}
# Names of Qt that show rich text or guess whether a text is rich; our Label never does.
GUESSING = {
    "QErrorMessage", "QInputDialog", "QMessageBox", "QProgressDialog", "QSplashScreen", "QTextBrowser",
    "QTextDocument", "QTextEdit", "QToolTip", "QWhatsThis", "appendHtml", "insertHtml", "setHtml", "setMarkdown",
    "setTabToolTip", "setTabWhatsThis",
}  # fmt: skip


def breaches(tree: ast.AST) -> Iterator[str]:
    """Yields each place in `tree` where text could be interpreted as markup, as "line: name"."""
    allowed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _returns_plain(node.body):
            allowed |= {id(part) for part in ast.walk(node.test)}
    says_plain = any(_name(node) == "PlainText" for node in ast.walk(tree))
    for node in ast.walk(tree):
        name = _name(node)
        if isinstance(node, ast.Call) and _name(node.func) in TIPS and not (node.args and _is_plain(node.args[0])):
            yield f"{node.lineno}: {_name(node.func)}"
        elif (name in TIP_ROLES and id(node) not in allowed) or name in GUESSING:
            yield f"{node.lineno}: {name}"
        elif isinstance(node, ast.Call) and _name(node.func) == "QLabel" and (node.args or not says_plain):
            yield f"{node.lineno}: QLabel"
        elif isinstance(node, ast.Attribute) and node.attr in ("RichText", "AutoText", "MarkdownText"):
            yield f"{node.lineno}: {node.attr}"


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) == "plain_tip"


def _returns_plain(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None and _is_plain(body[0].value)


def test_no_widget_guesses_whether_a_text_is_markup() -> None:
    assert [f"{name_of(path)}:{breach}" for path in WINDOW for breach in breaches(tree_of(path))] == []


@pytest.mark.parametrize(
    "code",
    [
        "self.setToolTip(text)",
        "action.setStatusTip(str(text))",
        "if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):\n    told = text",
        "if role == Qt.ItemDataRole.ToolTipRole:\n    told = text",
        "item.setData(0, Qt.ItemDataRole.ToolTipRole, text)",
        "box = QMessageBox()",
        "label = QLabel(text)",
        "label = QLabel()\nlabel.setText(text)",
        "tabs.setTabToolTip(0, text)",
        "label.setTextFormat(Qt.TextFormat.AutoText)",
    ],
)
def test_a_bare_call_is_seen(code: str) -> None:
    assert list(breaches(ast.parse(code)))


def test_what_goes_through_the_plain_way_is_no_breach() -> None:
    fine = (
        "self.setToolTip(plain_tip(text))\ndef data(role):\n    if role == ToolTipRole:\n        return plain_tip(x)\n"
    )
    assert list(breaches(ast.parse(fine))) == []
