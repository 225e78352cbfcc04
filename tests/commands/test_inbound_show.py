"""`otklik inbound show` reads a delivery however it was kept."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from otklik.channels import CHANNELS
from otklik.commands.inbound import guessed, read
from otklik.kernel.errors import InvalidError
from otklik.ports.channel import Envelope
from tests.channels.kit.declared import DECLARED
from tests.commands.test_commands import Said, otklik
from tests.fixtures.store import Place

UPDATE = {"update_id": 7, "message": {
    "message_id": 1, "date": 1_700_000_000, "text": "Есть улун?",
    "chat": {"id": 5, "type": "private", "first_name": "Ира"},
    "from": {"id": 5, "first_name": "Ира", "is_bot": False},
}}  # fmt: skip
JSON_CHANNELS = sorted(name for name, one in DECLARED.items() if one.shape == "json")


def http(body: bytes) -> bytes:
    head = b"POST /hooks/key HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n"
    return head + b"\r\n" + body


def in_a_field(body: bytes) -> bytes:
    return json.dumps({"headers": {"x-a": "b"}, "body": json.loads(body)}).encode()


def in_base64(body: bytes) -> bytes:
    wrapped = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return json.dumps([wrapped]).encode()


WRAPPED: tuple[Callable[[bytes], bytes], ...] = (
    http,
    in_a_field,
    in_base64,
    lambda body: json.dumps({"headers": {}, "body": body.decode()}).encode(),
    lambda body: json.dumps({"ok": True, "result": [json.loads(body)]}).encode(),
    lambda body: b"\xef\xbb\xbf" + b"[" + body + b"]",
    lambda body: json.dumps(json.loads(body), indent=2).encode() + b"\r\n",
)


def shown(place: Place, tmp_path: Path, content: bytes, *words: str) -> Said:
    file = tmp_path / "body.json"
    file.write_bytes(content)
    return otklik(place, "inbound", "show", *words, str(file))


def events(told: str) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in told.splitlines()]


def test_one_body_is_printed_as_its_events(sqlite_place: Place, tmp_path: Path) -> None:
    code, told, _ = shown(sqlite_place, tmp_path, json.dumps(UPDATE).encode(), "telegram")
    (event,) = events(told)
    assert (code, event["type"], event["text"]) == (0, "message", "Есть улун?")


def test_what_nobody_knows_is_named(sqlite_place: Place, tmp_path: Path) -> None:
    body = json.dumps({"update_id": 8, "tea_is_ready": {}}).encode()
    code, told, _ = shown(sqlite_place, tmp_path, body, "telegram")
    assert (code, events(told)) == (3, [{"type": "unknown", "name": "tea_is_ready"}])


@pytest.mark.parametrize("body", [b"oops", b"", b"[1, 2]", b'{"body": "oops"}'])
def test_what_no_messenger_sends_is_refused(
    sqlite_place: Place, tmp_path: Path, body: bytes
) -> None:
    code, told, why = shown(sqlite_place, tmp_path, body, "telegram")
    assert (code, told) == (2, "")
    assert why.startswith("otklik: Refused: not a Telegram update")


@pytest.mark.parametrize("name", JSON_CHANNELS)
@pytest.mark.parametrize("wrap", WRAPPED)
def test_a_wrapped_delivery_is_read_as_the_bare_one(
    name: str, wrap: Callable[[bytes], bytes]
) -> None:
    for one in DECLARED[name].bodies:
        bare = read(one.body, name)
        assert list(bare.events) == list(CHANNELS[name].parse(one.body))
        wrapped = read(wrap(one.body), name)
        assert wrapped.understood is bare.understood, one.name
        if bare.understood:
            assert wrapped.events == bare.events, one.name


@pytest.mark.parametrize("name", sorted(set(DECLARED) - {"widget", "app"}))
def test_the_channel_is_guessed(name: str) -> None:
    for one in DECLARED[name].bodies:
        if read(one.body, name).understood:
            assert guessed(one.body).channel == name, one.name


def test_several_deliveries_of_one_file_are_read_one_after_another() -> None:
    second = UPDATE | {"update_id": 8}
    lines = f"{json.dumps(UPDATE)}\n{json.dumps(second)}\n".encode()
    assert len(read(lines, "telegram").events) == 2
    polled = json.dumps({"updates": [UPDATE, second], "marker": 3}).encode()
    assert read(polled, "telegram").events == read(lines, "telegram").events


@pytest.mark.parametrize(
    ("channel", "piece"),
    [
        ("telegram", UPDATE["message"]),
        ("telegram", {"message": UPDATE["message"]}),
        ("vk", {"from_id": 5, "peer_id": 5, "id": 1, "date": 1_700_000_000, "text": "Есть улун?"}),
        ("messenger", {"sender": {"id": "5"}, "recipient": {"id": "6"},
                       "timestamp": 1_700_000_000_000,
                       "message": {"mid": "m1", "text": "Есть улун?"}}),
        ("whatsapp", {"field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": {"phone_number_id": "9"},
            "messages": [{"from": "79000000000", "id": "w1", "timestamp": "1700000000",
                          "type": "text", "text": {"body": "Есть улун?"}}]}}),
    ],
)  # fmt: skip
def test_a_piece_of_a_delivery_is_read_as_if_it_were_whole(channel: str, piece: object) -> None:
    found = read(json.dumps(piece).encode(), channel)
    assert [getattr(event, "text", "") for event in found.events] == ["Есть улун?"]


def test_the_text_of_a_letter_is_read_as_a_letter_and_other_text_is_not() -> None:
    text = "Беру старый.\n\n> Есть старый и молодой.\n".encode()
    (event,) = read(text, "email", ".txt").events
    assert getattr(event, "text", "") == "Беру старый."
    with pytest.raises(InvalidError):
        read(text, "email", ".json")


def test_of_several_files_each_is_told_apart_and_the_worst_counts(
    sqlite_place: Place, tmp_path: Path
) -> None:
    good, odd, bad = (tmp_path / name for name in ("good", "odd", "bad"))
    good.write_text(json.dumps(UPDATE))
    odd.write_text('{"update_id": 8}')
    bad.write_text("oops")
    show = ("inbound", "show")
    code, told, why = otklik(sqlite_place, *show, "--guess", *map(str, (good, odd, bad)))
    first, event, second, unknown = events(told)
    assert (first, event["type"]) == ({"file": str(good), "channel": "telegram"}, "message")
    assert (second["file"], unknown["type"]) == (str(odd), "unknown")
    assert (code, "no channel reads it" in why, str(bad) in why) == (2, True, True)
    assert otklik(sqlite_place, *show, "telegram", str(good), str(odd))[0] == 3
    assert otklik(sqlite_place, *show, "telegram", str(good), str(good))[0] == 0


@pytest.mark.parametrize("words", [("telegram",), ("tea", "file"), ("telegram", "no-such-file")])
def test_a_command_that_names_nothing_readable_is_refused(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    code, told, why = otklik(sqlite_place, "inbound", "show", *words)
    assert (code, told, why.startswith("otklik: ")) == (2, "", True)


def test_every_declared_delivery_is_one() -> None:
    for name in JSON_CHANNELS:
        for one in DECLARED[name].bodies:
            assert isinstance(CHANNELS[name].envelope(one.body), Envelope)
