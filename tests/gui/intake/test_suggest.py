"""Which kind a caller's words suggest: a hint weighs more than a shared word, and no call of the hall goes without."""

from commandcenter.simulation import reference
from resources import path
from tests.kit import hall
from ui.intake.suggest import suggest

DATA = reference.read(path("demo"))


def test_a_common_word_alone_suggests_nothing_beside_a_hint() -> None:
    found = suggest(hall.kinds(), "路口积水没过脚踝，只能走机动车道")
    assert found[0].kind.name == "道路积水"
    assert "机动车乱停放" not in [one.kind.name for one in found]
    assert suggest(hall.kinds(), "") == ()


def test_whatever_is_said_in_the_demonstration_its_kind_is_among_the_three_offered() -> None:
    said = [(kind, text) for kind, texts in DATA.words["text"].items() for text in texts]
    missed = [
        f"{kind}: {text}" for kind, text in said if kind not in [one.kind.id for one in suggest(DATA.kinds, text)]
    ]
    assert missed == []


def test_most_calls_need_no_choice_by_hand() -> None:
    said = [(kind, text) for kind, texts in DATA.words["text"].items() for text in texts]
    at_once = [text for kind, text in said if suggest(DATA.kinds, text)[0].kind.id == kind]
    assert len(at_once) >= 0.9 * len(said)
