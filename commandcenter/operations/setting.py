"""`main.py setting`: lists and changes the settings of a running platform, as its security administrator."""

import argparse
import sys
from functools import partial

from commandcenter.client.session import Session
from commandcenter.operations.administrator import ADMINISTRATOR
from commandcenter.operations.signed_in import at_platform
from commandcenter.operations.terminal import command_parser, finished
from commandcenter.protocol import paths
from commandcenter.protocol.codec import encode
from commandcenter.protocol.settings import SettingChange, SettingList, SettingState


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when nothing was changed."""
    asked = _parser().parse_args(argv)
    return finished(partial(at_platform, asked.url, asked.by, lambda session: _run(session, asked)))


async def _run(session: Session, asked: argparse.Namespace) -> None:
    known = (await session.ask("GET", paths.SETTINGS, SettingList)).items
    if asked.value is not None:
        last = next((one.revisions[0].rev for one in known if one.name == asked.name and one.revisions), 0)
        change = SettingChange(asked.name, asked.value, last if asked.seen is None else asked.seen)
        known = (await session.ask("POST", paths.SETTINGS, SettingState, body=encode(change)),)
    for one in known:
        if asked.name in ("", one.name):
            _tell(one, with_history=bool(asked.name))


def _tell(one: SettingState, *, with_history: bool) -> None:
    print("\t".join((one.name, f"{one.value:g}", one.unit, f"{one.least:g} – {one.most:g}")))
    for told in one.revisions if with_history else ():
        print("\t".join((str(told.rev), f"{told.value:g}", f"{told.at:%Y-%m-%d %H:%M:%S}Z", told.actor)))


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "setting", "平台设置：保留期、登录时长、锁定、限额 · what is kept, sign-ins, lock-out, quotas"
    )
    add = parser.add_argument
    add("name", nargs="?", default="", metavar="NAME", help="哪一项，连同历史；不写则列全部 · which, or all")
    add("value", nargs="?", type=float, metavar="VALUE", help="改成多少 · what it is set to")
    add("--seen", type=int, metavar="REV", help="据第几版改，可省 · the revision that the change is based on")
    add("--url", required=True, metavar="URL", help="运行中的平台 · the running platform")
    add("--by", default=ADMINISTRATOR, metavar="NAME", help="安全管理员的账号 · the security administrator")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
