"""One word per thing, the same everywhere; and no names that say nothing."""

import ast
import re
from collections.abc import Iterator

from tools.lints.source import Finding, Source

_INSTEAD = {
    "agent": "operator",
    "ticket": "conversation",
    "dialog": "conversation",
    "dialogue": "conversation",
    "scenario": "flow",
    "util": "a name of what it does",
    "helper": "a name of what it does",
    "manager": "a name of what it does",
}
_EMPTY = frozenset({"base", "data", "info", "process", "handle"})
_FOREIGN = frozenset({"user_agent"})  # words of HTTP, not ours
# A socket ticket is the usual name of a one-time proof of sign-in; it is no conversation.
_MEANT_OTHERWISE = {"ticket": frozenset({"accounts", "ingress", "parts.py", "app.py"})}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def check(source: Source) -> Iterator[Finding]:
    """Find forbidden words in names of files, classes, functions, parameters and variables."""
    if not source.is_product:
        return
    for name in source.path.with_suffix("").parts:
        yield from _judge(source, name, 1)
    if source.path.name == "wire.py":
        return  # a messenger's own words
    for node in ast.walk(source.tree):
        for name in _defined(node):
            if name == "data" and _speaks_with_framework(source):
                continue  # the framework's word for a request's body
            yield from _judge(source, name, getattr(node, "lineno", 1))


def _judge(source: Source, name: str, line: int) -> Iterator[Finding]:
    if name in _EMPTY:
        yield source.found("words", line, f"the name `{name}` says nothing", name)
    if name.lower() in _FOREIGN:
        return
    for part in _PARTS.findall(name):
        word = part.lower()
        one = word if word in _INSTEAD else word.removesuffix("s")
        instead = _INSTEAD.get(one)
        if instead and not _MEANT_OTHERWISE.get(one, frozenset()).intersection(source.path.parts):
            yield source.found("words", line, f"`{name}`: say {instead}, not {word}", name)


def _speaks_with_framework(source: Source) -> bool:
    return source.path.parts[1] == "ingress" or source.path.stem.endswith("http")


def _defined(node: ast.AST) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.id]
    return []
