"""What communities and people are called on the screen."""

from dataclasses import replace

import pytest

from commandcenter.domain.places import Community
from tests.kit import hall
from ui.kit.texts import names


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ("南河村村民委员会", "南河村"),
        ("东林村民委员会", "东林村"),
        ("油坊岗社区居民委员会", "油坊岗社区"),
        ("琼临居民委员会", "琼临"),
        ("高王", "高王"),
    ],
)
def test_a_community_is_called_without_its_committee(whole: str, said: str) -> None:
    board = hall.board(0)
    known = next(iter(board.all("community")))
    assert isinstance(known, Community)
    board.apply([replace(known, name=whole)])
    assert names.community(board, known.id) == said


@pytest.mark.parametrize("user", ["li.wei", "zhang.wei", "li.leader", "wang.dispatcher"])
def test_a_person_with_a_dot_in_the_name_is_called_by_all_of_it(user: str) -> None:
    assert names.account_name(hall.board(0), user) == user


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ("s03-urban", "望湖·城管"),
        ("s03.dispatcher", "望湖街道 派遣员"),
        ("shift_leader", "值班长"),
        ("baohe.s03-urban", "望湖·城管"),
        ("shift.s03-urban", "望湖·城管"),
        ("baohe.s03.dispatcher", "望湖街道 派遣员"),
        ("baohe.shift_leader", "值班长"),
    ],
)
def test_an_account_named_after_a_seat_is_called_by_the_seat(user: str, said: str) -> None:
    assert names.account_name(hall.board(0), user) == said
