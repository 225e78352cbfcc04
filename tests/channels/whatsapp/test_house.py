"""WhatsApp all the way: a person's phone, the sandbox, the whole product, an operator."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest

from otklik.families.meta import signature
from otklik.kernel.ids import new_id
from sandbox import samples
from sandbox.server import Running
from tests.channels.kit.line import Fields, Line
from tests.channels.whatsapp.bodies import wrote
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place

SAMPLES = Path(__file__).parents[4] / "shared" / "channels" / "samples" / "whatsapp"


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks after its subscriptions in a hurry."""
    with patch("otklik.ingress.connections._VERIFY_S", 0.1):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture
async def line(shop: House, street: Running) -> Line:
    line = Line("whatsapp", street.url, shop.session)
    await line.begin()
    return line


async def card_of(line: Line) -> Json:
    return await line.control(f"/{line.account}", method="GET")


async def connected(shop: House, line: Line) -> Json:
    card = await card_of(line)
    wish = {
        "channel": "whatsapp",
        "settings": {
            "api_base": line.config.settings["api_base"],
            "waba_id": card["settings"]["waba_id"],
        },
        "secrets": {
            "token": line.config.secrets["token"],
            "app_secret": card["secrets"]["app_secret"],
        },
    }
    inbox: Json = await shop.api.post("/inboxes", wish)
    await until(lambda: hooks(line))
    return inbox


async def hooks(line: Line) -> object:
    return (await card_of(line))["webhooks"]


async def talk(shop: House, line: Line, text: str = "Здравствуйте") -> Json:
    await line.act("text", text=text)
    return (await until(shop.api.queue))[0]


async def heard(line: Line) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def inbox_state(shop: House, inbox: Json) -> tuple[str, str]:
    (found,) = [one for one in await shop.api.get("/inboxes") if one["id"] == inbox["id"]]
    return found["state"], found["state_reason"]


