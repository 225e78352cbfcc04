"""Run all rules over the repository: `python -m tools.lints`."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.lints import clock, doors, network, prose, sizes, sql, stores, words
from tools.lints.allowed import ALLOWED
from tools.lints.source import Finding, Source, files

_RULES = (clock, doors, network, sql, stores, words)


def findings(sources: Iterable[Source]) -> Iterator[Finding]:
    """Apply every rule to every file."""
    for source in sources:
        if source.is_python:
            for rule in _RULES:
                yield from rule.check(source)
        yield from sizes.check(source)
        yield from prose.check(source)


def judge(
    found: Iterable[Finding], allowed: dict[tuple[str, str, str], str]
) -> tuple[list[Finding], list[str]]:
    """Part findings into those that count and the allowances that nothing used."""
    unused = set(allowed)
    counting: list[Finding] = []
    for finding in found:
        key = (finding.rule, str(finding.path), finding.name)
        unused.discard(key)
        if key not in allowed:
            counting.append(finding)
    return counting, [" ".join(key) for key in sorted(unused)]


def main(root: Path) -> int:
    """Print what was found; 0 when nothing was."""
    counting, unused = judge(findings(files(root)), ALLOWED)
    for finding in counting:
        print(finding)
    for key in unused:
        print(f"tools/lints/allowed.py: nothing needs this any more: {key}")
    return 1 if counting or unused else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
