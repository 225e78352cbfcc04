"""The browser side: Node, its packages, and the built apps."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.bootstrap import stamps
from tools.bootstrap.paths import KEPT, VENV_BIN, WEB, environment
from tools.bootstrap.python_env import packages_step
from tools.bootstrap.steps import Log, Step

OLDEST = (20, 19)  # what Vite asks for
_NODE_MODULES = WEB / "node_modules"


def steps(*, build: bool) -> list[Step]:
    """List what the browser side needs; with `build`, up to the finished pages."""
    wheel = packages_step("node")
    wanted = [
        Step(wheel.title, lambda: folder() is not None, wheel.make),
        Step("Web packages", _packages_are_current, _install_packages),
    ]
    if build:
        wanted.append(Step("Web pages", lambda: not _stale_apps(), _build))
    return wanted


def folder() -> Path | None:
    """Find the folder of a usable Node with npm: the machine's own, else the one in .venv."""
    for place in (shutil.which("node"), str(VENV_BIN / "node")):
        if place and _is_usable(Path(place)):
            return Path(place).parent
    return None


def path_variable() -> str:
    """Give PATH with the usable Node first."""
    found = folder()
    return (
        f"{found}{os.pathsep}{os.environ.get('PATH', os.defpath)}" if found else os.environ["PATH"]
    )


def _is_usable(node: Path) -> bool:
    if not node.exists() or not (node.parent / "npm").exists():
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", told.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST


def _packages_are_current() -> bool:
    return stamps.matches(_NODE_MODULES / ".stamp", _packages_digest())


def _packages_digest() -> str:
    described = [WEB / "package.json", WEB / "package-lock.json"]
    return stamps.digest(
        [*described, *WEB.glob("apps/*/package.json"), *WEB.glob("packages/*/package.json")]
    )


def _install_packages(log: Log) -> None:
    # `npm ci` begins by deleting everything: right for a fresh clone, rude while someone works.
    verb = "install" if _NODE_MODULES.exists() else "ci"
    log.run(["npm", verb, "--no-fund", "--no-audit"], cwd=WEB, PATH=path_variable())
    stamps.put(_NODE_MODULES / ".stamp", _packages_digest())


def _apps() -> list[Path]:
    return [path.parent for path in sorted(WEB.glob("apps/*/package.json"))]


def _app_stamp(app: Path) -> Path:
    return KEPT / "stamps" / f"build-{app.name}"


def _app_digest(app: Path) -> str:
    shared = [WEB / "package-lock.json", WEB / "tsconfig.base.json"]
    packages = WEB / "packages"
    return stamps.digest([*shared, *stamps.sources(app), *stamps.sources(packages)])


def _stale_apps() -> list[Path]:
    return [
        app
        for app in _apps()
        if not (app / "dist").is_dir() or not stamps.matches(_app_stamp(app), _app_digest(app))
    ]


def _build(log: Log) -> None:
    for app in _stale_apps():
        log.run(["npm", "run", "build", "-w", f"apps/{app.name}"], cwd=WEB, PATH=path_variable())
        stamps.put(_app_stamp(app), _app_digest(app))


def run(*words: str) -> int:
    """Run npm with the usable Node in the web folder; its output is shown. Gives the exit code."""
    env = environment() | {"PATH": path_variable()}
    return subprocess.run(["npm", *words], cwd=WEB, env=env, check=False).returncode
