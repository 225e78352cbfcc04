"""Text nobody should have sent: kept as it is, and never an error of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from otklik.kernel.text import storable
from sandbox.server import Running
from tests.fixtures.house import Found, House, Json, opened, until
from tests.fixtures.store import Place

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

OWN = (
    "\x00", "a\x00b", "\x01\x02\x1f\x7f", "\ufeffBOM", "\u202eсправа налево", "\u2028\u2029",
    "🫖" * 50, "👨‍👩‍👧‍👦", "e\u0301\u0302" * 40, "' OR 1=1 --", '"; DROP TABLE messages;--',
    "%s%n%x", "{{7*7}}", "${jndi:x}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\\", "\\u0000", "null", "NaN", "-1e309", "../../etc/passwd", "C:\\nul", "%00", "a%", "_",
    "'", '"', "`", "\r\n", "\t", "javascript:alert(1)", "data:text/html,<b>", "＜script＞",
    "ʼ", "ﷺ", "\U000e0001", "\ufffe\uffff", "слово " * 300,
)  # fmt: skip


def hostile() -> list[str]:
    """Our own list, and public ones where they lie beside the repository."""
    found = [text for text in OWN if text.strip()]
    naughty = SHARED / "naughty_strings" / "blns.json"
    if naughty.exists():
        found += [text for text in json.loads(naughty.read_text()) if text.strip()]
    vectors = SHARED / "html_sanitizer_vectors" / "vectors_even.json"
    if vectors.exists():
        found += _payloads(json.loads(vectors.read_text()))
    return list(dict.fromkeys(found))


def _payloads(read: Found) -> list[str]:
    if isinstance(read, str):
        return [read] if "<" in read else []
    inner = read.values() if isinstance(read, dict) else read if isinstance(read, list) else ()
    return [text for one in inner for text in _payloads(one)]


ALL = hostile()
# One after another would be slow: a part of them goes through the costly fields.
SOME = (*OWN, *ALL[::9])
FEW = (
    "\x00", "a\x00b", "\u202eс\u2028\ufffe", "' OR 1=1 --", '"%_\\*', "🫖" * 50,
    "<img src=x onerror=alert(1)>",
)  # fmt: skip


@pytest.fixture
async def strict(postgres_place: Place, street: Running) -> AsyncIterator[House]:
    """A house on the store that refuses more: what it takes, the other one takes."""
    async with opened(postgres_place, street) as made:
        yield made


@pytest.fixture
async def talk(shop: House) -> Json:
    await shop.connect()
    return await shop.met(await shop.phones.person())


def kept(text: str) -> str:
    return storable(text)


async def test_notes_are_kept_as_they_are(strict: House) -> None:
    shop = strict
    await shop.connect()
    talk = await shop.met(await shop.phones.person())
    path = f"/conversations/{talk['id']}/notes"
    wanted = []
    for number, text in enumerate(filter(str.strip, SOME)):
        made = await shop.api.post(path, {"client_id": f"note-{number:05}", "text": text})
        wanted.append(kept(text))
        assert made["text"] == wanted[-1]
    timeline = await shop.api.timeline(talk["id"])
    assert [m["text"] for m in timeline if m["kind"] == "note"] == wanted


async def test_what_people_write_is_kept_as_it_is(shop: House) -> None:
    inbox = await shop.connect()
    bodies = []
    for number, text in enumerate(ALL, 1):
        person = {"id": 9, "is_bot": False, "first_name": text[:64], "username": text[:32]}
        person["language_code"] = text[:8]
        chat = {"id": 9, "type": "private", "first_name": text[:64]}
        message = {"message_id": number, "date": number, "chat": chat, "from": person, "text": text}
        bodies.append(msgspec.json.encode({"update_id": number, "message": message}))
    for start in range(0, len(bodies), 50):
        answers = (shop.deliver(inbox, body) for body in bodies[start : start + 50])
        assert {status for status, _ in await asyncio.gather(*answers)} == {200}

    (row,) = await until(
        shop.api.queue, lambda seen: [one["unread"] for one in seen] == [len(ALL)], within_s=40
    )
    assert await shop.api.get("/log/dead") == []
    assert [m["text"] for m in await shop.api.timeline(row["id"])] == [kept(text) for text in ALL]


BAD = "\x00\ufffe'\"<b>"
SENDER = {"id": 9, "is_bot": False, "language_code": BAD} | dict.fromkeys(
    ("first_name", "last_name", "username"), BAD
)
FILE: Json = dict.fromkeys(("width", "height", "duration", "file_size"), 1) | dict.fromkeys(
    ["file_id", "file_unique_id", "file_name", "mime_type", "emoji", "title", "performer"], BAD
)
BODIES: list[Json] = [
    {"text": BAD, "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": BAD}]},
    {"text": f"/start {BAD}"},
    {"photo": [FILE], "caption": BAD, "media_group_id": BAD},
    *({kind: FILE} for kind in ("document", "video", "voice", "audio", "sticker", "animation")),
    {"contact": {"phone_number": BAD, "first_name": BAD, "user_id": 9}},
    {"venue": {"location": {"latitude": 1, "longitude": 2}, "title": BAD, "address": BAD}},
    {"text": BAD, "forward_origin": {"type": "hidden_user", "sender_user_name": BAD}},
    {BAD: BAD}, {"poll": {"question": BAD}},
]  # fmt: skip


async def test_every_word_of_an_update_may_be_hostile(shop: House) -> None:
    inbox = await shop.connect()
    around = {"date": 5, "chat": {"id": 9, "type": "private"}, "from": SENDER}
    updates: list[Json] = [
        {"update_id": number, "message": {"message_id": number, **around, **body}}
        for number, body in enumerate(BODIES, 1)
    ]
    press = {"id": "5", "from": SENDER, "data": BAD, "chat_instance": BAD}
    updates.append({"update_id": len(updates) + 1, "callback_query": press})
    for one in updates:
        assert (await shop.deliver(inbox, msgspec.json.encode(one)))[0] == 200

    async def came() -> int:
        rows = await shop.api.queue()
        timeline = await shop.api.timeline(rows[0]["id"]) if rows else []
        return sum(m["author_kind"] == "contact" for m in timeline)

    await until(came, lambda count: count == len(updates))
    assert await shop.api.get("/log/dead") == []


TALK = "/conversations/{talk}"
FIELDS: list[tuple[str, str, Found]] = [
    ("PATCH", "/contacts/{contact}", dict.fromkeys(("name", "phone", "email", "remark"), ...)),
    ("POST", "/contacts/{contact}/merge", {"contact_id": ...}),
    ("POST", "/contacts/{contact}/split", {"link_id": ...}),
    ("POST", "/contacts/{contact}/proposals/{text}/refuse", None),
    ("GET", "/contacts/{text}/proposals", None),
    ("PUT", "/linking", {"region": "RU", "blocked": [...]}),
    ("PUT", "/linking", {"region": ..., "blocked": []}),
    ("POST", TALK + "/messages", {"client_id": ..., "text": ...}),
    ("POST", TALK + "/messages", {"client_id": "c" * 9, "text": "a", "reply_to_id": ...}),
    ("POST", TALK + "/messages", {"client_id": "d" * 9, "text": "a", "identity_id": ...}),
    ("POST", TALK + "/messages", {"client_id": "e" * 9, "text": "a", "file_ids": [...]}),
    ("POST", TALK + "/messages", {"client_id": "f" * 9, "sticker_of": ...}),
    ("POST", TALK + "/notes", {"client_id": ..., "text": ...}),
    ("POST", TALK + "/assign", {"operator_id": ...}),
    ("PUT", TALK + "/labels", {"label_ids": [...]}),
    ("PUT", "/messages/{message}/reaction", {"emoji": ...}),
    ("POST", "/labels", {"title": ...}),
    ("PATCH", "/inboxes/{inbox}", {"title": ...}),
    ("PATCH", "/inboxes/{inbox}", {"settings": {"auto_answer": ...}}),
    ("PATCH", "/inboxes/{inbox}", {"settings": {...: "a"}}),
    ("POST", "/inboxes", {"channel": ...}),
    ("POST", "/inboxes", {"channel": "widget", "title": ..., "settings": {"greeting": ...}}),
    ("POST", "/webhooks", {"url": ...}),
    ("GET", "/search?q={text}", None),
    *(("GET", f"/conversations?{name}={{text}}", None)
      for name in ("label", "assignee", "channel", "before", "before=5.&sort")),
    ("GET", "/conversations?before=5.{text}", None),
    *(("GET", f"/{what}/{{text}}", None) for what in ("conversations", "contacts", "files")),
    ("POST", "/messages/{text}/retry", None),
    ("PATCH", "/labels/{text}", {"title": "Метка"}),
    ("DELETE", "/inboxes/{text}", None),
]  # fmt: skip


def _filled(value: Found, text: str) -> Found:
    """Put a text wherever a body has an ellipsis."""
    if value is ...:
        return text
    if isinstance(value, dict):
        return {text if k is ... else k: _filled(v, text) for k, v in value.items()}
    return [_filled(one, text) for one in value] if isinstance(value, list) else value


async def test_every_field_of_the_api_takes_any_text(strict: House) -> None:
    await strict.connect()
    talk = await strict.met(await strict.phones.person())
    (inbox,) = await strict.api.get("/inboxes")
    message = (await strict.api.timeline(talk["id"]))[0]
    names = {"talk": talk["id"], "contact": talk["contact_id"], "inbox": inbox["id"]}
    wrong = []
    for method, path, body in FIELDS:
        for text in FEW:
            given = quote(text[:300], safe="")
            where = path.format(**names, message=message["id"], text=given)
            status, answer = await strict.api.ask(method, where, _filled(body, text))
            if status >= 500:
                wrong.append((method, path, text, answer))
    assert wrong == []


async def test_an_inbox_nobody_has_is_not_found_whatever_its_name(strict: House) -> None:
    for text in FEW:
        for path in (f"/widget/v1/{quote(text, safe='')}/settings", f"/hooks/{quote(text)}"):
            status, _ = await strict.api.ask("GET", strict.url + path)
            assert status == 404, path


NUMBERS: tuple[object, ...] = (0, -1, 2**31, 2**63, 2**64, 10**30, "²", "1.5", "", "x", "٣")


async def test_numbers_out_of_any_bounds(shop: House, talk: Json) -> None:
    for number in NUMBERS:
        await _ask_with(shop, talk, number)


async def _ask_with(shop: House, talk: Json, number: object) -> None:
    given = quote(str(number))
    talk_path = f"/conversations/{talk['id']}"
    asked = [
        ("GET", f"{talk_path}/messages?before={given}", None),
        ("GET", f"{talk_path}/messages?limit={given}", None),
        ("GET", f"/conversations?before={given}.x", None),
        ("GET", f"/conversations?limit={given}", None),
        ("GET", f"/search?q=a&limit={given}", None),
        ("POST", f"/log/dead/{given}/replay", None),
        ("POST", f"{talk_path}/read", {"seq": number}),
    ]
    for method, path, body in asked:
        status, answer = await shop.api.ask(method, path, body)
        assert status < 500, (method, path, answer)


async def test_names_of_files_are_harmless(shop: House) -> None:
    import aiohttp  # noqa: PLC0415 - its form is only for this test

    for name in (text for text in OWN if text.isprintable()):
        form = aiohttp.FormData()
        form.add_field("file", b"text", filename=name, content_type="text/plain")
        status, made = await shop.api.ask("POST", "/files", None, data=form)
        assert status < 500, (name, made)
        if status == 201:
            assert not set("\x00\r\n/\\") & set(made["name"]), made["name"]
            assert await shop.api.get(f"/files/{made['file_id']}") == b"text"
