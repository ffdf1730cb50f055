"""The peer: one endpoint that takes a case with the same statements, on async SQLAlchemy and aiosqlite.

A pool of one connection favours the peer: with more of them, writers would sleep while they wait for SQLite's lock.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from fastapi import FastAPI, Request
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from starlette.responses import Response

from commandcenter.protocol.messages import CommandBatch
from commandcenter.server.storage import tables as t

_WORDS = text("INSERT INTO case_words (rowid, words) VALUES (:key, :words)")


def create(data: Path) -> FastAPI:
    """Returns the application on the database in `data`, which has the platform's tables and the small district."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{data / 'platform.db'}", pool_size=1, max_overflow=0, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _entry: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    app = FastAPI(openapi_url=None)

    @app.post("/v1/commands")
    async def commands(request: Request) -> Response:
        batch = msgspec.json.decode(await request.body(), type=CommandBatch)
        async with engine.begin() as connection:
            seqs = [await _take(connection, batch, at) for at in range(len(batch.commands))]
        return Response(msgspec.json.encode({"results": seqs}), media_type="application/json")

    return app


async def _take(connection: AsyncConnection, batch: CommandBatch, at: int) -> int:
    """Carries out one `take` with the reads and writes of the platform; returns its sequence number."""
    wish, now = batch.commands[at], datetime.now(UTC).timestamp()
    args = msgspec.json.decode(wish.args)
    await _look(connection, wish.cmd_id, args)
    day = {"district": "d1", "day": "20261124"}
    counted = t.numbers.update().where(t.numbers.c.district == "d1", t.numbers.c.day == day["day"])
    last = (await connection.execute(counted.values(last=t.numbers.c.last + 1).returning(t.numbers.c.last))).scalar()
    if last is None:
        await connection.execute(t.numbers.insert(), day | {"last": 1})
    body, common = bytes(wish.args), {"district": "d1", "at": now, "cmd_id": wish.cmd_id}
    case = {
        "id": args["case"],
        "rev": 1,
        "number": f"SY-{last}",
        "stage": "received",
        "tier": "grid",
        "received_at": now,
    }
    case |= {"channel": args["channel"], "kind": args["kind"], "street": args["street"], "district": "d1", "body": body}
    made = await connection.execute(t.cases.insert(), case)
    await connection.execute(_WORDS, {"key": made.inserted_primary_key[0], "words": args["text"]})
    head = t.districts.update().where(t.districts.c.id == "d1").values(head=t.districts.c.head + 1)
    seq = (await connection.execute(head.returning(t.districts.c.head))).scalar_one()
    entry = {"seq": seq, "part": 0, "actor": "clerk", "kind": "case", "record": args["case"], "rev": 1, "changed": "*"}
    await connection.execute(
        t.log.insert(), common | entry | {"now": f"s:{args['street']}", "facts": body, "after": body}
    )
    who = {"user": "clerk", "role": "intake_clerk", "action": "take", "record": args["case"], "outcome": "applied"}
    await connection.execute(t.audit.insert(), common | who)
    answered = {"console": batch.console_id, "user": "clerk", "body_hash": "x" * 64, "result": b"{}"}
    await connection.execute(t.dedupe.insert(), common | answered)
    return int(seq)


async def _look(connection: AsyncConnection, cmd_id: str, args: dict[str, Any]) -> None:
    """Reads what has to be known before anything is written."""
    await connection.execute(select(t.accounts).where(t.accounts.c.user == "clerk"))
    await connection.execute(select(t.districts.c.epoch, func.count()).where(t.districts.c.id == "d1"))
    await connection.execute(select(t.dedupe).where(t.dedupe.c.district == "d1", t.dedupe.c.cmd_id == cmd_id))
    await connection.execute(select(t.cases.c.body).where(t.cases.c.district == "d1", t.cases.c.id == args["case"]))
    for kind in ("channel", "kind", "street"):
        here = (t.records.c.district == "d1", t.records.c.kind == kind, t.records.c.id == args[kind])
        await connection.execute(select(t.records.c.body).where(*here))
    await connection.execute(select(t.districts.c.zone, t.districts.c.prefix).where(t.districts.c.id == "d1"))


if __name__ == "__main__":
    config = uvicorn.Config(create(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="error", http="httptools")
    uvicorn.Server(config).run()
