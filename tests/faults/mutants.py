"""`main.py test mutants`: puts faults into the real code while it runs; the schedules must catch each of them."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import delete, select

from commandcenter.client.errors import WrongEpoch
from commandcenter.protocol.events import Evict, Frame
from commandcenter.protocol.messages import CommandBatch, Result
from commandcenter.server.command_pipeline import adoption, pipeline
from commandcenter.server.routes import commands as route
from commandcenter.server.storage import event_log
from commandcenter.server.storage.tables import dedupe, log
from commandcenter.server.streaming import snapshots
from commandcenter.server.streaming.event_stream import Subscriber
from commandcenter.server.streaming.frames import StreamEntry
from commandcenter.store.overlay import Act, Overlay
from commandcenter.sync import command_answers, command_store, outbound, outcome
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.inbound import Inbound
from tests.faults.mutants_of_reasons import OF_REASONS
from tests.faults.mutants_of_records import OF_RECORDS
from tests.faults.mutants_of_rules import OF_RULES
from tests.faults.mutants_of_time import OF_TIME
from tests.faults.mutants_of_work import OF_WORK

SEEDS = Path(__file__).with_name("mutants.json")
MOST = 2000
Patches = tuple[tuple[Any, str, Any], ...]


def main(argv: list[str]) -> int:
    """Searches for a schedule that catches each mutant; --record stores the seeds. Returns 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="main.py test mutants", description=__doc__)
    parser.add_argument("--most", type=int, default=MOST, metavar="N", help="schedules tried for each")
    parser.add_argument("--record", action="store_true", help="keep the seeds for the tests")
    parser.add_argument("--only", action="append", choices=tuple(MUTANTS), help="this one alone")
    asked = parser.parse_args(argv)
    caught: dict[str, dict[str, Any]] = {}
    wanted = asked.only or list(MUTANTS)
    for name in wanted:
        found = search(name, asked.most)
        if found is None:
            print(f"{name}: NOT caught in {asked.most} schedules", flush=True)
            continue
        caught[name] = {"seed": found.seed, "by": found.broken[0].name}
        print(f"{name}: caught by {found.broken[0].name} at schedule {found.seed}", flush=True)
    if asked.record:
        known = json.loads(SEEDS.read_text(encoding="utf-8"))
        others = {name: seed for name, seed in known.items() if name not in wanted}  # the others keep their seeds
        kept = {name: (others | caught)[name] for name in MUTANTS if name in others | caught}
        SEEDS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    of_time = (" of days and files", OF_TIME)
    for of, names in (
        of_time,
        (" of the rules", OF_RULES),
        (" of reasons", OF_REASONS),
        (" of those that roles and 代办 brought", OF_ROLES),
        (" of commands on several records", OF_RECORDS),
        (" of orders and sub-tasks", OF_WORK),
        ("", PROTOCOL),
    ):
        tried = [name for name in wanted if name in names]
        if tried:
            print(f"{len(caught.keys() & names.keys())} of {len(tried)}{of} caught")
    return 0 if len(caught) == len(wanted) else 1


def is_caught(verdict: Any) -> bool:
    """Returns whether an invariant was broken; an error of the simulation itself does not count."""
    return any(one.name != "error" for one in verdict.broken)


def search(name: str, most: int) -> Any:
    """Returns the first verdict that catches the mutant `name`, among seeds 1 to `most`; None without one."""
    from tests.faults import simulate  # an import cycle: it applies the mutants of this module

    verdicts = simulate.verdicts((seed, name) for seed in range(1, most + 1))
    return next(filter(is_caught, verdicts), None)


@contextmanager
def applied(name: str | None) -> Iterator[None]:
    """Applies the mutant `name` (None: none) within the block."""
    patches = [patch.object(*where) for where in MUTANTS[name]()] if name else []
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def _no_dedupe() -> Patches:
    def anew(connection: Any, envelope: Any, person: Any, now: Any, *, console: str, **how: Any) -> Result:
        result = pipeline._execute_new(connection, envelope, person, now, **how)
        connection.execute(delete(dedupe).where(dedupe.c.cmd_id == envelope.cmd_id))
        pipeline.dedupe.keep(connection, person, envelope, result, console=console, at=now)
        return result

    return ((pipeline, "execute_command", anew),)


def _done_without_the_frame() -> Patches:
    real = outcome.outcome

    def at_once(row: Any, result: Result, epoch: int, *, is_here: bool, rows: Any) -> Any:
        return real(row, result, epoch, is_here=True, rows=rows)

    return ((command_answers, "outcome", at_once),)


def _journal_late() -> Patches:
    real = CommandStore.enter

    async def shown_first(self: CommandStore, row: Any, facts: Any) -> Act:
        self.display.show(replace(row, cseq=1 << 30), facts)
        return await real(self, row, facts)

    return ((CommandStore, "enter", shown_first),)


def _no_guard() -> Patches:
    return ((pipeline, "_conflict", lambda *given, **named: None),)


