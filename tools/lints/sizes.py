"""What fits on a screen is understood: limits of files and functions."""

from collections.abc import Iterator

from tools.lints.source import Finding, Source, functions

_FILE = {".py": 400, ".ts": 300, ".tsx": 300}
_TEST_FILE = 400
_FUNCTION = 50


def check(source: Source) -> Iterator[Finding]:
    """Find files and functions that are too long; generated ones may be."""
    most = _FILE.get(source.path.suffix)
    if most is None or ".gen." in source.path.name or "versions" in source.path.parts:
        return
    if ".test." in source.path.name:
        most = _TEST_FILE
    lines = source.text.count("\n")
    if lines > most:
        yield source.found("size", 1, f"{lines} lines; at most {most}")
    for function in functions(source.tree) if source.is_python else ():
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > _FUNCTION:
            words = f"{function.name} has {length} lines; at most {_FUNCTION}"
            yield source.found("size", function.lineno, words, function.name)
