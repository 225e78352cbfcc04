"""Tells whether something was already made from exactly these sources."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.bootstrap.paths import ROOT

_NOT_SOURCES = frozenset({"dist", "node_modules", "__pycache__", "test-results"})


def digest(files: Iterable[Path], *extra: str) -> str:
    """Hash names and contents of files, and any further words that matter."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    total.update("\0".join(extra).encode())
    return total.hexdigest()


def sources(folder: Path) -> list[Path]:
    """List the files of a folder that a build reads, tests and build results left out."""
    found: list[Path] = []
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.is_file() and not _NOT_SOURCES.intersection(inside) and ".test." not in path.name:
            found.append(path)
    return found


def matches(stamp: Path, value: str) -> bool:
    """Ask whether the stamp carries this value."""
    return stamp.is_file() and stamp.read_text() == value


def put(stamp: Path, value: str) -> None:
    """Leave a stamp; the last act of a step."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)
