"""What operators do, over the API, on both stores."""

import pytest

from otklik.accounts.types import Scope
from tests.fixtures.house import Client, House, Json, key_of, owner_of, until

DAY_MS = 24 * 3_600_000


@pytest.fixture
async def talk(shop: House) -> Json:
    await shop.connect()
    return await shop.met(await shop.phones.person("Вера"))


async def test_a_conversation_ends_and_goes_on(shop: House, talk: Json) -> None:
    path = f"/conversations/{talk['id']}"
    done = await shop.api.post(f"{path}/resolve", status=200)
    assert (done["state"], done["unread"], done["waiting_since"]) == ("resolved", 0, None)
    assert await shop.api.queue() == []
    assert [row["id"] for row in await shop.api.queue("?state=resolved")] == [talk["id"]]
    again = await shop.api.post(f"{path}/reopen", status=200)
    assert again["state"] == "open"
    await shop.api.post(f"{path}/resolve", status=200)
    (person,) = [p["user"]["id"] for p in await shop.phones.order("GET", "/people")]
    await shop.phones.text(person, "Ещё вопрос")
    (row,) = await until(shop.api.queue)
    assert row["id"] == talk["id"]
    lines = [
        m["content"]["system"] for m in await shop.api.timeline(talk["id"]) if m["kind"] == "system"
    ]
    assert lines == ["resolved", "reopened", "resolved", "reopened"]


async def _later(shop: House, talk: Json) -> Json:
    """End a conversation, and let its contact write again two days after."""
    await shop.api.post(f"/conversations/{talk['id']}/resolve", status=200)
    shop.clock.ahead_ms += 2 * DAY_MS
    (person,) = [p["user"]["id"] for p in await shop.phones.order("GET", "/people")]
    await shop.phones.text(person, "Через два дня")
    (row,) = await until(shop.api.queue)
    assert row["id"] != talk["id"]
    assert row["contact_id"] == talk["contact_id"]
    return row


async def test_a_later_message_begins_anew_on_the_same_timeline(shop: House, talk: Json) -> None:
    row = await _later(shop, talk)
    texts = [m["text"] for m in await shop.api.timeline(row["id"]) if m["author_kind"] == "contact"]
    assert texts == ["Здравствуйте", "Через два дня"]
    await shop.api.post(f"/conversations/{talk['id']}/reopen", status=409)


async def test_an_answer_in_an_ended_conversation_joins_the_open_one(
    shop: House, talk: Json
) -> None:
    row = await _later(shop, talk)
    note = {"client_id": "note-0001", "text": "Заметка к старому: оно сдвинулось последним"}
    await shop.api.post(f"/conversations/{talk['id']}/notes", note)
    said = await shop.api.say(talk["id"], "Отвечаю со старой вкладки")
    assert said["conversation_id"] == row["id"]
    (only,) = await shop.api.queue()
    assert (only["id"], only["waiting_since"]) == (row["id"], None)
    (ended,) = await shop.api.queue("?state=resolved")
    assert ended["id"] == talk["id"]


async def test_an_answer_in_an_ended_conversation_opens_it_again(shop: House, talk: Json) -> None:
    await shop.api.post(f"/conversations/{talk['id']}/resolve", status=200)
    await shop.api.say(talk["id"], "И ещё одно")
    (row,) = await shop.api.queue()
    assert (row["id"], row["state"]) == (talk["id"], "open")


