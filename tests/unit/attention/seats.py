"""The seats of stories about attention."""

from commandcenter.domain.people import Person, Role, Scope

DISPATCHER = Person("d07", Role.DISPATCHER, Scope("baohe"))
LEADER = Person("l01", Role.SHIFT_LEADER, Scope("baohe"))
COORDINATOR = Person("k01", Role.COORDINATOR, Scope("baohe"))
STREET = Person("s03", Role.STREET_DISPATCHER, Scope("baohe", street="s03"))
OTHER_STREET = Person("s05", Role.STREET_DISPATCHER, Scope("baohe", street="s05"))
UNIT = Person("u12", Role.UNIT, Scope("baohe", unit="s03-urban"))


def body(department: str) -> Person:
    """Returns the seat of a department."""
    return Person("h", Role.DEPARTMENT, Scope("baohe", department=department))
