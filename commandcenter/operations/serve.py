"""`main.py serve`: runs the platform as a program of its own, for a hall or for a demonstration."""

import argparse
import asyncio
import importlib
import ipaddress
import logging
import signal
import sys
from pathlib import Path
from typing import cast

from sqlalchemy.exc import DBAPIError

from commandcenter.operations.administrator import ADMINISTRATOR, first_administrator
from commandcenter.operations.http_server import Plugin, run
from commandcenter.operations.listening import ListenOptions, bound_socket
from commandcenter.operations.memory import return_freed_memory
from commandcenter.operations.signals import signals_handled
from commandcenter.operations.terminal import add_data_option, command_parser
from commandcenter.server.errors import UnusableEnvironment, reason_of
from commandcenter.server.gate import is_loopback
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage.database import has_database
from commandcenter.server.storage.folder_lock import hold
from commandcenter.settings.logs import FORMAT, RateLimit

SWITCH = 0.0005  # seconds until threads switch: short, so that the event loop does not wait for the writer
PORT = 8765
DEMONSTRATION = "commandcenter.demonstration.plugin"  # loaded only for --demo, never by a hall's platform
_FACTOR_MOST = 1_000_000


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 for an environment error."""
    asked = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=FORMAT)
    for handler in logging.getLogger().handlers:
        handler.addFilter(RateLimit())
    for loud in ("alembic", "httpx", "httpcore"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    sys.setswitchinterval(SWITCH)
    return_freed_memory()
    try:
        return _serve(asked)
    except UnusableEnvironment as wrong:
        print(wrong, file=sys.stderr)
        if asked.with_console:
            print(f"unusable {wrong.code}", flush=True)  # the console has its own text for the code
    except (OSError, DBAPIError) as wrong:
        sentence = f"The platform on {asked.data} cannot go on ({reason_of(wrong)}): what was acknowledged is kept."
        print(sentence, file=sys.stderr)
    return 2


def _serve(asked: argparse.Namespace) -> int:
    listen = _listen_options(asked)
    plugin = cast("Plugin", importlib.import_module(DEMONSTRATION)) if asked.demo else None
    with bound_socket(listen) as socket:
        if plugin and not has_database(asked.data):
            # A signal ends the program at once: nothing has to be closed yet, and an exception could get lost.
            with hold(asked.data), signals_handled(signal.SIG_DFL):
                plugin.fill(asked.data)
        with open_platform(asked.data, quota_factor=asked.quotas) as platform:
            if plugin is None:
                _greet(platform)
            work = run(platform, listen, socket, plugin=plugin, with_console=asked.with_console)
            death = asyncio.run(work)
        if death is not None:
            raise UnusableEnvironment("dead", f"The platform stopped because it could not write any more: {death}.")
    return 0


def _listen_options(asked: argparse.Namespace) -> ListenOptions:
    """Returns where to listen; raises UnusableEnvironment when the options do not allow it."""
    if asked.demo and not is_loopback(asked.host):
        raise UnusableEnvironment("demo", "--demo is for this machine alone: leave out --host.")
    if asked.key and not asked.certificate:
        raise UnusableEnvironment("no_certificate", "--key is of no use alone: name its --certificate too.")
    if not is_loopback(asked.host) and not (asked.certificate and asked.key):
        sentence = f"{asked.host} is not this machine alone: name --certificate and --key, or leave out --host."
        raise UnusableEnvironment("no_certificate", sentence)
    called = {"proxies": tuple(asked.trusted_proxy), "names": tuple(asked.name), "metrics": asked.metrics}
    return ListenOptions(asked.host, asked.port, asked.certificate, asked.key, **called)


def _greet(platform: Platform) -> None:
    password = platform.writer.submit(first_administrator).result()
    if password is not None:
        print(f"account {ADMINISTRATOR}, password {password} (shown this once)", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("serve", "运行平台 · run the platform")
    add = parser.add_argument
    add("--port", type=_port, default=PORT, metavar="N", help="端口，0 为任选 · 0 takes a free one (%(default)s)")
    add_data_option(parser)
    add("--demo", action="store_true", help="演示：空目录先造数据，并有班次在跑 · a living demonstration")
    add("--with-console", action="store_true", help="标准输入关闭即停 · end when standard input ends")
    add("--host", default="127.0.0.1", help="监听地址 · where to listen (%(default)s)")
    quotas = "每账号每分钟限额的倍数 · how many times the usual quotas an account has (%(default)g)"
    add("--quotas", type=_factor, default=1.0, metavar="N", help=quotas)
    add("--certificate", type=Path, metavar="FILE", help="TLS 证书 (PEM) · needed beyond this machine")
    add("--key", type=Path, metavar="FILE", help="TLS 私钥 (PEM) · and its key")
    proxy = "只信此反向代理的转发头，可多次 · believe the forwarded headers of this proxy alone; may be repeated"
    add("--trusted-proxy", type=_address, action="append", default=[], metavar="ADDRESS", help=proxy)
    add("--name", action="append", default=[], metavar="HOST", help="平台的其他主机名，可多次 · what else it is called")
    add("--metrics", action="store_true", help="开放 /metrics · figures for this machine and administrators")
    return parser


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as wrong:
        raise argparse.ArgumentTypeError("an address is like 10.0.0.7") from wrong


def _factor(text: str) -> float:
    """Returns the factor of the quotas, at least 1: with a small one a whole batch could never be sent."""
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= _FACTOR_MOST:
        raise argparse.ArgumentTypeError(f"the quotas are 1 to {_FACTOR_MOST:,} times the usual ones")
    return factor


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
