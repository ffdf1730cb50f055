"""What a command line may name: the board's cases by their numbers, and the records and words that verbs choose."""

from collections.abc import Iterator

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import HolderKind
from commandcenter.domain.records import KINDS, Record, kind_of
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.command_line.parts import NamedObject
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.words import terms, word

_NEAR: dict[object, int] = {HolderKind.UNIT: 0, HolderKind.DEPARTMENT: 1, HolderKind.GRID_TEAM: 2}
_DISTRICT = "区"
_OTHERS = 3  # after all bodies, where a line may name either


def case_object(board: Board, case: Case) -> NamedObject:
    """Returns a case by its number, title and place, with the powers that its kind needs."""
    known_as = (case.number or "", names.title(board, case), case.place)
    kind = records.find(board, Kind, case.kind)
    powers = kind.powers if kind is not None else ()
    street, has_ended, stage = case.street or "", not case.is_open, str(case.stage)
    return NamedObject(case.id, known_as, place=street, has_ended=has_ended, powers=powers, stage=stage)


def target_objects(board: Board, kind: str) -> Iterator[NamedObject]:
    """Yields what may be chosen of `kind`: the records that are not retired, or the members of an enumeration."""
    if kind not in KINDS:
        yield from (NamedObject(one, (word(kind, one),), kind=kind) for one in terms()[kind])
        return
    for record in records.current(board, KINDS[kind].type):
        name = names.name(board, kind, record.id)
        short = called(getattr(record, "short", "")) or name
        known_as = dict.fromkeys((short, name, short.removeprefix(_DISTRICT)))  # 区住建局 is typed as 住建局
        whole = _with_owner(board, record, short)
        near = _NEAR.get(getattr(record, "kind", None), _OTHERS)
        powers = tuple(filter(None, (getattr(record, "power", None),)))
        street = records.street(record)
        yield NamedObject(record.id, tuple(known_as), near, street, kind=kind, whole=whole, powers=powers)


def _with_owner(board: Board, record: Record, short: str) -> str:
    """Returns the name of a record with that of its unit, or of its street; "" where it has neither."""
    body = getattr(record, KINDS[kind_of(record)].holder, record.id)
    street = names.name(board, "street", records.street(record))
    owner = street if body == record.id else names.short_name(board, "holder", body)
    return f"{owner} {short}" if owner else ""
