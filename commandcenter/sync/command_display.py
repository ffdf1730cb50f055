"""Shows the open commands: as acts in the list, and as what they are expected to do on the board."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.facts import Fact
from commandcenter.protocol.messages import Result
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.act_list import ActList
from commandcenter.sync.open_commands import OpenCommands
from commandcenter.sync.outcome import effect_at
from commandcenter.sync.prediction import SeenState, act_of, current_view, moved, predicted_facts, seen_bases


class CommandDisplay:
    """Writes `acts` and the overlay of `board`; `epoch` is that of the log that the board shows, None: unknown."""

    def __init__(self, board: Board, acts: ActList, commands: OpenCommands) -> None:
        self.epoch: int | None = None
        self._board = board
        self._acts = acts
        self._commands = commands
        self._shown_by_board: dict[str, int | None] = {}  # the board has the effect; by id, its epoch

    def show(self, row: JournalRow, facts: tuple[Fact, ...]) -> Act:
        """Shows an open command, and `facts` as its effect unless the board has that; returns its act."""
        return self._put(act_of(row, facts))

    def show_again(self, row: JournalRow) -> None:
        """Shows an open command with the effect predicted now: the board does not have it, or lost it."""
        self._shown_by_board.pop(row.cmd_id, None)
        self._recall(row)
        self.show(row, self._predicted(row))

    def follow(self, row: JournalRow) -> None:
        """Shows the new state of an open command; the effect of an acknowledged one is still to come to the board."""
        act = self._acts.find(row.cmd_id)
        if row.state is RowState.SENT and (act is None or not act.facts):
            self.show(row, self._predicted(row))
        else:
            self._put(act_of(row, ()) if act is None else moved(act, row))

    def end(self, row: JournalRow) -> None:
        """Takes a command that has ended off the board, and moves its act to the ended ones."""
        act = self._acts.find(row.cmd_id)
        self._shown_by_board.pop(row.cmd_id, None)
        self._board.hide_act(row.cmd_id)
        if act is not None or row.state is RowState.DONE:
            self._acts.end([act_of(row, ()) if act is None else moved(act, row)])

    def fill(self, ended: Sequence[JournalRow]) -> None:
        """Shows commands that ended in an earlier run."""
        self._acts.fill(act_of(row, ()) for row in ended)
        adopted = (row for row in ended if row.behalf is not None and row.state is RowState.DONE)
        for ref, user in ((ref, row.user) for row in adopted for ref in row.refs):
            self._board.adopted(ref, user)

    def predict_again(self) -> None:
        """Predicts each open command again after the board was replaced; effects in other epochs no longer count."""
        self._shown_by_board = {key: epoch for key, epoch in self._shown_by_board.items() if epoch == self.epoch}
        for row in self._commands.rows:
            self._board.hide_act(row.cmd_id)
        for row in self._commands.rows:
            self._recall(row)
            self.show(row, self._predicted(row))

    def explain(self, why: Mapping[str, tuple[str, str]]) -> None:
        """Shows why kept commands do not leave (`why`: (code, about) by command id); writes nothing to disk."""
        self._acts.retell(self._commands.explain(why))

    def own(self, cmd_ids: Iterable[str]) -> tuple[str, ...]:
        """Returns those of `cmd_ids` that this console gave; from now on the overlay no longer shows them."""
        mine = tuple(row.cmd_id for row in self._commands.known(cmd_ids))
        self._shown_by_board.update((key, self.epoch) for key in mine if key in self._commands.by_id)
        return mine

    def has_effect_of(self, result: Result, epoch: int, cursor: int) -> bool:
        """Returns whether the board, at `cursor` in `epoch`, already has the effect that `result` tells of."""
        return result.seq is None or result.seq <= cursor or self._shown_by_board.get(result.cmd_id) == epoch

    def current_view_for(self, command: Command, *, without: Collection[str] = ()) -> SeenState:
        """Returns what the person who gives `command` now can see, with the acts `without` left out."""
        return current_view(self._board, records_of(command), self.epoch, without=without)

    def _recall(self, row: JournalRow) -> None:
        """Finds again what `row` was given on if that had ended, since a board has such a case for a day only."""
        if row.dep is not None or row.cmd_id in self._shown_by_board:  # behind another act it saw what that would do
            return
        for seen in map(row.seen_record, row.refs):
            if isinstance(seen, Case) and not seen.is_open and self._board.confirmed("case", seen.id) is None:
                self._board.pend(act_of(row, ()))
                self._board.fetch(seen, is_doubtful=True)

    def _predicted(self, row: JournalRow) -> tuple[Fact, ...]:
        """The predicted facts of `row`, or none if the board may already have them: they are not shown twice."""
        is_there = self._has_moved(row) and not self._commands.is_never_sent(row)
        return () if is_there else predicted_facts(self._board, row)

    def _has_moved(self, row: JournalRow) -> bool:
        """Returns whether the records of `row` may have changed since it was given, by itself or otherwise."""
        seen_in = row.bases.get("epoch", self.epoch)
        if seen_in != self.epoch and row.state is RowState.KEPT and self._is_untold(row, seen_in):
            return True
        return any(rev >= effect_at(row, ref) for ref, rev in seen_bases(self._board, row.refs).items())

    def _is_untold(self, row: JournalRow, seen_in: int | None) -> bool:
        """Returns whether no known revision tells if the board has the effect: each log counts its revisions anew."""
        is_told = row.result is not None or self._commands.may_have_left_in(row, seen_in)
        return not is_told or self._commands.may_have_left_in(row, self.epoch)

    def _put(self, act: Act) -> Act:
        self._acts.put(act)
        if act.cmd_id not in self._shown_by_board:
            self._board.pend(act)
        return act
