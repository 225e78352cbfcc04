"""Everything that can be said about the code without running it, as one table."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.bootstrap import node
from tools.bootstrap.paths import ROOT, VENV_BIN, WEB, environment

_SHOWN_LINES = 60
_PYTHON_FOLDERS = ("otklik", "sandbox", "tests", "tools", "bench")


@dataclass(frozen=True)
class Check:
    """A program that ends with 0 when all is well."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


@dataclass(frozen=True)
class Outcome:
    """What a check said, and how long it took."""

    check: Check
    code: int
    words: str
    seconds: float


def checks() -> list[Check]:
    """List the checks, slowest first so that they overlap well."""
    folders = [name for name in _PYTHON_FOLDERS if any((ROOT / name).rglob("*.py"))]
    tool = str(VENV_BIN)
    python = (f"{tool}/python", "-m")
    return [
        Check("types (mypy)", (f"{tool}/mypy", *folders)),
        *_web_types(),
        Check("bundle budgets", (*python, "tools.bundles")),
        Check("API client", (*python, "tools.api_client", "check")),
        Check("own lints", (*python, "tools.lints")),
        Check("imports (import-linter)", (f"{tool}/lint-imports", "--no-logo")),
        Check("web format and lint (Biome)", ("npm", "run", "--silent", "lint"), WEB),
        Check("lint (Ruff)", (f"{tool}/ruff", "check", "--quiet", "--output-format=concise", ".")),
        Check("format (Ruff)", (f"{tool}/ruff", "format", "--check", "--quiet", ".")),
    ]


def _web_types() -> list[Check]:
    return [
        Check(f"types (tsc, {config.parent.name})", ("npx", "tsc", "-p", str(config)), WEB)
        for group in ("apps", "packages")
        for config in sorted((WEB / group).glob("*/tsconfig.json"))
    ]


def run(check: Check) -> Outcome:
    """Run one check and keep what it said."""
    env = environment() | {"PATH": node.path_variable(), "NO_COLOR": "1"}
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=check.folder,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Outcome(check, done.returncode, done.stdout.strip(), time.monotonic() - started)


def shortened(outcome: Outcome) -> str:
    """Give the first lines of what a check said, and how to see the rest."""
    lines = outcome.words.splitlines()
    if len(lines) <= _SHOWN_LINES:
        return outcome.words
    rest = f"… {len(lines) - _SHOWN_LINES} more lines: {' '.join(outcome.check.command)}"
    return "\n".join([*lines[:_SHOWN_LINES], rest])


def table(outcomes: list[Outcome], seconds: float) -> str:
    """Give the closing table: one line per check, then the verdict."""
    width = max(len(outcome.check.name) for outcome in outcomes)
    lines = [
        f"{'FAILED' if outcome.code else 'ok':<6}  {outcome.check.name:<{width}}"
        f"  {outcome.seconds:5.1f} s"
        for outcome in outcomes
    ]
    failed = sum(outcome.code != 0 for outcome in outcomes)
    verdict = f"{failed} of {len(outcomes)} failed" if failed else f"all {len(outcomes)} passed"
    return "\n".join([*lines, f"check: {verdict} in {seconds:.1f} s"])


def main() -> int:
    """Run all checks, as many at once as there are cores."""
    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        outcomes = list(pool.map(run, checks()))
    for outcome in outcomes:
        if outcome.code:
            print(f"--- {outcome.check.name}\n{shortened(outcome)}\n")
    print(table(outcomes, time.monotonic() - started))
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
