"""In English, a demonstration's names are English and found by either name; a real hall's stay as they are."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from commandcenter.domain.kinds import Kind
from tests.kit import hall
from ui.kit.search.spelling import fit
from ui.kit.texts import glossary, names
from ui.kit.texts.words import speak


@pytest.fixture(autouse=True)
def _in_english(qapp: object) -> Iterator[None]:
    speak("en")
    glossary.use(True)
    yield
    glossary.use(False)
    speak("zh")


def test_a_thing_is_found_by_its_chinese_name_and_by_its_english_one() -> None:
    for shown in ("芜湖路·城管", glossary.called("芜湖路·城管")):  # a room gives what it shows, in either language
        assert [typed for typed in ("芜湖路", "whl", "wuhu", "city mgmt", "城管") if fit(typed, shown) is None] == []
    assert fit("police", "芜湖路·城管") is None


def test_what_the_demonstration_did_not_make_stays_as_it_is() -> None:
    board = hall.board(0)
    kind = next(one for one in board.all("kind") if isinstance(one, Kind))
    board.apply([replace(kind, name="道路积水")])
    assert names.name(board, "kind", kind.id) == "Flooded road"
    board.apply([replace(kind, name="道路大积水")])  # renamed by an administrator
    assert names.name(board, "kind", kind.id) == "道路大积水"
    speak("zh")
    assert glossary.called("道路积水") == "道路积水"
    speak("en")
    glossary.use(False)  # a real hall
    assert glossary.called("道路积水") == "道路积水"
    assert fit("flooded", "道路积水") is None


def test_a_long_place_that_somebody_typed_is_looked_up_in_no_time() -> None:
    asked: list[object] = []

    class Parts(dict[str, str]):
        def __contains__(self, key: object) -> bool:
            asked.append(key)
            return super().__contains__(key)

        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            asked.append(key)
            return super().get(key, default)

    parts = Parts({"太湖新": "Taihu New", "村": "Village", "太湖新村": "Taihu Estate"})
    assert glossary._pieces("太湖新村" * 3, parts) == ["Taihu Estate"] * 3
    typed = "太湖新村" * 12
    asked.clear()
    assert glossary._pieces(f"{typed}！", parts) is None
    assert len(asked) < len(typed) ** 2
