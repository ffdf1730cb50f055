"""Display names of what the board keeps: holders, streets, kinds, accounts, scopes; an unknown id is shown as it is."""

from collections.abc import Iterable
from datetime import tzinfo
from zoneinfo import ZoneInfo

from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import Command
from commandcenter.domain.facts import Fact
from commandcenter.domain.fields import Chosen, marked
from commandcenter.domain.people import Holder, Scope
from commandcenter.domain.places import District
from commandcenter.domain.powers import Power
from commandcenter.domain.records import KINDS, Record, kind_of
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import Words, phrase, say, word

DEFAULT_ZONE = "Asia/Shanghai"
STREET_TYPES = ("街道", "社区", "镇")


def name(board: Board, kind: str, key: str | None) -> str:
    """Returns the name of the record of `kind` ("street", "kind", "holder" …), or a case's number; "" for None.

    Of a `kind` that is no kind of record but an enumeration, `key` is a member.
    """
    if key and kind not in KINDS:
        return word(kind, key)
    record = board.find(kind, key) if key else None
    return called(getattr(record, "name", "")) or getattr(record, "number", None) or key or ""


def short_name(board: Board, kind: str, key: str) -> str:
    """Returns the name of a record for rows and chips: of a case number and title, of a holder the short one."""
    record = board.find(kind, key)
    if isinstance(record, Case):
        return heading(board, record)
    return called(getattr(record, "short", "")) or name(board, kind, key)


def chosen(board: Board, command: Command | None) -> str:
    """Returns the names of the records that whoever gave `command` chose: "望湖·城管"; "" for none."""
    marks = () if command is None else marked(command, Chosen)
    keys = [(mark.kind, getattr(command, field)) for field, mark in marks]
    return say("、").join(short_name(board, kind, key) for kind, key in keys if key)


def community(board: Board, key: str | None) -> str:
    """Returns a community's name without 居民委员会 ("油坊岗社区"), a village's with exactly one 村 ("南河村")."""
    whole = getattr(board.find("community", key), "name", key) if key else ""
    if whole.endswith("村民委员会"):
        return called(whole.removesuffix("村民委员会").removesuffix("村") + "村")
    return called(whole.removesuffix("居民委员会"))


def without_type(street: str) -> str:
    """Returns a street's name without its type, for where there is little room: "望湖"."""
    for one in STREET_TYPES:
        street = street.removesuffix(one)
    return street


def holder_name(board: Board, key: str | None, *, short: bool = False) -> str:
    """Returns the name of the holder of a case; `short` is for rows and chips."""
    holder = records.find(board, Holder, key)
    if holder is None:
        return key or ""
    return called(holder.short if short and holder.short else holder.name)


def holder_with_phone(board: Board, key: str, *, short: bool = False) -> Words:
    """Returns the name of the holder of a case with its duty telephone, if it has one."""
    holder, said = records.find(board, Holder, key), holder_name(board, key, short=short)
    return phrase("{name}  值班 {phone}", name=said, phone=called(holder.phone)) if holder and holder.phone else said


def own_part(holder: Holder) -> str:
    """Returns how a holder is called among those of its street: "城管" of "芜湖路·城管"."""
    return called((holder.short or holder.name).rpartition("·")[2])


def power(board: Board, key: str, held_by: Iterable[Holder]) -> str:
    """Returns the name of a power; one without a record is called as the first of `held_by` that has it."""
    known = records.find(board, Power, key)
    if known is not None:
        return called(known.name)
    return next((own_part(one) for one in held_by if one.power == key), key)


def account_name(board: Board, user: str) -> str:
    """Returns the name of account `user`: the holder or the role that it is named after, a role with its street.

    Accounts of a demonstration are named "u-340111001-urban", "340111001.dispatcher" or "shift_leader", in a further
    district with its id and a dot before that, and "shift.u-340111001-urban" where only the played shift sits. Any
    other account is shown by its whole name, dots included.
    """
    here = district(board)
    place, _, seat = (user.removeprefix(f"{here.id}.") if here else user).rpartition(".")
    if place in ("", "shift") and board.find("holder", seat) is not None:
        return holder_name(board, seat, short=True)
    if not place:
        return called(word("role", seat))  # a seat of the generated past has a name of its own
    return user if board.find("street", place) is None else f"{name(board, 'street', place)} {word('role', seat)}"


def actor_name(board: Board, fact: Fact) -> str:
    """Returns who acted; after an adoption, whose act it was and which shift leader did it for them."""
    named = account_name(board, fact.by)
    return named if fact.hand is None else say("{who} · 由{hand}代办", who=named, hand=account_name(board, fact.hand))


def title(board: Board, case: Case) -> str:
    """Returns a case's title: the name of its kind, or the first 16 characters of its text."""
    return name(board, "kind", case.kind) or case.text[:16] or say("未分类")


def public_title(board: Board, case: Case) -> str:
    """Returns a case's title for what leaves the desk, as paper: the name of its kind, nothing that anybody wrote."""
    return name(board, "kind", case.kind) or say("未分类")


def heading(board: Board, record: Record, *, gap: str = " ") -> str:
    """Returns number and title of a case, "00421 道路积水", and of any other record its kind and name, "队组 一组".

    What has no name of its own is named by its holder.
    """
    if isinstance(record, Case):
        return f"{tail(record)}{gap}{title(board, record)}"
    kind = kind_of(record)
    holder = holder_name(board, getattr(record, KINDS[kind].holder, None), short=True)
    return f"{word('record_kind', kind)} {called(getattr(record, 'name', '')) or holder or record.id}"


def place(case: Case) -> Words:
    """Returns where the case is; or that no place was given."""
    return called(case.place) or phrase("没有写地点")


def petition(case: Case) -> Words:
    """Returns the petitioner's text; or that it is withheld on request, or that nothing was written."""
    return phrase("保密，内容不显示") if case.is_withheld else case.text or phrase("没有写")


def scope_name(board: Board, scope: Scope) -> str:
    """Returns the name of a scope: the holder, the street, or "全区" for the whole district."""
    if scope.holder is not None:
        return holder_name(board, scope.holder)
    if scope.street is not None:
        return name(board, "street", scope.street)
    return say("全区")


def district(board: Board) -> District | None:
    """Returns the one district of the board, None while it is unknown."""
    return next(records.every(board, District), None)


def zone(board: Board) -> tzinfo:
    """Returns the district's time zone; the default one while the district is unknown."""
    here = district(board)
    return ZoneInfo(here.zone if here else DEFAULT_ZONE)  # it keeps the zones that were read
