"""The room 需处理 over a desk that sends nothing: rows that wait as the journal would have them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Command, Dispatch, name_of, records_of
from commandcenter.domain.facts import Dispatched, Fact
from commandcenter.domain.records import Record, ref_of, ref_text
from commandcenter.protocol.codec import command_args, encode, fact_envelope, record_bytes, record_envelope
from commandcenter.protocol.messages import Result
from commandcenter.store.overlay import Act
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status.watch import StatusWatch
from ui.theme import apply_theme

MINE, THEIRS = "s03-urban", "s03-police"


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "dark")
    speak("zh")
    yield
    speak("zh")


def filed(number: int) -> Case:
    """A case that both sides saw as filed."""
    return replace(hall.case(number), stage=Stage.FILED, responsible=None, dispatched_at=None, accepted_at=None)


class Waiting:
    """Makes acts that wait at a desk."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self._made = 0

    def clash(self, number: int = 421, *, minutes: int = 5, user: str = "d07", to: str = THEIRS) -> Act:
        """Mine to the urban management, theirs to the police three minutes after it; `minutes` ago."""
        seen = filed(number)
        at = self.desk.now() - timedelta(minutes=minutes)
        fact = Dispatched(seen.id, "s03.street_dispatcher", at + timedelta(minutes=3), to, Tier.STREET)
        now = replace(seen, rev=seen.rev + 1, stage=Stage.DISPATCHED, responsible=to, tier=Tier.STREET)
        self.desk.board.apply([now])
        return self.row(Dispatch(seen.id, MINE), seen, made_at=at, state=RowState.CONFLICT, since=(fact,), user=user)

    def row(
        self,
        command: Command,
        *seen: Record,
        state: RowState,
        since: tuple[Fact, ...] = (),
        user: str = "d07",
        code: str = "changed",
        **given: Any,
    ) -> Act:
        """An act of a state on what was `seen`, answered with the last of these records and what happened `since`."""
        self._made += 1
        key, made_at = f"cmd{self._made}", given.pop("made_at", self.desk.now())
        there = self.desk.board.confirmed(*ref_of(seen[-1]))
        answer = Result(
            cmd_id=key,
            status=state.value,
            code=code,
            current=record_envelope(there),
            since=tuple(map(fact_envelope, since)),
        )
        is_answered = state in (RowState.CONFLICT, RowState.REFUSED)
        fixed = {
            "bases": {},
            "dep": None,
            "acted_at": 0.0,
            "boot": "b",
            "seen": {ref_text(*ref_of(one)): record_bytes(one) for one in seen},
        }
        row = JournalRow(
            key, self._made, replace(person(), user=user), name_of(command), command_args(command),
            records_of(command), made_at=made_at, moved_at=made_at + timedelta(minutes=4), state=state, code=code,
            result=encode(answer) if is_answered else None, **(fixed | given),
        )  # fmt: skip
        return self.desk.hold(row)


@pytest.fixture
def desk() -> FakeDesk:
    board = hall.board(20)
    board.apply([filed(number) for number in (421, 422, 423)])
    return FakeDesk(board)


@pytest.fixture
def waiting(desk: FakeDesk) -> Waiting:
    return Waiting(desk)


@pytest.fixture
def seat(desk: FakeDesk) -> FakeHall:
    return FakeHall(desk)


@pytest.fixture
def opened(desk: FakeDesk, seat: FakeHall, qtbot: Any) -> Iterator[Callable[[], InboxRoom]]:
    """Opens the room, as wide as a large screen."""
    follow, watch = Follow(desk.board), StatusWatch(desk)  # type: ignore[arg-type]
    rooms: list[InboxRoom] = []

    def opening() -> InboxRoom:
        room = InboxRoom(
            seat, follow=follow, watch=watch, tell=fact_words, left=lambda case: "按时 4:00:00", done=seat.tell_act
        )  # type: ignore[arg-type]
        qtbot.addWidget(room)
        room.resize(1920, 1000)
        room.open()
        rooms.append(room)
        return room

    yield opening
    for room in rooms:
        room.close_following()
    watch.close()
    follow.close()
