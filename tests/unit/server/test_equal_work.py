"""A case of another street and one that there is not: the same answer, and the same work to find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from commandcenter.server.platform import Platform
from tests.kit.platform import Desk, new_id


@contextmanager
def statements(platform: Platform) -> Iterator[list[str]]:
    """What every database of the process is asked meanwhile, the platform's lane run dry at both ends."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):  # how jobs share a commit is chance
            asked.append(statement)

    platform.writer.submit(lambda connection: None).result()
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
        platform.writer.submit(lambda connection: None).result()
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _asked(desk: Desk, platform: Platform, case: str, way: str) -> tuple[object, list[str]]:
    with statements(platform) as asked:
        if way == "command":
            result = await desk.do("accept", case=case, bases={f"case:{case}": 1})
            answer: object = {name: said for name, said in result.items() if name != "cmd_id"}
        else:
            told = await desk.get(f"/v1/cases/{case}{way}")
            answer = (told.status_code, told.text.replace(case, "ID"))
    return str(answer).replace(case, "ID"), asked


@pytest.mark.parametrize("way", ["", "/history", "command"])
async def test_a_foreign_case_is_answered_as_one_that_there_is_not_with_the_same_statements(
    sit: Any, platform: Platform, way: str
) -> None:
    clerk, unit = await sit("clerk"), await sit("west-urban")
    foreign = await clerk.take(street="east")
    await _asked(unit, platform, new_id(), way)  # what is done once only is done
    assert await _asked(unit, platform, foreign, way) == await _asked(unit, platform, new_id(), way)
