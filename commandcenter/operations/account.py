"""`main.py account`: adds, changes, stops and lists accounts, in a data folder or at a running platform."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commandcenter.client.session import Session
from commandcenter.domain.people import Role
from commandcenter.operations.administrator import ADMINISTRATOR
from commandcenter.operations.signed_in import at_platform
from commandcenter.operations.stopped_platform import stopped_platform
from commandcenter.operations.terminal import ask_password, command_parser, finished
from commandcenter.protocol import paths
from commandcenter.protocol.accounts import Account, AccountAnswer, AccountChange, AccountPage
from commandcenter.protocol.codec import encode
from commandcenter.protocol.limits import PAGE_MOST
from commandcenter.server.auth import accounts
from commandcenter.server.auth.administration import change, is_weak, page, refused
from commandcenter.settings.folders import data_dir

_MOST = 1_000_000  # accounts


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when nothing was changed."""
    asked = _parser().parse_args(argv)
    return finished(lambda: _list(asked) if asked.action == "list" else _change(asked))


def _change(asked: argparse.Namespace) -> None:
    scope = {"district": asked.district, "street": asked.street, "holder": asked.holder}
    wanted = AccountChange(action=asked.action, user=asked.user, role=asked.role, **scope)
    if asked.url:
        how: dict[str, Any] = {"body": encode(wanted)}
        answer = at_platform(asked.url, asked.by, lambda there: there.ask("POST", paths.ACCOUNTS, AccountAnswer, **how))
    else:
        answer = _in_folder(asked, wanted)
    print(f"account {answer.user}" + (f", password {answer.password} (shown this once)" if answer.password else ""))


def _in_folder(asked: argparse.Namespace, wanted: AccountChange) -> AccountAnswer:
    typed = _typed(wanted.user) if asked.ask and wanted.makes_password else None
    made = accounts.new_password() if wanted.makes_password and typed is None else None
    with stopped_platform(asked.data) as connection:
        stored, now = accounts.hashed(typed or made or ""), datetime.now(UTC)
        no = change(connection, wanted, stored, by=None, now=now, origin="at the server")
    if no is not None:
        raise no
    return AccountAnswer(wanted.user, made)


def _list(asked: argparse.Namespace) -> None:
    if asked.url:
        found = at_platform(asked.url, asked.by, _pages)
    else:
        with stopped_platform(asked.data) as connection:
            found = page(connection, "", now=datetime.now(UTC), limit=_MOST, after="").items
    for one in found:
        state = "" if one.active else "已停用 stopped"
        print("\t".join((one.user, one.role or "", one.district, one.street or "", one.holder or "", state)))


async def _pages(session: Session) -> tuple[Account, ...]:
    found: tuple[Account, ...] = ()
    after: str | None = ""
    while after is not None:
        told = await session.ask("GET", paths.ACCOUNTS, AccountPage, params={"limit": PAGE_MOST, "cursor": after})
        found, after = found + told.items, told.next
    return found


def _typed(user: str) -> str:
    """Returns the password that somebody types twice; raises HttpProblem when it is too weak or not the same."""
    typed = ask_password(f"{user}: ")
    if is_weak(typed, user):
        raise refused("weak_password", user)
    if ask_password(f"{user} (2): ") != typed:
        raise refused("not_the_same", user)
    return typed


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("account", "账号：谁能登录、是什么角色 · accounts: who may sign in, and as what")
    add, way = parser.add_argument, parser.add_mutually_exclusive_group()
    add("action", choices=("add", "role", "stop", "password", "list"), help="做什么 · what to do")
    add("user", nargs="?", default="", metavar="USER", help="账号 · the account")
    add("--role", default="", metavar="ROLE", help=f"角色 · one of {', '.join(Role)}")
    add("--district", metavar="ID", help="区，只有一个时可省 · its district, if there are several")
    add("--street", metavar="ID", help="街镇 · its street")
    add("--holder", metavar="ID", help="单位、部门或网格队 · its unit, department or grid team")
    add("--data", type=Path, default=data_dir(), metavar="DIR", help="数据目录，平台须停 · of a stopped platform")
    way.add_argument("--ask", action="store_true", help="口令由人输入，不生成 · the password is typed, not made")
    way.add_argument("--url", metavar="URL", help="运行中的平台 · a running platform")
    add("--by", default=ADMINISTRATOR, metavar="NAME", help="配合 --url：安全管理员 · with --url: who signs in there")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
