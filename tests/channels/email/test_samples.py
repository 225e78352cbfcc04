"""Recorded letters, where they lie beside the repository, are read as their oracles say."""

import csv
from pathlib import Path

import pytest

from otklik.channels.email import CHANNEL
from otklik.ports.channel import Envelope, MessageReceived, Unknown

FOLDER = Path(__file__).parents[3].parent / "shared" / "channels" / "samples" / "email"
LETTERS = sorted(FOLDER.glob("*.eml"))
AUTOMATIC = {
    "bounce": {"bounce", "delay"},
    "autoreply": {"auto_reply"},
    "complaint": {"complaint"},
    "not-bounce": {"", "auto_reply"},
    "reply": {""},
}


def expected() -> list[tuple[str, str, str]]:
    """Read the oracles; nothing where there are none."""
    table = FOLDER / "EXPECTED.tsv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_letter_is_read_or_named(path: Path) -> None:
    body = path.read_bytes()
    assert isinstance(CHANNEL.envelope(body), Envelope)
    events = CHANNEL.parse(body)
    assert events
    kinds = AUTOMATIC.get(path.name.partition("__")[0])
    for event in events:
        if isinstance(event, Unknown):
            assert event.name.startswith("letter.")
        if isinstance(event, MessageReceived) and kinds is not None:
            assert event.automatic in kinds


@pytest.mark.parametrize(("name", "oracle", "words"), expected())
def test_every_oracle_is_met(name: str, oracle: str, words: str) -> None:
    events = CHANNEL.parse((FOLDER / name).read_bytes())
    messages = [event for event in events if isinstance(event, MessageReceived)]
    if oracle == "reply_text":
        assert [message.text for message in messages] == [words.replace("\\n", "\n")]
    else:
        assert "; ".join(map(told, messages)) == words


def told(message: MessageReceived) -> str:
    """Write what was understood of a report as its oracle does."""
    names = ("dsn", "smtp", "reason", "hard")
    facts = {"hard": "false", **message.content.details}
    return " ".join(f"{name}={facts.get(name, '')}" for name in names)
