"""Composes the texts of generated cases (reports by kind and channel, findings, reasons) from fixed phrases."""

from collections.abc import Sequence
from dataclasses import dataclass

from commandcenter.simulation.reference import Table


@dataclass(frozen=True)
class DemoPhrases:
    """The phrases of resources/demo/words.toml.

    A `pick` is any non-negative integer; the same pick gives the same phrase.
    """

    phrases: Table

    def text(self, kind: str, channel: str, pick: int, words: str = "") -> str:
        """Returns the description of a case of `kind` that came by `channel`; by `words` what it is about, if given."""
        said = words or self._from(self.phrases["text"][kind], pick)
        opening = self._from(self.phrases["opening"].get(channel, [""]), pick >> 3)
        closing = self._from(self.phrases["closing"], pick >> 6)
        return opening + self._filled(said, pick >> 9) + closing

    def finding(self, kind: str, pick: int) -> str:
        """Returns a holder's report on a case of `kind`."""
        findings = self.phrases["finding"]
        return self._from(findings.get(kind) or findings[kind[:3]], pick)

    def phrase(self, which: str, pick: int) -> str:
        """Returns a phrase of the list `which`: `returns`, `approvals`, `denials`, `notes` or `closings`."""
        return self._from(self.phrases[which], pick)

    def _filled(self, text: str, pick: int) -> str:
        if "{" not in text:
            return text
        when, side = self._from(self.phrases["when"], pick), self._from(self.phrases["side"], pick >> 4)
        return text.format(n=2 + (pick >> 8) % 7, when=when, side=side)

    @staticmethod
    def _from(phrases: Sequence[str], pick: int) -> str:
        return phrases[pick % len(phrases)]
