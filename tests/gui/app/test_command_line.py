"""A line as dispatchers type it: verb by initials, case by its last digits, holder by name, pinyin or initials."""

import math
from dataclasses import replace

import pytest

from ui.kit.command_line.grammar import Grammar
from ui.kit.command_line.parts import Choice, CommandLine, LinePart, NamedObject, Verb

HOLDER, CREW = Choice("holder"), Choice("crew")
PD = Verb("dispatch", ("派遣", "Dispatch"), ("pd",), (LinePart.CASE, LinePart.TARGET), choices=(HOLDER,))
TY = Verb("approve_return", ("同意退回",), ("ty",), (LinePart.CASE,))
BTY = Verb("deny_return", ("不同意退回",), ("bty",), (LinePart.CASE, LinePart.TEXT))
ZP = Verb("hand_over", ("转派",), ("zp",), (LinePart.CASE, LinePart.TARGET, LinePart.TEXT), choices=(HOLDER,))
XZ = Verb("move_crew", ("派小组",), ("xz",), (LinePart.CASE, LinePart.TARGET), choices=(CREW,))
BY_CASE = (LinePart.CASE, LinePart.TARGET)
MANY = Choice("holder", many=True)
XB = Verb("add_co_handler", ("加协办",), ("xb",), BY_CASE, choices=(MANY,), is_timed=True)
CXB = Verb("remove_co_handler", ("撤协办",), ("cxb",), (*BY_CASE, LinePart.TEXT), choices=(MANY,))
ZB = Verb("set_lead", ("定主办",), ("zb",), BY_CASE, choices=(HOLDER,))
DP = Verb("dispatch_with", ("派去",), ("dp",), BY_CASE, choices=(HOLDER, Choice("crew", many=True)), is_timed=True)
ZT = Verb("theme", ("切换深浅", "Switch dark and light"), ("zt",))
CASES = (
    NamedObject("c1", ("包河-20261124-00421", "道路积水"), place="芜湖路"),
    NamedObject("c2", ("包河-20261123-00421", "暴露垃圾"), place="望湖"),
    NamedObject("c3", ("包河-20261124-00422", "噪音扰民"), place="芜湖路"),
)
HOLDERS = (
    NamedObject("u1", ("望湖·城管", "望湖街道城管"), place="望湖", kind="holder"),
    NamedObject("u2", ("芜湖路·城管", "芜湖路街道城管"), place="芜湖路", kind="holder"),
    NamedObject("u3", ("芜湖路·交警", "芜湖路街道交警"), place="芜湖路", kind="holder"),
    NamedObject("g1", ("第07网格",), near=2, place="包公", kind="holder"),
    NamedObject("g2", ("第07网格",), near=2, place="常青", kind="holder"),
)
CREWS = (NamedObject("u1", ("城管一组",), kind="crew"), NamedObject("r2", ("Crew 2",), kind="crew"))


def case_of(line: CommandLine) -> str | None:
    return line.clauses[-1].case


def target_of(line: CommandLine) -> str:
    (target,) = line.clauses[-1].targets
    return target.id


def text_of(line: CommandLine) -> str:
    return line.clauses[-1].text


@pytest.fixture
def hall() -> Grammar:
    return Grammar((PD, TY, BTY, ZP, XZ, XB, CXB, ZB, DP, ZT), CASES, (*HOLDERS, *CREWS), chosen="c1")


@pytest.mark.parametrize("typed", ["pd 0422 城管", "派遣0422城管", "dispatch 422 cg", "pd 00422 chengguan"])
def test_however_it_is_typed_the_street_s_own_unit_is_meant(hall: Grammar, typed: str) -> None:
    line = hall.read(typed)
    assert (line.verb, case_of(line), target_of(line)) == (PD, "c3", "u2")
    assert line.is_complete


def test_without_a_number_the_chosen_case_is_meant(hall: Grammar) -> None:
    assert case_of(hall.read("pd 交警")) == "c1"
    assert hall.read("ty").is_complete


def test_the_street_of_the_case_that_is_typed_counts_not_that_of_the_chosen_one(hall: Grammar) -> None:
    assert target_of(hall.read("pd 20261123-00421 城管")) == "u1"


