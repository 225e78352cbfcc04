"""The pages of the repository, and what tests look for in them."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap.paths import ROOT

DOCS = ROOT / "docs"
_NOT_OURS = frozenset({"node_modules", ".venv", ".tools", ".git", "var", "dist"})
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def page(name: str) -> str:
    """Read a page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def every_page() -> list[Path]:
    """List every Markdown file of the repository."""
    found: list[Path] = []
    waiting = [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir() and path.name not in _NOT_OURS and not path.is_symlink():
                waiting.append(path)
            elif path.suffix == ".md":
                found.append(path)
    return sorted(found)


def guide() -> list[Path]:
    """List what a reader is pointed to: the page at the root and docs/."""
    return [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]


def blocks(text: str, language: str) -> list[str]:
    """Give the fenced blocks of a language."""
    return [body for name, body in _FENCE.findall(text) if name == language]


def code(text: str) -> Iterator[str]:
    """Give everything set as code: fenced blocks, then spans."""
    for _, body in _FENCE.findall(text):
        yield body
    yield from _INLINE.findall(_FENCE.sub("", text))


def rows(text: str) -> list[list[str]]:
    """Give the cells of every row of every table."""
    return [[cell.strip() for cell in row.split(" | ")] for row in _ROW.findall(text)]


def named(cell: str) -> list[str]:
    """Give the code spans of a cell."""
    return _INLINE.findall(cell)


def table(text: str) -> dict[str, list[str]]:
    """Give the rows of tables by the first thing that their first cell sets as code."""
    return {named(row[0])[0]: row for row in rows(text) if named(row[0])}


def section(text: str, title: str) -> str:
    """Give what stands under a heading of the second level."""
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, f"there is no section {title!r}"
    return rest.partition("\n## ")[0]


def anchors(text: str) -> set[str]:
    """Give the anchors of a page's headings as code hosts make them."""
    titles = _HEADING.findall(_FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
