"""Mutants of commands that name several records, which do for the first what they have to do for all."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from msgspec.structs import replace

from commandcenter.cache import mirror
from commandcenter.protocol.events import Frame
from commandcenter.server.command_pipeline import pipeline
from commandcenter.server.streaming import frames
from commandcenter.store.fetched import FetchedRecords

Patches = tuple[tuple[Any, str, Any], ...]


def _first_evicted() -> Patches:
    real = frames._seen

    def seen(*given: Any) -> Any:
        put, evicted = real(*given)
        return put, tuple(at for at in evicted if at == 0)

    return ((frames, "_seen", seen),)


def _first_guarded() -> Patches:
    real = pipeline.guards_of
    return ((pipeline, "guards_of", lambda command: dict(islice(real(command).items(), 1))),)


def _lost_one_kept() -> Patches:
    real = mirror._NetChange.of

    def of(frames: Any) -> Any:
        return real(replace(frame, evicted=()) if isinstance(frame, Frame) else frame for frame in frames)

    return ((mirror._NetChange, "of", staticmethod(of)),)


def _fetched_for_good() -> Patches:
    return ((FetchedRecords, "drop", lambda self, ref: None),)


OF_RECORDS: dict[str, Callable[[], Patches]] = {
    "evict only the first record": _first_evicted,
    "guard only the first record": _first_guarded,
    "what was fetched stays as it was when frames change it": _fetched_for_good,
    "a body that loses a case keeps it": _lost_one_kept,
}
