"""What must not be written anywhere: promises without an issue, places only one machine knows."""

import re
from collections.abc import Iterator

from tools.lints.source import Finding, Source

_LATER = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b(?!\s*\(?#\d+)")
# Spelt as patterns that do not match themselves.
_FORBIDDEN = {
    re.compile(r"(?<![\w.~-])/w[o]rk/"): "a path of one machine",
    re.compile(r"\b[Aa]ssist[a]nts?\b"): "a word that is not ours: operator or bot",
    re.compile(r"\b(?:pyp[i]|pythonhoste[d]|npmj[s]|yarnpk[g])\.(?:org|com|io)\b"): (
        "a registry's host: where packages come from is each person's own setting"
    ),
}
_BESIDE = re.compile(r"\.\./share[d]\b")
_READS_BESIDE = frozenset({"tests", "bench"})  # they look there, and go on without


def check(source: Source) -> Iterator[Finding]:
    """Find forbidden words in every text file."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if _LATER.search(line) and source.path.suffix != ".lock":
            yield source.found("later", number, "a promise without an issue number")
        for pattern, why in _FORBIDDEN.items():
            if pattern.search(line):
                yield source.found("place", number, why)
        if _BESIDE.search(line) and source.path.parts[0] not in _READS_BESIDE:
            yield source.found("place", number, "only tests and benches look beside the repository")
