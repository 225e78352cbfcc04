"""Text nobody should have sent: kept as it is, and never an error of ours."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
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


async def _all_of_it(ask: Callable[[str], Found], texts: tuple[str, ...]) -> list[str]:
    """Ask with each text; give those that were our error."""
    wrong = []
    for text in texts:
        status, answer = await ask(text)
        if status >= 500:
            wrong.append(f"{text[:60]!r}: {status} {str(answer)[:200]}")
    return wrong


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


async def test_every_word_of_an_update_may_be_hostile(shop: House) -> None:
    inbox = await shop.connect()
    number = 0
    bad = "\x00\ufffe'\"<b>"
    person = {"id": 9, "is_bot": False, "first_name": bad, "last_name": bad, "username": bad}
    around = {
        "date": 5,
        "chat": {"id": 9, "type": "private"},
        "from": person | {"language_code": bad},
    }
    file = {
        "file_id": bad,
        "file_unique_id": bad,
        "file_name": bad,
        "mime_type": bad,
        "emoji": bad,
        "title": bad,
        "performer": bad,
        "width": 1,
        "height": 1,
        "duration": 1,
        "file_size": 1,
    }
    bodies: list[Json] = [
        {"text": bad, "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": bad}]},
        {"text": f"/start {bad}"},
        {"photo": [file], "caption": bad, "media_group_id": bad},
        *({kind: file} for kind in ("document", "video", "voice", "audio", "sticker", "animation")),
        {"contact": {"phone_number": bad, "first_name": bad, "user_id": 9}},
        {"venue": {"location": {"latitude": 1, "longitude": 2}, "title": bad, "address": bad}},
        {"text": bad, "forward_origin": {"type": "hidden_user", "sender_user_name": bad}},
        {bad: bad}, {"poll": {"question": bad}},
    ]  # fmt: skip
    for body in bodies:
        number += 1
        message = {"message_id": number, **around, **body}
        raw = msgspec.json.encode({"update_id": number, "message": message})
        assert (await shop.deliver(inbox, raw))[0] == 200
    press = {"id": "5", "from": around["from"], "data": bad, "chat_instance": bad}
    raw = msgspec.json.encode({"update_id": number + 1, "callback_query": press})
    assert (await shop.deliver(inbox, raw))[0] == 200
    last = number + 1

    async def came() -> list[Json]:
        rows = await shop.api.queue()
        return await shop.api.timeline(rows[0]["id"]) if rows else []

    def written(seen: list[Json]) -> list[Json]:
        return [m for m in seen if m["author_kind"] == "contact"]

    await until(came, lambda seen: len(written(seen)) == last)
    dead = await shop.api.get("/log/dead")
    assert [(letter["error"], letter["body_preview"][:300]) for letter in dead] == []


async def test_every_field_of_the_api_takes_any_text(strict: House) -> None:
    shop = strict
    await shop.connect()
    talk = await shop.met(await shop.phones.person())
    conversation, contact = talk["id"], talk["contact_id"]
    talk_path = f"/conversations/{conversation}"
    message = (await shop.api.timeline(conversation))[0]["id"]
    (inbox,) = await shop.api.get("/inboxes")
    ask = shop.api.ask

    def with_body(method: str, path: str, **body: Found) -> Callable[[str], Found]:
        def put(value: Found, text: str) -> Found:
            if value is ...:
                return text
            if isinstance(value, dict):
                return {put(k, text) if k is ... else k: put(v, text) for k, v in value.items()}
            return [put(v, text) for v in value] if isinstance(value, list) else value

        return lambda text: ask(method, path, put(body, text))

    def in_path(
        method: str, before: str, after: str = "", body: Found = None
    ) -> Callable[[str], Found]:
        return lambda text: ask(method, f"{before}{quote(text[:300], safe='')}{after}", body)

    fields = [
        with_body("PATCH", f"/contacts/{contact}", name=..., phone=..., email=..., remark=...),
        with_body("POST", f"{talk_path}/messages", client_id=..., text=...),
        with_body("POST", f"{talk_path}/messages", client_id="c" * 9, text="a", reply_to_id=...),
        with_body("POST", f"{talk_path}/messages", client_id="d" * 9, text="a", identity_id=...),
        with_body("POST", f"{talk_path}/messages", client_id="e" * 9, text="a", file_ids=[...]),
        with_body("POST", f"{talk_path}/messages", client_id="f" * 9, sticker_of=...),
        with_body("POST", f"{talk_path}/notes", client_id=..., text=...),
        with_body("POST", f"{talk_path}/assign", operator_id=...),
        with_body("PUT", f"{talk_path}/labels", label_ids=[...]),
        with_body("PUT", f"/messages/{message}/reaction", emoji=...),
        with_body("POST", "/labels", title=...),
        with_body("PATCH", f"/inboxes/{inbox['id']}", title=...),
        with_body("PATCH", f"/inboxes/{inbox['id']}", settings={"auto_answer": ...}),
        with_body("PATCH", f"/inboxes/{inbox['id']}", settings={...: "a"}),
        with_body("POST", "/inboxes", channel=...),
        with_body("POST", "/inboxes", channel="widget", title=..., settings={"greeting": ...}),
        with_body("POST", "/webhooks", url=...),
        in_path("GET", "/search?q="),
        in_path("GET", "/conversations?label="),
        in_path("GET", "/conversations?assignee="),
        in_path("GET", "/conversations?channel="),
        in_path("GET", "/conversations?before="),
        in_path("GET", "/conversations?before=5."),
        in_path("GET", "/conversations/"),
        in_path("GET", "/contacts/"),
        in_path("GET", "/files/"),
        in_path("POST", "/messages/", "/retry"),
        in_path("PATCH", "/labels/", "", {"title": "Метка"}),
        in_path("DELETE", "/inboxes/"),
        in_path("GET", f"{shop.url}/widget/v1/", "/settings"),
    ]
    wrong = {}
    for place, field in enumerate(fields):
        found = await _all_of_it(field, FEW)
        if found:
            wrong[place] = found[:3]
    assert wrong == {}


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
