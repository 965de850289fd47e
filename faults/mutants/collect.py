"""All mutants there are: of the services' Python, and of what stands in the live database."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from faults.mutants.mutant import Edit, Mutant, MutantError, line_of, numbered, one_line
from faults.mutants.python_edits import Found, changes_code, python_edits
from faults.mutants.sql_edits import sql_edits

ROOT = Path(__file__).parents[2]
PACKAGES = ("auth", "common", "inventory")
SCHEMAS = ("auth", "inventory")
_QUOTE = re.compile(r"\$(\w*)\$")
# What an attribute of a function changes; without it the function works as before, only dearer or with other rights.
_ATTRIBUTE = re.compile(
    r"\n\s+((?:IMMUTABLE|STABLE|STRICT|SECURITY DEFINER|PARALLEL SAFE|SET \w+ TO [^\n]+|\s)+)(?=\nAS )"
)
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_OBJECT = re.compile(r"^(?:CREATE|ALTER)\s+(?:OR REPLACE\s+)?(?:FUNCTION|TABLE|TRIGGER|(?:UNIQUE\s+)?INDEX)\s+"
                     r"(?:IF NOT EXISTS\s+|ONLY\s+)?([\w.]+)", re.IGNORECASE | re.MULTILINE)  # fmt: skip


# -- Python ------------------------------------------------------------------------------------------------------------


def python_files() -> list[Path]:
    """The modules of both services."""
    return sorted(path for package in PACKAGES for path in (ROOT / "services" / package).glob("*.py"))


def python_mutants(path: Path, source: str | None = None) -> Iterator[Mutant]:
    """All mutants of a module. They may still turn out to change nothing (see `changes_code`)."""
    text = path.read_text("utf-8") if source is None else source
    file = path.relative_to(ROOT).as_posix() if path.is_absolute() else path.as_posix()
    by_function: dict[str, list[Found]] = {}
    for found in python_edits(text):
        by_function.setdefault(found.function, []).append(found)
    for function, all_found in by_function.items():
        for edit, nth in numbered(found.edit for found in all_found):
            yield Mutant(
                language="python", file=file, function=function, kind=edit.kind, original=one_line(edit.shown),
                change=one_line(edit.becomes), nth=nth, line=line_of(text, edit.start), before=text,
                install=edit.applied(text), module=file.removesuffix(".py").replace("/", "."),
            )  # fmt: skip


def is_real(mutant: Mutant) -> bool:
    """Whether a mutant is one: for Python, that it compiles to something else."""
    return mutant.language == "sql" or changes_code(mutant.before, mutant.install, mutant.file)


# -- SQL ---------------------------------------------------------------------------------------------------------------


def sql_mutants(connection: Any) -> Iterator[Mutant]:
    """All mutants of the functions, constraints, indexes, triggers, columns and grants of the live database."""
    for name, definition in functions(connection).items():
        yield from function_mutants(name, definition)
    yield from _constraint_mutants(connection)
    yield from _index_mutants(connection)
    yield from _trigger_mutants(connection)
    yield from _column_mutants(connection)
    yield from _grant_mutants(connection)


def functions(connection: Any) -> dict[str, str]:
    """The definitions of all functions, as the database gives them, by their names."""
    rows = _rows(connection, """
        SELECT format('%%s.%%s', n.nspname, p.proname), pg_get_functiondef(p.oid) FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY (%s) AND p.prokind IN ('f', 'p')
        ORDER BY 1, p.oid""")  # fmt: skip
    return {str(name): str(definition) for name, definition in rows}


def function_mutants(name: str, definition: str) -> Iterator[Mutant]:
    """All mutants of one function."""
    opening = _QUOTE.search(definition)
    if opening is None:
        raise MutantError(f"the definition of {name} has no body in dollar quotes")
    start, end = opening.end(), definition.rindex(opening.group())
    edits: list[Edit] = []
    attributes = _ATTRIBUTE.search(definition, 0, opening.start() + 1)
    if attributes:
        shown = one_line(attributes.group(1))
        edits.append(Edit("attributes dropped", attributes.start(1), attributes.end(1), "", shown, "without them"))
    edits += [_moved(edit, start) for edit in sql_edits(definition[start:end])]
    for edit, nth in numbered(edits):
        yield Mutant(
            language="sql", file=name, function=name.rpartition(".")[2], kind=edit.kind, original=one_line(edit.shown),
            change=one_line(edit.becomes), nth=nth, line=line_of(definition, edit.start), before=definition,
            install=edit.applied(definition), restore=definition,
        )  # fmt: skip


def _moved(edit: Edit, by: int) -> Edit:
    others = tuple((start + by, end + by, text) for start, end, text in edit.others)
    return Edit(edit.kind, edit.start + by, edit.end + by, edit.text, edit.shown, edit.becomes, others)


def _ddl(table: str, kind: str, original: str, change: str, install: str, restore: str) -> Mutant:
    return Mutant(language="sql", file=table, function=table.rpartition(".")[2], kind=kind, original=one_line(original),
                  change=one_line(change), nth=0, line=0, before=restore, install=install, restore=restore)  # fmt: skip


def _rows(connection: Any, query: str, parameters: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(SCHEMAS)] if parameters is None else parameters)
        return list(cursor.fetchall())


def _constraint_mutants(connection: Any) -> Iterator[Mutant]:
    rows = _rows(connection, """
        SELECT c.oid, c.conrelid::regclass::text, quote_ident(c.conname), c.contype, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE n.nspname = ANY (%s) AND c.conrelid <> 0 AND c.contype IN ('c', 'f', 'p', 'u', 'x')
        ORDER BY 2, 3""")  # fmt: skip
    for oid, table, name, kind, definition in rows:
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE;"
        add = f"ALTER TABLE {table} ADD CONSTRAINT {name} %s;"
        # A key that others refer to takes those with it.
        followers = _rows(connection, """
            SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s;', f.conrelid::regclass, f.conname,
                          pg_get_constraintdef(f.oid))
            FROM pg_constraint c JOIN pg_constraint f ON f.contype = 'f' AND f.conindid = c.conindid AND f.oid <> c.oid
            WHERE c.oid = %s AND c.contype IN ('p', 'u')""", [oid])  # fmt: skip
        restore = "\n".join([add % definition, *(text for (text,) in followers)])
        yield _ddl(table, "constraint dropped", f"{name} {definition}", "", drop, restore)
        for edit, _ in numbered(_constraint_edits(kind, definition)):
            # What is there already need not keep the new rule.
            other = add % (edit.applied(definition) + (" NOT VALID" if kind == "c" else ""))
            yield _ddl(table, edit.kind, f"{name} {definition}", edit.applied(definition), f"{drop}\n{other}",
                       f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE;\n{restore}")  # fmt: skip


def _constraint_edits(kind: str, definition: str) -> Iterator[Edit]:
    if kind == "c":
        yield from sql_edits(definition)
    elif kind in ("p", "u"):
        start, end = definition.index("(") + 1, definition.rindex(")")
        columns = definition[start:end].split(", ")
        for gone in columns if len(columns) > 1 else ():
            rest = ", ".join(column for column in columns if column != gone)
            yield Edit("column dropped", start, end, rest, definition, f"without {gone}")


def _index_mutants(connection: Any) -> Iterator[Mutant]:
    rows = _rows(connection, """
        SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisunique
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (%s) AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        ORDER BY 1, 2""")  # fmt: skip
    for table, name, definition, unique in rows:
        drop = f"DROP INDEX {name};"
        yield _ddl(table, "index dropped", definition, "", drop, f"{definition};")
        if unique:
            plain = definition.replace("CREATE UNIQUE INDEX", "CREATE INDEX", 1)
            yield _ddl(table, "uniqueness dropped", definition, plain, f"{drop}\n{plain};", f"{drop}\n{definition};")


def _trigger_mutants(connection: Any) -> Iterator[Mutant]:
    rows = _rows(connection, """
        SELECT t.tgrelid::regclass::text, quote_ident(t.tgname), pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (%s) AND NOT t.tgisinternal ORDER BY 1, 2""")  # fmt: skip
    for table, name, definition in rows:
        drop = f"DROP TRIGGER {name} ON {table};"
        yield _ddl(table, "trigger dropped", definition, "", drop, f"{definition};")
        match = re.search(r"(BEFORE|AFTER|INSTEAD OF) (.+?) ON ", definition)
        events = match.group(2).split(" OR ") if match else []
        for gone in events if len(events) > 1 else ():
            rest = " OR ".join(event for event in events if event != gone)
            other = definition.replace(" OR ".join(events), rest, 1)
            yield _ddl(
                table, "event dropped", definition, f"without {gone}", f"{drop}\n{other};", f"{drop}\n{definition};"
            )


def _column_mutants(connection: Any) -> Iterator[Mutant]:
    rows = _rows(connection, """
        SELECT a.attrelid::regclass::text, quote_ident(a.attname), a.attnotnull AND NOT EXISTS (
                   SELECT 1 FROM pg_constraint k
                   WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey))
               AND a.attidentity = '', pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
        WHERE n.nspname = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum""")  # fmt: skip
    for table, column, required, default in rows:
        alter = f"ALTER TABLE {table} ALTER COLUMN {column}"
        if required:
            yield _ddl(table, "constraint dropped", f"{column} NOT NULL", "", f"{alter} DROP NOT NULL;",
                       f"{alter} SET NOT NULL;")  # fmt: skip
        if default is not None:
            yield _ddl(table, "default dropped", f"{column} DEFAULT {default}", "", f"{alter} DROP DEFAULT;",
                       f"{alter} SET DEFAULT {default};")  # fmt: skip


def _grant_mutants(connection: Any) -> Iterator[Mutant]:
    """What a role that does not own a table may do with it, taken away; and what it may not do, given."""
    rows = _rows(connection, """
        SELECT c.oid::regclass::text, quote_ident(r.rolname), p.privilege,
               has_table_privilege(r.oid, c.oid, p.privilege)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) p (privilege)
        JOIN pg_roles r ON NOT r.rolsuper AND r.oid <> c.relowner AND EXISTS (
            SELECT 1 FROM pg_class g CROSS JOIN LATERAL aclexplode(g.relacl) a
            WHERE g.relnamespace = n.oid AND a.grantee = r.oid)
        WHERE n.nspname = ANY (%s) AND c.relkind = 'r' ORDER BY 1, 2, 3""")  # fmt: skip
    for table, role, privilege, held in rows:
        grant, revoke = f"GRANT {privilege} ON {table} TO {role};", f"REVOKE {privilege} ON {table} FROM {role};"
        if held:
            yield _ddl(table, "grant dropped", f"{privilege} to {role}", "", revoke, grant)
        else:
            yield _ddl(table, "grant added", f"no {privilege} to {role}", f"{privilege} to {role}", grant, revoke)


FINGERPRINT = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
    SELECT pg_get_functiondef(p.oid) AS line FROM pg_proc p
    WHERE p.pronamespace::regnamespace::text = ANY (%(s)s) AND p.prokind IN ('f', 'p')
    UNION ALL SELECT c.conrelid::regclass::text || c.conname || pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE c.connamespace::regnamespace::text = ANY (%(s)s)
    UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace::regnamespace::text = ANY (%(s)s)
    UNION ALL SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace::regnamespace::text = ANY (%(s)s) AND NOT t.tgisinternal
    UNION ALL SELECT format('%%s.%%s %%s %%s', c.oid::regclass, a.attname, a.attnotnull,
                            pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace::regnamespace::text = ANY (%(s)s) AND a.attnum > 0
    UNION ALL SELECT format('%%s %%s %%s', c.oid::regclass, x.grantee::regrole, x.privilege_type)
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) x
    WHERE c.relnamespace::regnamespace::text = ANY (%(s)s)
) all_lines"""


