"""Names the delivery states of acts as terms and glyphs do."""

from commandcenter.store.overlay import Delivery

KEY = {Delivery.DONE: "done", Delivery.KEPT: "kept", Delivery.SENT: "sent", Delivery.NEEDS_YOU: "needs_you"}


def pending_key(delivery: Delivery) -> str | None:
    """Returns the key of a delivery state that is still to be shown; None for DONE."""
    return None if delivery is Delivery.DONE else KEY[delivery]


def glyph_of(delivery: Delivery) -> str:
    """Returns the name of the delivery state's glyph."""
    return f"delivery.{KEY[delivery]}"
