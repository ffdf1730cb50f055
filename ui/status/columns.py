"""A seat's own acts in words: when, how far, what, on which case, and why when the person is needed."""

from commandcenter.domain.cases import Case
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from ui.kit import names
from ui.kit.numbers import case_number
from ui.kit.words import say, word

DELIVERY_KEYS = {
    Delivery.DONE: "done",
    Delivery.KEPT: "kept",
    Delivery.SENT: "sent",
    Delivery.NEEDS_YOU: "needs_you",
}
TONES = {"done": "ok", "kept": "tx2", "sent": "ac", "needs_you": "vio"}


def about(board: Board, act: Act) -> str:
    """What was done, on which case: 派遣 00421 道路积水."""
    case = board.find(*act.ref) or board.confirmed(*act.ref)
    what = word("command", act.name)
    if not isinstance(case, Case):
        return what
    number = case_number(case.number).tail if case.number else say("待编号")
    return f"{what}  {number}  {names.title(board, case)}"


def remark(act: Act) -> str:
    """What there is to say of how it stands: the reason of a refusal, or what comes next."""
    if act.delivery is Delivery.NEEDS_YOU:
        return word("refusal", act.code or "")
    if act.delivery is Delivery.KEPT:
        return say("连上后依次送达")
    return say("平台已收，等待生效") if act.delivery is Delivery.SENT else ""
