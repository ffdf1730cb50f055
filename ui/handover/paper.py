"""Puts a report on paper: pages of A4 with their numbers, by a printer or into a PDF with its font."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from ui.handover.blocks import Block
from ui.handover.typesetting import Strip, pages, paint_strips, strips
from ui.kit.texts.words import say
from ui.theme import MEASURES, paint
from ui.theme.current_theme import worn

PER_INCH = 96  # pixels of the typesetting
MARGIN = 15.0  # millimetres
FOOT = 36  # pixels at the foot of a page, for its number
RESOLUTION = 300  # dots an inch of a PDF
A4 = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4),
    QPageLayout.Orientation.Portrait,
    QMarginsF(*(MARGIN,) * 4),
    QPageLayout.Unit.Millimeter,
)


async def write_pdf(file: Path, blocks: Sequence[Block], title: str) -> str:
    """Writes a report as a PDF, whole or not at all; returns why it could not, "" when it could."""
    target = QSaveFile(str(file))
    if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
        return target.errorString()
    writer = QPdfWriter(target)
    writer.setResolution(RESOLUTION)
    writer.setTitle(title)
    writer.setCreator("commandcenter")
    writer.setPageLayout(A4)
    await print_pages(writer, blocks, title)
    return "" if target.commit() else target.errorString()


async def print_pages(device: QPagedPaintDevice, blocks: Sequence[Block], title: str) -> int:
    """Paints a report on `device`, whose layout is kept; returns the number of pages.

    After each page the program goes on, so that the desk never stands still for longer than for one.
    """
    area = device.pageLayout().paintRectPixels(PER_INCH)
    found = pages(strips(blocks, area.width()), area.height() - FOOT)
    painter = QPainter(device)
    try:
        painter.scale(device.logicalDpiX() / PER_INCH, device.logicalDpiY() / PER_INCH)
        for at, page in enumerate(found, start=1):
            if at > 1:
                device.newPage()
            _paint_page(painter, page, QRectF(0, 0, area.width(), area.height()), title, (at, len(found)))
            await asyncio.sleep(0)
    finally:
        painter.end()
    return len(found)


def _paint_page(painter: QPainter, page: Sequence[Strip], area: QRectF, title: str, number: tuple[int, int]) -> None:
    with worn("light"):  # paper is white, whatever the desk wears
        paint_strips(painter, page, 0, 0, area.width())
        foot = QRectF(0, area.height() - 18, area.width(), 18)
        paint.words(painter, foot, title, token="tx3", size=MEASURES.note)
        said = say("第 {n} / {all} 页", n=number[0], all=number[1])
        paint.words(painter, foot, said, token="tx3", size=MEASURES.note, align=Qt.AlignmentFlag.AlignRight)
