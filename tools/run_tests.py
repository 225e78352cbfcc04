"""All tests, Python then TypeScript, ending with the closing line of each runner."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.bootstrap import node
from tools.bootstrap.paths import KEPT, ROOT, VENV_BIN, WEB, environment

_MOST_WORKERS = 4  # beyond that the browser tests starve one another
_RERUNS = ["--reruns=2", "--reruns-delay=3", "--rerun-show-tracebacks", "-raR"]
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def in_ci() -> bool:
    """Whether nobody watches: nothing may be skipped, and a failure is tried again."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_words() -> list[str]:
    """Say how pytest runs: over several workers, and in CI with reruns that are named at the end.

    A busy machine must not fail a change that is not at fault; a test that passed only the
    second time is told with what went wrong the first, so that it is mended.
    """
    workers = str(max(2, min(_MOST_WORKERS, os.cpu_count() or 2)))
    return ["-n", workers, "--dist", "worksteal", *(_RERUNS if in_ci() else [])]


def quick_starts() -> dict[str, str]:
    """Give the environment where a program's modules are compiled once, not at every start.

    The tests start the program dozens of times; without its bytecode each start costs seconds,
    and some machines keep Python from writing any.
    """
    env = environment() | {"PYTHONPYCACHEPREFIX": str(KEPT / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def show(command: list[str], folder: Path, marks: tuple[str, ...]) -> tuple[int, list[str]]:
    """Run a test runner in plain sight; give its exit code and its lines that start with a mark."""
    env = quick_starts() | {"PATH": node.path_variable()}
    if sys.stdout.isatty():
        env |= {"FORCE_COLOR": "1"}
    closing: list[str] = []
    with subprocess.Popen(
        command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as runner:
        assert runner.stdout is not None
        for line in runner.stdout:
            print(line, end="", flush=True)
            plain = _COLOUR.sub("", line).strip()
            if plain.startswith(marks):
                closing.append(plain)
    return runner.returncode, closing


def main(words: list[str]) -> int:
    """Run both suites even when the first fails; words go to pytest."""
    python = [str(VENV_BIN / "python"), "-m", "pytest", *pytest_words(), *words]
    python_code, python_lines = show(python, ROOT, ("=",))
    web_code, web_lines = show(["npm", "test", "--silent"], WEB, ("Test Files", "Tests"))
    print()
    print(f"pytest  {python_lines[-1].strip('= ') if python_lines else 'ended early'}")
    print(f"vitest  {' · '.join(' '.join(line.split()) for line in web_lines) or 'ended early'}")
    return python_code or web_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
