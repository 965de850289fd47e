"""Small changes to SQL and PL/pgSQL, found in the tokens of the text.

Nothing here has to know the whole grammar: PostgreSQL itself refuses what is no SQL, and what it refuses is no mutant.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from faults.mutants.mutant import Edit

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")*")
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<parameter>\$\d+)
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<operator>::|:=|=>|<>|!=|<=|>=|\|\||->>|->|\.\.|[-+*/%<>=.\#])
      | (?P<mark>[()\[\],;])""",
    re.VERBOSE | re.DOTALL,
)

# Where a condition, or an element of a list, begins or ends at its depth of parentheses.
_CLAUSES = frozenset(
    ("SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT",
     "INTO", "VALUES", "SET", "RETURNING", "ON", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "LATERAL", "IF",
     "ELSIF", "ELSEIF", "ELSE", "THEN", "CASE", "WHEN", "END", "LOOP", "RETURN", "BEGIN", "DECLARE", "PERFORM",
     "INSERT", "UPDATE", "DELETE", "WITH", "AS", "FILTER", "RAISE", "USING", "FOR", "WINDOW", "CONFLICT", "DO",
     "BY", "DEFAULT", "CHECK", "EXISTS", "NOT", "QUERY", "ASC", "DESC", "OVER")
)  # fmt: skip
_BOOLEAN_STARTS = frozenset(("WHERE", "HAVING", "IF", "ELSIF", "ELSEIF", "WHEN"))
_SHIFTED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "!=": "="}
_SWAPPED = {
    "MIN": "max", "MAX": "min", "BOOL_OR": "bool_and", "BOOL_AND": "bool_or", "SUM": "max", "TRUE": "false",
    "FALSE": "true", "CLOCK_TIMESTAMP": "now", "GREATEST": "least", "LEAST": "greatest", "ASC": "DESC", "DESC": "ASC",
    "AND": "OR", "OR": "AND", "P_MAIN": "p_factory", "P_FACTORY": "p_main",
    "RETURNED": "consumed", "CONSUMED": "returned",
}  # fmt: skip
_STRINGS = {"'UTC'": "'Asia/Tokyo'", "'day'": "'month'", "'infinity'": "'-infinity'", "'-infinity'": "'infinity'",
            "'main'": "'factory'", "'factory'": "'main'", "'before'": "'after'", "'after'": "'before'"}  # fmt: skip
_STATEMENTS = frozenset(
    ("PERFORM", "INSERT", "UPDATE", "DELETE", "GET", "RAISE", "RETURN", "SELECT", "WITH", "EXECUTE")
)


@dataclass(frozen=True)
class Token:
    """A piece of the text; ``upper`` is its text in capitals."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The text in capitals."""
        return self.text.upper()


@dataclass
class Group:
    """What stands between two parentheses or brackets, or the whole text."""

    start: int
    end: int
    parts: "list[Token | Group]" = field(default_factory=list)
    opened: str = ""


