"""The demo with hot reload: the server restarts, the desk updates in place, other pages rebuild."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.bootstrap import node, verbs
from tools.bootstrap.paths import ROOT, VENV_BIN, WEB, environment

_LOOK_EVERY_S = 0.5
_PYTHON = ("otklik", "sandbox")
_REBUILT = ("apps/widget", "apps/phones")  # seen as built files, as on a stranger's site
_STOP_WITHIN_S = 10


def newest(folder: Path, endings: frozenset[str]) -> float:
    """Give the latest change of source files in a folder, as seconds since 1970."""
    times = [
        path.stat().st_mtime
        for path in folder.rglob("*")
        if path.suffix in endings and not {"node_modules", "dist"}.intersection(path.parts)
    ]
    return max(times, default=0.0)


def _stamp() -> tuple[float, float]:
    python = max(newest(ROOT / name, frozenset({".py", ".toml"})) for name in _PYTHON)
    pages = max(
        newest(WEB / name, frozenset({".ts", ".tsx", ".css", ".html", ".json"}))
        for name in _REBUILT
    )
    return python, pages


def _start(words: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([VENV_BIN / "otklik", "demo", *words], cwd=ROOT, start_new_session=True)


def _stop(program: subprocess.Popen[bytes]) -> None:
    # The whole group: npm does not hand the signal on to what it started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGTERM)
    try:
        program.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def main(words: list[str]) -> int:
    """Run until Ctrl-C; words go to `otklik demo`."""
    env = environment() | {"PATH": node.path_variable()}
    vite = ["npm", "run", "dev", "-w", "apps/desk"]
    desk = subprocess.Popen(vite, cwd=WEB, env=env, start_new_session=True)
    server = _start(words)
    python, pages = _stamp()
    with contextlib.suppress(KeyboardInterrupt):
        while desk.poll() is None:
            time.sleep(_LOOK_EVERY_S)
            now_python, now_pages = _stamp()
            if now_pages != pages:
                verbs.main(["web"])
            if now_python != python:
                print("Python changed: the server starts anew", flush=True)
                _stop(server)
                server = _start(words)
            python, pages = now_python, now_pages
    _stop(server)
    _stop(desk)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
