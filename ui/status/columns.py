"""The texts of the seat's own acts: when, delivery state, what, on which records, and why the user is needed."""

from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from ui.kit.case_parts.deliveries import KEY, glyph_of, sent_after_sign_in, without_effect
from ui.kit.texts import names
from ui.kit.texts.district_time import clock
from ui.kit.texts.faults import Why, fault_name
from ui.kit.texts.words import say, word

TONES = {"done": "ok", "kept": "tx2", "sent": "ac", "needs_you": "vio", "dropped": "tx3", "replaced": "tx3"}


def delivery_term(act: Act) -> tuple[str, str, str]:
    """Returns (glyph, table of terms, key) of the delivery state; a dropped act, which had no effect, has its own."""
    if act.is_dropped:
        return "light.none", "waits", "replaced" if act.code == "replaced" else "dropped"
    return glyph_of(act.delivery), "delivery", KEY[act.delivery]


def about(board: Board, act: Act) -> str:
    """Returns what was done, on which records, to whom, on whose behalf: 派遣 00421 道路积水 → 望湖·城管 代派遣员."""
    what = word("command", act.name)
    behalf = "  " + say("代{who}", who=names.account_name(board, act.on_behalf_of)) if act.on_behalf_of else ""
    known = (board.find(*ref) or board.confirmed(*ref) for ref in act.refs)
    named = [names.heading(board, record, gap="  ") for record in known if record is not None]
    to = names.chosen(board, act.command)
    return "  ".join((what, *named, *([f"→ {to}"] if to else []))) + behalf


def remark(board: Board, act: Act) -> str:
    """Returns the remark on the delivery state: why it was refused, what it waits for, or when it took effect."""
    if act.is_dropped:
        return str(without_effect(act))
    if act.delivery is Delivery.NEEDS_YOU:
        return word("refusal", act.code or "unknown")
    if act.delivery is Delivery.KEPT:
        return _kept_for(board, act)
    if act.delivery is Delivery.SENT:
        return say("平台已收，等待生效")
    return clock(board, act.moved_at) if act.moved_at is not None else ""


def made(board: Board, act: Act) -> str:
    """Returns when the act was done, as clock time of the district."""
    return clock(board, act.made_at) if act.made_at is not None else ""


def _kept_for(board: Board, act: Act) -> str:
    """Returns what a kept act waits for; there is always a reason."""
    who = act.about or act.user
    if act.code == "other_user":
        return str(sent_after_sign_in(board, who))
    if act.code == "behind_other":
        return say("排在{who}的操作之后", who=names.account_name(board, who))
    if act.code is None:
        return say("正在送出")
    known = word("hindrance", act.code)
    return known.replace("{about}", str(Why(act.about or ""))) if known != act.code else fault_name(act.code)
