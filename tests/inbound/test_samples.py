"""Every recorded update goes through the real webhook, and through the command that shows it."""

import asyncio
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select

from otklik.cli import main
from otklik.inbound.api import cursor, head
from otklik.inbound.tables import inbound_outcomes
from tests.fixtures.house import House, until

SAMPLES = Path(__file__).parents[2].parent / "shared" / "channels" / "samples" / "telegram"
OWN = {
    "text": b'{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},'
    b'"from":{"id":1,"is_bot":false,"first_name":"A"},"text":"A"}}',
    "poll": b'{"update_id":2,"poll":{"id":"5"}}',
    "chat_boost": b'{"update_id":3,"chat_boost":{}}',
    "new": b'{"update_id":4,"something_new":{"a":[1]}}',
}


def bodies() -> dict[str, bytes]:
    """Our own bodies, and the recorded ones where they lie beside the repository."""
    found = dict(OWN)
    if SAMPLES.exists():
        found |= {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob("*.json"))}
    return found


ALL = bodies()


async def test_every_sample_ends_processed_or_under_a_name(shop: House) -> None:
    inbox = await shop.connect()
    numbered = [_renumbered(body, number) for number, body in enumerate(ALL.values(), 1)]
    answers = await asyncio.gather(*(shop.deliver(inbox, body) for body in numbered))
    assert Counter(status for status, _ in answers) == {200: len(ALL)}

    assert await shop.parts.database.read(head) == len(ALL)
    if shop.parts.database.dialect == "postgresql":
        await until(lambda: shop.parts.database.read(_place), lambda seen: seen >= len(ALL))
    assert await shop.api.get("/log/dead") == []
    found = await shop.parts.database.read(lambda c: c.execute(select(inbound_outcomes)).all())
    assert {row.outcome for row in found} == {"unknown"}
    assert all(row.name for row in found)


def _renumbered(body: bytes, number: int) -> bytes:
    """Give a body a number of its own: samples of several bots share theirs."""
    assert b'"update_id"' in body
    return re.sub(rb'("update_id"\s*:\s*)\d+', rb"\g<1>%d" % number, body, count=1)


def _place(connection: Connection) -> int:
    return cursor(connection, "dispatch")


@pytest.mark.parametrize("name", list(ALL))
def test_the_command_shows_every_sample(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "body.json"
    path.write_bytes(ALL[name])
    code = main(["inbound", "show", "telegram", str(path)])
    lines = capsys.readouterr().out.splitlines()
    events = [msgspec.json.decode(line) for line in lines]
    assert code == (3 if all(event["type"] == "unknown" for event in events) else 0)
    assert events


@pytest.mark.parametrize("body", [b"", b"junk", b"[]", b"{}", b'{"update_id":1,"message":5}',
                                  b"[" * 100_000, b"\xff\xfe"])  # fmt: skip
def test_what_no_messenger_sends_is_refused(
    body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "body.json"
    path.write_bytes(body)
    assert main(["inbound", "show", "telegram", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_a_channel_or_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inbound", "show", "pigeon", str(tmp_path / "x")]) == 2
    assert "telegram" in capsys.readouterr().err
    assert main(["inbound", "show", "telegram", str(tmp_path / "x")]) == 2
    assert str(tmp_path / "x") in capsys.readouterr().err
