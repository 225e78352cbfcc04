"""Who a visitor is, and who they are not, on both databases."""

import aiohttp
import jwt
import pytest
from sqlalchemy import Connection, select

from otklik.contacts.tables import contacts
from tests.visitors.device import Device
from tests.visitors.shop import SECRET, Shop
from tests.visitors.test_protocol import count


@pytest.fixture
def device(shop: Shop, http: aiohttp.ClientSession) -> Device:
    return Device(http, shop.base)


def proof(shop: Shop, subject: str, **claims: object) -> str:
    now = shop.parts.clock.now_ms() // 1000
    return jwt.encode(
        {"sub": subject, "iat": now, "exp": now + 600, **claims}, SECRET, algorithm="HS256"
    )


async def test_a_signed_in_person_is_one_contact_on_every_device(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    phone, laptop = Device(http, shop.base), Device(http, shop.base)
    await phone.enter(identity=proof(shop, "501", name="Вера", email="vera@tea.example"))
    await laptop.enter(identity=proof(shop, "501", name="Вера", email="vera@tea.example"))
    async with phone.live() as ear:
        await laptop.say("С ноутбука")
        assert [one["text"] for one in await ear.created(1)] == ["С ноутбука"]
    assert (await phone.enter())["contact"] == {"name": "Вера"}

    def stored(connection: Connection) -> tuple[str, str]:
        row = connection.execute(select(contacts.c.email, contacts.c.email_evidence)).one()
        return (row[0], row[1])

    assert await shop.parts.database.read(stored) == ("vera@tea.example", "signed")


async def test_a_typed_address_is_a_claim(shop: Shop, device: Device) -> None:
    await device.enter()
    async with device.live() as ear:
        await device.say("Я Олег", name="Олег", email="oleg@tea.example")
        await ear.created(1)

    def stored(connection: Connection) -> str:
        return str(connection.execute(select(contacts.c.email_evidence)).scalar())

    assert await shop.parts.database.read(stored) == "claimed"


async def test_visitors_do_not_see_one_another(shop: Shop, http: aiohttp.ClientSession) -> None:
    one, other = Device(http, shop.base), Device(http, shop.base)
    await one.enter()
    await other.enter()
    async with one.live() as ear:
        await one.say("Моё")
        await ear.created(1)
        assert await other.texts() == []
        async with other.live(since=1) as foreign:
            await other.say("Чужое")
            assert [message["text"] for message in await foreign.created(1)] == ["Чужое"]
        assert await one.texts() == ["Моё"]


async def test_without_a_good_token_nothing_is_told(device: Device) -> None:
    for token in ("", "v1.guess", "s1.a.b", "Bearer"):
        device.token = token
        status, problem = await device.post(text="впустите")
        assert (status, problem["code"]) == (401, "not_signed_in")
        async with device.http.get(f"{device.base}/messages", headers=device.headers) as answer:
            assert answer.status == 401


async def test_a_ticket_opens_one_socket(shop: Shop, device: Device) -> None:
    session = await device.enter()
    address = f"{device.base}/live?ticket={session['ticket']}"
    async with device.http.ws_connect(address):
        pass
    for spent in (address, f"{device.base}/live", f"{device.base}/live?ticket=guess"):
        async with device.http.ws_connect(spent) as socket:
            await socket.receive()
            assert socket.close_code == 4401
    assert await count(shop, contacts) == 0


async def test_an_unknown_inbox_is_nowhere(shop: Shop, http: aiohttp.ClientSession) -> None:
    base = f"{shop.url}/widget/v1/nobody"
    async with http.get(f"{base}/settings") as answer:
        assert answer.status == 404
    async with http.ws_connect(f"{base}/live?ticket=x") as socket:
        await socket.receive()
        assert socket.close_code == 4403


async def test_a_list_of_sites_is_kept(shop: Shop, device: Device) -> None:
    await shop.set_up(allowed_origins="https://tea.example")
    for origin, status in (("https://evil.example", 403), ("https://tea.example", 200)):
        headers = {"Origin": origin}
        async with device.http.post(f"{shop.base}/session", json={}, headers=headers) as answer:
            assert answer.status == status
    session = await device.enter()
    async with device.http.ws_connect(
        f"{device.base}/live?ticket={session['ticket']}", headers={"Origin": "https://evil.example"}
    ) as socket:
        await socket.receive()
        assert socket.close_code == 4403
    async with device.http.get(f"{shop.url}/widget/frame/{shop.inbox['public_key']}") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://tea.example")
