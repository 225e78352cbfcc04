"""SQL is never put together from texts: values travel as parameters."""

import ast
import re
from collections.abc import Iterator

from tools.lints.source import Finding, Source, functions

_TAKES_SQL = frozenset({"text", "execute", "exec_driver_sql", "executemany", "executescript"})
_STARTS = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+\w+\s|ALTER\s+TABLE"
    r"|DROP\s+\w+\s|WITH\s+\w+\s+AS|PRAGMA\s)"
)


def check(source: Source) -> Iterator[Finding]:
    """Find SQL built by f-string, `+`, `%` or `.format`."""
    if not source.is_product:
        return
    owners = {
        id(inner): function.name
        for function in functions(source.tree)
        for inner in ast.walk(function)
    }
    seen: set[int] = set()
    for node in ast.walk(source.tree):
        built = _built_sql(node)
        if built is not None and built.lineno not in seen:
            seen.add(built.lineno)
            name = owners.get(id(built), source.path.stem)
            yield source.found("sql", built.lineno, "SQL put together from texts", name)


def _built_sql(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Call) and _name(node.func) in _TAKES_SQL and node.args:
        return node.args[0] if _is_built(node.args[0]) else None
    if isinstance(node, ast.expr) and _is_built(node) and _STARTS.match(_beginning(node)):
        return node
    return None


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _is_built(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format" and _is_text(node.func.value)
    return False


def _is_text(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and isinstance(node.value, str)) or _is_built(node)


def _beginning(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr) and node.values:
        return _beginning(node.values[0])
    if isinstance(node, ast.BinOp):
        return _beginning(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _beginning(node.func.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
