"""Decides who may read a petitioner's words when the petitioner asked for secrecy.

Withheld are the case's text, its number in the external channel and the petitioner's id. Everybody with the case in
their scope still sees that it exists, its kind and its place, without which nobody could settle it.
"""

from dataclasses import replace

from commandcenter.domain.cases import Case
from commandcenter.domain.people import TAKERS, Person, Role
from commandcenter.domain.records import Record
from commandcenter.domain.visibility import sees


def may_read(person: Person, case: Case) -> bool:
    """Whether `person` may read all of `case`.

    A secret case is read by its holder, by the shift leader whose scope covers it, and by the account that took it in
    while its role is one that takes cases in.
    """
    holds = case.responsible is not None and case.responsible == person.scope.holder
    took = person.role in TAKERS and person.user == case.taken_by
    return not case.secret or holds or took or (reads_all(person) and sees(person, case))


def reads_all(person: Person) -> bool:
    """Whether `person` may read all of every case that they see."""
    return person.role is Role.SHIFT_LEADER


def readable_by(person: Person, record: Record) -> Record:
    """Returns `record` as `person` may read it; a secret case possibly without its petitioner's words."""
    return record if not isinstance(record, Case) or may_read(person, record) else withheld(record)


def withheld(case: Case) -> Case:
    """Returns `case` without its petitioner's words, external number and petitioner id."""
    return replace(case, text="", external=None, petitioner=None)
