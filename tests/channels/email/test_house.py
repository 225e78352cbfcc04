"""E-mail all the way: a person's letter, real IMAP and SMTP servers, the product, an operator."""

from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select

from otklik.channels.email import CHANNEL
from otklik.channels.email.wire import message_of
from otklik.inbound.api import head
from otklik.inbound.tables import inbound_outcomes
from otklik.ports.channel import Envelope
from sandbox.server import Running
from tests.channels.email.declaration import REPORTED
from tests.channels.email.post import Post
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks at its mailboxes in a hurry."""
    with patch("otklik.ingress.mailbox._ROUND_S", 0.3):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture
async def post(shop: House) -> Post:
    found = Post(shop)
    await found.open()
    return found


async def met(post: Post, text: str = "Есть пуэр?", **more: object) -> tuple[int, Json]:
    """Let a person write a letter; give their number and the conversation."""
    person = await post.person()
    await post.act(person, "text", text=text, title="Вопрос о чае", **more)
    return person, (await until(post.house.api.queue))[0]


async def state_of(shop: House, row: Json, message: Json) -> str:
    timeline = await shop.api.timeline(row["id"])
    return str(next(one["state"] for one in timeline if one["id"] == message["id"]))


async def test_a_letter_opens_a_conversation_and_its_answer_joins_the_thread(
    shop: House, post: Post
) -> None:
    await post.connect()
    person, row = await met(post)
    (letter,) = await post.said()
    assert letter["text"] == "Есть пуэр?"
    assert letter["content"]["subject"] == "Вопрос о чае"

    said = await shop.api.say(row["id"], "Есть, старый и молодой.")
    (answer,) = await until(lambda: post.letters(person))
    assert answer["text"] == "Есть, старый и молодой."
    assert message_of(answer["id"]) == said["id"]
    await until(lambda: state_of(shop, row, said), lambda state: state == "sent")

    await post.act(person, "text", text="Беру старый.", reply_to=answer["id"])
    letters = await post.said(2)
    assert letters[1]["text"] == "Беру старый."
    assert letters[1]["reply_to_id"] == said["id"]
    assert "Есть, старый" in letters[1]["content"]["details"]["quoted"]
    timeline = await shop.api.timeline(row["id"])
    assert len([one for one in timeline if one["author_kind"] == "operator"]) == 1


async def test_a_file_of_a_letter_is_here_to_look_at(post: Post) -> None:
    await post.connect()
    person = await post.person()
    await post.act(person, "file", sample="price.pdf", text="Прайс")
    await post.said()

    async def stored() -> bool:
        (letter,) = await post.said()
        return [one["state"] for one in letter["attachments"]] == ["stored"]

    await until(stored)


async def test_an_answer_from_a_mail_program_is_seen(shop: House, post: Post) -> None:
    await post.connect()
    person, row = await met(post)
    await post.act(person, "echo", text="Ответили из почты.")

    async def echoed() -> list[str]:
        timeline = await shop.api.timeline(row["id"])
        return [one["text"] for one in timeline if one["author_kind"] != "contact"]

    assert await until(echoed, lambda seen: "Ответили из почты." in seen)


async def test_a_bounce_fails_our_message_with_the_servers_words(shop: House, post: Post) -> None:
    await post.connect()
    person, row = await met(post)
    said = await shop.api.say(row["id"], "Готово.")
    (answer,) = await until(lambda: post.letters(person))
    await until(lambda: state_of(shop, row, said), lambda state: state == "sent")
    await post.act(person, "fail", message_id=answer["id"], code="userunknown")
    await until(lambda: state_of(shop, row, said), lambda state: state == "failed")


async def test_a_refused_recipient_is_told_at_once(shop: House, post: Post) -> None:
    await post.connect()
    person, row = await met(post)
    await post.act(person, "block")
    said = await shop.api.say(row["id"], "Вы нас слышите?")
    await until(lambda: state_of(shop, row, said), lambda state: state == "failed")


@pytest.mark.parametrize(("kind", "state"), [("reset_after", "uncertain"), ("too_many", "queued")])
async def test_a_lost_or_late_answer_is_never_a_second_letter(
    shop: House, post: Post, kind: str, state: str
) -> None:
    await post.connect()
    person, row = await met(post)
    fault = {"calls": [{"method": "letter", "kind": kind, "times": 1}]}
    await post.order("POST", "/faults", fault)
    said = await shop.api.say(row["id"], "Одно письмо.")
    await until(lambda: journal(post))
    await until(lambda: state_of(shop, row, said), lambda seen: seen == state)
    assert len(await post.letters(person)) == (1 if kind == "reset_after" else 0)


async def journal(post: Post) -> list[Json]:
    entries: list[Json] = await post.order("GET", "/journal?method=letter")
    return entries


async def test_two_machines_do_not_answer_each_other_for_ever(post: Post) -> None:
    await post.connect(auto_answer="Спасибо, ответим.", auto_answer_when="every")
    person = await post.person()
    await post.act(person, "away", text="Меня нет.")
    await post.act(person, "text", text="Здравствуйте")
    await post.said(2)
    assert [letter["text"] for letter in await post.letters(person)] == ["Спасибо, ответим."]


async def test_a_revoked_password_turns_the_inbox_to_needs_attention(post: Post) -> None:
    await post.connect()
    await post.order("POST", "/revoked", {"on": True})
    await until(post.state, lambda seen: seen == ("needs_attention", "bad_token"))


async def test_a_wrong_password_is_told_when_connecting(shop: House, post: Post) -> None:
    wish = {
        "channel": "email",
        "settings": post.card["settings"],
        "secrets": {"password": "wrong"},
    }
    status, problem = await shop.api.ask("POST", "/inboxes", wish)
    assert status == 422, problem


async def test_older_letters_stay_where_they_are(post: Post) -> None:
    person = await post.person()
    await post.act(person, "text", text="Ещё до вас")
    await post.connect()
    await post.act(person, "text", text="Уже при вас")
    assert [letter["text"] for letter in await post.said()] == ["Уже при вас"]


SAMPLES = Path(__file__).parents[3].parent / "shared" / "channels" / "samples" / "email"
LETTERS = {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))}
LETTERS |= {
    "own": b"From: Vera <vera@mail.example>\r\nSubject: Tea\r\n\r\nIs there any?\r\n",
    "nobody": b"Subject: Tea\r\n\r\nWho am I?\r\n",
}


async def test_every_sample_ends_processed_or_under_a_name(shop: House, post: Post) -> None:
    await post.connect()
    for letter in LETTERS.values():
        await post.lay_in(letter)

    async def read() -> int:
        return await shop.parts.database.read(head)

    keys = {outside_of(letter) for letter in LETTERS.values()}
    await until(read, lambda seen: seen >= len(keys), within_s=60)
    assert await shop.api.get("/log/dead") == []
    found = await shop.parts.database.read(lambda c: c.execute(select(inbound_outcomes)).all())
    assert {row.outcome for row in found} == {"unknown"}
    assert all(row.name.startswith("letter.") for row in found)


def outside_of(letter: bytes) -> str:
    outside = CHANNEL.envelope(letter)
    assert isinstance(outside, Envelope)
    return outside.dedupe_key


async def test_a_report_about_a_letter_we_never_sent_makes_nobody(shop: House, post: Post) -> None:
    await post.connect()
    await post.lay_in(REPORTED)
    _, row = await met(post)
    await post.said()
    assert [one["id"] for one in await shop.api.queue()] == [row["id"]]


PAGE = "<p>Смотрите: <img src='https://e.example/1.png'><script>x()</script></p>"


async def test_a_page_of_a_letter_is_shown_in_a_frame_that_runs_nothing(
    shop: House, post: Post
) -> None:
    await post.connect()
    await met(post, "Смотрите", details={"html": PAGE})

    async def page() -> list[str]:
        (letter,) = await post.said()
        stored = [one for one in letter["attachments"] if one["state"] == "stored"]
        return [one["file_id"] for one in stored if one["format"] == "letter"]

    (file_id,) = await until(page)
    for query, pictures in (("", False), ("?pictures=true", True)):
        address = f"{shop.url}/api/v1/files/{file_id}/letter{query}"
        async with shop.session.get(address, headers=shop.api.headers) as answer:
            html, policy = await answer.text(), answer.headers["content-security-policy"]
            assert answer.content_type == "text/html"
        assert "Смотрите" in html
        assert "script" not in html
        assert policy.startswith("sandbox allow-popups")
        assert "frame-ancestors 'self'" in policy
        assert ("https:" in policy) is pictures
    assert (await shop.api.ask("GET", "/files/nothing/letter"))[0] == 404
