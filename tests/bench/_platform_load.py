"""Makes load over raw sockets: each connection posts its next command as soon as the last one is answered."""

import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass
from uuid import UUID

_ids = itertools.count(time.time_ns() & 0xFFFFFFFFFFFF)
ARGS = {
    "channel": "hotline",
    "kind": "water",
    "text": "路口非机动车道积水没过脚踝，请尽快抽排",
    "place": "宁国路口",
    "street": "east",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A server on the loopback, and the access token that it requires."""

    port: int
    token: str = ""


def new_id() -> str:
    """Returns a UUIDv7 that no other call in this process returns."""
    return str(UUID(int=0x018F << 112 | 0x7 << 76 | 0b10 << 62 | next(_ids)))


def request(target: Target, method: str, path: str, body: bytes = b"") -> bytes:
    """Returns an HTTP/1.1 request as bytes."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {target.token}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def take() -> tuple[str, bytes]:
    """Returns (command id, batch with this one command, which takes a case)."""
    wish = _wish(1)
    return str(wish["cmd_id"]), _envelope([wish])


def batch(count: int) -> bytes:
    """Returns a batch of `count` commands that each take a case."""
    return _envelope([_wish(cseq) for cseq in range(1, count + 1)])


def _wish(cseq: int) -> dict[str, object]:
    made = {"cmd_id": new_id(), "cseq": cseq, "type": "take", "made_at": "2026-11-24T04:00:00Z"}
    return made | {"args": ARGS | {"case": new_id()}}


def _envelope(wishes: list[dict[str, object]]) -> bytes:
    return json.dumps({"epoch": 1, "console_id": "bench", "commands": wishes}).encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Reads one response; returns (status, body)."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ")[1]), await reader.readexactly(length)


async def load(target: Target, *, clients: int, seconds: float) -> float:
    """Returns the commands per second of `clients` connections over `seconds`, after a warm-up of half a second."""
    done = 0
    until = time.perf_counter() + 0.5 + seconds
    counted_from = until - seconds

    async def one() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        while (now := time.perf_counter()) < until:
            writer.write(request(target, "POST", "/v1/commands", take()[1]))
            status, body = await answer(reader)
            assert status == 200, body
            done += now > counted_from
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return done / seconds


if __name__ == "__main__":
    port, token, clients, seconds = sys.argv[1:]
    print(asyncio.run(load(Target(int(port), token), clients=int(clients), seconds=float(seconds))))
