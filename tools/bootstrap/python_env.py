"""The Python side: an environment in .venv and exactly the locked packages in it."""

import importlib.util
import shutil
import subprocess
import sys
import tomllib

from tools.bootstrap import stamps, system
from tools.bootstrap.paths import ROOT, VENV, VENV_PYTHON, environment
from tools.bootstrap.steps import CommandFailed, Failure, Log, Step

_LOCKS = {
    "runtime": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "node": ROOT / "requirements-node.lock",
}
_STAMPS = VENV / "stamps"
_COMPILE = (
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--quiet"),
)


def environment_step() -> Step:
    """Make .venv."""
    return Step("Python environment", VENV_PYTHON.exists, _make_environment)


def packages_step(lock: str) -> Step:
    """Install one lock file; `dev` holds all of `runtime`."""
    titles = {"runtime": "Python packages", "dev": "Python packages and tools", "node": "Node"}
    return Step(titles[lock], lambda: _is_installed(lock), lambda log: _install_lock(log, lock))


def project_step() -> Step:
    """Put the project itself into .venv, so that `.venv/bin/otklik` runs this folder."""
    stamp = _STAMPS / "project"
    return Step("Otklik", lambda: stamps.matches(stamp, _project_digest()), _install_project)


def _project_digest() -> str:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text())
    parts = (described["project"], described["build-system"], described["tool"]["hatch"])
    return stamps.digest([], *(repr(part) for part in parts), str(ROOT))


def _is_installed(lock: str) -> bool:
    return stamps.matches(_STAMPS / lock, stamps.digest([_LOCKS[lock]]))


def _install_lock(log: Log, lock: str) -> None:
    _install(log, "--require-hashes", "-r", str(_LOCKS[lock]))
    for held in ("runtime", "dev") if lock == "dev" else (lock,):
        stamps.put(_STAMPS / held, stamps.digest([_LOCKS[held]]))


def _install_project(log: Log) -> None:
    _install(log, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamps.put(_STAMPS / "project", _project_digest())


def _make_environment(log: Log) -> None:
    shutil.rmtree(_STAMPS, ignore_errors=True)  # what a vanished Python had is not in the new one
    uv = shutil.which("uv")
    if uv is not None:
        try:
            log.run([uv, "venv", "--python", sys.executable, VENV])
        except CommandFailed:
            pass  # its words are in the log; Python's own way is next
        else:
            return
    if not _knows("venv") or not (_knows("ensurepip") or _knows("pip")):
        system.install(log, "python3-venv")
    # A new process looks for modules anew: the package above may just have brought ensurepip.
    try:
        log.run([sys.executable, "-m", "venv", VENV])
    except CommandFailed:
        if not _knows("pip"):
            raise
        log.run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])


def _knows(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _install(log: Log, *what: str) -> None:
    """Try uv, then pip: each reads its own configuration, and a person often has only one."""
    uv = shutil.which("uv")
    if uv is not None:
        try:
            log.run([uv, "pip", "install", "--python", VENV_PYTHON, *what])
        except CommandFailed as error:
            if not _add_pip(log):
                raise CommandFailed([uv], str(error)) from error
        else:
            return
    log.run([*_pip(), "install", *what])


def _pip() -> list[str]:
    if list(VENV.glob("lib/python*/site-packages/pip")):
        return [str(VENV_PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]


def _add_pip(log: Log) -> bool:
    if list(VENV.glob("lib/python*/site-packages/pip")) or _knows("pip"):
        return True
    if not _knows("ensurepip"):
        return False
    log.run([VENV_PYTHON, "-m", "ensurepip"])
    return True


def lock_all() -> None:
    """Write the lock files anew from pyproject.toml; keeps versions that still fit."""
    uv = shutil.which("uv")
    if uv is None:
        message = "make lock needs uv on PATH."
        raise Failure(message)
    wanted = {
        "runtime": ["pyproject.toml", "--group", "build"],
        "dev": ["pyproject.toml", "--group", "build", "--group", "dev", "-c", "requirements.lock"],
        "node": ["--group", "pyproject.toml:node"],
    }
    # Folders of a person's own wheels must not leak into a shared file.
    env = {name: value for name, value in environment().items() if not name.endswith("FIND_LINKS")}
    for name, sources in wanted.items():
        subprocess.run(
            [uv, "pip", "compile", *sources, *_COMPILE, "-o", _LOCKS[name].name],
            cwd=ROOT,
            env=env,
            check=True,
        )