async def test_labels_live_and_die(shop: House, talk: Json) -> None:
    path = f"/conversations/{talk['id']}/labels"
    first = await shop.api.post("/labels", {"title": "опт", "color": "violet"})
    second = await shop.api.post("/labels", {"title": "возврат"})
    taken = await shop.api.post("/labels", {"title": " ОПТ "}, status=409)
    assert taken["field"] == "title"
    row = await shop.api.put(path, {"label_ids": [first["id"], second["id"], first["id"]]})
    assert row["label_ids"] == [first["id"], second["id"]]
    assert len(await shop.api.queue(f"?label={first['id']}")) == 1
    unknown = await shop.api.put(path, {"label_ids": ["no-such-label"]}, status=422)
    assert unknown["field"] == "label_ids"
    await shop.api.delete(f"/labels/{first['id']}")
    await shop.api.delete(f"/labels/{first['id']}", status=404)
    third = await shop.api.post("/labels", {"title": "срочно"})
    (shown,) = await shop.api.queue()
    row = await shop.api.put(path, {"label_ids": [*shown["label_ids"], third["id"]]})
    assert row["label_ids"] == [second["id"], third["id"]]


async def test_assignment_is_compared_and_set(shop: House, talk: Json) -> None:
    path = f"/conversations/{talk['id']}/assign"
    me = shop.owner.id
    taken = await shop.api.post(path, {"operator_id": me, "expected": None}, status=200)
    assert taken["operator_id"] == me
    await shop.api.post(path, {"operator_id": me, "expected": None}, status=409)
    page = await shop.api.get(f"/conversations?assignee={me}")
    assert [row["id"] for row in page["items"]] == [talk["id"]]
    assert page["counts"]["unassigned"] == 0
    freed = await shop.api.post(path, {"operator_id": None, "expected": me}, status=200)
    assert freed["operator_id"] is None
    assert await shop.api.queue("?assignee=none")
    missing = await shop.api.ask("POST", path, {"operator_id": "nobody"})
    assert missing[0] in {404, 422}


async def test_what_was_read_is_not_unread(shop: House, talk: Json) -> None:
    path = f"/conversations/{talk['id']}/read"
    assert talk["unread"] == 1
    assert (await shop.api.post(path, {"seq": talk["last_seq"] - 1}, status=200))["unread"] == 1
    assert (await shop.api.post(path, {"seq": talk["last_seq"]}, status=200))["unread"] == 0
    assert (await shop.api.post(path, {"seq": 1}, status=200))["unread"] == 0


