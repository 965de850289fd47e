"""Small changes to Python, found in the syntax tree and made in its text, so that a diff shows the change alone."""

import ast
import functools
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from faults.mutants.mutant import Edit
from faults.mutants.sql_edits import sql_edits

_SHIFTED: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=",), ast.LtE: ("<",), ast.Gt: (">=",), ast.GtE: (">",), ast.Eq: ("!=",), ast.NotEq: ("==",),
    ast.Is: ("is not",), ast.IsNot: ("is",), ast.In: ("not in",), ast.NotIn: ("in",),
}  # fmt: skip
_TURNED = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*", ast.Pow: "*",
    ast.BitAnd: "|",
}  # fmt: skip
_SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any", "partition": "rpartition",
            "rpartition": "partition", "removeprefix": "removesuffix", "lstrip": "strip",
            "rstrip": "strip"}  # fmt: skip
# Calls without which the value itself is left.
_UNWRAPPED = frozenset(
    ("sorted", "reversed", "dict", "list", "set", "frozenset", "tuple", "bool", "int", "float", "str", "abs", "round")
)
_PLAIN = frozenset(("strip", "lower", "upper", "casefold", "lstrip", "rstrip", "title"))
# Without these a class is another thing, and nothing starts.
_KEPT_DECORATORS = frozenset(
    ("property", "staticmethod", "classmethod", "dataclass", "contextmanager", "asynccontextmanager", "abstractmethod",
     "overload", "field_validator", "model_validator")
)  # fmt: skip
# How many a loop may look at when it forgets the rest.
_FORGOTTEN = (
    ("first only", "[:1]"),
    ("first hundred only", "[:100]"),
    ("all but the first", "[1:]"),
    ("all but the last", "[:-1]"),
)
_SQL = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True)
class Found:
    """An edit, and the function or class that it is in."""

    edit: Edit
    function: str


def python_edits(source: str) -> Iterator[Found]:
    """Every small change to a module. Raises SyntaxError when it is no Python."""
    tree = ast.parse(source)
    finder = _Finder(source, tree)
    for node, function in _functions(tree):
        for edit in finder.edits(node):
            yield Found(edit, function)


