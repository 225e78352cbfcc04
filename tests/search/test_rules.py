import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.search.rules import snippet, words_of


@pytest.mark.parametrize(("text", "words"), [
    ("", []),
    ("  …!?  ", []),
    ("Ёлка, ЁЖ и мёд", ["елка", "еж", "и", "мед"]),
    ("Order №42-a", ["order", "42", "a"]),
    ("чай/кофе", ["чай", "кофе"]),
    ("x" * 60, ["x" * 40]),
])  # fmt: skip
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_words_are_bounded_and_hold_no_syntax(text: str) -> None:
    words = words_of(text * 3)
    assert len(words) <= 400
    for word in words:
        assert 0 < len(word) <= 40
        assert not set(word) & set(" \"'()*:&|!<>\\\x00")


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=8), max_size=3))
def test_a_snippet_is_short_and_on_one_line(text: str, wanted: list[str]) -> None:
    shown = snippet(text, wanted)
    assert len(shown) <= 122
    assert "\n" not in shown


def test_a_snippet_shows_the_first_match() -> None:
    text = "раз " * 100 + "ЗЁРНА арабики" + " два" * 100
    shown = snippet(text, ["зерна"])
    assert "ЗЁРНА арабики" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
