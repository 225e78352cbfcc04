"""What each command needs to be ready, in order."""

import fcntl
import sys
from collections.abc import Callable

from tools.bootstrap import node, python_env, system
from tools.bootstrap.paths import KEPT, command_name
from tools.bootstrap.steps import Failure, Step, walk


def _runtime() -> list[Step]:
    return [
        python_env.environment_step(),
        python_env.packages_step("runtime"),
        python_env.project_step(),
    ]


def _dev() -> list[Step]:
    return [
        python_env.environment_step(),
        python_env.packages_step("dev"),
        python_env.project_step(),
    ]


def _demo() -> list[Step]:
    return [*_runtime(), *node.steps(build=True)]


def _check() -> list[Step]:
    return [*_dev(), *node.steps(build=False)]


def _test() -> list[Step]:
    machine = Step(
        "PostgreSQL and Chromium",
        lambda: not system.missing_for_tests(),
        system.get_ready_for_tests,
    )
    return [*_dev(), *node.steps(build=True), machine]


def _node() -> list[Step]:
    return [python_env.environment_step(), *node.steps(build=False)]


def _web() -> list[Step]:
    return [python_env.environment_step(), *node.steps(build=True)]


_VERBS: dict[str, Callable[[], list[Step]]] = {
    "runtime": _runtime,
    "demo": _demo,
    "dev": lambda: [*_dev(), *node.steps(build=True)],
    "check": _check,
    "test": _test,
    "node": _node,
    "web": _web,
}


def main(words: list[str]) -> int:
    """Get ready for one verb; gives the exit code."""
    if words == ["lock"]:
        return _politely(python_env.lock_all)
    if len(words) != 1 or words[0] not in _VERBS:
        print(f"usage: python3 tools/setup.py {'|'.join(_VERBS)}|lock", file=sys.stderr)
        return 2
    return _politely(lambda: _prepare(words[0]))


def _prepare(verb: str) -> None:
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "busy").open("w") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another setup is running in this folder; waiting for it …", flush=True)
            fcntl.flock(busy, fcntl.LOCK_EX)
        walk(_VERBS[verb]())


def _politely(act: Callable[[], None]) -> int:
    try:
        act()
    except Failure as error:
        print(f"{error}\nThen run again: {command_name()}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0
