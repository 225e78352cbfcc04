"""Every query of a capability asks for the account it works for."""

import ast
from collections.abc import Iterator

from tools.lints.source import Finding, Source, functions

_RUNS = frozenset({"execute", "executemany", "exec_driver_sql", "scalar", "scalars", "stream"})
_ACCOUNT = frozenset({"account_id", "account_ids"})


def check(source: Source) -> Iterator[Finding]:
    """Find store functions that run a query without using `account_id` or `account_ids`."""
    if not source.is_product or not _is_store(source):
        return
    for function in functions(source.tree):
        if _runs_query(function) and not _uses_account(function):
            yield source.found(
                "account",
                function.lineno,
                f"{function.name} runs a query without account_id",
                function.name,
            )


def _is_store(source: Source) -> bool:
    return source.path.name == "store.py" or "store" in source.path.parts[:-1]


def _runs_query(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _RUNS
        for node in ast.walk(function)
    )


def _uses_account(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = function.args
    asked = {arg.arg for arg in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
    return any(
        _is_account(node, asked) for statement in function.body for node in ast.walk(statement)
    )


def _is_account(node: ast.AST, asked: set[str]) -> bool:
    if isinstance(node, ast.Attribute):  # a row that carries its account
        return (
            node.attr == "account_id"
            and isinstance(node.value, ast.Name)
            and node.value.id in asked
        )
    return isinstance(node, ast.Name) and node.id in _ACCOUNT & asked
