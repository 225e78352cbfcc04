"""What a browser downloads before anything is seen, against its budget."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.bootstrap import node, verbs
from tools.bootstrap.paths import WEB

# What a page or module asks for at once; dynamic `import(...)` is later, and so not counted.
_FROM_PAGE = re.compile(r"""<(?:script[^>]+src|link[^>]+href)=["']([^"']+\.(?:js|css))["']""")
_FROM_MODULE = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+\.js)["']""")
_SIZES = """
const { readFileSync } = require("node:fs");
const { brotliCompressSync } = require("node:zlib");
for (const file of process.argv.slice(1))
  console.log(brotliCompressSync(readFileSync(file)).length);
"""


@dataclass(frozen=True)
class Budget:
    """Files reached from an entry, counted by their endings, and the most they may weigh."""

    name: str
    entry: str
    endings: tuple[str, ...]
    most_bytes: int  # after brotli


BUDGETS = (
    Budget("widget loader", "apps/widget/dist/widget.js", (".js",), 3_000),
    Budget("widget panel", "apps/widget/dist/frame/index.html", (".js", ".css"), 15_000),
    Budget("desk, first route", "apps/desk/dist/index.html", (".js",), 220_000),
)


def reached(entry: Path, root: Path) -> list[Path]:
    """List what the entry loads at once, itself included unless it is a page."""
    found: list[Path] = []
    waiting = [entry]
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found.append(file)
        pattern = _FROM_PAGE if file.suffix == ".html" else _FROM_MODULE
        if file.suffix in {".html", ".js"}:
            waiting += [_resolve(file, link, root) for link in pattern.findall(file.read_text())]
    return sorted(file for file in found if file.suffix != ".html")


def _resolve(file: Path, link: str, root: Path) -> Path:
    return root / link.lstrip("/") if link.startswith("/") else (file.parent / link).resolve()


def compressed_bytes(files: list[Path]) -> int:
    """Give the size of the files as a browser receives them, each on its own."""
    if not files:
        return 0
    found = node.folder()
    if found is None:
        sys.exit("no Node here; run: make node")
    told = subprocess.run(
        [found / "node", "-e", _SIZES, *files], capture_output=True, text=True, check=True
    )
    return sum(int(line) for line in told.stdout.split())


def main() -> int:
    """Build what changed, then print every budget with its use; 1 when one is broken."""
    if verbs.main(["web"]):
        return 1
    broken = 0
    for budget in BUDGETS:
        entry = WEB / budget.entry
        root = next((place for place in entry.parents if place.name == "dist"), entry.parent)
        files = [file for file in reached(entry, root) if file.suffix in budget.endings]
        size = compressed_bytes(files)
        fits = 0 < size <= budget.most_bytes
        broken += not fits
        verdict = "ok" if fits else "not built" if not files else "TOO BIG"
        shown = f"{size / 1000:7.1f} of {budget.most_bytes / 1000:5.1f} kB"
        print(f"{budget.name:<18} {shown}  {verdict}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
