"""Dialogs for text input, choice, confirmation and messages; none blocks the event loop with exec()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.kit.controls.buttons import KeyButton
from ui.kit.dialogs.sheet import Sheet, run_dialog
from ui.kit.forms.form import FormField, editor_text, personal_number_refusal
from ui.kit.labels.label import Label
from ui.kit.texts.words import Words, phrase


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``note`` explains it, a non-empty ``why_not`` disables it and gives the reason."""

    id: str
    words: Words
    note: Words = ""
    why_not: Words = ""


async def ask_text(
    parent: QWidget | None,
    *,
    title: Words,
    label: Words,
    text: str = "",
    hint: Words = "",
    many_lines: bool = False,
    required: bool = True,
    check: Callable[[str], Words | None] | None = None,
    yes: Words | None = None,
    danger: bool = False,
) -> str | None:
    """Asks for a text. Returns it stripped, or None when declined.

    ``check`` returns what is wrong with a text, or None. Texts with a personal number (telephone, identity or bank
    card) are refused.
    """
    sheet = Sheet(parent, title=title)
    editor = QPlainTextEdit(text) if many_lines else QLineEdit(text)
    editor.setAccessibleName(str(label))
    if isinstance(editor, QPlainTextEdit):
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(96)
    field = FormField(editor, hint=hint)
    sheet.content.addWidget(Label(label, tone="tx2", wrap=True))
    sheet.content.addWidget(field)

    def accept() -> None:
        said = editor_text(editor)
        blank = phrase("此项必填") if required and not said else None
        wrong = blank or personal_number_refusal(said) or (check(said) if check else None)
        field.set_error(wrong)
        if wrong is None:
            sheet.accept()

    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    key = "Ctrl ↵" if many_lines else "↵"
    sheet.add_answer(yes or phrase("确定"), accept, key=key, role="danger" if danger else "primary")
    editor.setFocus()
    return editor_text(editor) if await run_dialog(sheet) else None


async def choose(
    parent: QWidget | None, *, title: Words, text: Words = "", options: Sequence[Option], yes: Words | None = None
) -> str | None:
    """Offers options with the keys 1–9. Returns the id of the chosen one, None when declined.

    With ``yes``, an option is only selected first, and taken by that answer.
    """
    sheet = Sheet(parent, title=title)
    chosen: list[str] = []
    buttons: list[KeyButton] = []
    if str(text):
        sheet.content.addWidget(Label(text, tone="tx2", wrap=True))

    def take(option: Option, button: KeyButton) -> None:
        chosen[:] = [option.id]
        for other in buttons:
            other.setChecked(other is button)
        if yes is None:
            sheet.accept()

    for place, option in enumerate(options, start=1):
        button = KeyButton(option.words, key=str(place) if place < 10 else "", role="option", spread=True, live=True)
        button.setCheckable(True)
        button.clicked.connect(lambda _on=False, option=option, button=button: take(option, button))
        if str(option.why_not):
            button.disable(option.why_not)
        buttons.append(button)
        sheet.content.addWidget(button)
        if str(option.note):
            sheet.content.addWidget(Label(option.note, level="label", wrap=True))
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    if yes is not None:
        sheet.add_answer(yes, lambda: sheet.done(1 if chosen else 0), key="↵", role="primary")
    return chosen[0] if await run_dialog(sheet) and chosen else None


async def confirm(
    parent: QWidget | None, *, title: Words, text: Words, yes: Words | None = None, danger: bool = False
) -> bool:
    """Asks for a confirmation. Returns True when it is given."""
    sheet = Sheet(parent, title=title)
    sheet.content.addWidget(Label(text, wrap=True))
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    main = sheet.add_answer(yes or phrase("确定"), sheet.accept, key="↵", role="danger" if danger else "primary")
    main.setFocus()
    return await run_dialog(sheet)


async def show_message(parent: QWidget | None, *, title: Words, text: Words, detail: str = "") -> None:
    """Shows a message until it is acknowledged; ``detail`` can be selected and copied."""
    sheet = Sheet(parent, title=title)
    sheet.content.addWidget(Label(text, wrap=True))
    if detail:
        sheet.content.addWidget(Label(detail, level="label", wrap=True, selectable=True))
    sheet.add_answer(phrase("知道了"), sheet.accept, key="↵", role="primary").setFocus()
    await run_dialog(sheet)
