"""The acts that are not confirmed yet, laid over the records: idempotent by command id, in the order given."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import evolve_known
from commandcenter.domain.facts import Fact, records_of
from commandcenter.domain.records import Record, Ref


class Delivery(IntEnum):
    """The four delivery states of an act: 已存待发 kept, 已送达 sent, 已生效 done, 需处理 needs you."""

    DONE = 0
    KEPT = 1
    SENT = 2
    NEEDS_YOU = 3


@dataclass(frozen=True, slots=True)
class Act:
    """One command as the person gave it, with the facts that the console predicts and its delivery state.

    `command` is None when this version of the program cannot read it. `state` is the journal's finer state (conflict,
    refused, held, dropped …), `moved_at` the time at which it was reached. `on_behalf_of` is the user whose act `user`
    took over. `ref` is the first record that it names, `changed` the one whose change the platform set against it.
    """

    cmd_id: str
    cseq: int
    user: str
    name: str
    ref: Ref
    facts: tuple[Fact, ...]
    delivery: Delivery
    code: str | None = None
    about: str | None = None
    command: Command | None = None
    state: str = ""
    made_at: datetime | None = None
    moved_at: datetime | None = None
    on_behalf_of: str | None = None
    changed: Ref | None = None

    @property
    def compared(self) -> Ref:
        """The record to look at when the act needs a decision."""
        return self.changed or self.ref

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The records that it names or changes, each once, `ref` first."""
        named = () if self.command is None else (self.command,)
        return tuple(dict.fromkeys((self.ref, *(ref for one in (*named, *self.facts) for ref in records_of(one)))))

    @property
    def is_dropped(self) -> bool:
        """Whether the act ended without an effect: it was dropped, or another act was given in its place."""
        return self.state == "dropped"


class Overlay:
    """The pending acts (kept, sent, or needing a decision), by record."""

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}
        self._by_ref: dict[Ref, dict[str, Act]] = {}

    @property
    def acts(self) -> tuple[Act, ...]:
        """All pending acts in the order given."""
        return tuple(sorted(self._acts.values(), key=lambda act: act.cseq))

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns the users who act on this record for another person, with an act that waits for no decision."""
        taken_over = (act for act in self._by_ref.get(ref, {}).values() if act.on_behalf_of is not None)
        return frozenset(act.user for act in taken_over if act.delivery is not Delivery.NEEDS_YOU)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The records with at least one pending act."""
        return tuple(self._by_ref)

    def names(self, ref: Ref) -> bool:
        """Returns whether a pending act names the record."""
        return ref in self._by_ref

    def put(self, act: Act) -> frozenset[Ref]:
        """Adds or replaces an act; returns the records whose display changes."""
        before = self.lift(act.cmd_id)
        self._acts[act.cmd_id] = act
        for ref in act.refs:
            self._by_ref.setdefault(ref, {})[act.cmd_id] = act
        return before.union(act.refs)

    def lift(self, cmd_id: str) -> frozenset[Ref]:
        """Removes an act that is done or dropped; returns the records whose display changes."""
        act = self._acts.pop(cmd_id, None)
        if act is None:
            return frozenset()
        for ref in act.refs:
            here = self._by_ref[ref]
            del here[cmd_id]
            if not here:
                del self._by_ref[ref]
        return frozenset(act.refs)

    def applied_to(
        self, ref: Ref, base: Record | None, *, without: Collection[str] = ()
    ) -> tuple[Record | None, Delivery]:
        """Returns `base` with the pending facts applied, and the least advanced delivery state of its acts.

        The acts `without` are left out. Facts of acts that need a decision are not applied.
        """
        shown, delivery = base, Delivery.DONE
        here = self._by_ref.get(ref)
        if here is None:
            return shown, delivery
        for act in sorted((act for act in here.values() if act.cmd_id not in without), key=lambda act: act.cseq):
            mine = [fact for fact in act.facts if ref in records_of(fact)]
            delivery = _worse(delivery, act.delivery)
            if act.delivery is not Delivery.NEEDS_YOU:
                shown = _evolved(shown, mine)
        return shown, delivery


def _evolved(record: Record | None, facts: list[Fact]) -> Record | None:
    rev = getattr(record, "rev", 0)
    for fact in facts:
        record = evolve_known(record, fact)  # an evicted record is not recreated
    return record if record is None else _as_of(record, rev)


def _as_of(record: Record, rev: int) -> Record:
    """A pending record keeps the revision that it is based on."""
    return replace(record, rev=rev)


def _worse(one: Delivery, other: Delivery) -> Delivery:
    rank: Callable[[Delivery], int] = [0, 2, 1, 3].__getitem__
    return max(one, other, key=rank)
