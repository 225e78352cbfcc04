"""The desk has words, in both languages, for every name the server may send it."""

import re
from pathlib import Path

import pytest

from otklik.channels import CHANNELS
from otklik.ports.fitting import Change

WORDS = Path(__file__).parents[2] / "web/apps/desk/src/words"


def keys(language: str) -> set[str]:
    text = "".join(page.read_text() for page in (WORDS / language).glob("*.ts"))
    return set(re.findall(r'^  "([\w.]+)":', text, re.MULTILINE))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_a_channel_makes_of_an_answer_is_a_sentence(language: str) -> None:
    assert {f"fit.{change.value}" for change in Change} <= keys(language)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_channel_has_a_name_and_a_word_about_it(language: str) -> None:
    for place in ("channel", "connect.about"):
        assert {f"{place}.{channel}" for channel in CHANNELS} <= keys(language)
