"""Each edit of a record is a revision: with who made it and what it was, taken back by a change that says so."""

from datetime import timedelta

from commandcenter.server.platform import Platform
from commandcenter.server.storage import event_log
from tests.kit.administrator import Editor, limit_of
from tests.kit.district import NOON
from tests.kit.platform import Clock, wish


async def test_nothing_is_written_for_an_edit_that_changes_nothing(editor: Editor) -> None:
    result = await editor.change("kind:water")
    assert (result["status"], result.get("seq")) == ("applied", None)
    assert (await editor.read("kind:water"))["rev"] == 1


async def test_an_edit_that_is_sent_twice_has_its_effect_once(editor: Editor) -> None:
    content = await editor.read("kind:water") | {"name": "积水"}
    asked = wish("change_reference", bases={"kind:water": 1}, record="kind:water", content=content)
    first, again = [(await editor.desk.send(asked))[0] for _ in range(2)]
    assert first == again
    assert (await editor.read("kind:water"))["rev"] == 2


async def test_the_history_has_each_revision_with_who_made_it_and_what_it_was(editor: Editor, clock: Clock) -> None:
    clock.forward(minutes=5)
    await editor.change("kind:water", limit=limit_of(8))
    clock.forward(minutes=5)
    await editor.edit("retire_reference", "kind:water", 2)
    told = await editor.history("kind:water")
    assert [(one["rev"], one["actor"], one["fact"], one["changed"]) for one in told["revisions"]] == [
        (3, "ops", "reference_retired", ["retired"]),
        (2, "ops", "reference_changed", ["limit"]),
        (1, "system", "reference_created", ["*"]),
    ]
    assert [one["record"]["record"]["limit"]["amount"] for one in told["revisions"]] == [8, 8, 4]
    assert [one["at"] for one in told["revisions"]] == [f"2026-11-24T04:{minute:02d}:00Z" for minute in (10, 5, 0)]
    page = await editor.history("kind:water", limit=1)
    assert ([one["rev"] for one in page["revisions"]], page["next"]) == ([3], "3")
    page = await editor.history("kind:water", limit=2, cursor="3")
    assert ([one["rev"] for one in page["revisions"]], page["next"]) == ([2, 1], None)


async def test_a_revert_is_a_change_back_that_says_so_and_brings_a_retired_record_back(editor: Editor) -> None:
    await editor.change("kind:water", limit=limit_of(8))
    await editor.edit("retire_reference", "kind:water", 2)
    late = await editor.edit("revert_reference", "kind:water", 2, to=1)
    assert late["status"] == "conflict"
    result = await editor.edit("revert_reference", "kind:water", 3, to=1)
    assert result["revs"] == {"kind:water": 4}
    told = await editor.history("kind:water")
    now, newest = told["record"]["record"], told["revisions"][0]
    assert (now["limit"]["amount"], now["retired"]) == (4, False)
    assert (newest["fact"], newest["reverts"], newest["changed"]) == ("reference_reverted", 1, ["retired", "limit"])
    missing = await editor.edit("revert_reference", "kind:water", 4, to=9)
    assert (missing["code"], missing["about"]) == ("unknown_revision", "9")


async def test_what_was_sound_then_has_to_be_so_now(editor: Editor) -> None:
    await editor.edit("create_reference", "street:north", 0, content={"id": "north", "rev": 1, "name": "北"})
    await editor.change("community:east-c", street="north")
    await editor.change("community:east-c", street="west")
    await editor.edit("retire_reference", "street:north", 1)
    refused = await editor.edit("revert_reference", "community:east-c", 3, to=2)
    assert (refused["code"], refused["about"]) == ("retired", "north")
    assert (await editor.edit("revert_reference", "community:east-c", 3, to=1))["status"] == "applied"


async def test_former_revisions_outlive_what_can_be_streamed(editor: Editor, platform: Platform) -> None:
    await editor.change("kind:water", limit=limit_of(8))
    platform.writer.submit(
        lambda connection: event_log.trim(connection, "d1", before=NOON + timedelta(days=40))
    ).result()
    told = await editor.history("kind:water")
    assert [one["record"]["record"]["limit"]["amount"] for one in told["revisions"]] == [8, 4]
    assert (await editor.edit("revert_reference", "kind:water", 2, to=1))["status"] == "applied"
