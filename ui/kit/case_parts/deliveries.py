"""Names the delivery states of acts as terms and glyphs do, and says which wait and what becomes of one not sent."""

from typing import TYPE_CHECKING

from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

KEY = {Delivery.DONE: "done", Delivery.KEPT: "kept", Delivery.SENT: "sent", Delivery.NEEDS_YOU: "needs_you"}
_NEVER_LEFT = (None, "old")  # codes with which an act was dropped that the platform had never heard of
_WITHOUT_ANSWER = ("held", "given_back", "parked", "replaced", "dep_refused")  # it may have left, or may not


def pending_key(delivery: Delivery) -> str | None:
    """Returns the key of a delivery state that is still to be shown; None for DONE."""
    return None if delivery is Delivery.DONE else KEY[delivery]


def glyph_of(delivery: Delivery) -> str:
    """Returns the name of the delivery state's glyph."""
    return f"delivery.{KEY[delivery]}"


def sent_after_sign_in(board: Board, user: str) -> Words:
    """Returns that an act waits for the sign-in of the user whose it is."""
    return phrase("{who}登录后送出", who=names.account_name(board, user))


def without_effect(act: Act) -> Words:
    """Returns how an act that was dropped came to have no effect: it never left, or the platform did not take it."""
    if act.code in _NEVER_LEFT:
        return phrase("没有送出，留在记录里")
    return phrase("没有生效，留在记录里") if act.code in _WITHOUT_ANSWER else phrase("平台没有采用")


def own_acts_needing_decision(desk: "Desk") -> list[Act]:
    """Returns the user's own acts that wait for a decision, not those that other users left at this seat."""
    user = desk.person.user if desk.person is not None else None
    return [act for act in desk.acts.needing if act.user == user]


def present(desk: "Desk", act: Act) -> Act:
    """Returns `act` as it is now, open or ended."""
    ended = (one for one in reversed(desk.acts.recent) if one.cmd_id == act.cmd_id)
    return desk.acts.find(act.cmd_id) or next(ended, act)
