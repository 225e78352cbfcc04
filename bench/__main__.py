"""`make bench`: speeds and sizes on both stores, each beside its limit, as tables with ratios."""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from bench import report
from bench.cluster import Cluster, cluster
from bench.machine import load_average, versions
from bench.measure import LONG, SHORT, Plan, Result, measure
from bench.programs import ROOT
from tools.bootstrap import node
from tools.bundles import BUDGETS, compressed_bytes, reached

_MOST_OPEN_FILES = 20_000


def main(words: list[str]) -> int:
    """Measure and print; 1 when a count does not hold, so that no rate counts."""
    parser = argparse.ArgumentParser(prog="bench", description="Speeds and sizes, with ratios.")
    parser.add_argument("--long", action="store_true", help="five rounds, longer volleys")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), help="only this one")
    asked = parser.parse_args(words)
    _allow_many_sockets()
    print(f"before: load average {load_average():.1f} on {os.cpu_count()} cores", flush=True)
    results = []
    plan = LONG if asked.long else SHORT
    with cluster() if asked.store != "sqlite" else nullcontext() as server:
        if asked.store != "postgresql":
            results.append(_measured("SQLite", plan, None))
        if server is not None and asked.store != "sqlite":
            results.append(_measured("PostgreSQL", plan, server))
        postgres = _version(server)
    for table in (report.speeds, report.waits, report.cpu, report.sockets, report.proofs):
        print(table(results), flush=True)
    print(_bundles())
    print(report.surroundings(results))
    print(versions(postgres))
    if server is None and asked.store != "sqlite":
        print("PostgreSQL is not installed: its column was left out.")
    return 0 if all(one.proof is not None and one.proof.holds for one in results) else 1


def _measured(name: str, plan: Plan, server: Cluster | None) -> Result:
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        return asyncio.run(measure(name, Path(folder), plan, server))


def _allow_many_sockets() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _version(server: Cluster | None) -> str:
    if server is None:
        return ""
    command = [str(server.programs / "postgres"), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split()[:3])


def _bundles() -> str:
    rows: report.Table = [("brotli", "kB", "budget", "share")]
    for budget in BUDGETS:
        entry = ROOT / "web" / budget.entry
        root = next((place for place in entry.parents if place.name == "dist"), entry.parent)
        files = [file for file in reached(entry, root) if file.suffix in budget.endings]
        if not files or node.folder() is None:
            rows.append((budget.name, "not built", "", ""))
            continue
        size = compressed_bytes(files)
        most = budget.most_bytes
        share = f"{size / most:.2f}"
        rows.append((budget.name, f"{size / 1000:.1f}", f"{most / 1000:.1f}", share))
    return report.printed("Bundles", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
