"""Builds the documentation of all keywords as a small static site: ``python tools/docs.py FOLDER``."""

import html
import re
import shutil
import sys
from pathlib import Path

from robot.errors import DataError
from robot.libdocpkg import LibraryDocumentation

ROOT = Path(__file__).resolve().parent.parent
# What a keyword's documentation says about where its promise comes from: a rule, a law, a section, the seed.
_RULE = re.compile(r"\b\d\.\d+\b|\blaws? \d|\bsections? \d", re.IGNORECASE)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Keywords</title>
<style>body{{font:16px/1.5 system-ui;max-width:60em;margin:2em auto;padding:0 1em}}td{{padding:.2em 1em .2em 0;
vertical-align:top}}</style><h1>Keywords of the proving ground</h1>
<p>Resources are the language of the suites; libraries are what it stands on. Numbers such as 4.5 are the rules of the
<a href="contract.md">contract</a>.</p><table>{rows}</table></html>
"""


def sources() -> dict[str, str]:
    """Return what has keywords, by its title: the resource files, then the keyword library of each package."""
    found = {path.stem: str(path) for path in sorted((ROOT / "resources").glob("*.resource"))}
    packages = sorted(path.parent.name for path in (ROOT / "libraries").glob("*/keywords.py"))
    # The package itself is the keyword library of its ground floor: Robot Framework imports it by its path.
    return found | {
        f"libraries.{name}": "libraries" if name == "target" else f"libraries.{name}.keywords" for name in packages
    }


def build(folder: Path) -> tuple[int, list[str]]:
    """Write a page for each source and an index.

    Return how many keywords have a page, and which of the resources' name no rule. Raises DataError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, count, unruly = [], 0, []
    for title, source in sources().items():
        documentation = LibraryDocumentation(source, name=title)
        page = f"{title}.html"
        documentation.save(str(folder / page), "HTML")
        count += len(documentation.keywords)
        if source.endswith(".resource"):
            # What a library does in general, to send or to count, serves every rule.
            unruly += [f"{title}: {one.name}" for one in documentation.keywords if not _RULE.search(one.doc)]
        first = (documentation.doc or "").strip().split("\n\n", 1)[0]
        plain = re.sub(r"<[^>]+>", "", first)
        rows.append(
            f'<tr><td><a href="{page}">{html.escape(documentation.name)}</a></td>'
            f"<td>{len(documentation.keywords)}</td><td>{html.escape(plain)}</td></tr>"
        )
    (folder / "index.html").write_text(_PAGE.format(rows="\n".join(rows)), "utf-8")
    shutil.copy(ROOT / "docs" / "contract.md", folder)
    return count, unruly


def main(arguments: list[str]) -> int:
    """Build the site in the folder that is named; return the exit code, 1 when a keyword names no rule."""
    if len(arguments) != 1:
        print("error: usage: docs.py FOLDER", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    try:
        count, unruly = build(Path(arguments[0]))
    except (DataError, OSError) as error:
        print(f"error: the documentation could not be built: {error}", file=sys.stderr)
        return 1
    print(f"{count} keywords documented: {Path(arguments[0]).resolve() / 'index.html'}")
    for one in unruly:
        print(f"error: {one} names no rule of the contract, like (4.5), law 2 or section 5", file=sys.stderr)
    return 1 if unruly else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