def test_a_name_may_be_shortened_in_the_middle(hall: Grammar) -> None:
    assert target_of(hall.read("pd 0422 望湖城管")) == "u1"


def test_what_is_called_so_in_full_is_meant_before_what_is_near(hall: Grammar) -> None:
    named = NamedObject("d9", ("城管",), near=1, kind="holder")
    assert target_of(Grammar(hall.verbs, hall.cases, (*HOLDERS, named)).read("pd 0422 城管")) == "d9"


def test_a_number_that_two_days_share_means_the_chosen_case_or_is_asked_for(hall: Grammar) -> None:
    assert case_of(hall.read("ty 0421")) == "c1"
    unchosen = Grammar(hall.verbs, hall.cases, hall.targets)
    line = unchosen.read("ty 0421")
    assert line.missing is LinePart.CASE
    assert [offer.line.strip() for offer in line.offers] == ["ty 1124-00421", "ty 1123-00421"]
    assert case_of(unchosen.read(line.offers[1].line)) == "c2"


def test_a_target_picked_from_the_list_stays_meant_though_another_is_called_the_same(hall: Grammar) -> None:
    offers = hall.read("pd 0422 第07网格").offers
    assert [offer.id for offer in offers] == ["g1", "g2"]
    meant = hall.picking(offers[1])
    assert target_of(meant.read(offers[1].line)) == "g2"


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
    assert text_of(hall.read("bty 0422 仍由 本单位 办理")) == "仍由 本单位 办理"


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
    assert (case_of(line), target_of(line), text_of(line), line.missing) == ("c3", target, text, None)


def test_a_target_without_the_text_that_must_follow_is_not_complete(hall: Grammar) -> None:
    line = hall.read("zp 0422 望湖·城管")
    assert (target_of(line), line.missing) == ("u1", LinePart.TEXT)
    assert hall.read("zp 0422").missing is LinePart.TARGET
    assert hall.read("zp 0422 无此单位 占道").unknown == "无此单位"
    assert hall.read("pd 0422 城管 无此").unknown == "城管 无此"  # a slip is no note, and no other holder is meant


def test_only_what_is_of_the_kind_that_the_verb_chooses_is_a_target(hall: Grammar) -> None:
    assert [offer.id for offer in hall.read("xz 0422").offers] == ["u1", "r2"]
    assert hall.read("xz 0422 交警").unknown == "交警"
    assert hall.read("pd 0422 一组").unknown == "一组"


DEPARTMENTS = (
    NamedObject("d1", ("区住建局", "包河区住房和城乡建设局"), near=1, kind="holder"),
    NamedObject("d2", ("区环保局", "包河区生态环境分局"), near=1, kind="holder"),
    NamedObject("d3", ("区水务局",), near=1, kind="holder"),
)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("xb 0422 环保 水务", [("xb", "c3", ["d2", "d3"], "", "")]),
        ("xb 0422 环保、水务", [("xb", "c3", ["d2", "d3"], "", "")]),
        ("加协办0422环保 sw 明天 9:00", [("xb", "c3", ["d2", "d3"], "明天 9:00", "")]),
        ("xb 0422 区环保局 区水务局 带仪器", [("xb", "c3", ["d2", "d3"], "", "带仪器")]),
        ("cxb 0422 环保 水务 不再需要", [("cxb", "c3", ["d2", "d3"], "", "不再需要")]),
        ("zb 0422 住建 xb 环保 水务", [("zb", "c3", ["d1"], "", ""), ("xb", "c3", ["d2", "d3"], "", "")]),
        ("zb 0422 区住建局 请牵头 xb 环保", [("zb", "c3", ["d1"], "", "请牵头"), ("xb", "c3", ["d2"], "", "")]),
        ("zb 住建 xb 0422 环保", [("zb", "c1", ["d1"], "", ""), ("xb", "c3", ["d2"], "", "")]),
        ("ty 0422 zb 住建", [("ty", "c3", [], "", ""), ("zb", "c3", ["d1"], "", "")]),
        ("bty 0422 仍由 zb 住建", [("bty", "c3", [], "", "仍由 zb 住建")]),  # a text that is needed runs to the end
        ("dp 0422 crew 2 15:00", [("dp", "c3", ["r2"], "15:00", "")]),
        ("dp 0422 芜湖路·城管 城管一组 crew 2", [("dp", "c3", ["u2", "u1", "r2"], "", "")]),
    ],
)
def test_one_line_names_several_targets_and_gives_several_commands(hall: Grammar, typed: str, told: list) -> None:
    line = Grammar(hall.verbs, hall.cases, (*HOLDERS, *DEPARTMENTS, *CREWS), chosen="c1").read(typed)
    said = [
        (one.verb.said, one.case, [target.id for target in one.targets], one.moment, one.text) for one in line.clauses
    ]
    assert (said, line.missing, line.unknown) == (told, None, "")


