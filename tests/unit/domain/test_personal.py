"""What is a personal number and what only looks like one: both tables are written by hand."""

import pytest

from commandcenter.domain.personal import Personal, masked, personal_numbers
from commandcenter.domain.text import clean, visible

PHONES = {
    "联系人13812345678": "联系人138****5678",
    "13812345678": "138****5678",
    "电话138-1234-5678，晚上别打": "电话138****5678，晚上别打",
    "138 1234 5678": "138****5678",
    "138\u30001234\u30005678": "138****5678",
    "13812345678万先生": "138****5678万先生",
    "打13812345678号": "打138****5678号",
    "订单电话13812345678": "订单电话138****5678",
    "请打１３８１２３４５６７８": "请打138****5678",
    "1 3 8 1 2 3 4 5 6 7 8": "138****5678",
    "138.1234.5678": "138****5678",
    "138—1234—5678": "138****5678",
    "3号楼 15912345678 张先生": "3号楼 159****5678 张先生",
    "一三八一二三四五六七八": "一三八****五六七八",
    "021-56781234": "021****1234",
    "021-56781234-801": "021****4801",
    "13812345678/13987654321": "138****5678/139****4321",
    "(021)56781234": "021****1234",
    "（021）5678 1234": "021****1234",
    "02156781234": "021****1234",
    "0512 6567 8901": "051****8901",
    "座机5678-1234": "座机****34",
    "电话：56781234": "电话：****34",
    "拨400-820-1234没人接": "拨400****1234没人接",
    "8008201234": "800****1234",
    "4008 201 234": "400****1234",
    "+852 9123 4567": "852****4567",
}
CARDS = {
    "身份证11010519491231002X": "身份证110****002X",
    "110105 19491231 002x": "110****002x",
    "１１０１０５１９４９１２３１００２Ｘ": "110****002X",
    "440524188001010014和11010519491231002X": "440524188001010014和110****002X",
    "卡号6222021234567890128": "卡号622****0128",
    "4111 1111 1111 1111": "411****1111",
}
INNOCENT = (
    "",
    "110",
    "打12345反映过",
    "BS202607030012",
    "工单号 BS-20260703-00123 重复",
    "20260703001234567",
    "BS-13812345678",
    "合同SH-2026-13812345678",
    "2026-0703-13-0012",
    "工单202607031234567890",
    "单号13812345678",
    "订单编号：15912345678",
    "沪A12345",
    "沪ADF1234",
    "许可证JY13101130123456",
    "统一社会信用代码91310113MA1GK12345",
    "营业执照310113000123456",
    "沪(2023)宝字不动产权第012345号",
    "友谊路1388弄12号301室",
    "1388-1390号",
    "12-1-1402室",
    "2026-07-03 15:00",
    "20260703",
    "2026.07.03-2026.08.15",
    "1380元",
    "13800000000元",
    "共计15,000,000元",
    "每月1500、2000、3000",
    "131.48912345",
    "121.4891234,31.4012345",
    "192.168.10.123",
    "192.168.100.200",
    "10.0.0.1:8080",
    "第13812345678号",
    "公交185、186路",
    "VIN LSVAA49J132047371",
    "SF1381234567890",
    "车位B2-138",
    "电话亭旁",
    "电话12345已打3次",
    "018bcfe5-6800-7000-8000-000000000000",
    "三月一日一二三号楼",
    "6222021234567890123",  # no check digit of a card
    "110105194912310021",  # no check sign of an identity card
    "35000 12000 8000",
    "深3米宽138厘米",
)


@pytest.mark.parametrize(("said", "shown"), (PHONES | CARDS).items())
def test_a_personal_number_in_a_text_is_found_and_masked(said: str, shown: str) -> None:
    assert masked(said) == shown
    assert personal_numbers(masked(said)) == ()  # what is masked stays as it is


@pytest.mark.parametrize("said", INNOCENT)
def test_numbers_of_the_hall_are_no_personal_numbers(said: str) -> None:
    assert personal_numbers(said) == ()
    assert masked(said) == said


def test_each_number_is_named_for_what_it_is() -> None:
    found = personal_numbers("李女士13812345678，证件11010519491231002X，卡6222021234567890128")
    assert [one.what for one in found] == [Personal.PHONE, Personal.IDENTITY_CARD, Personal.BANK_CARD]


def test_two_numbers_beside_each_other_are_two() -> None:
    assert masked("13812345678 13987654321") == "138****5678 139****4321"
    assert masked("2026-07-03 13812345678") == "2026-07-03 138****5678"


def test_a_text_full_of_digits_is_looked_through_in_time_that_grows_with_its_length() -> None:
    for said in (
        "1 " * 2_000,
        "1-" * 2_000,
        "138/" * 1_000,
        "9" * 4_000,
        "(1)" * 1_300,
        "1 3 8 1 2 3 4 5 6 7 8 x" * 170,
    ):
        assert len(personal_numbers(said)) <= len(said) // 7


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("抢修\u202e队", "抢修队", "抢修⟨U+202E⟩队"),
        ("a\x00b\x1bc", "abc", "a␀b␛c"),
        ("一\u200b二\ufeff", "一二", "一⟨U+200B⟩二⟨U+FEFF⟩"),
        ("\u2066隔\u2069", "隔", "⟨U+2066⟩隔⟨U+2069⟩"),
        ("一\r\n二\u2028三", "一\n二\n三", "一␍\n二\u2028三"),
        ("  井盖\t响  ", "井盖\t响", "  井盖\t响  "),
    ],
)
def test_what_nobody_sees_is_not_kept_and_is_shown_as_a_sign(typed: str, kept: str, shown: str) -> None:
    assert clean(typed) == kept
    assert visible(typed) == shown
