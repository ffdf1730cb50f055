"""Secrecy: who reads what the petitioner said of a case whose petitioner asked for it.

That is its text, its number in the upper channel and the petitioner's id. Whoever has the case in their scope still
sees that it exists, what kind it is and where, for without these nobody could settle it.
"""

from dataclasses import replace

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact, Imported, Taken
from commandcenter.domain.people import Person, Role
from commandcenter.domain.powers import sees
from commandcenter.domain.records import Record


def may_read(person: Person, case: Case) -> bool:
    """Whether `person` reads all of `case`: its holder, the shift leader whose scope it lies in, whoever took it."""
    return not case.secret or person.user == case.taken_by or (reads_all(person) and sees(person, case))


def reads_all(person: Person) -> bool:
    """Whether `person` reads all of every case that they see."""
    return person.scope.holder is not None or person.role is Role.SHIFT_LEADER


def readable_by(person: Person, record: Record) -> Record:
    """`record` as `person` reads it; a case may be one without what its petitioner said (`Case.is_withheld`)."""
    return record if not isinstance(record, Case) or may_read(person, record) else withheld(record)


def withheld(case: Case) -> Case:
    """`case` without what its petitioner said."""
    return replace(case, text="", external=None, petitioner=None)


def fact_withheld(fact: Fact) -> Fact:
    """`fact` about a case without what its petitioner said."""
    if isinstance(fact, Taken):
        return replace(fact, text="", external=None, petitioner=None)
    return replace(fact, text="", external="") if isinstance(fact, Imported) else fact