def fingerprint(connection: Any) -> str:
    """What tells one state of the database's functions, constraints, indexes, triggers and grants from another."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT, {"s": list(SCHEMAS)})
        return str(cursor.fetchone()[0])


def connect(state: Any) -> Any:
    """Connect to a stack's database as its owner; each statement is a transaction. Raises MutantError."""
    try:
        connection = psycopg2.connect(
            host=state.postgres.host, port=state.postgres.port, dbname=state.postgres.dbname, user=state.postgres.user,
            password=state.load_secrets().db_password, connect_timeout=5,
        )  # fmt: skip
    except psycopg2.Error as error:
        raise MutantError(f"the stack's database does not answer: {error}") from error
    connection.autocommit = True
    return connection


# -- what changed ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """The lines of each file that differ from a revision, and the database's objects that those lines define."""

    lines: Mapping[str, frozenset[int]]
    objects: frozenset[str]

    def touch(self, mutant: Mutant) -> bool:
        """Whether a mutant is in what changed. A Python mutant is when its line, or one beside it, was."""
        if mutant.language == "sql":
            return mutant.file in self.objects
        return any(abs(mutant.line - line) <= 1 for line in self.lines.get(mutant.file, ()))


def changes_since(revision: str) -> Changes:
    """What the working tree changed since it left a revision. Raises MutantError when git knows no such revision."""
    base = _git("merge-base", revision, "HEAD").strip()
    lines: dict[str, frozenset[int]] = {}
    objects: set[str] = set()
    for path in _git("diff", "--name-only", base, "--", "services").splitlines():
        diff = _git("diff", "--unified=0", base, "--", path)
        lines[path] = frozenset(_lines(diff))
        if path.endswith(".sql") and (ROOT / path).exists():
            objects |= set(defined_at((ROOT / path).read_text("utf-8"), lines[path]))
    for path in _git("ls-files", "--others", "--exclude-standard", "--", "services").splitlines():
        text = (ROOT / path).read_text("utf-8")
        lines[path] = frozenset(range(1, text.count("\n") + 2))
        if path.endswith(".sql"):
            objects |= set(defined_at(text, lines[path]))
    return Changes(lines, frozenset(objects))


def _lines(diff: str) -> Iterator[int]:
    for match in _HUNK.finditer(diff):
        start, count = int(match.group(1)), int(match.group(2) or 1)
        yield from range(start, start + max(count, 1))


def defined_at(sql: str, lines: Iterable[int]) -> Iterator[str]:
    """The objects whose definitions hold one of these lines."""
    starts = [(line_of(sql, match.start()), match.group(1)) for match in _OBJECT.finditer(sql)]
    wanted = set(lines)
    for number, (first, name) in enumerate(starts):
        last = starts[number + 1][0] - 1 if number + 1 < len(starts) else sql.count("\n") + 1
        if wanted.intersection(range(first, last + 1)):
            yield name


def _git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise MutantError(
            f"git {arguments[0]} failed: {run.stderr.strip().splitlines()[0] if run.stderr else run.returncode}"
        )
    return run.stdout
