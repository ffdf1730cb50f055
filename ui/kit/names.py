"""The names of what the board keeps: holders, streets, kinds, a person's scope; an unknown id is shown as it is."""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Holder, Person, Scope
from commandcenter.domain.places import District
from commandcenter.store.board import Board
from ui.kit.words import Words, phrase, say, word

DEFAULT_ZONE = "Asia/Shanghai"


def name(board: Board, kind: str, key: str | None) -> str:
    """The name of the record of `kind` ("street", "kind", "channel", "holder", "district" …); "" for None."""
    record = board.find(kind, key) if key else None
    return getattr(record, "name", None) or key or ""


def community(board: Board, key: str | None) -> str:
    """A community as people say it: "油坊岗社区", not "油坊岗社区居民委员会"; a village with one 村: "南河村"."""
    called = name(board, "community", key)
    if called.endswith("村民委员会"):
        return called.removesuffix("村民委员会").removesuffix("村") + "村"
    return called.removesuffix("居民委员会")


def holder_name(board: Board, key: str | None, *, short: bool = False) -> str:
    """Who holds a case; `short` for rows and chips."""
    holder = board.find("holder", key) if key else None
    if not isinstance(holder, Holder):
        return key or ""
    return holder.short if short and holder.short else holder.name


def who(board: Board, user: str) -> str:
    """Who acted: the holder whose seat the account is, the role that it is named after, else the account's whole name.

    Accounts of a demonstration are named "u-340111001-urban", "340111001.dispatcher" or "shift_leader", in a further
    district after its id and a dot. Any other dot stands in a person's name: "li.wei" is not "zhang.wei".
    """
    here = district(board)
    place, _, seat = (user.removeprefix(f"{here.id}.") if here else user).rpartition(".")
    if not place and board.find("holder", seat) is not None:
        return holder_name(board, seat, short=True)
    if not place:
        return word("role", seat)
    return user if board.find("street", place) is None else f"{name(board, 'street', place)} {word('role', seat)}"


def by_whom(board: Board, fact: Fact) -> str:
    """Who did it; where a shift leader took it over, whose act it was and by whose hand."""
    named = who(board, fact.by)
    return named if fact.hand is None else say("{who} · 由{hand}代办", who=named, hand=who(board, fact.hand))


def title(board: Board, case: Case) -> str:
    """What a case is called: its kind, or the beginning of its text."""
    return name(board, "kind", case.kind) or case.text[:16] or say("未分类")


def petition(case: Case) -> Words:
    """What the petitioner said; that it is withheld on request, or that nothing was written."""
    return phrase("保密，内容不显示") if case.is_withheld else case.text or phrase("没有写")


def scope_words(board: Board, person: Person) -> str:
    """How far a person sees: the holder, the street, or "全区"."""
    return scope_of(board, person.scope)


def scope_of(board: Board, scope: Scope) -> str:
    """The words of a scope."""
    if scope.holder is not None:
        return holder_name(board, scope.holder)
    if scope.street is not None:
        return name(board, "street", scope.street)
    return say("全区")


def district(board: Board) -> District | None:
    """The one district of a seat's board, once it is known."""
    return next((record for record in board.all("district") if isinstance(record, District)), None)


def zone(board: Board) -> tzinfo:
    """The time zone of the district's clocks; the platform's usual one before it is known."""
    here = district(board)
    return _zone(here.zone if here else DEFAULT_ZONE)


@lru_cache(maxsize=16)
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)
