"""What a rule reads, and what it says."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

_SKIPPED = frozenset(
    {".git", ".venv", ".tools", "node_modules", "dist", "__pycache__", "var", "test-results"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
)
_WRITTEN = frozenset(
    {".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".yaml", ".yml"}
    | {".json", ".sh", ".lock", ".sql", ".mako", ".cfg", ".ini"}
)
_NAMED = frozenset({"Makefile", "Dockerfile", ".npmrc", ".dockerignore", "run"})


@dataclass(frozen=True)
class Finding:
    """One remark; `name` is the function or module it is about, for the list of allowed ones."""

    rule: str
    path: PurePosixPath
    line: int
    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words} [{self.rule}]"


@dataclass(frozen=True)
class Source:
    """One file: its path inside the repository and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, str(self.path))

    @property
    def is_python(self) -> bool:
        """Whether the rules about Python apply."""
        return self.path.suffix == ".py"

    @property
    def is_product(self) -> bool:
        """Whether it is part of the server, which has the strictest rules."""
        return self.is_python and self.path.parts[0] == "otklik"

    def found(self, rule: str, line: int, words: str, name: str = "") -> Finding:
        """Make a remark about this file."""
        return Finding(rule, self.path, line, name or self.path.stem, words)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk all functions, nested ones and methods included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Walk the full dotted names that are imported, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def files(root: Path) -> Iterator[Source]:
    """Read every text file of the repository that a person writes."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in _WRITTEN or name in _NAMED:
                yield Source(PurePosixPath(path.relative_to(root)), path.read_text())
