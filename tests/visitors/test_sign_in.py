"""A stranger signs in: what they wrote becomes theirs, and nobody else sees any of it."""

import aiohttp
import jwt
import pytest
from sqlalchemy import select

from otklik.contacts.tables import contacts, identities
from tests.visitors.device import Device
from tests.visitors.shop import SECRET, Shop


@pytest.fixture
def device(shop: Shop, http: aiohttp.ClientSession) -> Device:
    return Device(http, shop.base)


def proof(shop: Shop, subject: str, **claims: object) -> str:
    now = shop.parts.clock.now_ms() // 1000
    return jwt.encode(
        {"sub": subject, "iat": now, "exp": now + 600, **claims}, SECRET, algorithm="HS256"
    )


async def said(device: Device, text: str) -> None:
    """Write, and wait until it is in the timeline."""
    async with device.live() as ear:
        await device.say(text)
        await ear.created(1)


async def people(shop: Shop) -> int:
    standing = select(contacts.c.id).where(contacts.c.merged_into.is_(None))
    return len(await shop.parts.database.read(lambda c: c.execute(standing).all()))


async def test_who_signs_in_keeps_what_they_wrote(shop: Shop, device: Device) -> None:
    await device.enter()
    await said(device, "Где мой заказ?")
    stranger = device.token
    session = await device.enter(identity=proof(shop, "501", name="Вера"), token=stranger)
    assert [message["text"] for message in session["messages"]] == ["Где мой заказ?"]
    assert session["contact"] == {"name": "Вера"}
    await said(device, "Номер 48")
    assert await device.texts() == ["Где мой заказ?", "Номер 48"]
    assert await people(shop) == 1
    assert len(await shop.conversations()) == 1
    await shop.answer("Завтра привезём")
    assert (await device.texts())[-1] == "Завтра привезём"


async def test_after_signing_out_the_browser_is_a_new_stranger(
    shop: Shop, device: Device, http: aiohttp.ClientSession
) -> None:
    await device.enter()
    await said(device, "Где мой заказ?")
    stranger = device.token
    await device.enter(identity=proof(shop, "501"), token=stranger)
    next_one = Device(http, shop.base)
    session = await next_one.enter(token=stranger)
    assert (session["messages"], session["token"] != stranger) == ([], True)


async def test_another_login_in_the_same_browser_gets_nothing(
    shop: Shop, device: Device, http: aiohttp.ClientSession
) -> None:
    await device.enter()
    await said(device, "Секрет первого")
    stranger = device.token
    await device.enter(identity=proof(shop, "501"), token=stranger)
    second = Device(http, shop.base)
    session = await second.enter(identity=proof(shop, "502"), token=stranger)
    assert session["messages"] == []
    await said(second, "Я второй")
    assert await second.texts() == ["Я второй"]
    assert await device.texts() == ["Секрет первого"]


async def test_a_login_before_the_first_word_counts_as_well(
    shop: Shop, device: Device, http: aiohttp.ClientSession
) -> None:
    await device.enter()
    signed = Device(http, shop.base)
    await signed.enter(identity=proof(shop, "501"), token=device.token)
    await device.say("Сообщение было в пути")
    await said(signed, "Я вошла")
    assert sorted(await signed.texts()) == ["Сообщение было в пути", "Я вошла"]
    assert await people(shop) == 1


async def test_visitors_an_operator_made_one_still_see_only_their_own(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    one, other = Device(http, shop.base), Device(http, shop.base)
    await one.enter()
    await other.enter()
    await said(one, "Моё")
    await said(other, "Чужое")
    found = select(identities.c.contact_id)
    ids = await shop.parts.database.read(lambda c: list(c.execute(found).scalars()))
    async with one.live() as first, other.live() as second:
        await shop.api("POST", f"/contacts/{ids[0]}/merge", {"contact_id": ids[1]})
        assert await one.texts() == ["Моё"]
        assert await other.texts() == ["Чужое"]
        await one.say("Ещё моё")
        await other.say("Ещё чужое")
        assert [message["text"] for message in await first.created(1)] == ["Ещё моё"]
        assert [message["text"] for message in await second.created(1)] == ["Ещё чужое"]
