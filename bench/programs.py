"""Child processes of a run: started, watched for their CPU and memory, ended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_END_WITHIN_S = 15.0


class DidNotStartError(Exception):
    """A program ended before it was ready; the text is the end of its log."""


@contextmanager
def python_program(
    log: Path, *words: str, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m words…` until the block ends; its words go to a file."""
    command = [sys.executable, "-m", *words]
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(env or {})}, stdout=out, stderr=out
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_WITHIN_S)
            process.kill()


def first_line(process: subprocess.Popen[bytes], log: Path, within_s: float = 30.0) -> str:
    """Wait for the first whole line a program says."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and process.poll() is None:
        line, end, _ = log.read_text(errors="replace").partition("\n")
        if end:
            return line
        time.sleep(0.02)
    raise DidNotStartError(last_words(log))


def last_words(log: Path) -> str:
    """Give the end of a program's log."""
    return log.read_text(errors="replace")[-2000:]


def cpu_s(process_id: int) -> float:
    """Give the seconds of CPU a process has used, and its children of now and before."""
    fields = _fields(process_id)
    # utime, stime, and those of children that ended and were waited for
    used = sum(int(fields[place]) for place in (11, 12, 13, 14)) / _TICKS
    return used + sum(cpu_s(child) for child in _children(process_id))


def rss_bytes(process_id: int) -> int:
    """Give the resident memory of a process."""
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * _PAGE


def _children(process_id: int) -> list[int]:
    found = Path(f"/proc/{process_id}/task/{process_id}/children")
    with suppress(FileNotFoundError):
        return [int(word) for word in found.read_text().split()]
    return []


def _fields(process_id: int) -> list[str]:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 20
    return stat.rpartition(")")[2].split()
