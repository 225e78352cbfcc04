"""Messenger's server side refuses what Meta refuses, in its words."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from sandbox.messenger import PLATFORM
from sandbox.server import Settings, run
from tests.sandbox.meta_shop import APP_SECRET, MetaShop, code_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
BUTTON = {"type": "postback", "title": "Да", "payload": "yes"}
LINK = {"type": "web_url", "title": "Сайт", "url": "https://example.org"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shop() -> AsyncIterator[MetaShop]:
    settings = Settings(retry_scale=0.00001)
    async with run(settings, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        shop = MetaShop(session, running.url, "messenger")
        await shop.begin(**{"template:ready:ru": "Заказ {{1}} готов"})
        yield shop


def typed(**message: object) -> dict[str, object]:
    return {"messaging_type": "RESPONSE", "message": message}


def attached(kind: str, **payload: object) -> dict[str, object]:
    return typed(attachment={"type": kind, "payload": payload})


def keyed(*buttons: object, text: str = "?", kind: str = "button") -> dict[str, object]:
    return attached("template", template_type=kind, text=text, buttons=list(buttons))


def carded(*elements: object) -> dict[str, object]:
    return attached("template", template_type="generic", elements=list(elements))


def replied(*replies: object) -> dict[str, object]:
    return typed(text="?", quick_replies=list(replies))


REPLY = {"content_type": "text", "title": "Да", "payload": "yes"}
TAKEN: dict[str, dict[str, object]] = {
    "text": typed(text="а" * 2000),
    "thirteen": replied(*[REPLY] * 13),
    "phone": replied({"content_type": "user_phone_number"}),
    "buttons": keyed(BUTTON, LINK, BUTTON, text="а" * 640),
    "cards": carded(*[{"title": "а" * 80, "subtitle": "б" * 80, "buttons": [BUTTON] * 3}] * 10),
    "loud": {**typed(text="!"), "notification_type": "REGULAR"},
    "typing": {"sender_action": "typing_on"},
    "seen": {"sender_action": "mark_seen"},
    "utility": {"messaging_type": "UTILITY", "message": {"template": {
        "name": "ready", "language": {"code": "ru"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "17"}]}]}}},
}  # fmt: skip
REFUSED: dict[str, dict[str, object]] = {
    "no-type": {"message": {"text": "?"}},
    "type-of-yesterday": {"messaging_type": "NON_PROMOTIONAL", "message": {"text": "?"}},
    "tag-of-yesterday": {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE",
                         "message": {"text": "?"}},
    "tag-without-type": {**typed(text="?"), "tag": "HUMAN_AGENT"},
    "type-without-tag": {"messaging_type": "MESSAGE_TAG", "message": {"text": "?"}},
    "nothing": {"messaging_type": "RESPONSE"},
    "both": {**typed(text="?"), "sender_action": "typing_on"},
    "unknown-field": {**typed(text="?"), "colour": "red"},
    "unknown-in-message": typed(text="?", colour="red"),
    "number-for-text": typed(text=7),
    "empty": typed(text=" "),
    "long": typed(text="а" * 2001),
    "text-and-file": typed(text="?", attachment={"type": "image", "payload": {"url": "x"}}),
    "fourteen": replied(*[REPLY] * 14),
    "long-title": replied({**REPLY, "title": "а" * 21}),
    "long-payload": replied({**REPLY, "payload": "а" * 1001}),
    "no-payload": replied({"content_type": "text", "title": "Да"}),
    "place": replied({"content_type": "location"}),
    "named-phone": replied({"content_type": "user_phone_number", "title": "Т"}),
    "no-source": attached("image"),
    "two-sources": attached("image", url="https://example.org/a.jpg", attachment_id="1"),
    "unknown-attachment": attached("image", attachment_id="1"),
    "heart": typed(attachment={"type": "like_heart"}),
    "sticker": attached("sticker", sticker_id=1),
    "no-buttons": keyed(),
    "four-buttons": keyed(*[BUTTON] * 4),
    "long-text-above": keyed(BUTTON, text="а" * 641),
    "no-text-above": keyed(BUTTON, text=""),
    "other-template": keyed(BUTTON, kind="receipt"),
    "link-without-address": keyed({"type": "web_url", "title": "Сайт"}),
    "button-of-both": keyed({**BUTTON, "url": "https://example.org"}),
    "long-label": keyed({**BUTTON, "title": "а" * 21}),
    "eleven-cards": carded(*[{"title": "а", "subtitle": "б"}] * 11),
    "no-cards": carded(),
    "bare-card": carded({"title": "а"}),
    "long-card": carded({"title": "а" * 81, "subtitle": "б"}),
    "long-subtitle": carded({"title": "а", "subtitle": "б" * 81}),
    "four-keys": carded({"title": "а", "buttons": [BUTTON] * 4}),
    "unknown-template": {"messaging_type": "UTILITY", "message": {"template": {
        "name": "never", "language": {"code": "ru"}}}},
    "gaps-left": {"messaging_type": "UTILITY", "message": {"template": {
        "name": "ready", "language": {"code": "ru"}}}},
    "template-in-a-reply": typed(template={"name": "ready", "language": {"code": "ru"}}),
    "reply-to-nothing": {**typed(text="?"), "reply_to": {"mid": "m_none"}},
    "unknown-action": {"sender_action": "wave"},
    "typed-action": {"sender_action": "typing_on", "messaging_type": "RESPONSE"},
    "reaction-to-nothing": {"sender_action": "react"},
    "reaction-without-one": {"sender_action": "react", "payload": {"message_id": "m"}},
    "unreact-with-one": {"sender_action": "unreact", "payload": {"message_id": "m",
                                                                 "reaction": "love"}},
    "reaction-to-unknown": {"sender_action": "react", "payload": {"message_id": "m",
                                                                  "reaction": "love"}},
    "two-people": {**typed(text="?"), "recipient": {"id": "1", "user_ref": "2"}},
    "no-people": {**typed(text="?"), "recipient": {}},
    "no-comment": {**typed(text="?"), "recipient": {"comment_id": "1"}},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TAKEN))
async def test_what_meta_takes_is_taken(shop: MetaShop, name: str) -> None:
    assert await shop.code(**TAKEN[name]) == "taken"


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_what_meta_refuses_is_refused(shop: MetaShop, name: str) -> None:
    before = await shop.chat()
    assert await shop.code(**REFUSED[name]) == "100"
    assert await shop.chat() == before


async def test_nobody_else_is_written_to(shop: MetaShop) -> None:
    stranger = {**typed(text="?"), "recipient": {"id": "1"}}
    assert await shop.code(**stranger) == "100-2018001"


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://127.0.0.1:9/a.jpg", "100-2018008"), ("{}/control/samples/price.pdf", "100-2018047")],
)
async def test_files_are_fetched_and_looked_at(shop: MetaShop, address: str, code: str) -> None:
    assert await shop.code(**attached("image", url=address.format(shop.url))) == code


async def test_other_nodes_versions_and_tokens_are_refused(shop: MetaShop) -> None:
    text = {"recipient": {"id": shop.to}, **typed(text="?")}
    assert code_of(await shop.call("v26.0/776/messages", text)) == "100-33"
    assert code_of(await shop.call("v26.0/777/messages", text)) == "taken"
    assert code_of(await shop.call("latest/me/messages", text)) == "2635"
    assert code_of(await shop.call("v26.0/me/messages", text, token="EAAother")) == "190-460"
    assert code_of(await shop.call("v26.0/me/messages", text, token=f"99|{APP_SECRET}")) == "200"


async def test_a_webhook_is_set_by_the_app_and_answers_the_challenge(shop: MetaShop) -> None:
    wish = {"object": "page", "callback_url": f"{shop.url}/nowhere", "verify_token": "v",
            "fields": "messages"}  # fmt: skip
    app, path = f"99|{APP_SECRET}", "v26.0/99/subscriptions"
    assert code_of(await shop.call(path, wish, token=app)) == "2200"
    assert code_of(await shop.call(path, wish)) == "190-460"
    assert code_of(await shop.call("v26.0/98/subscriptions", wish, token=app)) == "100-33"
    assert code_of(await shop.call(path, {**wish, "object": "user"}, token=app)) == "100"
    assert code_of(await shop.call(path, {**wish, "fields": "messaging_seen"}, token=app)) == "100"


async def test_only_known_fields_are_subscribed(shop: MetaShop) -> None:
    path = "v26.0/me/subscribed_apps"
    assert code_of(await shop.call(path, {})) == "100"
    assert code_of(await shop.call(path, {"subscribed_fields": "messages,moods"})) == "100"
    assert code_of(await shop.call(path, {"subscribed_fields": ["messages"]})) == "taken"


async def test_a_profile_is_set_and_shown(shop: MetaShop) -> None:
    path = "v26.0/me/messenger_profile"
    assert code_of(await shop.call(path, {"colour": "red"})) == "100"
    await shop.call(path, {"get_started": {"payload": "GO"}})
    _, told = await shop.call(f"{path}?fields=get_started,greeting", method="GET")
    assert told == {"data": [{"get_started": {"payload": "GO"}}]}


async def test_only_what_was_asked_for_is_told(shop: MetaShop) -> None:
    _, told = await shop.call("v26.0/me?fields=name", method="GET")
    assert sorted(told) == ["id", "name"]
    _, told = await shop.call(f"v26.0/{shop.to}?fields=first_name", method="GET")
    assert told == {"id": shop.to, "first_name": "Ира"}
    assert code_of(await shop.call("v26.0/1?fields=first_name", method="GET")) == "100-33"


async def test_limits_are_kept_when_they_are_switched_on(shop: MetaShop) -> None:
    await shop.order("/777/limits", {"on": True, "rates": {"chat": {"per_second": 0.001}}})
    codes = [await shop.code(**typed(text="?")) for _ in range(3)]
    assert codes == ["taken", "613", "613"]
    await shop.order("/777/limits", {"on": False})


async def test_the_window_closes_after_a_day_and_for_people_after_a_week(shop: MetaShop) -> None:
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "?"}}
    await shop.act("age", seconds=86_500)
    assert await shop.code(**typed(text="?")) == "10-2018278"
    assert await shop.code(**human) == "taken"
    await shop.act("age", seconds=6 * 86_400)
    assert await shop.code(**human) == "10-2018278"
    assert await shop.code(**TAKEN["utility"]) == "taken"
    await shop.act("text", text="Я тут")
    assert await shop.code(**typed(text="?")) == "taken"


async def test_a_blocked_page_reaches_nobody_and_is_told_why(shop: MetaShop) -> None:
    await shop.act("block")
    assert await shop.code(**typed(text="?")) == "551-1545041"
    await shop.act("unblock")
    await shop.act("restrict", granted=False)
    assert await shop.code(**typed(text="?")) == "10-1893063"
    await shop.act("restrict", granted=True)
    assert await shop.code(**typed(text="?")) == "taken"


async def test_a_file_of_a_message_needs_no_token_and_no_other_opens(shop: MetaShop) -> None:
    said = await shop.act("picture")
    (picture,) = msgspec.convert(said["files"], list[dict[str, object]])
    address = f"{shop.url}/messenger/cdn/777"
    async with shop.session.get(f"{address}/{picture['id']}/a.jpg") as answer:
        assert answer.status == 200
    async with shop.session.get(f"{address}/guessed/a.jpg") as answer:
        assert answer.status == 403
