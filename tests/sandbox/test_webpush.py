"""The push service of the sandbox: what it refuses, and that others' senders speak to it."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import jwt
import msgspec
import pytest
import pywebpush
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from sandbox.server import Running, Settings, run
from sandbox.webpush import PLATFORM, browser
from sandbox.world import Chat

VAPID = "3lTWCYFCbnZFkMMA8bUcT0Vw2xVjmsRVW4cJ7mk2rqw"
Json = dict[str, object]
TOLD = msgspec.json.encode({"id": "m1", "proof": "p", "title": "Лавка", "body": "Пуэр 🫖"})


@dataclass
class Shop:
    session: aiohttp.ClientSession
    running: Running
    person: str = ""

    @property
    def chat(self) -> Chat:
        _, world = self.running.sandbox.messengers["webpush"]
        (chat,) = world.accounts["tea"].chats.values()
        return chat

    async def control(self, path: str, body: object) -> Json:
        async with self.session.post(f"{self.running.url}/control{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return msgspec.json.decode(await answer.read() or b"{}", type=Json)

    async def act(self, name: str, **ask: object) -> None:
        await self.control(f"/webpush/accounts/tea/people/{self.person}/{name}", ask)

    def sealed(self, plain: bytes = TOLD) -> bytes:
        """Encrypt as another program does."""
        known = browser.subscription(self.chat)
        keys = {"p256dh": known["p256dh"], "auth": known["auth"]}
        pusher = pywebpush.WebPusher({"endpoint": known["endpoint"], "keys": keys})
        found = pusher.encode(plain, content_encoding="aes128gcm")
        assert found is not None
        return bytes(found["body"])

    def head(self, **claims: object) -> dict[str, str]:
        """Write the headers another program writes."""
        now = {"aud": self.running.url, "exp": int(time.time()) + 60, "sub": "mailto:a@tea.example"}
        signed = Vapid02.from_raw(VAPID.encode()).sign({**now, **claims})
        return {
            "Authorization": signed["Authorization"],
            "TTL": "60",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }

    async def push(self, body: bytes, headers: dict[str, str]) -> int:
        address = browser.endpoint(self.chat)
        async with self.session.post(address, data=body, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    quick = Settings(retry_scale=0.001, webhook_timeout_s=1)
    async with run(quick, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        made = Shop(session, running)
        wish = {"id": "tea", "title": "Лавка", "secrets": {"vapid_key": VAPID}}
        await made.control("/webpush/accounts", wish)
        person = await made.control("/people", {"first_name": "Вера"})
        made.person = str(person["id"])
        await made.act("start")
        yield made


async def test_another_programs_push_is_shown(shop: Shop) -> None:
    assert await shop.push(shop.sealed(), shop.head()) == 201
    (shown,) = shop.chat.messages.values()
    assert (shown.title, shown.text) == ("Лавка", "Пуэр 🫖")


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("TTL", "", 400), ("TTL", "-1", 400), ("TTL", "soon", 400),
        ("Content-Encoding", "aesgcm", 415), ("Content-Type", "application/json", 415),
        ("Urgency", "now", 400), ("Topic", "a" * 33, 400), ("Topic", "ч.а", 400),
        ("Authorization", "", 401), ("Authorization", "WebPush x", 401),
        ("Authorization", "vapid t=a.b.c, k=AAAA", 403),
    ],
)  # fmt: skip
async def test_a_head_out_of_order_is_refused(
    shop: Shop, name: str, value: str, status: int
) -> None:
    assert await shop.push(shop.sealed(), {**shop.head(), name: value}) == status
    assert not shop.chat.messages


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://fcm.googleapis.com"},
        {"exp": int(time.time()) + 90_000},
        {"sub": "mailto:a@tea.example", "exp": 1},
    ],
)
async def test_a_token_for_elsewhere_or_for_too_long_is_refused(
    shop: Shop, claims: dict[str, object]
) -> None:
    token = jwt.encode(
        {"aud": shop.running.url, "exp": int(time.time()) + 60, "sub": "mailto:a@x.example"}
        | claims,
        browser.private_key(browser.unb64(VAPID)),
        algorithm="ES256",
    )
    signed = f"vapid t={token}, k={browser.public_of(VAPID)}"
    assert await shop.push(shop.sealed(), {**shop.head(), "Authorization": signed}) == 403


async def test_a_signature_of_another_key_is_refused(shop: Shop) -> None:
    claims = {"aud": shop.running.url, "exp": int(time.time()) + 60, "sub": "mailto:a@x.example"}
    token = jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")
    signed = f"vapid t={token}, k={browser.public_of(VAPID)}"
    assert await shop.push(shop.sealed(), {**shop.head(), "Authorization": signed}) == 403


async def test_what_the_browser_cannot_open_is_told(shop: Shop) -> None:
    good = shop.sealed()
    for body in (b"", good[:-1], good[:50], good[:-1] + bytes((good[-1] ^ 1,)), b"\0" * 120):
        assert await shop.push(body, shop.head()) == 400
    assert await shop.push(shop.sealed(b"not json"), shop.head()) == 400


async def test_the_size_of_a_push_ends_at_the_byte(shop: Shop) -> None:
    filled = TOLD + b" " * (3993 - len(TOLD))
    assert await shop.push(shop.sealed(filled), shop.head()) == 201
    assert await shop.push(shop.sealed(filled + b" "), shop.head()) == 413


async def test_a_permission_taken_back_ends_the_endpoint(shop: Shop) -> None:
    body, head, address = shop.sealed(), shop.head(), browser.endpoint(shop.chat)
    await shop.act("block")
    async with shop.session.post(address, data=body, headers=head) as answer:
        assert answer.status == 410
    await shop.act("unblock")
    assert browser.endpoint(shop.chat) != address
    async with shop.session.post(address, data=body, headers=head) as answer:
        assert answer.status == 410
    async with shop.session.post(f"{address}9", data=body, headers=head) as answer:
        assert answer.status == 410
    nobody = f"{shop.running.url}/webpush/push/tea/9-0"
    async with shop.session.post(nobody, data=body, headers=head) as answer:
        assert answer.status == 404
    assert await shop.push(shop.sealed(), shop.head()) == 201
