from hypothesis import given
from hypothesis import strategies as st

from otklik.kernel.text import storable

anything = st.text(st.characters(exclude_categories=()))  # lone surrogates included


@given(anything)
def test_what_is_stored_can_be_encoded_and_keeps_every_place(text: str) -> None:
    kept = storable(text)
    kept.encode()
    assert "\x00" not in kept
    assert len(kept) == len(text)
    assert all(
        new in (old, "\ufffd") and (old in (new, "\x00") or "\ud800" <= old <= "\udfff")
        for old, new in zip(text, kept, strict=True)
    )