def _cursor_off_by_one() -> Patches:
    real = snapshots.SnapshotHead
    return ((snapshots, "SnapshotHead", lambda *given, cursor, **other: real(*given, cursor=cursor + 1, **other)),)


def _no_evict() -> Patches:
    real = StreamEntry.frame

    def puts(self: StreamEntry, *given: Any) -> Any:
        frame = real(self, *given)
        return None if frame is not None and frame[0] == "evict" else frame

    return ((StreamEntry, "frame", puts),)


def _no_gap_check() -> Patches:
    def following(self: Inbound, arrived: Any, at: Any) -> Any:
        frames: list[Frame | Evict] = []
        seq = at.seq
        for one in arrived:
            if isinstance(one.message, (Frame, Evict)):
                if one.epoch != at.epoch:
                    return frames, WrongEpoch()
                if one.message.seq > seq:
                    frames.append(one.message)
                    seq = one.message.seq
        return frames, None

    return ((Inbound, "_next", following),)


def _overlay_twice() -> Patches:
    def put(self: Overlay, act: Act) -> frozenset[Any]:
        key = act.cmd_id if act.cmd_id not in self._acts else f"{act.cmd_id}/{len(self._acts)}"
        self._acts[key] = act
        self._by_ref.setdefault(act.ref, {})[key] = act
        return frozenset({act.ref})

    return ((Overlay, "put", put),)


def _successors_sent() -> Patches:
    def all_kept(rows: Any, *, user: str, district: str, stuck: Any = ()) -> Any:
        own = [row for row in rows if row.state == "kept" and row.user == user and row.cmd_id not in stuck]
        return tuple(own), {}

    nobody = lambda *given: None  # noqa: E731
    return (
        (outbound, "plan", all_kept),
        (outcome, "behind", lambda row, rows: ()),
        (command_store, "blocker", nobody),
        (command_store, "predecessor", nobody),
    )


def _no_offer() -> Patches:
    async def none(self: CommandAnswers, district: str, epoch: int, bases: Any) -> int:
        return 0

    return ((CommandAnswers, "offer_again", none),)


def _offer_on_new_head() -> Patches:
    def newest(connection: Any, district: str, kind: str, key: str, *, seen: int, epoch: int) -> int:
        return max(one.rev for one in connection.execute(select(log.c.rev).where(log.c.record == key)))

    return ((pipeline, "shared_revision", newest),)


def _no_epoch() -> Patches:
    real = pipeline.execute_batch

    def any_epoch(connection: Any, sent: Any, *given: Any) -> Any:
        now = connection.execute(pipeline._LOG, {"d": given[0].scope.district}).one()
        taken = CommandBatch(epoch=now.epoch, console_id=sent.console_id, commands=sent.commands)
        return real(connection, taken, *given)

    return ((route, "execute_batch", any_epoch),)


def _scope_unheard() -> Patches:
    async def goes_on(self: Subscriber) -> bool:
        self.bell.needs_role_check, self._held = False, replace(self._held, until=None)
        return False

    return ((Subscriber, "_ends_by_change", goes_on),)


def _board_without_role() -> Patches:
    real = Inbound.forget

    async def keeps(self: Inbound, reason: str) -> None:
        if reason != "no role":
            await real(self, reason)

    return ((Inbound, "forget", keeps),)


def _both_count() -> Patches:
    return ((adoption.dedupe, "withdraw_replaced", lambda *given: None), (adoption, "_effect", lambda *given: None))


def _hand_unnamed() -> Patches:
    real = event_log.LogEntry

    def unnamed(*given: Any, **told: Any) -> event_log.LogEntry:  # those who put records in name all by their place
        owner = {"actor": told["on_behalf_of"]} if told.get("on_behalf_of") else {}
        return real(*given, **told | owner)

    return ((event_log, "LogEntry", unnamed),)


def _no_reason_said() -> Patches:
    return ((CommandDisplay, "explain", lambda self, why: None),)


PROTOCOL: dict[str, Callable[[], Patches]] = {
    "no dedupe": _no_dedupe,
    "done without the frame": _done_without_the_frame,
    "journal written late": _journal_late,
    "no guard": _no_guard,
    "snapshot cursor off by one": _cursor_off_by_one,
    "no evict": _no_evict,
    "no gap check": _no_gap_check,
    "overlay not idempotent": _overlay_twice,
    "successors of a refused command sent": _successors_sent,
    "no re-offer after restore": _no_offer,
    "re-offer compares with the new head": _offer_on_new_head,
    "no epoch on commands": _no_epoch,
    "no reason said": _no_reason_said,
}
OF_ROLES: dict[str, Callable[[], Patches]] = {
    "no scope event": _scope_unheard,
    "a board without a role": _board_without_role,
    "what was taken over counts as well": _both_count,
    "the hand that took over unnamed": _hand_unnamed,
}
MUTANTS = PROTOCOL | OF_ROLES | OF_RULES | OF_RECORDS | OF_REASONS | OF_TIME | OF_WORK
