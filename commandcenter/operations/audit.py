"""`main.py audit`: lists who did what at a running platform, newest first, as its audit administrator."""

import argparse
import sys
from functools import partial

from commandcenter.client.session import Session
from commandcenter.operations.signed_in import at_platform
from commandcenter.operations.terminal import command_parser, finished
from commandcenter.protocol import paths
from commandcenter.protocol.audit import AuditPage, AuditRow
from commandcenter.protocol.limits import PAGE_MOST


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when nothing was read."""
    asked = _parser().parse_args(argv)
    return finished(partial(at_platform, asked.url, asked.by, lambda session: _run(session, asked)))


async def _run(session: Session, asked: argparse.Namespace) -> None:
    left, cursor = max(asked.most, 1), 0
    while left:
        wanted = {"user": asked.user, "action": asked.action, "limit": str(min(left, PAGE_MOST)), "cursor": str(cursor)}
        page = await session.ask("GET", paths.AUDIT, AuditPage, params=wanted)
        for row in page.items:
            _tell(row)
        left -= len(page.items)
        if page.next is None:
            return
        cursor = page.next


def _tell(row: AuditRow) -> None:
    who = f"{row.user} ← {row.on_behalf_of}" if row.on_behalf_of else row.user
    told = (row.district, who, row.role, row.action, row.record, row.outcome)
    print("\t".join((f"{row.at:%Y-%m-%d %H:%M:%S}Z", *told)))


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("audit", "看审计：谁在何时做了什么，新的在前 · who did what and when, newest first")
    add = parser.add_argument
    add("--user", default="", metavar="NAME", help="只看一个账号 · of one account")
    add("--action", default="", metavar="ACTION", help="只看一种动作，如 sign_in · of one action")
    add("--most", type=int, default=50, metavar="N", help="最多几条，默认 %(default)s · at most")
    add("--url", required=True, metavar="URL", help="运行中的平台 · the running platform")
    add("--by", required=True, metavar="NAME", help="审计管理员的账号 · the audit administrator")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
