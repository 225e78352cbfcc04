"""A business's own app against a whole installation: the visitor protocol under the app's name."""

import aiohttp
import jwt
import pytest

from tests.visitors.device import Device, Json
from tests.visitors.shop import Shop

SECRET = "an-invented-secret-of-the-server-of-an-app"
VERA = {"name": "Вера", "email": "vera@tea.example", "phone": "+79990000001"}


@pytest.fixture
async def inbox(shop: Shop) -> Json:
    wish = {
        "channel": "app",
        "title": "Чайный мост · приложение",
        "settings": {"greeting": "Добрый день!", "allowed_origins": "https://app.tea.example"},
        "secrets": {"identity_secret": SECRET},
    }
    return await shop.api("POST", "/inboxes", wish)


@pytest.fixture
def phone(shop: Shop, inbox: Json, http: aiohttp.ClientSession) -> Device:
    return Device(http, address(shop, inbox))


def address(shop: Shop, inbox: Json) -> str:
    return f"{shop.url}/app/v1/{inbox['public_key']}"


def proof(shop: Shop, subject: str, **claims: object) -> str:
    now = shop.parts.clock.now_ms() // 1000
    return jwt.encode({"sub": subject, "iat": now, "exp": now + 600, **claims}, SECRET)


async def test_a_signed_person_writes_and_hears_the_answer(shop: Shop, phone: Device) -> None:
    session = await phone.enter(identity=proof(shop, "501", **VERA))
    assert session["contact"] == {"name": "Вера"}
    async with phone.live() as ear:
        await phone.say("Где мой заказ?")
        (own,) = await ear.created(1)
        assert (own["from"], own["text"]) == ("contact", "Где мой заказ?")
        await shop.answer("Завтра привезём")
        (answer,) = await ear.created(1)
    assert (answer["from"], answer["text"]) == ("operator", "Завтра привезём")
    (row,) = await shop.conversations()
    assert (row["channel"], row["contact_name"]) == ("app", "Вера")


async def test_the_same_person_on_another_phone_finds_the_same_conversation(
    shop: Shop, phone: Device, inbox: Json, http: aiohttp.ClientSession
) -> None:
    await phone.enter(identity=proof(shop, "501", **VERA))
    async with phone.live() as ear:
        await phone.say("Где мой заказ?")
        await ear.created(1)
    tablet = Device(http, address(shop, inbox))
    session = await tablet.enter(identity=proof(shop, "501", **VERA))
    assert [one["text"] for one in session["messages"]] == ["Где мой заказ?"]


async def test_what_a_stranger_wrote_is_theirs_after_they_sign_in(
    shop: Shop, phone: Device
) -> None:
    await phone.enter()
    async with phone.live() as ear:
        await phone.say("Есть молочный улун?")
        await ear.created(1)
    session = await phone.enter(token=phone.token, identity=proof(shop, "501", **VERA))
    assert [one["text"] for one in session["messages"]] == ["Есть молочный улун?"]


async def test_a_file_is_addressed_under_the_name_of_the_channel(
    shop: Shop, phone: Device, inbox: Json
) -> None:
    await phone.enter(identity=proof(shop, "501"))
    status, made = await phone.upload("bill.txt", b"tea, 3 kg", "text/plain")
    assert status == 201
    assert made["url"].startswith(f"/app/v1/{inbox['public_key']}/files/")
    async with phone.live() as ear:
        await phone.say("", kind="file", file_ids=[made["file_id"]])
        (own,) = await ear.created(1)
    async with phone.http.get(shop.url + own["attachments"][0]["url"]) as answer:
        assert (answer.status, await answer.read()) == (200, b"tea, 3 kg")


async def test_a_repeated_client_id_is_one_message(shop: Shop, phone: Device) -> None:
    await phone.enter(identity=proof(shop, "501"))
    async with phone.live() as ear:
        for _ in range(3):
            await phone.say("один раз", client_id="c-1")
        await phone.say("и ещё")
        assert [one["text"] for one in await ear.created(2)] == ["один раз", "и ещё"]


async def test_an_identity_signed_with_another_secret_is_refused(shop: Shop, phone: Device) -> None:
    forged = jwt.encode(jwt.decode(proof(shop, "501"), SECRET, ["HS256"]), "f" * 32)
    async with phone.http.post(f"{phone.base}/session", json={"identity": forged}) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "identity_refused"


@pytest.mark.parametrize(
    ("origin", "status"),
    [("", 200), ("https://app.tea.example", 200), ("https://other.example", 403)],
)
async def test_a_phone_is_let_in_and_of_pages_only_the_allowed(
    phone: Device, origin: str, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    async with phone.http.get(f"{phone.base}/settings", headers=headers) as answer:
        assert answer.status == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_page_of_any_site_may_ask_beforehand(phone: Device) -> None:
    async with phone.http.options(f"{phone.base}/messages") as answer:
        assert answer.status == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


async def test_a_messenger_has_no_visitors(shop: Shop, phone: Device) -> None:
    async with phone.http.get(f"{shop.url}/telegram/v1/{shop.inbox['public_key']}/settings") as no:
        assert no.content_type != "application/json"


async def test_the_panel_of_the_site_chat_is_not_for_apps(
    shop: Shop, inbox: Json, phone: Device
) -> None:
    async with phone.http.get(f"{shop.url}/widget/frame/{inbox['public_key']}") as answer:
        assert answer.status == 404
