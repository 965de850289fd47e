"""Builds the documentation of all keywords as a small static site: ``python tools/docs.py FOLDER``."""

import html
import re
import sys
from pathlib import Path

from robot.errors import DataError
from robot.libdocpkg import LibraryDocumentation

ROOT = Path(__file__).resolve().parent.parent
_LIBRARY = re.compile(r"^Library\s{2,}(libraries\.\w+)", re.MULTILINE)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Keywords</title>
<style>body{{font:16px/1.5 system-ui;max-width:60em;margin:2em auto;padding:0 1em}}td{{padding:.2em 1em .2em 0;
vertical-align:top}}</style><h1>Keywords of the proving ground</h1>
<p>Resources are the language of the suites; libraries are what it stands on.</p><table>{rows}</table></html>
"""


def sources() -> list[str]:
    """Return what has keywords: the resource files, then the libraries that they use."""
    resources = sorted((ROOT / "resources").glob("*.resource"))
    libraries = {name for path in resources for name in _LIBRARY.findall(path.read_text("utf-8"))}
    return [str(path) for path in resources] + sorted(libraries)


def build(folder: Path) -> int:
    """Write a page for each source and an index; return how many keywords have a page. Raises DataError."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, count = [], 0
    for source in sources():
        documentation = LibraryDocumentation(source)
        page = f"{Path(source).stem if source.endswith('.resource') else source}.html"
        documentation.save(str(folder / page), "HTML")
        count += len(documentation.keywords)
        first = (documentation.doc or "").strip().split("\n\n", 1)[0]
        plain = re.sub(r"<[^>]+>", "", first)
        rows.append(
            f'<tr><td><a href="{page}">{html.escape(documentation.name)}</a></td>'
            f"<td>{len(documentation.keywords)}</td><td>{html.escape(plain)}</td></tr>"
        )
    (folder / "index.html").write_text(_PAGE.format(rows="\n".join(rows)), "utf-8")
    return count


def main(arguments: list[str]) -> int:
    """Build the site in the folder that is named; return the exit code."""
    if len(arguments) != 1:
        print("error: usage: docs.py FOLDER", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    try:
        count = build(Path(arguments[0]))
    except (DataError, OSError) as error:
        print(f"error: the documentation could not be built: {error}", file=sys.stderr)
        return 1
    print(f"{count} keywords documented: {Path(arguments[0]).resolve() / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
