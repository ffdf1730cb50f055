"""Judges what became of commands: each kept one must be in the platform's log once, or wait with a reason."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_NO_EFFECT = ("conflict", "refused", "held", "dropped")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, by command id, as `lost` or `doubled`; `effects` is how many effects there are in all."""

    lost: dict[str, str]
    doubled: dict[str, str]
    effects: int


def judge(kept: Iterable[str], journal: Path, platform: Path, *, at_rest: bool) -> Verdict:
    """Compares a console's journal with the platform's log and audit; both may be in use.

    `at_rest`: no act may be kept or sent any more.
    Commands in the journal that are not in `kept` (killed before they were reported) are judged like the others.
    """
    rows = _read(journal, "SELECT cmd_id, state, code FROM commands")
    effects = dict(_read(platform, "SELECT cmd_id, count(DISTINCT seq) FROM log WHERE cmd_id <> '' GROUP BY cmd_id"))
    audited = dict(
        _read(platform, "SELECT cmd_id, count(*) FROM audit WHERE outcome = 'applied' AND cmd_id <> '' GROUP BY cmd_id")
    )
    lost = dict.fromkeys(set(kept) - {row[0] for row in rows}, "not in the journal")
    doubled: dict[str, str] = {}
    for key, state, code in rows:
        count = effects.get(key, 0)
        if count > 1 or audited.get(key, 0) > 1:
            doubled[key] = f"{state}, {count} effects, {audited.get(key, 0)} audit rows"
        elif state in _NO_EFFECT and count:
            doubled[key] = f"{state}, with an effect"
        wrong = _loss(state, code, count, audited.get(key, 0), at_rest=at_rest)
        if wrong:
            lost[key] = wrong
    return Verdict(lost, doubled, sum(effects.get(row[0], 0) for row in rows))


def _loss(state: str, code: str | None, effects: int, audited: int, *, at_rest: bool) -> str:
    if state in ("done", "sent") and not effects:
        return f"{state}, without an effect"
    if effects and not audited:
        return f"{state}, with an effect that was not audited"
    if at_rest and state in ("kept", "sent"):
        return f"{state}, and nothing is on its way"
    return f"{state}, without a reason" if state in ("conflict", "refused", "held") and not code else ""


def _read(file: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as there:
        return there.execute(question).fetchall()
