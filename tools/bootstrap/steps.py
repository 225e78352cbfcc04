"""One line per step, with its seconds; on failure one line with what to do."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.bootstrap.paths import KEPT, LOG, ROOT, environment, shown

_POLL_S = 1.0
_TELLING = re.compile(r"(?<!npm )\b(?:error|E): \S", re.IGNORECASE)  # pip, uv, apt, Vite


class Failure(Exception):
    """Something a person has to do; the message says what."""


class CommandFailed(Exception):
    """A program ended with an error; its output is in the log."""

    def __init__(self, command: Sequence[str], last_line: str) -> None:
        super().__init__(last_line or f"{command[0]} gave no reason")


@dataclass(frozen=True)
class Step:
    """One thing that must be true: how to see that it is, and how to make it so."""

    title: str
    is_current: Callable[[], bool]
    make: Callable[["Log"], None]


class Log:
    """Runs programs, keeps their output in one file and shows that time passes."""

    def __init__(self, file: IO[bytes], label: str = "") -> None:
        self._file = file
        self._label = label
        self._started = time.monotonic()

    def run(self, command: Sequence[str | Path], cwd: Path = ROOT, **env: str) -> None:
        """Run a program to its end; raise CommandFailed with its last words."""
        words = [str(word) for word in command]
        self._file.write(f"\n$ {' '.join(words)}\n".encode())
        self._file.flush()
        start = self._file.tell()
        with subprocess.Popen(
            words,
            cwd=cwd,
            env=environment() | env,
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
        ) as program:
            while program.poll() is None:
                try:
                    program.wait(_POLL_S)
                except subprocess.TimeoutExpired:
                    self.tick()
        self._file.seek(0, 2)
        if program.returncode:
            raise CommandFailed(words, _last_words(start))

    def tick(self) -> None:
        """Rewrite the line of the running step with the seconds so far (terminals only)."""
        if sys.stdout.isatty():
            print(f"\r{self._label} … {self.seconds()} s", end="", flush=True)

    def seconds(self) -> int:
        """Give whole seconds since the step began."""
        return round(time.monotonic() - self._started)


def _last_words(start: int) -> str:
    text = LOG.read_bytes()[start:].decode(errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)]
    npm = [line for line in lines if line.startswith("npm error ") and " code " not in line]
    return (telling[:1] or npm[:1] or lines[-1:] or [""])[0][:200]


def walk(steps: Sequence[Step]) -> None:
    """Do the steps that are not current yet, in order; raise Failure at the first that cannot."""
    KEPT.mkdir(exist_ok=True)
    with LOG.open("wb") as file:
        for number, step in enumerate(steps, 1):
            if not step.is_current():
                _do(step, f"[{number}/{len(steps)}] {step.title}", file)


def _do(step: Step, label: str, file: IO[bytes]) -> None:
    print(f"{label} …", end="", flush=True)
    log = Log(file, label)
    start = "\r" + label + " …" if sys.stdout.isatty() else ""
    try:
        step.make(log)
    except (CommandFailed, Failure) as error:
        print(f"{start} failed after {log.seconds()} s", flush=True)
        if isinstance(error, Failure):
            raise
        message = f"{step.title}: {error}\nThe whole story is in {shown(LOG)}"
        raise Failure(message) from error
    print(f"{start} {log.seconds()} s", flush=True)
