"""`roster import` when the platform puts in only a part of a file: what is in and what is not is told."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from commandcenter.client.errors import PlatformFault, Unreachable
from commandcenter.domain.places import District
from commandcenter.operations import references, roster
from commandcenter.operations.crew_shifts import CrewBook
from commandcenter.protocol import paths
from commandcenter.protocol.messages import Result
from tests.kit.calendars import calendar, day
from tests.kit.district import reference

BOOK = CrewBook.of((District("d1", 1, "一区", "Asia/Shanghai", "YQ"), *reference()))
CREWS = ("east-crew", "west-crew")
CONTENT = calendar(*(f"SUMMARY:{one}\nDTSTART:{day(1)}\nDURATION:PT8H" for one in CREWS)).encode()
IN, CHANGED = Result(cmd_id="", status="applied"), Result(cmd_id="", status="conflict")


class Session:
    """A platform that answers one command after another as it is told, and then no more."""

    def __init__(self, *answers: Result) -> None:
        self.answers = iter(answers)

    async def ask(self, _: str, path: str, *__: Any, **___: Any) -> Any:
        if path == paths.HELLO:
            return SimpleNamespace(epoch=1)
        answer = next(self.answers, None)
        if answer is None:
            raise Unreachable("127.0.0.1")
        return SimpleNamespace(results=[answer])


def put_in(*answers: Result) -> int:
    """Puts in the rosters of two crews, one in each request; returns the exit code."""
    there: Any = Session(*answers)
    return asyncio.run(roster._import(references.References(there), CONTENT, BOOK))


@pytest.fixture(autouse=True)
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "COMMANDS_MOST", 1)


@pytest.mark.parametrize(
    ("answers", "code", "out", "told"),
    [
        ((IN, IN), 0, "rosters 2 new, 0 changed, 0 unchanged\n", []),
        ((CHANGED, IN), 1, "rosters 1 new, 0 changed, 0 unchanged, 1 not put in\n", ["first (roster:east-crew)"]),
        ((IN,), 1, "rosters 1 new, 0 changed, 0 unchanged, 1 not put in\n", ["127.0.0.1", "(roster:west-crew)"]),
        ((CHANGED, CHANGED), 2, "", ["first (roster:east-crew, roster:west-crew)"]),
    ],
)
def test_what_is_in_and_what_is_not_is_told(
    answers: tuple[Result, ...], code: int, out: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert put_in(*answers) == code
    said = capsys.readouterr()
    assert said.out == out
    assert len(said.err.splitlines()) == len(told)
    assert all(one in line for one, line in zip(told, said.err.splitlines(), strict=True))


@pytest.mark.parametrize("answers", [(), (CHANGED,)])
def test_a_network_that_fails_before_any_is_in_is_told_as_such(answers: tuple[Result, ...]) -> None:
    with pytest.raises(PlatformFault):
        put_in(*answers)
