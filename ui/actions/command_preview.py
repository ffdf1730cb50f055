"""Previews a command line before Enter: the hall's grammar, the effect in words, and why it would be refused."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import Refused
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.actions.line_rows import LineRows, head_words, lacking_words, unknown_words
from ui.actions.line_words import LineWords, Note, Outcome
from ui.actions.registry import Actions
from ui.actions.target_facts import TargetFacts
from ui.cases.acts import give_command
from ui.cases.words import refused_words
from ui.kit import records
from ui.kit.command_line.grammar import Grammar
from ui.kit.command_line.naming import case_object, target_objects
from ui.kit.command_line.overlay import Preview
from ui.kit.command_line.parts import Clause, CommandLine, LinePart, NamedObject
from ui.kit.labels.spans import TextSpan, marked
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import say, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board


@dataclass(frozen=True, slots=True)
class _Given:
    """The commands of a line with what each would do after those before it."""

    commands: tuple[Command, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def may(self) -> bool:
        """Whether none of them would be refused."""
        return not any(isinstance(outcome, Refused) for outcome in self.outcomes)


class CommandPreview:
    """Implements ui.kit.command_line.overlay.Previewer over a seat and its registry."""

    def __init__(self, seat: UiContext, actions: Actions, light: Callable[[Case], str]) -> None:
        self._seat, self._actions = seat, actions
        self._facts = TargetFacts(seat)
        self._rows = LineRows(seat.desk.board, actions, light, self._facts)

    @property
    def _board(self) -> "Board":
        return self._seat.desk.board

    def grammar(self) -> Grammar:
        """Returns the verbs, those of this seat first, the cases as they are due, and the records that verbs choose."""
        self._facts.renew()
        found = sorted(self._actions, key=lambda action: not self._actions.suits(action))
        verbs = tuple(action.verb() for action in found if action.id != "command_line")
        kinds = sorted({choice.kind for verb in verbs for choice in verb.choices})
        targets = tuple(target for kind in kinds for target in target_objects(self._board, kind))
        return Grammar(
            verbs, self._cases(), targets, self._seat.focus.case, advised=self._facts.advised, way=self._facts.way
        )

    def preview(self, line: CommandLine) -> Preview:
        """Returns what Enter would do, or what is still missing."""
        rows = self._rows.rows(line)
        if line.unknown:
            return Preview(sentence=(TextSpan(unknown_words(line), tone="warn"),))
        if line.verb is None:
            return Preview(head=say("可以做的"), rows=rows)
        if line.missing is not None:
            return self._incomplete(line, line.clauses[-1])
        rows = rows if len(rows) > 1 else ()
        head, given = head_words(line) if rows else "", self._given(line)
        if not given.commands:
            code = self._why_not(line.clauses[-1])
            notes = () if code is None else _refused(code)
            return Preview(self._title(line.clauses[-1]), notes, head, rows, may=code is None)
        words = LineWords(self._board, self._seat.desk.now())
        sentence = marked(words.sentence(given.commands, given.outcomes))
        return Preview(sentence, self._notes(words, given), head, rows, may=given.may)

    def act(self, line: CommandLine, refused: Callable[[], None]) -> None:
        """Carries the line out: as from the menu for actions without a command, else through the desk, in order."""
        ids = [clause.verb.id for clause in line.clauses]
        if any(self._actions[key].make is None for key in ids):
            for key in ids:
                self._actions.trigger(key)
        else:
            spawn(self._do(line, refused), name=f"command line {' '.join(ids)}")

    async def _do(self, line: CommandLine, refused: Callable[[], None]) -> None:
        """Gives the commands one after the other; the first one that is refused is said, and ends it."""
        given = self._given(line)
        gone = next((clause for clause in line.clauses if self._case(clause.case) is None), None)
        if gone is not None:
            self._seat.tell(refused_words(gone.verb.id, Refused("unknown_case")), "bad")
            refused()
            return
        self._seat.focus.choose(line.clauses[-1].case or "", by="command")
        for command in given.commands:
            case = self._case(getattr(command, "case", None))
            if case is None or not await give_command(self._seat, case, command):
                refused()
                return

    def _given(self, line: CommandLine) -> _Given:
        made = [(self._actions[clause.verb.id].make, clause) for clause in line.clauses]
        commands = tuple(one for make, clause in made if make is not None for one in make(clause))
        return _Given(commands, self._seat.desk.preview_all(commands) if commands else ())

    def _incomplete(self, line: CommandLine, clause: Clause) -> Preview:
        """Returns what is missing, or why the last command could not be given whatever follows."""
        rows, code = self._rows.rows(line), self._why_not(clause)
        if code is not None and len(line.clauses) == 1:
            return Preview(sentence=self._title(clause), notes=_refused(code), rows=rows)
        lacking = (TextSpan(lacking_words(line), tone="tx2"),)
        is_asked = line.missing is LinePart.TARGET and not clause.targets
        notes = tuple(self._facts.why(clause.verb.id, clause.case or "")) if is_asked else ()
        return Preview(lacking, notes, head_words(line), rows)

    def _why_not(self, clause: Clause) -> str | None:
        """Returns the code of the reason why no command of the verb can be given as far as it is typed."""
        action = self._actions[clause.verb.id]
        if action.command is None or (clause.case is None and LinePart.CASE in action.needs):
            return None
        case = self._case(clause.case)
        codes = [self._seat.desk.why_not(name, case) for name in (action.command, *action.also)]
        return None if None in codes else codes[0]

    def _title(self, clause: Clause) -> tuple[TextSpan, ...]:
        """Returns the action and its case, for a command that is not given or has nothing to say."""
        action, case = self._actions[clause.verb.id], self._case(clause.case)
        if case is None:
            return (TextSpan(action.words, bold=True),)
        title = case_object(self._board, case)
        named = f"{title.names[0] or say('待编号')} {title.names[1]}"
        return marked(say("把 *{case}* *{what}*", case=named, what=action.words) + say("。"))

    def _notes(self, words: LineWords, given: _Given) -> tuple[Note, ...]:
        notes = list(words.notes(given.commands, given.outcomes))
        if not given.may and len(given.commands) > 1:
            notes.append(("circle-x", "bad", say("有一步不能做，这一行都不送出")))
        if given.may and self._seat.desk.connection.state is not State.LIVE:
            notes.append(("wifi-off", "warn", say("现在离线：先存本机，连上后送达")))
        return tuple(notes)

    def _cases(self) -> tuple[NamedObject, ...]:
        chosen = self._case(self._seat.focus.case)  # in no list if it ended long ago
        cases = {case.id: case for case in (*records.every(self._board, Case), chosen) if case is not None}
        ordered = sorted(cases.values(), key=_due)
        return tuple(case_object(self._board, case) for case in ordered if case.number)

    def _case(self, key: str | None) -> Case | None:
        return records.find(self._board, Case, key)


def _refused(code: str) -> tuple[Note, ...]:
    return (("circle-x", "bad", word("refusal", code)),)


def _due(case: Case) -> float:
    """Returns when the case is due, in seconds since 1970: numbers are compared faster than moments."""
    return inf if case.due is None else case.due.timestamp()
