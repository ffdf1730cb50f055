"""The about box: what this program is, and the notices of what it bundles."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from commandcenter import __version__
from resources import path
from ui.kit.dialogs import Sheet, run_dialog
from ui.kit.labels.label import Label
from ui.kit.texts.words import phrase
from ui.theme import mark


async def show_about(window: QWidget) -> None:
    """Shows what this program is, its version, and the notices of what it bundles."""
    sheet = Sheet(window, title=phrase("关于指挥中心"), width=620)
    sheet.content.addWidget(Label(f"commandcenter {__version__}", level="strong"))
    sheet.content.addWidget(
        Label(phrase("区、街镇两级指挥调度台与参考平台。地图为示意，审图号未载入。"), tone="tx2", wrap=True)
    )
    notices = path("NOTICES.md")
    if notices.exists():
        text = QPlainTextEdit(notices.read_text("utf-8"))
        text.setReadOnly(True)
        text.setFixedHeight(320)
        sheet.content.addWidget(mark(text, surface="bg2"))
    sheet.add_answer(phrase("关闭"), sheet.accept, key="↵", role="primary").setFocus()
    await run_dialog(sheet)
