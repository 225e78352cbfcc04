"""What people have, in a form that can be compared, and what of it says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.contacts.evidence import (
    ANY_COUNTRY,
    Evidence,
    is_nobodys,
    normal_email,
    normal_phone,
    said,
)


@pytest.mark.parametrize(("written", "stored"), [
    ("8 (916) 123-45-67", "+79161234567"),
    ("+7 916 123 45 67", "+79161234567"),
    ("79161234567", "+79161234567"),
    ("9161234567", "+79161234567"),
    ("375291234567", "+375291234567"),
    ("+49 151 23456789", "+4915123456789"),
    ("4915123456789", "+4915123456789"),
    ("123-45-67", ""),
    ("", ""),
    ("позвоните", ""),
    ("1" * 300, ""),
])  # fmt: skip
def test_a_phone_of_a_russian_account(written: str, stored: str) -> None:
    assert normal_phone(written, "RU") == stored


@pytest.mark.parametrize(("written", "stored"), [
    ("8 916 123-45-67", ""), ("79161234567", "+79161234567"), ("+4915123456789", "+4915123456789"),
])  # fmt: skip
def test_without_a_region_a_number_needs_its_country(written: str, stored: str) -> None:
    assert normal_phone(written, ANY_COUNTRY) == stored


def test_the_region_decides_what_a_short_form_means() -> None:
    assert normal_phone("0151 23456789", "DE") == "+4915123456789"
    assert normal_phone("8 029 123-45-67", "BY") == "+375291234567"


@given(st.text(max_size=60))
def test_any_text_is_a_whole_number_or_none(text: str) -> None:
    stored = normal_phone(text, "RU")
    assert stored == "" or (stored[0] == "+" and len(stored) > 10)
    assert normal_phone(stored, "RU") == stored


@pytest.mark.parametrize(("written", "stored"), [
    (" Vera.Li+Shop@Tea.Example ", "vera.li+shop@tea.example"),
    ("вера@чай.рф", "вера@чай.рф"),
    ("vera@tea", ""),
    ("vera tea@tea.example", ""),
    ("Vera <vera@tea.example>", ""),
    ("a" * 300 + "@tea.example", ""),
])  # fmt: skip
def test_an_e_mail(written: str, stored: str) -> None:
    assert normal_email(written) == stored


@pytest.mark.parametrize(("kind", "value", "blocked", "nobodys"), [
    ("phone", "+70000000000", (), True),
    ("phone", "+71234567890", (), True),
    ("phone", "+79161234567", (), False),
    ("phone", "+79161234567", ("+79161234567",), True),
    ("email", "info@tea.example", (), True),
    ("email", "vera@tea.example", (), False),
    ("email", "vera@tea.example", ("@tea.example",), True),
    ("email", "kassa@tea.example", ("kassa@",), True),
])  # fmt: skip
def test_what_says_nothing(kind: str, value: str, blocked: tuple[str, ...], nobodys: bool) -> None:
    assert is_nobodys("phone" if kind == "phone" else "email", value, blocked) == nobodys


@pytest.mark.parametrize(("word", "level"), [
    ("attested", Evidence.OWNED), ("signed", Evidence.OWNED), ("given", Evidence.GIVEN),
    ("channel", Evidence.GIVEN), ("claimed", Evidence.CLAIMED), ("operator", Evidence.CLAIMED),
])  # fmt: skip
def test_every_word_for_evidence_has_its_level(word: str, level: Evidence) -> None:
    assert said("phone", "89161112233", word, "RU", ()) == ("phone", "+79161112233", level)
    assert said("phone", "нет", word, "RU", ()) is None
