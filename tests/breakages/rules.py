"""The rules by which a source is broken: one comparison, condition, branch, keyword, order or number at a time.

Not taken from mutmut or cosmic-ray: those run a test command for each breakage and know nothing of fault schedules,
of tests chosen by line, or of modules that are broken in memory only.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import CodeType

SMALL = 9  # larger numbers are sizes and timeouts, where one more or less changes nothing
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_EXACT = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)  # turning such a comparison already negates it
_OF_FORM = frozenset({"strict", "encoding", "errors", "daemon", "exc_info"})  # keywords that only check or decorate
_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)
_BODIES = ("body", "orelse", "finalbody")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Breakage:
    """One change of `file`: the bytes from `start` to `end` become `new`.

    `function` contains the `line`; `kind` is the rule.
    """

    file: str
    function: str
    line: int
    kind: str
    old: str
    new: str
    start: int
    end: int
    number: int = 0  # index among equal changes in the function

    @property
    def mark(self) -> str:
        """The id of this change, which does not depend on where in the file the function stands."""
        words = (self.file, self.function, self.kind, self.old, self.new, str(self.number))
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]

    @property
    def module(self) -> str:
        """The name under which the file is imported."""
        return self.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def broken(self, source: bytes) -> bytes:
        """Returns `source` with this change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def compiles(self, source: bytes) -> bool:
        """Returns whether `source` with this change compiles, and to another program than without it."""
        try:
            return _steps(compile(self.broken(source), self.file, "exec")) != _steps(compile(source, self.file, "exec"))
        except (SyntaxError, ValueError):
            return False

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function}, {self.kind}: {_shown(self.old)} -> {_shown(self.new)}"


def breakages(source: bytes, file: str) -> list[Breakage]:
    """Returns all breakages that the rules make of the functions of `source`, in source order."""
    found: dict[tuple[int, int, str], Breakage] = {}
    counts: dict[tuple[str, ...], int] = {}
    for function, name in _functions(ast.parse(source), ""):
        for one in _Function(source, file, name).of(function):
            if (one.start, one.end, one.new) in found or one.old == one.new:
                continue
            words = (one.function, one.kind, one.old, one.new)
            counts[words] = counts.get(words, -1) + 1
            found[one.start, one.end, one.new] = Breakage(
                one.file, one.function, one.line, one.kind, one.old, one.new, one.start, one.end, counts[words]
            )
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.new))


