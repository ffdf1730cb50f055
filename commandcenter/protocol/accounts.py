"""Defines the messages about accounts, for security administrators."""

from typing import Annotated, Literal

import msgspec

from commandcenter.protocol.limits import ID_MOST

Name = Annotated[str, msgspec.Meta(max_length=ID_MOST)]


class AccountChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of the account `user`: `add` it, change its `role`, `stop` it, or give it a new `password`.

    The first two name the role, its district (None: the only one; of an administrator, the whole platform), and the
    street or holder if the role has one. A new password lets a stopped account in again.
    """

    action: Literal["add", "role", "stop", "password"]
    user: Name
    role: Name = ""
    district: Name | None = None
    street: Name | None = None
    holder: Name | None = None

    @property
    def makes_password(self) -> bool:
        """Whether the account gets a new password."""
        return self.action in ("add", "password")


class AccountAnswer(msgspec.Struct, frozen=True):
    """The account was changed; `password` is its new one, shown this once."""

    user: str
    password: str | None = None


class Account(msgspec.Struct, frozen=True):
    """An account with its present role (None: none) and the scope of that."""

    user: str
    active: bool
    role: str | None
    district: str
    street: str | None
    holder: str | None


class AccountPage(msgspec.Struct, frozen=True):
    """A page of accounts by name; `next` is the cursor of the following page, None at the end."""

    items: tuple[Account, ...]
    next: str | None