@pytest.mark.parametrize(
    ("typed", "unknown", "missing"),
    [
        ("xb 0422 环保 无此单位", "无此单位", LinePart.TARGET),
        ("zb 0422 住建 xb", "", LinePart.TARGET),
        ("zb 0422 住建 xb 无此单位", "无此单位", LinePart.TARGET),
        ("zb xb 环保", "xb 环保", LinePart.TARGET),  # before a target a word names one
        ("dp 0422 望湖·城管 芜湖路·交警", None, None),  # one body alone: the rest is said to it
    ],
)
def test_a_slip_among_several_targets_is_named(
    hall: Grammar, typed: str, unknown: str | None, missing: LinePart | None
) -> None:
    line = Grammar(hall.verbs, hall.cases, (*HOLDERS, *DEPARTMENTS, *CREWS), chosen="c1").read(typed)
    assert (line.unknown, line.missing) == (unknown or "", missing)


def test_a_target_picked_from_the_list_goes_behind_what_stands_there_already(hall: Grammar) -> None:
    hall = Grammar(hall.verbs, hall.cases, (*HOLDERS, *DEPARTMENTS))
    (offer,) = hall.read("zb 0422 住建 xb 环保 shuiwu").offers
    assert offer.line == "zb 0422 住建 xb 00422 区环保局 区水务局"
    line = hall.picking(offer).read(offer.line)
    assert [target.id for target in line.clauses[-1].targets] == ["d2", "d3"]


def test_what_is_kept_of_a_line_has_no_free_text(hall: Grammar) -> None:
    hall = Grammar(hall.verbs, hall.cases, (*HOLDERS, *DEPARTMENTS))
    assert hall.read("cxb 0422 环保 水务 张某电话 13800000000").said == "cxb 0422 环保 水务"
    assert hall.read("zb 0422 区住建局 家住三楼 xb 环保 15:00").said == "zb 0422 区住建局 xb 环保 15:00"


def test_of_more_units_than_are_shown_those_with_the_powers_that_the_case_needs_come_first(hall: Grammar) -> None:
    case = NamedObject("c1", ("包河-20261124-00421",), place="芜湖路", powers=("water", "urban", "housing"))
    units = [NamedObject(f"u{at}", (f"单位{at}",), place="芜湖路", kind="holder") for at in range(9)]
    units[7] = replace(units[7], powers=("urban",))
    units[8] = replace(units[8], powers=("water",))
    far = NamedObject("f1", ("单位远",), place="望湖", kind="holder", powers=("water",))
    department = NamedObject("d1", ("区单位",), near=1, kind="holder", powers=("housing",))
    shown = [offer.id for offer in Grammar(hall.verbs, (case,), (far, *units, department)).read("pd 0421").offers]
    assert shown == ["u8", "u7", "d1", "u0", "u1", "u2", "u3", "u4"]
    assert target_of(Grammar(hall.verbs, (case,), (far, *units)).read("pd 0421 单位")) == "u8"
    ways = {"u3": 0.4, "u1": 1.2, "u7": 0.1}
    near = Grammar(hall.verbs, (case,), tuple(units), way=lambda key, _case: ways.get(key, math.inf))
    assert [offer.id for offer in near.read("pd 0421").offers][:5] == ["u8", "u7", "u3", "u1", "u0"]
