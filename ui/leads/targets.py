"""The places on a card where a body can be let go: that of the lead and that of a co-handler."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen

from commandcenter.domain.cases import Case, Stage
from ui.kit.texts.words import say
from ui.leads.layout import INSET, LEAD
from ui.leads.offers import Offer, Offers
from ui.theme import MEASURES, colour, icons, paint

SLOT, BETWEEN = 22, 2  # pixels; both have room on the lowest card


@dataclass(frozen=True, slots=True)
class Target:
    """A card with what letting go on each of its two places does; `is_lead`: the pointer is at that of the lead."""

    card: str
    lead: Offer
    helper: Offer
    is_lead: bool

    @property
    def offer(self) -> Offer:
        """What letting go does now."""
        return self.lead if self.is_lead else self.helper


def target_on(offers: Offers, case: Case, body: str, y: int) -> Target:
    """Returns the target on the card of `case`, `y` pixels below its top: above both places the likelier one."""
    lead, helper = offers.lead(case, body), offers.helper(case, body)
    border = LEAD + SLOT + BETWEEN
    is_lead = y < border if y >= LEAD else case.stage is Stage.FILED
    return Target(case.id, lead, helper, is_lead)


def paint_target(painter: QPainter, card: QRect, target: Target) -> None:
    """Paints the two places over the lower part of a card; the one under the pointer stands out."""
    inside = card.adjusted(INSET, LEAD - 3, -INSET + 2, -4)
    painter.fillRect(inside, colour("sel"))
    for at, (offer, icon) in enumerate(((target.lead, "flag"), (target.helper, "plus"))):
        box = QRect(inside.left(), card.top() + LEAD + at * (SLOT + BETWEEN), inside.width() - 2, SLOT)
        _paint_place(painter, box, offer, icon, is_here=target.offer is offer)


def _paint_place(painter: QPainter, box: QRect, offer: Offer, icon: str, *, is_here: bool) -> None:
    tone = "ac" if offer.may else "bad"
    painter.fillRect(box, colour(("acb" if offer.may else "badb") if is_here else "bg1"))
    painter.setPen(QPen(colour(tone), 2 if is_here else 1, Qt.PenStyle.SolidLine if is_here else Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))
    drawn = icons.pixmap(icon, tone, 14, painter.device().devicePixelRatioF())
    painter.drawPixmap(box.left() + 7, box.center().y() - 6, drawn)
    said = (say("放在主办位") if icon == "flag" else say("放在协办位")) if offer.may else str(offer.why)
    paint.words(painter, box.adjusted(27, 0, -6, 0), said, token=tone, size=MEASURES.label, bold=is_here)
