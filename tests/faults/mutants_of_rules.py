"""Mutants of the rules themselves: visibility, powers, guards, audit and answers.

A judge that took its rules from the program would accept each of them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from commandcenter.domain import rules, secrecy, visibility
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import NAMES
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.codec import RecordEnvelope, read_record, record_envelope
from commandcenter.protocol.messages import Result
from commandcenter.server.command_pipeline import adoption, effect, pipeline
from commandcenter.server.routes import cases
from commandcenter.server.storage import event_log, scope
from commandcenter.server.streaming import digests, frames, snapshots
from commandcenter.sync import needs_you
from commandcenter.sync.board_owner import BoardOwner

Patches = tuple[tuple[Any, str, Any], ...]


def _wide(scope: Scope) -> Scope:
    """Returns a street's scope as the district's, and a holder's scope unchanged."""
    return replace(scope, street=None) if scope.holder is None else scope


def _sight(other: Callable[[Person], Person]) -> Callable[[], Patches]:
    """Gives each seat the sight of another, everywhere."""

    def patches() -> Patches:
        real = visibility.tokens_of
        return tuple(
            (where, "tokens_of", lambda seat: real(other(seat)))
            for where in (visibility, scope, event_log, frames, digests, adoption)
        )

    return patches


def _widened(seat: Person) -> Person:
    return replace(seat, scope=_wide(seat.scope))


def _outside(seat: Person) -> Person:
    """Returns a unit as its street's seat."""
    there = seat.scope
    return seat if there.unit is None else replace(seat, scope=Scope(there.district, street=there.street))


def _kept_conflict_shown() -> Patches:
    return ((pipeline, "_seen_now", lambda connection, kept, person: read_record(kept.kind, kept.record)),)


def _secret_frames() -> Patches:
    return ((frames, "_reads", lambda person, case: True),)


def _secret_snapshots() -> Patches:
    return ((snapshots, "body_readable_by", lambda person, body: body),)


def _secret_answers() -> Patches:
    as_it_is = ((pipeline, "envelope_readable_by", lambda person, record: record_envelope(record)),)
    return (*as_it_is, (pipeline, "facts_readable_by", lambda person, record, said: tuple(said)))


def _any_case_looked_up() -> Patches:
    return ((cases, "sees", lambda person, case: True),)


def _secret_looked_up() -> Patches:
    return ((cases, "readable_by", lambda person, case: case),)


def _no_case_looked_up() -> Patches:
    return ((cases, "sees", lambda person, case: person.scope.street is None),)


def _secret_from_leaders() -> Patches:
    return ((secrecy, "reads_all", lambda person: False),)


def _guards(name: str, fields: str) -> Callable[[], Patches]:
    def patches() -> Patches:
        real, guarded = pipeline.guards_of, frozenset(fields.split())

        def guards_of(command: Any) -> Any:
            found = real(command)
            return dict.fromkeys(found, guarded) if isinstance(command, NAMES[name]) else found

        return ((pipeline, "guards_of", guards_of),)

    return patches


def _power(name: str, **other: Any) -> Callable[[], Patches]:
    def patches() -> Patches:
        return ((NAMES[name], "rule", replace(NAMES[name].rule, **other)),)

    return patches


def _return_unasked() -> Patches:
    return tuple(
        (one, "rule", replace(one.rule, where=tuple(set(one.rule.where) & {rules.refuse_unless_held})))
        for one in NAMES.values()
    )


def _note(change: Callable[[dict[str, Any]], dict[str, Any]], times: int = 1) -> Callable[[], Patches]:
    """Changes the audit entry of an applied command, or writes it `times` times."""

    def patches() -> Patches:
        real = pipeline.audit.note

        def noted(connection: Any, person: Any, action: str, **said: Any) -> None:
            if said["outcome"] != "applied":
                real(connection, person, action, **said)
                return
            for _ in range(times):
                told = change({"person": person, "action": action, **said})
                real(connection, told.pop("person"), told.pop("action"), **told)

        return ((pipeline.audit, "note", noted),)

    return patches


def _no_facts_since() -> Patches:
    real = event_log.decode_facts
    return ((event_log, "decode_facts", lambda facts: real(list(facts)[1:])),)


def _conflict_of_before() -> Patches:
    real = pipeline.envelope_readable_by

    def earlier(person: Person, record: Any) -> RecordEnvelope:
        return real(person, replace(record, rev=max(1, record.rev - 1)))

    return ((pipeline, "envelope_readable_by", earlier),)


def _conflict_at_everything() -> Patches:
    real = pipeline.guards_of

    def wider(command: Any) -> Any:
        return {ref: fields | {"stage", "application"} for ref, fields in real(command).items()}

    return ((pipeline, "guards_of", wider),)


def _logged_elsewhere() -> Patches:
    real = effect.event_log.RecordChange
    return ((effect.event_log, "RecordChange", lambda **told: real(**told | {"was": told["now"]})),)


def _answers_a_wrong_place() -> Patches:
    real = pipeline.apply_facts

    def one_on(*given: Any, **named: Any) -> Result:
        result = real(*given, **named)
        revs = {key: rev + 1 for key, rev in result.revs.items()}
        return Result(cmd_id=result.cmd_id, status=result.status, seq=result.seq, revs=revs)

    return ((pipeline, "apply_facts", one_on),)


def _former_board() -> Patches:
    return ((BoardOwner, "owns", lambda self, at: True),)


def _across_streets() -> Patches:
    def of_anybody(leader: Person, owner: Person) -> bool:
        return leader.user != owner.user

    return ((adoption, "may_adopt", of_anybody), (needs_you, "may_adopt", of_anybody))


OF_RULES: dict[str, Callable[[], Patches]] = {
    "a street sees the whole district": _sight(_widened),
    "a unit sees its street": _sight(_outside),
    "a kept conflict is shown to whoever asks": _kept_conflict_shown,
    "the words of a secret case in frames": _secret_frames,
    "the words of a secret case in snapshots": _secret_snapshots,
    "the words of a secret case in answers": _secret_answers,
    "the words of a secret case kept from its shift leader": _secret_from_leaders,
    "any case is shown to who asks for it by its id": _any_case_looked_up,
    "the words of a secret case that is asked for by its id": _secret_looked_up,
    "a street is told that it has no such case": _no_case_looked_up,
    "a return approved on another application": _guards("approve_return", "stage responsible"),
    "a return denied on another application": _guards("deny_return", "stage responsible"),
    "a dispatcher reports": _power("report", roles=NAMES["report"].rule.roles | {Role.DISPATCHER}, where=()),
    "closed before it is reported": _power("close", stages=frozenset({Stage.RECEIVED, Stage.REPORTED})),
    "a return without an application": _return_unasked,
    "taken over across streets": _across_streets,
    "an audit without the record": _note(lambda told: told | {"record": ""}),
    "an audit of another role": _note(lambda told: told | {"person": replace(told["person"], role=Role.SYSTEM)}),
    "an audit without the act's owner": _note(lambda told: told | {"on_behalf_of": None}),
    "an audit twice": _note(lambda told: told, times=2),
    "a conflict that leaves out a fact": _no_facts_since,
    "a conflict with a wrong revision": _conflict_of_before,
    "a conflict with nothing": _conflict_at_everything,
    "logged where it is and not where it was": _logged_elsewhere,
    "an answer with a wrong revision": _answers_a_wrong_place,
    "the former seat's board": _former_board,
}
