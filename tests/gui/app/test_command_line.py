"""A line as dispatchers type it: verb by initials, case by its last digits, holder by name, pinyin or initials."""

import pytest

from ui.kit.command_line.grammar import Grammar, LinePart, NamedObject, Verb

PD = Verb("dispatch", ("派遣", "Dispatch"), ("pd",), (LinePart.CASE, LinePart.TARGET))
TY = Verb("approve_return", ("同意退回",), ("ty",), (LinePart.CASE,))
BTY = Verb("deny_return", ("不同意退回",), ("bty",), (LinePart.CASE, LinePart.TEXT))
ZP = Verb("hand_over", ("转派",), ("zp",), (LinePart.CASE, LinePart.TARGET, LinePart.TEXT))
XZ = Verb("move_crew", ("派小组",), ("xz",), (LinePart.CASE, LinePart.TARGET), target_kind="crew")
ZT = Verb("theme", ("切换深浅", "Switch dark and light"), ("zt",))
CASES = (
    NamedObject("c1", ("包河-20261124-00421", "道路积水"), place="芜湖路"),
    NamedObject("c2", ("包河-20261123-00421", "暴露垃圾"), place="望湖"),
    NamedObject("c3", ("包河-20261124-00422", "噪音扰民"), place="芜湖路"),
)
HOLDERS = (
    NamedObject("u1", ("望湖·城管", "望湖街道城管"), place="望湖"),
    NamedObject("u2", ("芜湖路·城管", "芜湖路街道城管"), place="芜湖路"),
    NamedObject("u3", ("芜湖路·交警", "芜湖路街道交警"), place="芜湖路"),
    NamedObject("g1", ("第07网格",), near=2, place="包公"),
    NamedObject("g2", ("第07网格",), near=2, place="常青"),
)
CREWS = (NamedObject("u1", ("城管一组",), kind="crew"), NamedObject("r2", ("Crew 2",), kind="crew"))


@pytest.fixture
def hall() -> Grammar:
    return Grammar((PD, TY, BTY, ZP, XZ, ZT), CASES, (*HOLDERS, *CREWS), chosen="c1")


@pytest.mark.parametrize("typed", ["pd 0422 城管", "派遣0422城管", "dispatch 422 cg", "pd 00422 chengguan"])
def test_however_it_is_typed_the_street_s_own_unit_is_meant(hall: Grammar, typed: str) -> None:
    line = hall.read(typed)
    assert (line.verb, line.case, line.target) == (PD, "c3", "u2")
    assert line.is_complete


def test_without_a_number_the_chosen_case_is_meant(hall: Grammar) -> None:
    assert hall.read("pd 交警").case == "c1"
    assert hall.read("ty").is_complete


def test_the_street_of_the_case_that_is_typed_counts_not_that_of_the_chosen_one(hall: Grammar) -> None:
    assert hall.read("pd 20261123-00421 城管").target == "u1"


def test_a_name_may_be_shortened_in_the_middle(hall: Grammar) -> None:
    assert hall.read("pd 0422 望湖城管").target == "u1"


def test_a_number_that_two_days_share_means_the_chosen_case_or_is_asked_for(hall: Grammar) -> None:
    assert hall.read("ty 0421").case == "c1"
    unchosen = Grammar(hall.verbs, hall.cases, hall.targets)
    line = unchosen.read("ty 0421")
    assert line.missing is LinePart.CASE
    assert [offer.line.strip() for offer in line.offers] == ["ty 20261124-00421", "ty 20261123-00421"]
    assert unchosen.read(line.offers[1].line).case == "c2"


def test_a_target_picked_from_the_list_stays_meant_though_another_is_called_the_same(hall: Grammar) -> None:
    offers = hall.read("pd 0422 第07网格").offers
    assert [offer.id for offer in offers] == ["g1", "g2"]
    meant = Grammar(hall.verbs, hall.cases, hall.targets, "c1", picked_target=(offers[1].name, offers[1].id))
    assert meant.read(offers[1].line).target == "g2"


@pytest.mark.parametrize(
    ("typed", "lacks"),
    [("", LinePart.VERB), ("p", LinePart.VERB), ("pd 0422", LinePart.TARGET), ("bty 0422", LinePart.TEXT)],
)
def test_what_is_missing_is_asked_for(hall: Grammar, typed: str, lacks: LinePart) -> None:
    line = hall.read(typed)
    assert line.missing is lacks
    assert not line.is_complete


@pytest.mark.parametrize(("typed", "word"), [("zzz", "zzz"), ("pd 999", "999"), ("pd 0422 无此单位", "无此单位")])
def test_what_fits_nothing_is_named(hall: Grammar, typed: str, word: str) -> None:
    assert hall.read(typed).unknown == word


def test_the_rest_of_the_line_is_what_is_said(hall: Grammar) -> None:
    assert hall.read("bty 0422 仍由 本单位 办理").text == "仍由 本单位 办理"


def test_actions_without_a_case_are_found_by_part_of_their_name_in_both_languages(hall: Grammar) -> None:
    assert hall.read("zt").is_complete
    assert [offer.id for offer in hall.read("深浅").offers] == ["theme"]
    assert [offer.id for offer in hall.read("light").offers] == ["theme"]


@pytest.mark.parametrize(
    ("typed", "target", "text"),
    [
        ("zp 0422 芜湖路·城管 无人处置", "u2", "无人处置"),
        ("zp 0422 芜湖路 交警 占道 严重", "u3", "占道 严重"),  # as many words as fit one holder
        ("zp 0422 望湖·城管 望湖 一带", "u1", "望湖 一带"),  # a name in full is the whole of it
        ("转派0422城管 占道", "u2", "占道"),
        ("pd 0422 望湖·城管 带泵", "u1", "带泵"),
        ("xz 0422 crew 2", "r2", ""),
    ],
)
def test_what_follows_the_target_is_the_text(hall: Grammar, typed: str, target: str, text: str) -> None:
    line = hall.read(typed)
    assert (line.case, line.target, line.text, line.missing) == ("c3", target, text, None)


def test_a_target_without_the_text_that_must_follow_is_not_complete(hall: Grammar) -> None:
    line = hall.read("zp 0422 望湖·城管")
    assert (line.target, line.missing) == ("u1", LinePart.TEXT)
    assert hall.read("zp 0422").missing is LinePart.TARGET
    assert hall.read("zp 0422 无此单位 占道").unknown == "无此单位"
    assert hall.read("pd 0422 城管 无此").unknown == "城管 无此"  # a slip is no note, and no other holder is meant


def test_only_what_is_of_the_kind_that_the_verb_chooses_is_a_target(hall: Grammar) -> None:
    assert [offer.id for offer in hall.read("xz 0422").offers] == ["u1", "r2"]
    assert hall.read("xz 0422 交警").unknown == "交警"
    assert hall.read("pd 0422 一组").unknown == "一组"
