"""What giving a case to a body would do: the command, the words before it, and why it would be refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commandcenter.domain.cases import WITH_HOLDER, Case
from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.leading import ChangeLead, SetLead
from commandcenter.domain.decisions import Refused
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_NO_MOMENT = "no_moment"  # the refusal where none is given and the case's own is not ahead
_TEXT = "…"  # stands for a reason that is asked for later


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be done with a case, or why not (`why`).

    `asks_reason`: the reason in the command is still asked for. `lacks_moment`: it could be done until a given moment,
    so that it stays within reach of the keyboard and says so.
    """

    case: str
    words: Words
    command: Command
    asks_reason: bool = False
    why: Words = ""
    lacks_moment: bool = False

    @property
    def may(self) -> bool:
        """Whether it can be done."""
        return not str(self.why)

    @property
    def what(self) -> Words:
        """The name of the command."""
        return term("command", name_of(self.command), short=True)


class Offers:
    """Works out offers at a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def may_ever(self) -> bool:
        """Whether the person's role may set a lead at all."""
        return self._desk.why_not("set_lead", None) not in ("role", "signed_out")

    def lead(self, case: Case, body: str, rank: int | None = None) -> Offer:
        """Offers the body the lead of the case, in the place of the former lead if there is one.

        `rank` is that of the body among those that the platform proposed; None: it did not.
        """
        name = self._name(body)
        if case.stage in WITH_HOLDER:
            words = phrase("改由{name}主办，要写原因", name=name)
            return self._checked(case, words, ChangeLead(case.id, body, _TEXT, rank), asks_reason=True)
        return self._checked(case, phrase("定{name}为主办", name=name), SetLead(case.id, body, rank=rank))

    def helper(self, case: Case, body: str) -> Offer:
        """Offers the body to help with the case, for as long as the case itself has."""
        return self._checked(case, phrase("请{name}协办", name=self._name(body)), AddCoHandler(case.id, body))

    def _checked(self, case: Case, words: Words, command: SetLead | ChangeLead | AddCoHandler, **more: bool) -> Offer:
        offer = Offer(case.id, words, command, **more)
        seen = self._desk.preview(command)
        if not isinstance(seen, Refused):
            return offer
        return replace(offer, why=_why(seen), lacks_moment=seen.code == _NO_MOMENT)

    def _name(self, body: str) -> str:
        return names.holder_name(self._desk.board, body, short=True)


def _why(refused: Refused) -> Words:
    """Returns the words of a refusal, with what to do about it where an offer could not say a moment."""
    if refused.code == _NO_MOMENT:
        return phrase("案件已逾期，按 {key} 写明协办到什么时候", key=AddCoHandler.entry.key)
    return term("refusal", refused.code)
