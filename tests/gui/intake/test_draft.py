"""What is typed at the intake form outlives the program, but for the last second and for who called."""

from commandcenter.domain.kinds import Kind
from tests.gui.intake.test_form import WATER, looked, write
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.intake.panel import IntakePanel


async def test_a_draft_of_the_last_time_comes_back_without_the_person(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    form.form.who.name.setText("刘女士")
    form._draft.keep()
    await turns()
    draft = seat.desk.drafts["intake"]
    assert draft == {"place": "望江东路与宁国路口", "text": WATER, "street": "s03", "kind": ""}
    form.form.clear()
    await form._prepare()
    assert form.form.said() == WATER
    assert form.form.who.name.text() == ""


async def test_a_kind_chosen_by_hand_comes_back_with_the_draft(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    await looked(form)
    chosen = next(kind for kind in seat.desk.board.all("kind") if kind is not form.form.kind.kind)
    assert isinstance(chosen, Kind)
    form.form.kind.choose(chosen)
    form._draft.keep()
    await turns()
    form.form.clear()
    await form._prepare()
    form.lookup.look()
    assert form.form.kind.kind is chosen


async def test_whoever_types_on_and_on_loses_no_more_than_a_second(form: IntakePanel, seat: FakeHall) -> None:
    due = form._draft._due
    assert due.interval() == 1_000
    due.setInterval(10**6)  # the second is over when the test says so
    form.form.text.setPlainText("路口")
    running = due.timerId()
    assert running != -1
    form.form.text.setPlainText("路口积水")  # a person types on within the second
    assert due.timerId() == running, "begun anew: kept only when the typing rests"
    due.timeout.emit()
    await turns()
    assert seat.desk.drafts["intake"]["text"] == "路口积水"


async def test_what_is_filed_leaves_no_draft(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    form._draft.keep()
    await turns()
    form.clear()
    await turns()
    assert seat.desk.drafts == {}
    assert not form._draft._due.isActive()
