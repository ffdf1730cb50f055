"""Names the delivery states of acts as terms and glyphs do, and says what becomes of an act that was not sent."""

from commandcenter.store.board import Board
from commandcenter.store.overlay import Delivery
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase

KEY = {Delivery.DONE: "done", Delivery.KEPT: "kept", Delivery.SENT: "sent", Delivery.NEEDS_YOU: "needs_you"}
NOT_SENT = phrase("没有送出，留在记录里")


def pending_key(delivery: Delivery) -> str | None:
    """Returns the key of a delivery state that is still to be shown; None for DONE."""
    return None if delivery is Delivery.DONE else KEY[delivery]


def glyph_of(delivery: Delivery) -> str:
    """Returns the name of the delivery state's glyph."""
    return f"delivery.{KEY[delivery]}"


def sent_after_sign_in(board: Board, user: str) -> Words:
    """Returns that an act waits for the sign-in of the user whose it is."""
    return phrase("{who}登录后送出", who=names.account_name(board, user))
