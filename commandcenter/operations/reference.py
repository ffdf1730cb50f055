"""`main.py reference`: lists, shows and edits reference records of a running platform, as a system administrator."""

import argparse
import json
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from commandcenter.client.session import Session
from commandcenter.domain.places import District
from commandcenter.domain.records import KIND_OF, read_ref
from commandcenter.operations.references import Edit, References
from commandcenter.operations.signed_in import at_platform
from commandcenter.operations.terminal import command_parser, finished
from commandcenter.protocol import paths
from commandcenter.protocol.codec import RecordEnvelope, RecordIdentity, decode, encode
from commandcenter.protocol.limits import PAGE_MOST
from commandcenter.protocol.messages import Result
from commandcenter.protocol.references import ReferenceHistory
from commandcenter.protocol.statuses import Status
from commandcenter.server.errors import HttpProblem

T = TypeVar("T")
_DISTRICT = KIND_OF[District].name


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when nothing was changed."""
    asked = _parser().parse_args(argv)
    return finished(partial(at_platform, asked.url, asked.by, lambda session: _run(_District(session, asked), asked)))


@dataclass(frozen=True, slots=True)
class _District:
    """The reference records of the administrator's district, or of the one named on the command line."""

    session: Session
    asked: argparse.Namespace

    @property
    def references(self) -> References:
        """The reference records of the district."""
        return References(self.session, self._where().get("district", ""))

    async def history(self) -> ReferenceHistory:
        """Returns the record that is asked about with its newest revisions."""
        kind, key = read_ref(self.asked.record)
        path = paths.REFERENCE_HISTORY.format(kind=kind, id=key)
        return await self._ask("GET", path, ReferenceHistory, limit=PAGE_MOST)

    async def give(self, name: str, seen: int, args: dict[str, Any]) -> Result:
        """Gives the command on the record as it was seen at a revision; returns its result."""
        return (await self.references.give([Edit(name, self.asked.record, seen, args)]))[0]

    async def create(self) -> int:
        """Creates the district that the record names; returns its revision."""
        content = _with_fields({"id": read_ref(self.asked.record)[1]}, self.asked.fields)
        made = await self.session.ask("POST", paths.DISTRICTS, RecordEnvelope, body=encode(content))
        return decode(made.record, RecordIdentity).rev

    async def _ask(self, method: str, path: str, shape: type[T], **params: Any) -> T:
        return await self.session.ask(method, path, shape, params=params | self._where())

    def _where(self) -> dict[str, str]:
        kind, key = read_ref(self.asked.record)
        named = self.asked.district or (key if kind == _DISTRICT else "")
        return {"district": named} if named else {}


async def _run(district: _District, asked: argparse.Namespace) -> None:
    if asked.action == "list":
        await _list(district, asked.record)
    elif asked.action == "create" and read_ref(asked.record)[0] == _DISTRICT:
        print(f"{asked.record} {await district.create()}")
    elif asked.action in ("show", "history"):
        _show(await district.history(), asked.action)
    else:
        await _edit(district, asked)


async def _list(district: _District, kind: str) -> None:
    async for record in district.references.every(kind):
        state = "已停用 retired" if getattr(record, "retired", False) else ""
        print("\t".join((record.id, getattr(record, "name", ""), str(record.rev), state)))


def _show(told: ReferenceHistory, what: str) -> None:
    if what == "show":
        print(json.dumps(decode(told.record.record, dict[str, Any]), ensure_ascii=False, indent=1))
        return
    for one in told.revisions:
        reverts = "" if one.reverts is None else f"= {one.reverts}"
        line = (str(one.rev), f"{one.at:%Y-%m-%d %H:%M:%S}Z", one.actor, one.fact, " ".join(one.changed), reverts)
        print("\t".join(line))


async def _edit(district: _District, asked: argparse.Namespace) -> None:
    is_new = asked.action == "create"
    known = {} if is_new else decode((await district.history()).record.record, dict[str, Any])
    wanted = _with_fields(known or {"id": read_ref(asked.record)[1], "rev": 1}, asked.fields)
    said = {"content": wanted} if asked.action in ("create", "change") else {}
    said |= {"to": asked.to} if asked.action == "revert" else {}
    seen = known.get("rev", 0) if asked.seen is None else asked.seen
    result = await district.give(f"{asked.action}_reference", seen, said)
    if result.status == Status.CONFLICT and result.current is not None:
        _tell_both(wanted, decode(result.current.record, dict[str, Any]))
        raise HttpProblem(409, Status.CONFLICT, "", about=asked.record)
    if result.status != Status.APPLIED:
        raise HttpProblem(422, result.code or result.status, "", about=result.about)
    print(f"{asked.record} {max(result.revs.values(), default=seen)}")


def _tell_both(mine: dict[str, Any], there: dict[str, Any]) -> None:
    for name in there:
        if mine.get(name) != there[name]:
            values = (json.dumps(one, ensure_ascii=False) for one in (mine.get(name), there[name]))
            print("{}: 你的 yours {} · 现在 there {}".format(name, *values), file=sys.stderr)


def _with_fields(record: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """Returns `record` with "field=value" or "field.part=value" applied; a value that is no JSON is a text."""
    made: dict[str, Any] = json.loads(json.dumps(record))
    for field in fields:
        name, _, text = field.partition("=")
        *outer, last = name.split(".")
        inner = made
        for part in outer:
            inner = inner.setdefault(part, {})
        try:
            inner[last] = json.loads(text)
        except ValueError:
            inner[last] = text
    return made


def _parser() -> argparse.ArgumentParser:
    what = "基础数据：小类和时限、街镇、单位、日历 · reference records: kinds with limits, streets, holders"
    parser = command_parser("reference", what)
    add = parser.add_argument
    actions = ("list", "show", "history", "create", "change", "retire", "revert")
    add("action", choices=actions, help="做什么 · what to do")
    add("record", metavar="KIND[:ID]", help="类别和编号，如 kind:c0101 · the kind of record, and its id")
    add("fields", nargs="*", metavar="FIELD=VALUE", help="改哪些，如 limit.amount=8 · what changes")
    add("--to", type=int, metavar="REV", help="revert：恢复到第几版 · the revision to change back to")
    add("--seen", type=int, metavar="REV", help="据第几版改，可省 · the revision that the edit is based on")
    add("--district", metavar="ID", help="平台管理员须写明区 · for administrators of the whole platform")
    add("--url", required=True, metavar="URL", help="运行中的平台 · the running platform")
    add("--by", required=True, metavar="NAME", help="系统管理员的账号 · the system administrator who signs in")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
