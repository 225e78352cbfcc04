"""`make replay`: dialogues through the site and the sandbox, with a checker that ends in 0 or 1."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from bench.cluster import Cluster, cluster
from bench.machine import load_average, percentile
from bench.replay.checker import Verdict, check
from bench.replay.dialogues import RECORDED, dialogues
from bench.replay.journal import Journal
from bench.replay.run import FAULTS, Plan, Played, replay
from bench.replay.tricks import Trick
from bench.report import Table, printed


def main(words: Sequence[str]) -> int:
    """Replay, check, print; 1 on any fault."""
    asked = _asked(words)
    faults, channels = frozenset(asked.faults), frozenset(asked.channels)
    plan = Plan(asked.dialogues, asked.at_once, faults, asked.tricks, channels)
    chosen = dialogues(plan.dialogues, Path(asked.data))
    with cluster() if asked.store == "postgresql" else nullcontext() as server:
        if asked.store == "postgresql" and server is None:
            print("PostgreSQL is not installed.", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory(prefix="otklik-replay-") as folder:
            began = time.monotonic()
            played = asyncio.run(replay(Path(folder), chosen, plan, _url(server)))
            took = time.monotonic() - began
    pages = played.journal.pages
    verdicts = {at: check(some, pages, played.stored) for at, some in played.places.items()}
    print(_counts(asked.store, plan, played.journal, took))
    print(_everywhere(played, verdicts))
    print(_waits(played.journal))
    for at, verdict in verdicts.items():
        for example in verdict.examples:
            print(f"  {at}: {example}")
    print(f"load average {load_average():.1f}")
    return 0 if all(verdict.clean for verdict in verdicts.values()) else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="replay", description="Dialogues, proven to the word.")
    parser.add_argument("--dialogues", type=int, default=300, help="how many")
    parser.add_argument("--at-once", type=int, default=40, help="customers who write together")
    parser.add_argument("--faults", nargs="*", choices=FAULTS, default=[], help="what goes wrong")
    parser.add_argument("--tricks", type=float, default=1.0, help="so many times more often")
    parser.add_argument("--channels", nargs="*", default=[], help="only these; all otherwise")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--data", default=str(RECORDED), help="folder of the recorded dialogues")
    return parser.parse_args(words)


def _url(server: Cluster | None) -> str:
    return "" if server is None else server.create("replay")


def _counts(store: str, plan: Plan, journal: Journal, took_s: float) -> str:
    pages = journal.pages.values()
    rows: Table = [
        ("replayed", ""),
        ("store", store),
        ("faults ordered", ", ".join(sorted(plan.faults)) or "none"),
        ("dialogues", str(len(pages))),
        ("lines taken", str(sum(len(page.sent) for page in pages))),
        ("answers seen", str(sum(len(page.saw) for page in pages))),
        ("seconds", f"{took_s:.0f}"),
    ]
    return printed("Replay", rows)


_FAULTS = ("lost", "doubled", "reordered", "unanswered", "refused")
_TRICKS = (Trick.ALBUM, Trick.REPEATED, Trick.SWAPPED, Trick.EDITED)


def _everywhere(played: Played, verdicts: Mapping[str, Verdict]) -> str:
    rows: Table = [("", "dialogues", "lines", *_TRICKS, *_FAULTS)]
    whole = [0] * (len(rows[0]) - 1)
    for at, verdict in sorted(verdicts.items()):
        pages = [played.journal.page(one.name) for one in played.places[at]]
        tricks = [sum(page.tricks.count(trick) for page in pages) for trick in _TRICKS]
        faults = [getattr(verdict, name) for name in _FAULTS]
        counts = [len(pages), sum(len(page.sent) for page in pages), *tricks, *faults]
        whole = [sum(pair) for pair in zip(whole, counts, strict=True)]
        rows.append((at, *map(str, counts)))
    rows.append(("all", *map(str, whole)))
    return printed("Journal × store × screens × feed", rows)


def _waits(journal: Journal) -> str:
    to_desk, to_answer = [], []
    for page in journal.pages.values():
        for sent, told in zip(page.sent, page.fed, strict=False):
            to_desk.append((told.at - sent.at) * 1000)
        for sent, seen in zip(page.sent, page.saw, strict=False):
            to_answer.append((seen.at - sent.at) * 1000)
    rows: Table = [("ms from the line's 2xx", "p50", "p99")]
    for title, waits in (("to the operator's socket", to_desk), ("to the answer seen", to_answer)):
        shown = (f"{percentile(waits, share):.0f}" for share in (0.5, 0.99))
        rows.append((title, *shown))
    return printed("Waits", rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
