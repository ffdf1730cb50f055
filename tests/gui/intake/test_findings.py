"""What a clerk asks and whom they call follow from the kind and the street; nothing is shown before there is one."""

from dataclasses import replace

from commandcenter.domain.kinds import Check
from tests.gui.intake.conftest import looked, write
from tests.kit.seat import FakeHall
from ui.intake.panel import IntakePanel


async def test_what_to_ask_and_whom_to_call_follow_from_kind_and_street(form: IntakePanel, seat: FakeHall) -> None:
    findings = form.findings
    assert findings._questions.isHidden()
    write(form)
    await looked(form)
    kind = form.form.kind.kind
    asked = findings._questions.text().split("\n")
    assert kind.questions
    assert [line.removeprefix("· ") for line in asked] == list(kind.questions)
    called = [name for name, _ in findings._phones.texts()]
    assert called
    units = {unit.short: unit for unit in seat.desk.board.all("holder")}
    ranks = [kind.powers.index(units[name].power) for name in called]
    assert ranks == sorted(ranks)
    assert {units[name].street for name in called} == {"s03"}
    hidden = next(one for one in seat.desk.board.all("kind") if not set(one.powers) & {u.power for u in units.values()})
    form.form.kind.choose(replace(hidden, questions=(), check=Check.SITE))
    await looked(form)
    assert findings._phones.isHidden()
    assert findings._questions.text() == "· 从什么时候开始的，是不是一直这样\n· 确切位置：门牌、哪一侧、怎么认"