Part = Token | Group


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, without white space and comments. Raises ValueError at what is no token."""
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no SQL token at {text[at : at + 20]!r}")
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), match.start(), match.end()))
        at = match.end()
    return found


def tree(text: str) -> Group:
    """Return the tokens, nested as parentheses are. Raises ValueError when they do not match."""
    root = Group(0, len(text))
    stack = [root]
    for token in tokens(text):
        if token.text in ("(", "["):
            group = Group(token.end, token.end, opened=token.text)
            stack[-1].parts.append(group)
            stack.append(group)
        elif token.text in (")", "]"):
            if len(stack) == 1:
                raise ValueError("a parenthesis closes that was never opened")
            stack.pop().end = token.start
        else:
            stack[-1].parts.append(token)
    if len(stack) > 1:
        raise ValueError("a parenthesis stays open")
    return root


def sql_edits(text: str) -> Iterator[Edit]:
    """Every small change to a text of SQL, a function's body or a condition."""
    yield from _Finder(text).edits(tree(text))


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text

    def edits(self, group: Group) -> Iterator[Edit]:
        parts = group.parts
        yield from self._tokens(parts)
        yield from self._conditions(parts)
        yield from self._lists(parts)
        yield from self._row_comparisons(parts)
        yield from self._values(parts)
        yield from self._phrases(parts)
        yield from self._statements(parts)
        yield from self._calls(parts)
        for part in parts:
            if isinstance(part, Group):
                yield from self.edits(part)

    def _edit(self, kind: str, start: int, end: int, text: str, shown: str | None = None) -> Edit:
        return Edit(kind, start, end, text, self.text[start:end] if shown is None else shown, text)

    # -- one token -----------------------------------------------------------------------------------------------------

    def _tokens(self, parts: Sequence[Part]) -> Iterator[Edit]:
        for at, part in enumerate(parts):
            if isinstance(part, Group):
                continue
            before = parts[at - 1] if at else None
            if part.kind == "operator":
                yield from self._operator(part, before, parts, at)
            elif part.kind == "number":
                value = int(part.text) if part.text.isdecimal() else None
                if value is not None and not self._is_ordinal(parts, at):
                    yield self._edit("number shifted", part.start, part.end, str(value + 1), self._around(parts, at))
                    yield self._edit("number shifted", part.start, part.end, f"({value - 1})", self._around(parts, at))
            elif part.kind == "string":
                other = _STRINGS.get(part.text, "''" if part.text != "''" else "'x'")
                yield self._edit("text changed", part.start, part.end, other, self._around(parts, at))
            elif part.kind == "word":
                yield from self._word(part, parts, at)

    def _operator(self, part: Token, before: Part | None, parts: Sequence[Part], at: int) -> Iterator[Edit]:
        around = self._around(parts, at)
        if part.text in _SHIFTED and not self._assigns(parts, at):
            yield self._edit("comparison shifted", part.start, part.end, _SHIFTED[part.text], around)
        elif part.text == "-":
            unary = before is None or (isinstance(before, Token) and (before.kind in ("operator", "mark")
                                                                      or before.upper in _CLAUSES))  # fmt: skip
            yield self._edit("sign changed", part.start, part.end, "" if unary else "+", around)
        elif part.text == "+":
            yield self._edit("sign changed", part.start, part.end, "-", around)
        elif part.text == "*" and isinstance(before, Token | Group) and at + 1 < len(parts):
            follows = parts[at + 1]
            if not (
                isinstance(before, Token) and (before.upper in _CLAUSES or before.text in ("DISTINCT", "."))
            ) and not (isinstance(follows, Token) and follows.upper in _CLAUSES):
                yield self._edit("factor dropped", part.start, part.end, "+ 0 *", around)
        elif part.text == "||":
            yield from self._half(part, parts, at)

    def _half(self, part: Token, parts: Sequence[Part], at: int) -> Iterator[Edit]:
        start, end = self._start(parts, at - 1), self._operand_end(parts, at + 1)
        yield self._edit("operand dropped", part.start, end, "", self.text[start:end])

    def _word(self, part: Token, parts: Sequence[Part], at: int) -> Iterator[Edit]:
        upper = part.upper
        follows = parts[at + 1] if at + 1 < len(parts) else None
        before = parts[at - 1] if at else None
        called = isinstance(follows, Group) and follows.opened == "("
        needs_call = upper in ("MIN", "MAX", "BOOL_OR", "BOOL_AND", "SUM", "CLOCK_TIMESTAMP", "GREATEST", "LEAST")
        if upper == "AND" and self._is_between(parts, at):
            return
        if isinstance(before, Token) and before.upper in ("AS", "NULLS"):
            return
        qualifies = isinstance(follows, Token) and follows.text == "."
        if upper in _SWAPPED and needs_call == called and not qualifies:
            kind = "condition joined otherwise" if upper in ("AND", "OR") else "word swapped"
            yield self._edit(kind, part.start, part.end, _SWAPPED[upper], self._around(parts, at))

    @staticmethod
    def _is_ordinal(parts: Sequence[Part], at: int) -> bool:
        """Whether this number names a column of the query in its GROUP BY."""
        while at and isinstance(last := parts[at - 1], Token) and (last.text == "," or last.kind == "number"):
            at -= 1
        return at >= 2 and _is(parts[at - 1], "BY") and _is(parts[at - 2], "GROUP")

    def _is_between(self, parts: Sequence[Part], at: int) -> bool:
        return any(isinstance(p, Token) and p.upper == "BETWEEN" for p in parts[max(0, at - 4) : at])

    def _assigns(self, parts: Sequence[Part], at: int) -> bool:
        """Whether this ``=`` stands in a SET list or in GET DIAGNOSTICS rather than in a condition."""
        for part in reversed(parts[:at]):
            if isinstance(part, Token):
                if part.upper in ("SET", "DIAGNOSTICS", "ERRCODE"):
                    return True
                if (
                    part.upper in _BOOLEAN_STARTS
                    or part.upper in ("ON", "AND", "OR", "SELECT", "RETURN")
                    or part.text == ";"
                ):
                    return False
        return False

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _conditions(self, parts: Sequence[Part]) -> Iterator[Edit]:
        for begin, end, opener in self._regions(parts):
            region = parts[begin:end]
            joints = [
                i for i, p in enumerate(region)
                if isinstance(p, Token) and p.upper in ("AND", "OR") and not self._is_between(region, i)
            ]  # fmt: skip
            if not joints and opener not in _BOOLEAN_STARTS and opener != "ON":
                continue
            bounds = [-1, *joints, len(region)]
            for first, last in itertools.pairwise(bounds):
                operand = region[first + 1 : last]
                if not operand or (len(operand) == 1 and isinstance(operand[0], Token) and operand[0].upper == "TRUE"):
                    continue
                start, stop = self._span(operand)
                text = self.text[start:stop]
                joint = region[joints[0]] if joints else None
                near = region[last] if last < len(region) else region[first] if first >= 0 else joint
                neutral = "false" if isinstance(near, Token) and near.upper == "OR" else "true"
                yield Edit("condition dropped", start, stop, neutral, text, neutral)
                yield Edit("condition negated", start, stop, f"NOT ({text})", text, f"NOT ({text})")
                if not joints and neutral == "true":
                    yield Edit("condition never true", start, stop, "false", text, "false")

    def _regions(self, parts: Sequence[Part]) -> Iterator[tuple[int, int, str]]:
        """Places that may hold a condition, as (first part, part after the last, the word before)."""
        begin, opener = 0, ""
        for at, part in enumerate(parts):
            ends = isinstance(part, Token) and (
                part.text in (",", ";", ":=") or (part.upper in _CLAUSES and part.upper not in ("NOT", "EXISTS", "AS"))
                or part.upper == "AS"
            )  # fmt: skip
            if ends and isinstance(part, Token):
                if begin < at:
                    yield begin, at, opener
                begin, opener = at + 1, part.upper
                if opener == "ON" and at + 1 < len(parts):
                    follows = parts[at + 1]
                    opener = "" if isinstance(follows, Token) and follows.upper == "CONFLICT" else "ON"
        if begin < len(parts):
            yield begin, len(parts), opener

    # -- lists ---------------------------------------------------------------------------------------------------------

    def _lists(self, parts: Sequence[Part]) -> Iterator[Edit]:
        for at, part in enumerate(parts):
            if not isinstance(part, Token) or part.upper not in ("GROUP", "ORDER", "PARTITION", "CONFLICT", "DISTINCT"):
                continue
            follows = parts[at + 1] if at + 1 < len(parts) else None
            if isinstance(follows, Token) and follows.upper == "BY":
                yield from self._by(part, parts, at)
            elif part.upper == "CONFLICT" and isinstance(follows, Group):
                yield from self._dropped_elements("column dropped", follows.parts, "ON CONFLICT ")
            elif part.upper == "DISTINCT" and isinstance(follows, Token) and follows.upper == "ON":
                inner = parts[at + 2]
                if isinstance(inner, Group):
                    yield from self._dropped_elements("column dropped", inner.parts, "DISTINCT ON ")

    def _by(self, part: Token, parts: Sequence[Part], at: int) -> Iterator[Edit]:
        stop = at + 2
        while stop < len(parts):
            here = parts[stop]
            if isinstance(here, Token) and (
                here.text == ";" or (here.upper in _CLAUSES and here.upper not in ("ASC", "DESC"))
            ):
                break
            stop += 1
        elements = _split(parts[at + 2 : stop])
        start, end = part.start, self._span(parts[at + 2 : stop])[1]
        if part.upper == "GROUP":
            yield from self._group_by(parts, at, elements)
            return
        yield self._edit("order dropped", start, end, "")
        yield from self._dropped_elements("column dropped", parts[at + 2 : stop], f"{part.upper} BY ")
        for element in elements:
            last = element[-1]
            if not (isinstance(last, Token) and last.upper in ("ASC", "DESC")):
                place = self._span(element)[1]
                shown = self.text[self._span(element)[0] : place]
                yield Edit("order turned", place, place, " DESC", f"{part.upper} BY {shown}", f"{shown} DESC")

    def _group_by(self, parts: Sequence[Part], at: int, elements: "list[list[Part]]") -> Iterator[Edit]:
        """Drop a column of GROUP BY: the query then takes any one value of it, as a forgotten column would."""
        select = next((i for i in range(at - 1, -1, -1) if _is(parts[i], "SELECT")), None)
        source = next((i for i in range(select or 0, at) if _is(parts[i], "FROM")), None)
        if select is None or source is None:
            return
        columns = _split(parts[select + 1 : source])
        texts = [self._without_alias(column) for column in columns]
        kept = [self.text[slice(*self._span(element))] for element in elements]
        whole = (self._span(elements[0])[0], self._span(elements[-1])[1])
        for number, name in enumerate(kept):
            column = int(name) - 1 if name.isdecimal() else next((i for i, t in enumerate(texts) if t == name), None)
            rest = ", ".join(text for i, text in enumerate(kept) if i != number) or "()"
            others: tuple[tuple[int, int, str], ...] = ()
            if column is not None:
                first, _ = self._span(columns[column])
                expression = texts[column]
                others = ((first, first + len(expression), f"(array_agg({expression}))[1]"),)
            shown = f"GROUP BY {', '.join(kept)}"
            yield Edit("column dropped", *whole, rest, shown, f"GROUP BY {rest}", others)

    def _without_alias(self, column: "list[Part]") -> str:
        start, end = self._span(column)
        for part in column:
            if _is(part, "AS"):
                end = self._span(column[: column.index(part)])[1]
        return self.text[start:end]

    def _dropped_elements(self, kind: str, parts: Sequence[Part], title: str) -> Iterator[Edit]:
        elements = _split(parts)
        if len(elements) < 2:
            return
        spans = [self._span(element) for element in elements]
        whole = self.text[spans[0][0] : spans[-1][1]]
        for number, (start, end) in enumerate(spans):
            first = spans[number - 1][1] if number else start
            last = end if number else spans[1][0]
            yield Edit(kind, first, last, "", f"{title}{whole}", f"without {self.text[start:end]}")

    def _row_comparisons(self, parts: Sequence[Part]) -> Iterator[Edit]:
        """``(a, b) > (x, y)``: each column out of both; ``(a, b)::text``: each out of it."""
        for at in range(1, len(parts)):
            left, part = parts[at - 1], parts[at]
            if not isinstance(part, Token) or not isinstance(left, Group) or left.opened != "(":
                continue
            first = _split(left.parts)
            if len(first) < 2:
                continue
            shown = self.text[left.start - 1 : left.end + 1]
            right = parts[at + 1] if at + 1 < len(parts) else None
            if part.text in _SHIFTED and isinstance(right, Group) and len(_split(right.parts)) == len(first):
                cuts = zip(self._cuts(left), self._cuts(right), strict=True)
                for element, (one, other) in zip(first, cuts, strict=True):
                    gone = self.text[slice(*self._span(element))]
                    yield Edit("column dropped", *one, "", f"{shown} {part.text}", f"without {gone}", ((*other, ""),))
            elif part.text == "::" and _is(right, "TEXT") and not (at >= 2 and _is_name(parts[at - 2])):
                for element, one in zip(first, self._cuts(left), strict=True):
                    gone = self.text[slice(*self._span(element))]
                    yield Edit("column dropped", *one, "", shown, f"without {gone}")

    def _values(self, parts: Sequence[Part]) -> Iterator[Edit]:
        """A parameter or variable that stands alone in a list: not handed on."""
        for at, part in enumerate(parts):
            if not isinstance(part, Token) or not part.text.startswith(("p_", "v_")):
                continue
            before, after = parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None
            begins = before is None or (isinstance(before, Token) and before.text in (",", "SELECT"))
            ends = after is None or (isinstance(after, Token) and after.text in (",", "FROM", ";"))
            if begins and ends and not (before is None and after is None) and not self._receives(parts, at):
                shown = self.text[
                    self._span(parts[max(0, at - 2) : at + 3])[0] : self._span(parts[max(0, at - 2) : at + 3])[1]
                ]
                yield Edit("value dropped", part.start, part.end, "NULL", shown, f"NULL for {part.text}")

    @staticmethod
    def _receives(parts: Sequence[Part], at: int) -> bool:
        """Whether this is a target of INTO."""
        words = [p.upper for p in parts[:at] if isinstance(p, Token) and p.upper in _CLAUSES]
        return bool(words) and words[-1] == "INTO"

    def _cuts(self, group: Group) -> list[tuple[int, int]]:
        spans = [self._span(element) for element in _split(group.parts)]
        return [(spans[i - 1][1] if i else start, end if i else spans[1][0]) for i, (start, end) in enumerate(spans)]

    # -- phrases -------------------------------------------------------------------------------------------------------

    _PHRASES: tuple[tuple[str, str, str], ...] = (
        ("IS NOT NULL", "IS NULL", "comparison turned"),
        ("IS NULL", "IS NOT NULL", "comparison turned"),
        ("IS NOT DISTINCT FROM", "=", "comparison turned"),
        ("IS DISTINCT FROM", "<>", "comparison turned"),
        ("NOT EXISTS", "EXISTS", "comparison turned"),
        ("NOT IN", "IN", "comparison turned"),
        ("LEFT JOIN", "JOIN", "join changed"),
        ("UNION ALL", "UNION", "union changed"),
        ("ON CONFLICT DO NOTHING", "", "clause dropped"),
        ("FOR UPDATE", "", "clause dropped"),
        ("SELECT DISTINCT", "SELECT", "clause dropped"),
        ("LIMIT", "OFFSET", "limit turned"),
    )

    def _phrases(self, parts: Sequence[Part]) -> Iterator[Edit]:
        words = [part.upper if isinstance(part, Token) else "()" for part in parts]
        for at in range(len(parts)):
            for phrase, becomes, kind in self._PHRASES:
                wanted = phrase.split()
                if words[at : at + len(wanted)] != wanted or (
                    phrase == "SELECT DISTINCT" and words[at + 2 : at + 3] == ["ON"]
                ):
                    continue
                start, end = self._span(parts[at : at + len(wanted)])
                yield Edit(kind, start, end, becomes, self._around(parts, at, len(wanted)), becomes or "without it")
            if words[at] == "IN" and words[at - 1 : at] != ["NOT"]:
                yield Edit("comparison turned", self._span([parts[at]])[0], self._span([parts[at]])[0], "NOT ",
                           self._around(parts, at), "NOT IN")  # fmt: skip
                inner = parts[at + 1] if at + 1 < len(parts) else None
                if isinstance(inner, Group):
                    yield from self._dropped_elements("element dropped", inner.parts, "IN ")
            if (
                words[at] == "CONFLICT"
                and words[at + 1 : at + 2] == ["()"]
                and words[at + 2 : at + 4] == ["DO", "NOTHING"]
            ):
                start, end = self._span(parts[at - 1 : at + 4])
                yield self._edit("clause dropped", start, end, "")

    # -- statements and calls ------------------------------------------------------------------------------------------

    def _statements(self, parts: Sequence[Part]) -> Iterator[Edit]:
        ends = [i for i, part in enumerate(parts) if isinstance(part, Token) and part.text == ";"]
        begins = next((i for i, part in enumerate(parts) if _is(part, "BEGIN")), None)
        if begins is None or not ends:
            return
        returns = [i for i, part in enumerate(parts) if _is(part, "RETURN") and not _is(parts[i + 1], "QUERY")]
        first = begins + 1
        for end in [e for e in ends if e > begins]:
            start = first
            # A statement begins after THEN or ELSE as well as after a semicolon.
            for i in range(first, end):
                if any(_is(parts[i], word) for word in ("THEN", "ELSE", "LOOP")) and not self._in_case(parts, first, i):
                    start = i + 1
            first = end + 1
            if start >= end:
                continue
            head = parts[start]
            assigned = any(isinstance(p, Token) and p.text == ":=" for p in parts[start:end])
            named = isinstance(head, Token) and (head.upper in _STATEMENTS or assigned)
            last_return = _is(head, "RETURN") and returns and start == returns[-1]
            if named:
                begin, stop = self._span(parts[start:end])
                if not last_return:
                    yield Edit("statement dropped", begin, stop, "NULL", self.text[begin:stop], "NULL")
                if (
                    _is(head, "RETURN")
                    and not _is(parts[start + 1], "QUERY")
                    and end - start > 1
                    and not _is(parts[start + 1], "NULL")
                ):
                    begin = self._span(parts[start + 1 : end])[0]
                    yield Edit("result dropped", begin, stop, "NULL", f"RETURN {self.text[begin:stop]}", "RETURN NULL")

    def _in_case(self, parts: Sequence[Part], first: int, at: int) -> bool:
        words = [part.upper for part in parts[first:at] if isinstance(part, Token)]
        return words.count("CASE") > words.count("END")

    def _calls(self, parts: Sequence[Part]) -> Iterator[Edit]:
        for at in range(len(parts) - 1):
            word, group = parts[at], parts[at + 1]
            if not isinstance(word, Token) or not isinstance(group, Group) or group.opened != "(":
                continue
            if word.upper == "COALESCE":
                values = _split(group.parts)
                shown = self.text[word.start : group.end + 1]
                for value in values:
                    begin, end = self._span(value)
                    kept = self.text[begin:end]
                    yield Edit("default dropped", word.start, group.end + 1, f"({kept})", shown, kept)
            elif word.upper == "EXISTS":
                before = parts[at - 1] if at else None
                if not _is(before, "NOT"):
                    shown = self.text[word.start : group.end + 1]
                    yield Edit("comparison turned", word.start, word.start, "NOT ", shown, f"NOT {shown}")

    # -- places --------------------------------------------------------------------------------------------------------

    def _span(self, parts: Sequence[Part]) -> tuple[int, int]:
        if not parts:
            return 0, 0
        first, last = parts[0], parts[-1]
        start = first.start - 1 if isinstance(first, Group) else first.start
        return start, last.end + 1 if isinstance(last, Group) else last.end

    def _start(self, parts: Sequence[Part], at: int) -> int:
        return self._span([parts[at]])[0]

    def _operand_end(self, parts: Sequence[Part], at: int) -> int:
        while at + 1 < len(parts) and (isinstance(next_one := parts[at + 1], Group) or next_one.text in (".", "::")):
            at += 1 if isinstance(next_one, Group) else 2
        return self._span([parts[at]])[1]

    def _around(self, parts: Sequence[Part], at: int, width: int = 1) -> str:
        """A few tokens on either side, so that a reader and the mutant's name know the place."""
        low, high = at, at + width
        for _ in range(3):
            if low > 0 and not self._ends(parts[low - 1]):
                low -= 1
        for _ in range(4):
            if high < len(parts) and not self._ends(parts[high]):
                high += 1
        start, end = self._span(parts[low:high])
        return self.text[start:end]

    @staticmethod
    def _ends(part: Part) -> bool:
        return isinstance(part, Token) and (part.text in (",", ";") or part.upper in _CLAUSES)


def _is(part: Part | None, word: str) -> bool:
    return isinstance(part, Token) and part.upper == word


def _is_name(part: Part) -> bool:
    return isinstance(part, Token) and part.kind == "word" and part.upper not in _CLAUSES


def _split(parts: Sequence[Part]) -> "list[list[Part]]":
    """The elements of a list, parted by its commas."""
    elements: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Token) and part.text == ",":
            elements.append([])
        else:
            elements[-1].append(part)
    return [element for element in elements if element]
