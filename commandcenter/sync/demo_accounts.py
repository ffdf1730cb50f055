"""The accounts of a demonstration, which its platform writes to a file so that a console can sign in by itself."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.files.durable import replace_file
from commandcenter.protocol.codec import Unreadable, decode
from commandcenter.sync.unavailable import Unavailable

FILE = "demo_accounts.json"
NEAR = 4  # similar account names to list when the wanted one does not exist


_NOWHERE = Scope("")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration with its password; `role` may be one that this version does not know."""

    user: str
    password: str = field(repr=False)
    role: str
    scope: Scope = _NOWHERE

    @classmethod
    def of(cls, person: Person, password: str) -> "DemoAccount":
        """Returns the account of `person`."""
        return cls(person.user, password, person.role.value, person.scope)

    @property
    def street(self) -> str | None:
        """The street that its scope is narrowed to, or None."""
        return self.scope.street

    @property
    def holder(self) -> str | None:
        """The holder that its scope is narrowed to, or None."""
        return self.scope.holder


def has_demonstration(data: Path) -> bool:
    """Returns whether the platform of `data` is a demonstration: only that writes an accounts file."""
    return (data / FILE).is_file()


def read_accounts(data: Path) -> tuple[DemoAccount, ...]:
    """Returns the accounts that the platform wrote to its folder; raises Unavailable (no_demo_accounts)."""
    try:
        return decode((data / FILE).read_bytes(), tuple[DemoAccount, ...])
    except (OSError, Unreadable) as wrong:
        raise Unavailable("no_demo_accounts", str(data / FILE)) from wrong


def write_accounts(data: Path, accounts: Sequence[DemoAccount]) -> Path:
    """Writes the accounts to `data`/demo_accounts.json, readable by this user only, and returns the file.

    The write is atomic: the file is complete or absent.
    """
    rows = [asdict(account) for account in accounts]
    replace_file(data / FILE, json.dumps(rows, ensure_ascii=False, indent=1).encode())
    return data / FILE


def demo_account(data: Path, who: str = "dispatcher") -> tuple[str, str]:
    """Returns (user, password) of the demonstration account `who`, or of the first one with that role.

    Raises Unavailable: no_demo_accounts without a readable accounts file, no_demo_account with the names that exist.
    """
    known = read_accounts(data)
    fitting = [one for one in known if one.user == who] or [one for one in known if one.role == who]
    if not fitting:
        raise Unavailable("no_demo_account", f"{who} ({_available_accounts(who, known)})")
    return fitting[0].user, fitting[0].password


def of_district(accounts: Iterable[DemoAccount], district: str) -> tuple[DemoAccount, ...]:
    """Returns the accounts of `district`; those with unknown roles are left out."""
    return tuple(one for one in accounts if one.scope.district == district and one.role in tuple(Role))


def _available_accounts(who: str, known: Sequence[DemoAccount]) -> str:
    """Every role, the accounts with the most similar names and, if some are left out, how many there are in all."""
    roles = dict.fromkeys(one.role for one in known)
    users = [one.user for one in known if one.user not in roles]
    near = get_close_matches(who, users, n=NEAR, cutoff=0.0)
    more = [f"… {len(known)} in {FILE}"] if len(users) > len(near) else []
    return ", ".join([*roles, *near, *more])
