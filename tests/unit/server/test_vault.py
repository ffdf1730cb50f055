"""What any command seals about a person is in the vault, or the command has no effect."""

import base64
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import pytest
from sqlalchemy import select

from commandcenter.domain.commands import Command, Take
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Id, Sealed
from commandcenter.server.storage import database, tables, vault
from tests.kit.district import NOON, small_district

SEALED = base64.b64encode(b"x" * 48).decode()


@dataclass(frozen=True, slots=True)
class CallBack(Command):
    """A verb that only this test knows: somebody else is to be called back."""

    witness: Annotated[str | None, Id()] = "018f0000-0000-7000-8000-000000000001"
    number: Annotated[str | None, Sealed(of="witness")] = SEALED

    rule = Take.rule


@pytest.mark.parametrize(
    ("told", "refusal", "kept"),
    [
        (CallBack(), None, 1),
        (CallBack(number=None), None, 0),
        (CallBack(witness=None), Refused("bad_seal", "number"), 0),
        (CallBack(number="13812345678"), Refused("bad_seal", "number"), 0),
        (CallBack(witness="王女士"), Refused("bad_id", "witness"), 0),
    ],
)
def test_a_sealed_part_is_stored_whichever_verb_declares_it(
    tmp_path: Path, told: CallBack, refusal: Refused | None, kept: int
) -> None:
    with database.writing(tmp_path) as connection:
        small_district(connection)
        assert vault.put(connection, "d1", told, at=NOON) == refusal
        assert len(connection.execute(select(tables.vault)).all()) == kept
        if kept:
            other = replace(told, number=base64.b64encode(b"y" * 48).decode())
            assert vault.put(connection, "d1", other, at=NOON) == Refused("id_taken", "witness")
