"""Dialogs for text input and confirmation; none blocks the event loop with exec()."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.kit.dialogs.kept_input import KeptInput
from ui.kit.dialogs.sheet import Sheet, run_dialog
from ui.kit.forms.form import FormField, editor_text, personal_number_refusal
from ui.kit.labels.label import Label
from ui.kit.texts.words import Words, phrase


async def ask_text(
    parent: QWidget | None,
    *,
    title: Words,
    label: Words,
    text: str = "",
    many_lines: bool = False,
    check: Callable[[str], Words | None] | None = None,
    yes: Words | None = None,
    kept: KeptInput | None = None,
) -> str | None:
    """Asks for a text. Returns it stripped, or None when declined.

    ``kept`` holds what was typed for the next time, until its owner has given it and calls its ``forget``.
    ``check`` returns what is wrong with a text, or None. Texts with a personal number (telephone, identity or bank
    card) are refused.
    """
    sheet = Sheet(parent, title=title)
    editor = QPlainTextEdit(text) if many_lines else QLineEdit(text)
    editor.setAccessibleName(str(label))
    if isinstance(editor, QPlainTextEdit):
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(96)
    field = FormField(editor)
    if kept is not None and await kept.begin({"text": editor}):
        sheet.content.addWidget(Label(phrase("上次没有送出的，已取回"), level="label"))
    sheet.content.addWidget(Label(label, tone="tx2", wrap=True))
    sheet.content.addWidget(field)

    def accept() -> None:
        said = editor_text(editor)
        wrong = (
            (phrase("此项必填") if not said else None)
            or personal_number_refusal(said)
            or (check(said) if check else None)
        )
        field.set_error(wrong)
        if wrong is None:
            sheet.accept()

    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    key = "Ctrl ↵" if many_lines else "↵"
    sheet.add_answer(yes or phrase("确定"), accept, key=key, role="primary")
    editor.setFocus()
    try:
        is_given = await run_dialog(sheet)
    finally:
        if kept is not None:
            kept.keep()
    return editor_text(editor) if is_given else None


async def confirm(parent: QWidget | None, *, title: Words, text: Words, yes: Words | None = None) -> bool:
    """Asks for a confirmation. Returns True when it is given."""
    sheet = Sheet(parent, title=title)
    sheet.content.addWidget(Label(text, wrap=True))
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    main = sheet.add_answer(yes or phrase("确定"), sheet.accept, key="↵", role="primary")
    main.setFocus()
    return await run_dialog(sheet)
