"""Formatting: what is written, what is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.entities import format_text, parse, units
from sandbox.telegram.errors import RefusedError
from sandbox.telegram.wire import Entity


def _short(entities: list[Entity]) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in entities]


@pytest.mark.parametrize(
    ("mode", "source", "text", "entities"),
    [
        ("HTML", "<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("HTML", "&lt;b&gt; &amp;", "<b> &", []),
        ("HTML", "<a href='https://a.b'>x</a>", "x", [("text_link", 0, 1)]),
        ("HTML", "<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("HTML", "<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("MarkdownV2", "*a* __b__ ~c~ ||d||", "a b c d",
         [("bold", 0, 1), ("underline", 2, 1), ("strikethrough", 4, 1), ("spoiler", 6, 1)]),
        ("MarkdownV2", r"1\.5 [x](https://a\.b/\)\!)", "1.5 x", [("text_link", 4, 1)]),
        ("MarkdownV2", "```py\nx\n```", "x\n", [("pre", 0, 2)]),
        ("MarkdownV2", "`a.b`", "a.b", [("code", 0, 3)]),
        ("Markdown", "*a* _b_ (c)", "a b (c)", [("bold", 0, 1), ("italic", 2, 1)]),
    ],
)  # fmt: skip
def test_markup_becomes_entities(
    mode: str, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    plain, found = parse(source, mode)
    assert (plain, _short(found)) == (text, entities)


@pytest.mark.parametrize(
    ("mode", "source", "complaint"),
    [
        ("HTML", "<q>x</q>", 'Unsupported start tag "q" at byte offset 0'),
        ("HTML", "я<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "a < b", "Unclosed start tag at byte offset 2"),
        ("MarkdownV2", "*x", "Can't find end of Bold entity at byte offset 0"),
        ("MarkdownV2", "a!", "Character '!' is reserved and must be escaped"),
        ("MarkdownV2", "`x", "Can't find end of Code entity at byte offset 0"),
    ],
)
def test_broken_markup_is_refused(mode: str, source: str, complaint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse(source, mode)
    assert complaint in caught.value.description


def test_trimming_moves_the_entities() -> None:
    text, found = format_text("  🍵 чай ", [Entity(type="bold", offset=0, length=9)], None)
    assert (text, _short(found)) == ("🍵 чай", [("bold", 0, 6)])


def test_links_and_commands_are_found() -> None:
    _, found = format_text("/start https://a.b/c, +79990000000 #чай", None, None)
    assert [entity.type for entity in found] == ["bot_command", "url", "phone_number", "hashtag"]


@given(st.text(max_size=40), st.integers(-3, 90), st.integers(0, 90))
def test_an_entity_is_taken_whole_or_refused(text: str, offset: int, length: int) -> None:
    try:
        plain, found = format_text(text, [Entity(type="bold", offset=offset, length=length)], None)
    except RefusedError:
        return
    wide = plain.encode("utf-16-le", "surrogatepass")
    assert len(wide) == units(plain) * 2
    for entity in found:
        assert 0 <= entity.offset < entity.offset + entity.length <= units(plain)


@given(st.text(max_size=60), st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_any_text_is_read_or_refused(text: str, mode: str) -> None:
    try:
        plain, found = parse(text, mode)
    except RefusedError:
        return
    assert all(entity.offset + entity.length <= units(plain) for entity in found)
