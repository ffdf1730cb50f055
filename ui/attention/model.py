"""The rows of the list of attention: what is new, seen, stood before or was put off, each group under its heading."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt

from commandcenter.attention.causes import Concern
from commandcenter.attention.heed import Heed
from ui.attention.watch import AttentionWatch
from ui.attention.wording import Wording
from ui.kit.tables.rows import Index, Rows
from ui.kit.texts.words import Words, term


@dataclass(frozen=True, slots=True)
class HeedHeading:
    """The heading of a group."""

    heed: Heed
    count: int

    @property
    def words(self) -> Words:
        """Its name."""
        return term("attention_heed", self.heed)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that needs attention, and what was done about it."""

    concern: Concern
    heed: Heed


Row = HeedHeading | Entry


class AttentionModel(Rows[Row]):
    """The rows as `watch` has them, the gravest first within a group."""

    def __init__(self, watch: AttentionWatch, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(_key, parent)
        self._watch, self._wording = watch, wording

    def refresh(self) -> None:
        """Reads everything again."""
        entries = [Entry(one, self._watch.heed(one)) for one in self._watch.standing]
        rows: list[Row] = []
        for heed in Heed:
            group = [entry for entry in entries if entry.heed is heed]
            rows += [HeedHeading(heed, len(group)), *group] if group else []
        self.show_rows(rows)

    def entry_at(self, row: int) -> Entry | None:
        """Returns what stands in a row; None for a heading or outside the list."""
        found = self.at(row)
        return found if isinstance(found, Entry) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.entry_at(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def text(self, row: int) -> str:
        shown = self.rows[row]
        if isinstance(shown, HeedHeading):
            return f"{shown.words} {shown.count}"
        return f"{self._wording.sentence(shown.concern)} {self._wording.since(shown.concern)}"


def _key(row: Row) -> object:
    return row.heed if isinstance(row, HeedHeading) else row.concern.thing