class _Function:
    """Makes the breakages of one function, named `name`, in `source`."""

    def __init__(self, source: bytes, file: str, name: str) -> None:
        self._source, self._file, self._name = source, file, name
        lengths = [len(line) for line in source.splitlines(keepends=True)]
        self._starts = [sum(lengths[:number]) for number in range(len(lengths) + 1)]

    def of(self, function: Function) -> Iterator[Breakage]:
        """Yields the breakages of the function, without those of nested functions."""
        yield from self._early_returns(function)
        for node in _own(function):
            yield from self._expression(node)
            yield from self._branches(node)
            yield from self._statements(node)

    def _expression(self, node: ast.AST) -> Iterator[Breakage]:
        match node:
            case ast.Compare():
                yield from self._comparison(node)
            case ast.BoolOp():
                other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield self._made("and for or", node, f"({ast.unparse(ast.BoolOp(other, node.values))})")
            case ast.Constant(value=int(number)) if not isinstance(number, bool) and 0 <= number <= SMALL:
                for other in (number + 1, number - 1):
                    yield self._made("number", node, str(other) if other >= 0 else f"({other})")
            case ast.Call():
                yield from self._keywords(node)
            case _:
                pass
        for test in _conditions(node):
            if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _EXACT)):
                yield self._made("condition negated", test, _negated(test))

    def _comparison(self, node: ast.Compare) -> Iterator[Breakage]:
        for place, op in enumerate(node.ops):
            ops = [*node.ops[:place], _TURNED[type(op)](), *node.ops[place + 1 :]]
            yield self._made("comparison", node, ast.unparse(ast.Compare(node.left, ops, node.comparators)))

    def _keywords(self, call: ast.Call) -> Iterator[Breakage]:
        named = [word for word in call.keywords if word.arg is not None and word.arg not in _OF_FORM]
        everything = sorted([*call.args, *call.keywords], key=lambda one: (one.lineno, one.col_offset))
        for word in named:
            at = everything.index(word)
            start, end = self._place(word)
            if at + 1 < len(everything):
                end = self._place(everything[at + 1])[0]
            elif at:
                start = self._place(everything[at - 1])[1]
            yield self._breakage("field dropped", word.lineno, start, end, "")
        for one, other in pairwise(named):
            (start, middle), (later, end) = self._place(one.value), self._place(other.value)
            new = self._source[later:end] + self._source[middle:later] + self._source[start:middle]
            yield self._breakage("fields exchanged", one.lineno, start, end, new.decode())

    def _branches(self, node: ast.AST) -> Iterator[Breakage]:
        if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.ExceptHandler | ast.match_case):
            for name in _BODIES:
                body = getattr(node, name, None) or []
                is_elif = name == "orelse" and len(body) == 1 and isinstance(body[0], ast.If)
                if body and not is_elif and not (isinstance(node, ast.Try) and name == "body"):
                    yield self._span("branch emptied", body[0], body[-1], "pass")

    def _statements(self, node: ast.AST) -> Iterator[Breakage]:
        for name in _BODIES:
            inner = getattr(node, name, None)
            body = [one for one in inner if isinstance(one, ast.stmt)] if isinstance(inner, list) else []
            for one in body:
                if _has_effect(one):
                    yield self._span("statement left out", one, one, "pass")
            for one, other in pairwise(body):
                if _may_pass(one, other):
                    yield self._exchanged(one, other)

    def _early_returns(self, function: Function) -> Iterator[Breakage]:
        own = list(_own(function))
        if any(isinstance(node, ast.Return) and node.value is not None for node in own):
            return
        for one in function.body[1:-1]:
            yield self._span("early return", one, one, "return")

    def _exchanged(self, one: ast.stmt, other: ast.stmt) -> Breakage:
        (start, middle), (later, end) = self._place(one), self._place(other)
        new = self._source[later:end] + self._source[middle:later] + self._source[start:middle]
        return self._breakage("order", one.lineno, start, end, new.decode())

    def _span(self, kind: str, first: ast.stmt, last: ast.stmt, new: str) -> Breakage:
        return self._breakage(kind, first.lineno, self._place(first)[0], self._place(last)[1], new)

    def _made(self, kind: str, node: ast.expr, new: str) -> Breakage:
        return self._breakage(kind, node.lineno, *self._place(node), new)

    def _breakage(self, kind: str, line: int, start: int, end: int, new: str) -> Breakage:
        return Breakage(self._file, self._name, line, kind, self._source[start:end].decode(), new, start, end)

    def _place(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = self._starts[node.lineno - 1] + node.col_offset
        return begin, self._starts[node.end_lineno - 1] + node.end_col_offset


def _steps(code: CodeType) -> tuple[object, ...]:
    """Returns the content of compiled code, without source positions."""
    inner = [_steps(one) if isinstance(one, CodeType) else (type(one), one) for one in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, tuple(inner)


def _functions(node: ast.AST, within: str) -> Iterator[tuple[Function, str]]:
    for one in ast.iter_child_nodes(node):
        name = f"{within}.{one.name}".lstrip(".") if isinstance(one, Function | ast.ClassDef) else within
        if isinstance(one, Function):
            yield one, name
        yield from _functions(one, name)


def _own(function: Function) -> Iterator[ast.AST]:
    """Yields the function and the nodes of its body, without nested functions, annotations, f-strings and log calls."""
    yield function
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef | ast.JoinedStr) or _is_log(node):
            continue
        yield node
        unread = {"annotation"} if isinstance(node, ast.AnnAssign) else set()
        inner = [one for name, one in ast.iter_fields(node) if name not in unread]
        flat = [one for some in inner for one in (some if isinstance(some, list) else [some])]
        waiting += reversed([one for one in flat if isinstance(one, ast.AST)])


def _conditions(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [node.test]
    return list(node.ifs) if isinstance(node, ast.comprehension) else []


def _negated(test: ast.expr) -> str:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return f"({ast.unparse(test.operand)})"
    return f"(not ({ast.unparse(test)}))"


def _has_effect(one: ast.stmt) -> bool:
    """Returns whether the statement does something and can be left out without a name becoming undefined."""
    if isinstance(one, ast.Expr):
        return isinstance(one.value, ast.Call | ast.Await) and not _is_log(one)
    targets = one.targets if isinstance(one, ast.Assign | ast.Delete) else [one.target] if _is_change(one) else []
    is_kept = all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
    return (bool(targets) and is_kept) or isinstance(one, ast.AugAssign | ast.Break | ast.Continue)


def _is_seen(one: ast.stmt) -> bool:
    """Returns whether the effect of the statement can be noticed outside the function."""
    return _has_effect(one) or any(isinstance(node, ast.Await | ast.Yield) for node in ast.walk(one))


def _is_change(one: ast.stmt) -> bool:
    return isinstance(one, ast.AugAssign | ast.AnnAssign)


def _may_pass(one: ast.stmt, other: ast.stmt) -> bool:
    """Returns whether exchanging the two has an effect, and uses no name before it is set."""
    if not (isinstance(one, _SIMPLE) and isinstance(other, _SIMPLE)) or _is_word(one) or _is_word(other):
        return False
    if not (_is_seen(one) and _is_seen(other) and any(isinstance(some, ast.Expr) for some in (one, other))):
        return False  # without a call their order cannot be noticed
    return not (_names(one, ast.Store) & _names(other, ast.Load | ast.Store))


def _names(node: ast.AST, how: type) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, how)}


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_log(node: ast.AST) -> bool:
    """Returns whether the statement only writes to the log or is a bare string."""
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    is_log = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "_log"
    return is_log or _is_word(node)


def _shown(text: str) -> str:
    return " ".join(text.split())
