"""The room 交接班: the report of this shift as of when the room was opened, to be noted in, printed and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from commandcenter.domain.hall_shift import shift_at
from commandcenter.sync.connection import State
from commandcenter.sync.queries import FiguresQuery
from commandcenter.sync.unavailable import Unavailable
from ui.handover.blocks import Block
from ui.handover.document import HandoverDocument, Told, file_name
from ui.handover.paper import A4, print_pages, write_pdf
from ui.handover.reading import Handover, read
from ui.handover.side import HandoverSide
from ui.handover.view import ReportView
from ui.kit.labels.label import Retranslated, line
from ui.kit.layouts import hbox
from ui.kit.panels.cover import Cover
from ui.kit.panels.scroll import Scrolled
from ui.kit.seat.context import SeatContext
from ui.kit.seat.known import is_known
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.district_time import moment
from ui.kit.texts.faults import fault_name
from ui.kit.texts.words import phrase
from ui.theme import mark

DRAFT = "handover"


class HandoverRoom(Retranslated, Cover):
    """The report in a column, and beside it the note and the buttons.

    `begins` are the times of day at which shifts begin, as the setting has them.
    """

    def __init__(self, seat: SeatContext, begins: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._desk, self._begins = seat, seat.desk, begins
        self.view, self.side = ReportView(), HandoverSide()
        self.column = mark(Scrolled(self.view, phrase("交接班报告")), ring=False)
        self._read, self._told = self._fresh(), Told(why_not=phrase("正在问平台"))
        hbox(self, (self.column, 1), line("v", strong=True), self.side)
        self._wire()

    def enter(self, item: str | None) -> None:
        """Makes the report anew, and asks the platform for what only it knows."""
        self.renew()
        spawn(self._take_draft(), name="handover note", shown_by=self)
        self.take_focus()

    def take_focus(self) -> None:
        """Moves the keyboard focus to the report, which the arrow keys scroll."""
        self.column.setFocus()

    def renew(self) -> None:
        """Makes the report as of now."""
        self._read = self._fresh()
        link = self._desk.connection
        is_live, why = link.state is State.LIVE, phrase("正在问平台")
        known = is_known(self._desk)
        self._told = Told(why_not=why, is_live=is_live, is_known=known, as_of=link.last_heard, note=self.side.note)
        self._show()
        spawn(self._ask(self._read), name="handover figures", shown_by=self)

    def leave(self) -> None:
        self.side.take()
        super().leave()

    async def save(self, file: Path) -> None:
        """Writes the report as a PDF, and says so."""
        self.side.take()
        document = self._document()
        wrong = await write_pdf(file, document.blocks(), document.title)
        if wrong:
            self._seat.tell(phrase("报告没有存下（{why}）", why=wrong), "warn")
        else:
            self._seat.tell(phrase("报告已存为 {file}", file=file.name), "ok")

    def blocks(self) -> Sequence[Block]:
        """Returns the report as it is shown."""
        return self._document().blocks()

    def retell(self) -> None:
        self._show()

    def _wire(self) -> None:
        self.side.noted.connect(self._note)
        self.side.save.clicked.connect(lambda _on=False: self._choose_file())
        self.side.print_it.clicked.connect(lambda _on=False: self._choose_printer())
        self.side.renew.clicked.connect(lambda _on=False: self.renew())
        self.side.back.clicked.connect(lambda _on=False: self.dismiss())

    def _fresh(self) -> Handover:
        desk, now = self._desk, self._desk.now()
        assert desk.person is not None  # the room is of a role that somebody has
        shift = shift_at(now, names.zone(desk.board), self._begins)
        return read(desk.board, now, shift, desk.person, desk.unsent)

    def _document(self) -> HandoverDocument:
        return HandoverDocument(self._desk.board, self._read, self._told)

    def _show(self) -> None:
        self.view.show_blocks(self.blocks())
        at = moment(self._desk.board, self._read.at, self._desk.now())
        self.side.as_of.set_words(phrase("{at} 出具，之后的变化不在内", at=at))

    async def _ask(self, asked: Handover) -> None:
        """Asks for the figures of the shift; an answer about an earlier report is discarded."""
        try:
            done, why = await self._desk.ask(FiguresQuery(asked.shift.since, asked.at)), ""
        except Unavailable as error:
            done, why = None, fault_name(error.code)
        if asked is self._read:
            self._told = replace(self._told, done=done, why_not=why)
            self._show()

    def _note(self) -> None:
        self._told = replace(self._told, note=self.side.note)
        self._show()
        kept = {"shift": self._read.shift.since.isoformat(), "note": self.side.note}
        spawn(self._desk.drafts.keep(DRAFT, kept if self.side.note else None), name="keep the handover note")

    async def _take_draft(self) -> None:
        """Shows the note that was begun in this shift, unless another is being typed."""
        kept = await self._desk.drafts.of(DRAFT)
        if kept.get("shift") == self._read.shift.since.isoformat() and not self.side.editor.toPlainText():
            self.side.set_note(kept.get("note", ""))

    def _choose_file(self) -> None:
        if not self.side.settle():
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, str(phrase("存为 PDF")), folder, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setLabelText(QFileDialog.DialogLabel.LookIn, str(phrase("位置")))
        dialog.setLabelText(QFileDialog.DialogLabel.FileType, str(phrase("类型")))
        dialog.selectFile(file_name(self._document().title))
        dialog.fileSelected.connect(lambda file: spawn(self.save(Path(file)), name="save the handover report"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_printer(self) -> None:
        if not self.side.settle():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(A4)
        document = self._document()
        blocks, title = document.blocks(), document.title
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: spawn(print_pages(printer, blocks, title), name="print the handover report"))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)
