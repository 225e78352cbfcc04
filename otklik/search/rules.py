"""Words of a text, as they are indexed and asked for. Pure."""

import re

_WORD = re.compile(r"\w+")
_LONGEST = 40
_MOST = 400


def words_of(text: str) -> list[str]:
    """Give the words of a text: lower case, ё as е, at most 400 of 40 characters."""
    folded = text.lower().replace("ё", "е")
    return [word[:_LONGEST] for word in _WORD.findall(folded)[:_MOST]]


def snippet(text: str, wanted: list[str], width: int = 120) -> str:
    """Give the part of a text around its first match."""
    folded = text.lower().replace("ё", "е")
    places = [place for word in wanted if (place := folded.find(word)) >= 0]
    start = max(0, min(places, default=0) - width // 3)
    part = " ".join(text[start : start + width].split())
    before = "…" if start > 0 else ""
    after = "…" if start + width < len(text) else ""
    return f"{before}{part}{after}"