async def test_a_note_stays_inside(shop: House, talk: Json) -> None:
    draft = {"client_id": "note-once", "text": "Постоянный клиент"}
    path = f"/conversations/{talk['id']}/notes"
    made = [await shop.api.post(path, draft) for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    said = await shop.api.say(talk["id"], "Добрый день")
    journal = await until(shop.phones.journal)
    assert [entry["text"] for entry in journal] == ["Добрый день"]
    (row,) = await shop.api.queue()
    assert row["waiting_since"] is None
    assert said["seq"] > made[0]["seq"]
    changed = await shop.api.patch(f"/messages/{made[0]['id']}", {"text": "Очень постоянный"})
    assert changed["text"] == "Очень постоянный"
    gone = await shop.api.delete(f"/messages/{made[0]['id']}", status=200)
    assert (gone["text"], gone["deleted_at"] is None) == ("", False)


async def test_our_words_are_changed_and_taken_back_everywhere(shop: House, talk: Json) -> None:
    (person,) = [p["user"]["id"] for p in await shop.phones.order("GET", "/people")]
    said = await shop.api.say(talk["id"], "Чай пятьсот рублей")
    await until(lambda: shop.phones.heard(person), bool)

    async def changed() -> bool:
        status, _ = await shop.api.ask("PATCH", f"/messages/{said['id']}", {"text": "Чай 450"})
        return status == 200

    await until(changed)
    await until(lambda: shop.phones.heard(person), lambda seen: seen == ["Чай 450"])
    await shop.api.delete(f"/messages/{said['id']}", status=200)
    await until(lambda: shop.phones.heard(person), lambda seen: seen == [])
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Поздно"}, status=409)
    theirs = next(m for m in await shop.api.timeline(talk["id"]) if m["author_kind"] == "contact")
    await shop.api.patch(f"/messages/{theirs['id']}", {"text": "Не моё"}, status=409)
    await shop.api.delete(f"/messages/{theirs['id']}", status=409)


async def test_reactions_go_both_ways(shop: House, talk: Json) -> None:
    (person,) = [p["user"]["id"] for p in await shop.phones.order("GET", "/people")]
    theirs = next(m for m in await shop.api.timeline(talk["id"]) if m["author_kind"] == "contact")
    seen = await shop.api.put(f"/messages/{theirs['id']}/reaction", {"emoji": "👍"})
    assert [r["emoji"] for r in seen["reactions"]] == ["👍"]

    async def there() -> object:
        return (await shop.phones.order("GET", f"/people/{person}/chat"))["reactions"]

    await until(there, lambda found: "👍" in str(found))
    seen = await shop.api.put(f"/messages/{theirs['id']}/reaction", {"emoji": ""})
    assert seen["reactions"] == []


@pytest.mark.parametrize(("draft", "field"), [
    ({"text": "  "}, "text"),
    ({"text": "я" * 40_961}, "text"),
    ({"text": "🫖" * 20_481}, "text"),
    ({"text": "a", "file_ids": ["nothing"]}, "file_ids"),
    ({"text": "a", "identity_id": "nobody"}, "identity_id"),
])  # fmt: skip
async def test_a_draft_that_cannot_go_is_refused_by_field(
    shop: House, talk: Json, draft: Json, field: str
) -> None:
    path = f"/conversations/{talk['id']}/messages"
    refused = await shop.api.post(path, {"client_id": "draft-one", **draft}, status=422)
    assert refused["field"] == field
    assert refused["detail"]
    assert await shop.phones.journal() == []


async def test_a_long_answer_goes_as_several_messages_in_order(shop: House, talk: Json) -> None:
    words = " ".join(f"слово{number}" for number in range(700))
    path = f"/conversations/{talk['id']}/messages"
    draft = {"client_id": "draft-long", "text": words}
    shown = await shop.api.post(f"{path}/preview", draft, status=200)
    assert (len(shown["parts"]), shown["changes"]) == (2, ["text_split"])
    await shop.api.post(path, draft)
    await shop.api.post(path, draft)  # a repetition adds nothing
    (person,) = [p["user"]["id"] for p in await shop.phones.order("GET", "/people")]
    heard = await until(lambda: shop.phones.heard(person), lambda said: len(said) >= 2)
    assert heard == [part["text"].strip() for part in shown["parts"]]
    said = [m["text"] for m in await shop.api.timeline(talk["id"]) if m["author_kind"] != "contact"]
    assert "".join(said) == words


@pytest.mark.parametrize("sort", ["waiting", "recent"])
async def test_pages_of_the_queue_show_each_row_once(shop: House, sort: str) -> None:
    await shop.connect()
    await shop.phones.order("POST", "/bulk", {"people": 23, "messages": 1})
    rows = await until(lambda: shop.api.queue("?limit=200"), lambda seen: len(seen) == 23)
    for row in rows[:6]:
        await shop.api.post(
            f"/conversations/{row['id']}/messages", {"client_id": f"to-{row['id']}", "text": "Да"}
        )
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await shop.api.get(f"/conversations?limit=5&sort={sort}&before={cursor}")
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert sorted(found) == sorted(row["id"] for row in rows)
    whole = await shop.api.queue(f"?limit=200&sort={sort}")
    assert found == [row["id"] for row in whole]
    assert (await shop.api.get("/conversations"))["counts"]["open"] == 23


async def test_another_account_sees_nothing(shop: House, talk: Json) -> None:
    stranger = await owner_of(shop.parts, "stranger@other.example")
    key = await key_of(shop.parts, stranger, [s for s in Scope if s is not Scope.ACCOUNT])
    api = Client(shop.session, shop.url, {"authorization": f"Bearer {key}"})
    assert await api.queue() == []
    assert (await api.get("/search?q=Здравствуйте"))["messages"] == []
    assert await api.get("/inboxes") == []
    for path in (f"/conversations/{talk['id']}", f"/contacts/{talk['contact_id']}"):
        await api.get(path, status=404)