def _functions(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """All nodes of the module, each with the qualified name of the function or class it is in."""
    pending: list[tuple[ast.AST, str]] = [(module, "")]
    while pending:
        node, name = pending.pop()
        yield node, name or "(module)"
        inner = name
        if isinstance(node, ast.JoinedStr):
            continue
        for child in reversed(list(ast.iter_child_nodes(node))):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{name}.{child.name}" if name else child.name
                pending.append((child, inner))
            else:
                pending.append((child, name))


class _Finder:
    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source
        # The tree counts bytes, the text characters.
        lines = source.splitlines(keepends=True)
        self._lines = lines
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))
        self._docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
        }  # fmt: skip

    # -- places --------------------------------------------------------------------------------------------------------

    def _at(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        return self._starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode()))

    def _span(self, node: ast.AST) -> tuple[int, int]:
        # Only nodes that stand somewhere are asked for: all but the module and its like.
        return (self._at(node.lineno, node.col_offset),  # type: ignore[attr-defined]
                self._at(node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]  # fmt: skip

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.source[start:end]

    def _replace(self, kind: str, node: ast.AST, text: str, shown: str | None = None) -> Edit:
        start, end = self._span(node)
        return Edit(kind, start, end, text, self.source[start:end] if shown is None else shown, text)

    # -- edits ---------------------------------------------------------------------------------------------------------

    def edits(self, node: ast.AST) -> Iterator[Edit]:
        """The changes to this node itself, not to those in it."""
        method = _METHODS.get(type(node))
        if method is not None:
            yield from method(self, node)

    def _dropped(self, node: ast.stmt) -> Iterator[Edit]:
        yield self._replace("statement dropped", node, "pass")

    def _call_alone(self, node: ast.Expr) -> Iterator[Edit]:
        if isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom):
            return
        yield from self._dropped(node)
        if isinstance(node.value, ast.Await):
            what = self._text(node.value.value)
            yield self._replace("not waited for", node, f"__import__('asyncio').ensure_future({what})")

    def _assignment(self, node: ast.Assign) -> Iterator[Edit]:
        if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            yield from self._dropped(node)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        yield from self._dropped(node)
        sign = {ast.Add: "-=", ast.Sub: "+="}.get(type(node.op))
        if sign and not isinstance(node.value, ast.Constant | ast.JoinedStr):
            yield self._replace("sign changed", node, f"{self._text(node.target)} {sign} {self._text(node.value)}")

    def _deletion(self, node: ast.Delete) -> Iterator[Edit]:
        yield from self._dropped(node)

    def _raising(self, node: ast.Raise) -> Iterator[Edit]:
        yield from self._dropped(node)

    def _going_on(self, node: ast.Continue) -> Iterator[Edit]:
        yield from self._dropped(node)
        yield self._replace("loop left", node, "break")

    def _leaving(self, node: ast.Break) -> Iterator[Edit]:
        yield self._replace("loop gone on", node, "continue")

    def _result(self, node: ast.Return) -> Iterator[Edit]:
        if node.value is None:
            yield from self._dropped(node)
        elif not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield self._replace("result dropped", node, "return None")

    def _branch(self, node: ast.If | ast.While | ast.IfExp | ast.Assert) -> Iterator[Edit]:
        yield from self._condition(node.test)

    def _condition(self, test: ast.expr) -> Iterator[Edit]:
        text = self._text(test)
        if isinstance(test, ast.Constant):
            return
        yield self._replace("condition always true", test, "True")
        yield self._replace("condition never true", test, "False")
        single = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _TURNED)
        if not single and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
            yield self._replace("condition negated", test, f"(not ({text}))")

    def _joined(self, node: ast.BoolOp) -> Iterator[Edit]:
        texts = [self._group(value) for value in node.values]
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for number, dropped in enumerate(texts):
            rest = f" {word} ".join(text for i, text in enumerate(texts) if i != number)
            shown = self._text(node)
            edit = self._replace("condition dropped", node, f"({rest})", shown)
            yield Edit(edit.kind, edit.start, edit.end, edit.text, shown, f"without {dropped}")
        yield self._replace("condition joined otherwise", node, f"({f' {other} '.join(texts)})")

    def _group(self, node: ast.expr) -> str:
        """The text of an operand, in parentheses: those that the source has are not part of the node."""
        text = self._text(node)
        return (
            text
            if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript)
            else f"({text})"
        )

    def _unary(self, node: ast.UnaryOp) -> Iterator[Edit]:
        if isinstance(node.op, ast.Not):
            yield self._replace("negation dropped", node, f"bool({self._text(node.operand)})")
        elif isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            yield self._replace("sign changed", node, f"({self._text(node.operand)})")

    def _comparison(self, node: ast.Compare) -> Iterator[Edit]:
        operands = [node.left, *node.comparators]
        for number, op in enumerate(node.ops):
            start, end = self._span(operands[number])[1], self._span(operands[number + 1])[0]
            between = self.source[start:end]
            for becomes in _SHIFTED[type(op)]:
                # Parentheses around an operand stand between the nodes.
                text = between.replace(_word(op), becomes, 1)
                yield Edit("comparison shifted", start, end, text, self._text(node), becomes)

    def _arithmetic(self, node: ast.BinOp) -> Iterator[Edit]:
        becomes = _ARITHMETIC.get(type(node.op))
        sides = (node.left, node.right)
        if becomes is None or any(
            isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str | bytes))
            for s in sides
        ):
            return
        left, right = (self._group(side) for side in sides)
        yield self._replace("operator changed", node, f"({left} {becomes} {right})")

    def _constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if id(node) in self._docstrings or value is None or value is Ellipsis:
            return
        if isinstance(value, bool):
            yield self._replace("constant changed", node, str(not value))
        elif isinstance(value, int):
            yield self._replace("number shifted", node, str(value + 1))
            yield self._replace("number shifted", node, f"({value - 1})")
        elif isinstance(value, float):
            yield self._replace("number changed", node, repr(value * 2 if value else 1.0))
            yield self._replace("number changed", node, repr(value / 100 if value else -1.0))
        elif isinstance(value, str | bytes):
            yield from self._string(node, value)

    def _string(self, node: ast.Constant, value: str | bytes) -> Iterator[Edit]:
        if isinstance(value, str) and value.split()[:1] and value.split()[0] in _SQL and " " in value.strip():
            for edit in sql_edits(value):
                yield self._in_string(node, value, edit.applied(value), edit)
        elif isinstance(value, str) and "redis.call(" in value:
            for line in value.splitlines():
                if "redis.call(" in line:
                    changed = value.replace(line, "", 1) if line.strip().startswith("redis") else None
                    if changed is not None:
                        yield self._in_string(
                            node, value, changed, Edit("statement dropped", 0, 0, "", line.strip(), "")
                        )
        elif value:
            yield self._replace("text changed", node, repr(b"XX" + value if isinstance(value, bytes) else "XX" + value))
        else:
            yield self._replace("text changed", node, "b'XX'" if isinstance(value, bytes) else "'XX'")

    def _in_string(self, node: ast.Constant, value: str, changed: str, edit: Edit) -> Edit:
        start, end = self._span(node)
        literal = self.source[start:end]
        # A text that is written as it is keeps its form, so that the diff shows the change alone.
        text = literal.replace(value, changed, 1) if value in literal else repr(changed)
        return Edit(edit.kind, start, end, text, edit.shown, edit.becomes)

    def _formatted(self, node: ast.JoinedStr) -> Iterator[Edit]:
        # Its parts carry no places of their own, so it is written anew.
        for number, part in enumerate(node.values):
            fixed = isinstance(part, ast.Constant)
            other = "XX" + str(part.value) if isinstance(part, ast.Constant) else "XX"
            values = [*node.values[:number], ast.Constant(other), *node.values[number + 1 :]]
            kind = "text changed" if fixed else "value dropped"
            yield self._replace(kind, node, ast.unparse(ast.JoinedStr(values)))

    def _call(self, node: ast.Call) -> Iterator[Edit]:
        shown = self._text(node)
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name in _SWAPPED:
            _, end = self._span(node.func)
            yield Edit("call swapped", end - len(name), end, _SWAPPED[name], shown, _SWAPPED[name])
        if isinstance(node.func, ast.Name) and name in _UNWRAPPED and len(node.args) == 1 and not node.keywords:
            yield self._replace("call dropped", node, f"({self._text(node.args[0])})")
        if isinstance(node.func, ast.Attribute) and name in _PLAIN:
            yield self._replace("call dropped", node, self._text(node.func.value))
        if name in ("get", "getattr", "next", "pop", "query") and len(node.args) > 1:
            yield self._without(node, node.args[-1])
        for keyword in node.keywords:
            yield self._without(node, keyword)

    def _without(self, node: ast.Call, argument: ast.expr | ast.keyword) -> Edit:
        start, end = self._span(argument)
        # The comma that follows goes with it; two commas in a row would be no Python.
        tail = self.source[end:]
        rest = tail.lstrip()
        if rest.startswith(","):
            end += len(tail) - len(rest) + 1
        return Edit("argument dropped", start, end, "", self._text(node), f"without {self._text(argument)}")

    def _loop(self, node: ast.For) -> Iterator[Edit]:
        yield from self._forgotten(node.iter)

    def _comprehension(self, node: ast.comprehension) -> Iterator[Edit]:
        if not node.is_async:
            yield from self._forgotten(node.iter)
        for test in node.ifs:
            yield from self._condition(test)

    def _forgotten(self, iterable: ast.expr) -> Iterator[Edit]:
        text = self._text(iterable)
        for what, part in _FORGOTTEN:
            edit = self._replace("elements forgotten", iterable, f"list({text}){part}")
            yield Edit(edit.kind, edit.start, edit.end, edit.text, text, what)

    def _context(self, node: ast.With | ast.AsyncWith) -> Iterator[Edit]:
        if len(node.items) == 1 and node.items[0].optional_vars is None:
            start = self._span(node)[0]
            end = self._span(node.items[0].context_expr)[1]
            header = self.source[start:end]
            yield Edit("context dropped", start, end, "if True", header, "if True")

    def _handler(self, node: ast.ExceptHandler) -> Iterator[Edit]:
        first, last = node.body[0], node.body[-1]
        if not (isinstance(first, ast.Raise) and first.exc is None):
            start, end = self._span(first)[0], self._span(last)[1]
            shown = f"except {self._text(node.type) if node.type else ''}: {self.source[start:end]}"
            yield Edit("error let through", start, end, "raise", shown, "raise")
        if isinstance(node.type, ast.Tuple):
            names = node.type.elts
            for gone in names:
                rest = ", ".join(self._text(name) for name in names if name is not gone)
                edit = self._replace("error not caught", node.type, f"({rest},)")
                yield Edit(edit.kind, edit.start, edit.end, edit.text, edit.shown, f"without {self._text(gone)}")

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Edit]:
        for decorator in node.decorator_list:
            if _name(decorator) not in _KEPT_DECORATORS:
                start, end = self._span(decorator)
                shown = self.source[start - 1 : end]
                # A line of its own: an empty comment keeps it.
                yield Edit("decorator dropped", start - 1, end, "#", f"{shown} on {node.name}", "")

    def _type_definition(self, node: ast.ClassDef) -> Iterator[Edit]:
        for keyword in node.keywords:
            start, end = self._span(keyword)
            tail = self.source[end:]
            if tail.startswith(","):
                end += 1
            yield Edit("argument dropped", start, end, "", f"class {node.name}", f"without {self._text(keyword)}")
        yield from self._decorated(node)
        for field in node.body:
            if isinstance(field, ast.AnnAssign):
                yield from self._annotation(field)

    def _annotation(self, field: ast.AnnAssign) -> Iterator[Edit]:
        """Types of fields decide what a body may hold: each way of a union dropped, each `Annotated` bared."""
        for node in ast.walk(field.annotation):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
                for side in (node.left, node.right):
                    yield self._replace(
                        "type narrowed", node, self._text(side), f"{self._text(field)} ({self._text(node)})"
                    )
            if (
                isinstance(node, ast.Subscript)
                and _name(node.value) == "Annotated"
                and isinstance(node.slice, ast.Tuple)
            ):
                yield self._replace("type widened", node, self._text(node.slice.elts[0]))


