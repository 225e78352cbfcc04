"""Time comes from the clock in the kernel, so that a test can set it."""

import ast
from collections.abc import Iterator

from tools.lints.source import Finding, Source, imported

_HOME = "otklik/kernel/clock.py"
_READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns"},
}


def check(source: Source) -> Iterator[Finding]:
    """Find every other place that looks at the wall clock."""
    if not source.is_product or str(source.path) == _HOME:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in _READS.get(_last(node.value), ()):
            yield source.found(
                "clock", node.lineno, f"{ast.unparse(node)} outside otklik/kernel/clock.py"
            )
    for name, line in imported(source.tree):
        if name in {"time.time", "time.time_ns"}:
            yield source.found("clock", line, f"{name} outside otklik/kernel/clock.py")


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
