"""What the numbers were made on: disk, load, versions."""

import os
import platform
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench.programs import ROOT

_WRITES = 200
_BLOCK = b"\0" * 4096
_PARTS = ("uvicorn", "uvloop", "litestar", "msgspec", "sqlalchemy", "asyncpg", "aiohttp")


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of the values lies; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def fdatasync_ms(folder: Path) -> tuple[float, float]:
    """Append blocks of 4 KiB, each made durable: p50 and p99 of one, in milliseconds."""
    took = []
    path = folder / "fdatasync"
    with path.open("wb", buffering=0) as file:
        for _ in range(_WRITES):
            began = time.perf_counter()
            file.write(_BLOCK)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return percentile(took, 0.5), percentile(took, 0.99)


def load_average() -> float:
    """Give the load of the last minute; above the number of cores others work too."""
    return os.getloadavg()[0]


def versions(postgres: str = "") -> str:
    """Name what ran, and the commit."""
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    commit = told.stdout.strip() or "no git"
    parts = [f"{name} {version(name)}" for name in _PARTS]
    python = f"Python {platform.python_version()}"
    stores = [f"SQLite {sqlite3.sqlite_version}", *([postgres] if postgres else [])]
    return ", ".join([f"commit {commit}", f"{os.cpu_count()} cores", python, *stores, *parts])