_METHODS: dict[type[ast.AST], Callable[[_Finder, Any], Iterator[Edit]]] = {
    ast.Expr: _Finder._call_alone,
    ast.Assign: _Finder._assignment,
    ast.AugAssign: _Finder._augmented,
    ast.Delete: _Finder._deletion,
    ast.Raise: _Finder._raising,
    ast.Continue: _Finder._going_on,
    ast.Break: _Finder._leaving,
    ast.Return: _Finder._result,
    ast.If: _Finder._branch,
    ast.While: _Finder._branch,
    ast.IfExp: _Finder._branch,
    ast.Assert: _Finder._branch,
    ast.BoolOp: _Finder._joined,
    ast.UnaryOp: _Finder._unary,
    ast.Compare: _Finder._comparison,
    ast.BinOp: _Finder._arithmetic,
    ast.Constant: _Finder._constant,
    ast.JoinedStr: _Finder._formatted,
    ast.Call: _Finder._call,
    ast.For: _Finder._loop,
    ast.comprehension: _Finder._comprehension,
    ast.With: _Finder._context,
    ast.AsyncWith: _Finder._context,
    ast.ExceptHandler: _Finder._handler,
    ast.FunctionDef: _Finder._decorated,
    ast.AsyncFunctionDef: _Finder._decorated,
    ast.ClassDef: _Finder._type_definition,
}


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _word(op: ast.cmpop) -> str:
    words = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is",
             ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"}  # fmt: skip
    return words[type(op)]


def changes_code(source: str, changed: str, file: str) -> bool:
    """Whether the change compiles, and to something else than before: what Python does not see is no mutant."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return _bare(_compiled(source, file)) != _bare(compile(changed, file, "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return False


@functools.lru_cache(4)
def _compiled(source: str, file: str) -> types.CodeType:
    return compile(source, file, "exec", dont_inherit=True)


def _bare(code: types.CodeType) -> tuple[object, ...]:
    """A piece of code without its places in the text."""
    constants = tuple(
        _bare(one) if isinstance(one, types.CodeType) else (type(one), repr(one)) for one in code.co_consts
    )
    return (
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_flags,
        code.co_exceptiontable,
    )
