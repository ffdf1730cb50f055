"""False answers in the form of the protocol: other commands' results, impossible epochs, endless lines."""

import json
import random
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.hostile.front import Asked, Bytes
from tests.hostile.lies import JSON, LONG, NDJSON, ODD, SSE, endless, of_json, of_proxies, of_transport, said, told
from tests.kit.platform import new_id

_STREAM = said(b"", media=SSE).replace(b"Content-Length: 0\r\n", b"")
_CASE = {"id": "c", "rev": 1, "stage": "received", "tier": "grid", "channel": "hotline"}
_NOW = "2026-11-24T04:00:00Z"


def a_lie(chance: random.Random, path: str) -> Bytes:
    """Returns a random false answer for `path`."""
    media = {"/v1/snapshot": NDJSON, "/v1/events": SSE}.get(path, JSON)
    own = _OWN.get(path)
    pick = chance.random()
    if own is not None and pick < 0.5:
        return own(chance)
    if pick < 0.65:
        return of_transport(chance, media)
    return of_proxies(chance, media) if pick < 0.8 or path == "/v1/events" else of_json(chance, media)


def _commands(chance: random.Random) -> Bytes:
    other = {"cmd_id": new_id(), "status": "applied", "seq": 1}
    news = (
        *({"status": "done", "seq": 1}, {"status": "", "seq": 1}, {"status": "applied", "seq": 0}, {"status": "retry"}),
        *({"status": "applied", "seq": -3}, {"status": "applied", "seq": 2**63}, {"status": "applied", "seq": 10**40}),
        *({"status": "applied", "seq": 1.5}, {"status": "applied", "seq": "1"}, {"status": ["applied"], "seq": 1}),
        *({"status": "conflict", "current": {"kind": "case", "record": 5}}, {"status": "conflict", "since": [1]}),
        *({"status": "conflict", "current": {"kind": "no", "record": {}}}, {"status": "refused", "code": 7}),
        *({"status": "conflict", "since": [{"type": "taken", "fact": []}]}, {"status": "refused", "revs": {"a": "b"}}),
        *(
            {"status": "wrong_epoch"},
            {"seq": 1},
            {"status": None},
            {"cmd_id": None},
            {"cmd_id": [], "status": "applied"},
        ),
    )
    new, shape = chance.choice(news), chance.randrange(5)

    def make(asked: Asked) -> bytes:
        own = [{"cmd_id": wish["cmd_id"]} | new for wish in json.loads(asked.body)["commands"]]
        results: Any = (own, [other], [other] * 300, {"x": own}, [*own, *own])[shape]
        return said(json.dumps({"results": results}).encode())

    return told(make)


def _hello(chance: random.Random) -> Bytes:
    odd = chance.choice(
        (
            *(
                {"epoch": -1},
                {"epoch": 0},
                {"epoch": 2**70},
                {"epoch": 9, "bases": {"x": 1}},
                {"bases": {"2": -(2**70)}},
            ),
            *(
                {"head": -5},
                {"head": 2**63},
                {"floor": 2**63},
                {"floor": -1},
                {"scope_ver": 2**65},
                {"now": "0001-01-01T00:00:00Z"},
            ),
            *(
                {"now": "9999-12-31T23:59:59.999999Z"},
                {"min_client": 10**9},
                {"district": "elsewhere"},
                {"district": ""},
            ),
            *(
                {"role": "emperor"},
                {"role": "leader", "scope": {"district": "d1"}},
                {"scope": {"street": 5}},
                {"scope": {"nowhere": "x"}},
                {"scope": {"district": "elsewhere"}},
                {"since": "0001-01-01T00:00:00Z"},
            ),
            *(
                {"seal_key": ""},
                {"seal_key": "x" * 99_999},
                {"seal_key": "%%%"},
                {"proto": -1},
                {"limits": {"batch": -1}},
            ),
            *(
                {chance.choice(("epoch", "head", "floor", "now", "scope_ver", "bases")): chance.choice(ODD)}
                for _ in range(8)
            ),
        )
    )
    return told(lambda asked: said(json.dumps(json.loads(asked.says) | odd).encode()) if asked.says else b"")


