"""Says what a person should look at again before a case goes to a body."""

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts.words import Words, phrase


def lacks_power(board: Board, case: Case, holder: Holder) -> bool:
    """Returns whether the body's power is none of those that the case's kind needs; False where either has none."""
    kind = records.find(board, Kind, case.kind)
    return bool(holder.power and kind and kind.powers and holder.power not in kind.powers)


def doubt_of(board: Board, case: Case, holder: Holder) -> Words:
    """Returns what speaks against the body, "" for nothing."""
    if lacks_power(board, case, holder):
        return phrase("这一小类一般不归它管，请确认")
    return "" if holder.street in (None, case.street) else phrase("不在案件所在街镇")