async def test_a_person_writes_and_an_operator_answers(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"] == "Чайный мост"
    assert inbox["settings"]["phone_number_id"] == line.account
    row = await talk(shop, line)
    buttons = [[{"label": "Беру", "payload": "b"}]]
    said = await shop.api.say(row["id"], "Добрый день", buttons=buttons)
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Добрый день"

    async def states() -> list[str]:
        return [
            one["state"] for one in await shop.api.timeline(row["id"]) if one["id"] == said["id"]
        ]

    await until(states, lambda seen: seen == ["delivered"])
    await line.act("read")
    await until(states, lambda seen: seen == ["read"])
    await line.act("press", message_id=shown["id"], payload="b")

    async def kinds() -> list[str]:
        return [one["kind"] for one in await shop.api.timeline(row["id"])]

    await until(kinds, lambda seen: "press" in seen)


async def test_typing_is_shown_under_the_persons_last_message(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    tell = shop.parts.presence.on_operator_types
    assert tell is not None
    await tell(shop.account_id, row["contact_id"])

    async def shown() -> object:
        return (await line.control(f"/{line.account}/people/{line.person}/chat", method="GET"))[
            "action"
        ]

    await until(shown, lambda action: action == "typing")
    assert (await line.phone())[-1]["status"] == "read"


async def test_what_an_operator_has_seen_is_shown_as_read(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)

    async def ticks() -> list[object]:
        return [message["status"] for message in await line.phone()]

    await until(ticks, lambda seen: seen[-1] == "delivered")
    seen = {"seq": row["last_seq"]}
    await shop.api.post(f"/conversations/{row['id']}/read", seen, status=200)
    await until(ticks, lambda seen: seen[-1] == "read")


async def test_many_choices_become_a_list(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    buttons = [[{"label": f"Чай {number}", "payload": f"t{number}"}] for number in range(5)]
    await shop.api.say(row["id"], "Какой?", buttons=buttons)
    (shown,) = await until(lambda: heard(line))
    assert len(str(shown["menu"]).split("Чай ")) == 6


async def test_a_picture_comes_and_goes(shop: House, line: Line) -> None:
    await connected(shop, line)
    await line.act("picture", text="Такой есть?")
    row = (await until(shop.api.queue))[0]

    async def stored() -> list[Json]:
        messages = await shop.api.timeline(row["id"])
        return [file for one in messages for file in one["attachments"] if file["file_id"]]

    (file,) = await until(stored)
    assert await shop.api.get(f"/files/{file['file_id']}") == samples.content("tea-cup.jpg")
    draft = {"client_id": new_id(), "text": "Этот?", "file_ids": [file["file_id"]]}
    await shop.api.post(f"/conversations/{row['id']}/messages", draft)
    (shown,) = await until(lambda: heard(line))
    assert (shown["kind"], shown["text"]) == ("picture", "Этот?")


async def test_an_edit_and_an_unsend_reach_the_desk(shop: House, line: Line) -> None:
    await connected(shop, line)
    said = await line.act("text", text="Есть улн?")
    row = (await until(shop.api.queue))[0]
    await line.act("edit", message_id=said["id"], text="Есть улун?")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: "Есть улун?" in seen)
    await line.act("delete", message_id=said["id"])

    async def gone() -> list[Json]:
        return [one for one in await shop.api.timeline(row["id"]) if one["deleted_at"]]

    await until(gone)


async def test_a_username_and_a_phone_are_one_person(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("username", text="vera.tea")
    await line.act("text", text="Это снова я")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: "Это снова я" in seen)
    assert len(await shop.api.queue()) == 1


async def test_an_answer_after_the_window_is_refused_with_the_remedy(
    shop: House, line: Line
) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    shop.clock.ahead_ms = 25 * 3_600_000
    draft = {"client_id": new_id(), "text": "Ещё нужно?"}
    refusal = await shop.api.post(f"/conversations/{row['id']}/messages", draft, status=409)
    assert "24" in refusal["detail"]


async def test_a_failure_told_afterwards_is_told_in_our_words(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("age", seconds=2 * 86_400)  # WhatsApp forgot that it had opened the window
    said = await shop.api.say(row["id"], "Ещё нужно?")

    async def failures() -> list[tuple[str, str]]:
        return [
            (one["failure"], one["failure_code"])
            for one in await shop.api.timeline(row["id"])
            if one["id"] == said["id"]
        ]

    await until(failures, lambda seen: seen == [("window_closed", "131047")])


async def test_gathered_traffic_is_processed_or_kept_by_name(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    secret = str((await card_of(line))["secrets"]["app_secret"])
    paths = sorted(SAMPLES.glob("*.json"))  # none where they were not gathered
    for path in paths:
        body = path.read_bytes()
        headers = {"x-hub-signature-256": signature(secret, body)}
        address = f"{shop.url}/hooks/{inbox['public_key']}"
        async with shop.session.post(address, data=body, headers=headers) as answer:
            assert answer.status == 200, path.name
    await line.act("text", text="Последнее")

    async def texts() -> list[str]:
        return [one["preview"] for one in await shop.api.queue("?limit=200")]

    await until(texts, lambda seen: any("Последнее" in text for text in seen))
    assert await shop.api.get("/log/dead") == []


async def test_a_revoked_token_needs_attention(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


async def test_a_lost_subscription_is_made_again(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    address = f"{line.config.settings['api_base']}/v26.0/{line.account}"
    headers = {"authorization": f"Bearer {line.config.secrets['token']}"}
    body = {"webhook_configuration": {"override_callback_uri": ""}}
    async with shop.session.post(address, json=body, headers=headers) as answer:
        assert answer.status == 200
    await until(lambda: hooks(line))
    await line.act("text", text="Вы тут?")
    assert await until(shop.api.queue)
    assert (await inbox_state(shop, inbox))[0] == "active"


@pytest.mark.parametrize(("size", "status"), [(3_000_000, 200), (3_200_000, 413)])
async def test_a_delivery_may_have_three_megabytes(
    shop: House, line: Line, size: int, status: int
) -> None:
    inbox = await connected(shop, line)
    secret = str((await card_of(line))["secrets"]["app_secret"])
    body = wrote(1, "text", {"body": "Ау"}, padding="x" * size)
    headers = {"x-hub-signature-256": signature(secret, body)}
    address = f"{shop.url}/hooks/{inbox['public_key']}"
    async with shop.session.post(address, data=io.BytesIO(body), headers=headers) as answer:
        assert answer.status == status


async def test_a_wrong_app_secret_lets_nothing_in(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    address = f"{shop.url}/hooks/{inbox['public_key']}"
    headers = {"x-hub-signature-256": "sha256=" + "0" * 64}
    async with shop.session.post(address, data=body, headers=headers) as answer:
        assert answer.status == 401
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "guessed"}
    async with shop.session.get(address, params=query) as answer:
        assert answer.status == 403
