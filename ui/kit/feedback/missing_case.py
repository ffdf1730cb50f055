"""Says, in the place of a chosen case, why it is not shown."""

from commandcenter.store.fetched import ASKING, UNKNOWN
from commandcenter.sync.connection import OLDER
from ui.kit.feedback.states import StateCard
from ui.kit.texts.faults import Why
from ui.kit.texts.words import phrase


def tell_missing(card: StateCard, why: str) -> None:
    """Shows on `card` the reason `why` of store.fetched."""
    if why == ASKING:
        card.tell("loading", phrase("正在取案件"), phrase("取到后就显示在这里。"), image="loader")
    elif why == UNKNOWN:
        card.tell("empty", phrase("看不到这件案件"), phrase("平台没有它，或它不归本席看。"))
    elif why == OLDER:
        text = phrase("它有这个程序不认识的内容。其余照常，操作照常送达；请更新程序，更新后就能看。")
        card.tell("warning", phrase("这个程序读不出这件案件"), text, image="triangle-alert")
    else:
        text = phrase("它不在本机：{why}。连上平台后自动去取。", why=Why(why))
        card.tell("warning", phrase("现在取不到这件案件"), text, image="wifi-off")
