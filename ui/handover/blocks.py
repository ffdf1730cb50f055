"""The parts of a report as plain data: headings, figures, tables and running text, whatever they are painted on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the report, with lines about it."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a chapter; `note` stands beside it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures side by side, each with its name."""

    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its share of the width, and whether it stands at the right.

    One that `gives_way` is cut where there is little room; the cells of the others are not.
    """

    title: str
    share: float
    is_right: bool = False
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a tone; `glyph` names a shape before it, "" for none."""

    text: str
    tone: str = "tx1"
    is_bold: bool = False
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the titles of columns; the last row may be a `total`."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Running text in a tone."""

    text: str
    tone: str = "tx1"


Block = Title | Heading | Figures | Table | Text


def plain_text(blocks: Sequence[Block]) -> str:
    """Returns a report as lines, for who does not see it."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Title():
                lines += [block.text, *block.lines]
            case Heading():
                lines.append(f"{block.text} {block.note}".strip())
            case Figures():
                lines += [f"{name} {value}" for name, value in block.shown]
            case Table():
                rows = (*block.rows, block.total) if block.total else block.rows
                lines.append(" ".join(column.title for column in block.columns))
                lines += [" ".join(cell.text for cell in row) for row in rows]
            case Text():
                lines.append(block.text)
    return "\n".join(lines)