def _snapshot(chance: random.Random) -> Bytes:
    """Returns snapshots with a correct checksum over impossible records, or endless ones."""
    case = _CASE | {"received_at": _NOW}
    records: list[Any] = [
        *([case] * 2, [case | {"rev": 2**63}], [case | {"rev": -1}], [case | {"rev": 10**30}], [case | {"id": ""}]),
        *(
            [case | {"id": "x" * 5000}],
            [case | {"received_at": "0001-01-01T00:00:00Z"}],
            [case | {"text": "x" * 900_000}],
        ),
        *([case | {"due": "9999-12-31T23:59:59Z", "received_at": "9999-12-31T23:59:59Z"}],),
        *([case | {"spot": {"lon": 1e308, "lat": -1e308}}], [case | {"spot": {"lon": 361, "lat": 91}}]),
        *([case | {"stage": "new"}], [case | {"returns": 2**64}], [case | {"id": f"c{n}"} for n in range(3000)]),
    ]
    chosen = chance.choice(records)
    lines = [json.dumps({"kind": "case", "record": one}).encode() for one in chosen]
    lines += chance.choice(
        ([], [], [b'{"kind":"?","record":null}'], [b'{"kind":"case","record":{"spot":{"lon":NaN}}}'])
    )
    n = chance.choice((len(lines), len(lines), len(lines) + 1, -1, 2**70))
    head = json.dumps({"epoch": 1, "cursor": chance.choice((1, -1, 2**63, 2**70)), "scope_ver": 1, "n": n}).encode()
    whole = b"".join(line + b"\n" for line in lines)
    end = {"end": True, "n": len(lines), "sha256": sha256(whole).hexdigest()}
    body = head + b"\n" + whole + json.dumps(end, separators=(",", ":")).encode() + b"\n"
    bodies: tuple[Callable[[], Bytes], ...] = (
        *(lambda: told(lambda asked: said(body, media=NDJSON)) for _ in range(6)),
        lambda: told(lambda asked: said(head + b"\n" + b"x" * LONG, media=NDJSON)),
        lambda: told(lambda asked: said(b"\n" * 100_000, media=NDJSON)),
        lambda: endless(said(head + b"\n", media=NDJSON, length=10**12), lines[0] + b"\n", 3 * LONG),
    )
    return chance.choice(bodies)()


def _events(chance: random.Random) -> Bytes:
    where = chance.choice(
        (b"1:1", b"1:-1", b"x", b"1:", b"9:9", b"1:99999999999999999999999", b"1:1\0", b"2" * 5000 + b":1")
    )
    frame = {"seq": 1, "prev": 0, "facts": [], "records": [], "cmd_id": "x", "actor": "x", "at": _NOW}
    seqs = (
        {},
        {"seq": 2**63},
        {"seq": -1},
        {"prev": 2**70},
        {"records": [{"kind": "case", "record": 5}]},
        {"at": "9999"},
    )
    put = json.dumps(frame | chance.choice(seqs)).encode()
    beats = (
        {"head": 2**62},
        {"head": -1},
        {"now": "2190-01-01T00:00:00Z"},
        {"now": "0001-01-01T00:00:00Z"},
        {"now": "9999-12-31T23:59:59Z"},
        {"digest": "x"},
        {"digest": 5},
        {"scope_ver": 7},
        {"scope_ver": -1},
    )
    beat = json.dumps({"head": 0, "now": _NOW} | chance.choice(beats)).encode()
    bye = chance.choice((b"1e308", b"-1e308", b"NaN", b"1e999", b"null", b'"1"', b"86400000000", b"1e16"))
    chunks = (
        *(b"id: %b\nevent: put\ndata: %b\n\n" % (where, put), b"id: 1:5\nevent: put\ndata: %b\n\n" % put),
        *(
            b"event: hb\ndata: %b\n\n" % beat,
            b"event: hb\ndata: %b\n\n" % beat * 50,
            b'event: bye\ndata: {"retry_s":%b}\n\n' % bye,
        ),
        *(
            b'event: scope\ndata: {"scope_ver":%d}\n\n' % 2**70,
            b"event: scope\ndata: {}\n\n",
            b"data: x\n\n",
            b"\xff\xfe\r\r\r",
        ),
        *(
            b"event: evict\ndata: " + put + b"\n\n",
            b'id: 1:1\nevent: evict\ndata: {"seq":1,"prev":0,"records":[1]}\n\n',
        ),
        *(b"event: hb\ndata: " + b"[" * 1000 + b"\n\n", b"event: hb\r\ndata: {}\r\n\r\n", b"\0" * 1000 + b"\n\n"),
    )
    one = chance.choice(chunks)
    ways: tuple[Callable[[], Bytes], ...] = (
        *(lambda: told(lambda asked: _STREAM + one) for _ in range(8)),
        lambda: endless(_STREAM, b"x" * 65_536, LONG),
        lambda: endless(_STREAM, b"data: " + b"x" * 65_000 + b"\n", LONG),
        lambda: endless(_STREAM, b":\n" * 1000, LONG // 5),
        lambda: endless(_STREAM, b"event: hb\n" * 1000, LONG // 5),
    )
    return chance.choice(ways)()


def _tokens(chance: random.Random) -> Bytes:
    odd = chance.choice(
        (
            *({"access": "a\r\nX: y"}, {"access": "é"}, {"access": ""}, {"access": "x" * LONG}, {"access": "\u0000"}),
            *(
                {"refresh": "x" * 100_000},
                {"expires_in": -1},
                {"expires_in": 2**70},
                {"expires_in": 0},
                {"role": "boss"},
            ),
            *(
                {"scope": {}},
                {"scope": {"x": "y"}},
                {"scope": {"district": None}},
                {"scope": {"district": "elsewhere"}},
            ),
            *({"user": ""}, {"user": "x" * LONG}, {"role": None}, {"expires_in": 1.5}),
        )
    )

    def make(asked: Asked) -> bytes:
        truth = json.loads(asked.says) if asked.says.startswith(b"{") else {}
        return said(json.dumps(truth | odd).encode())

    return told(make)


_OWN: dict[str, Callable[[random.Random], Bytes]] = {
    "/v1/commands": _commands,
    "/v1/hello": _hello,
    "/v1/snapshot": _snapshot,
    "/v1/events": _events,
    "/v1/sign-in": _tokens,
    "/v1/refresh": _tokens,
}
