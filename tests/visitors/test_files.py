"""Files of visitors: uploaded, sent, opened by their address, and refused."""

import asyncio
import struct
import zlib

import aiohttp
import pytest

from otklik.kernel.ids import new_id
from tests.visitors.device import Device
from tests.visitors.shop import Shop


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        checked = name + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\0" + b"\x40\x80\x70" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture
def device(shop: Shop, http: aiohttp.ClientSession) -> Device:
    return Device(http, shop.base)


async def test_a_picture_is_sent_shown_and_opened_by_its_address(
    shop: Shop, device: Device
) -> None:
    await device.enter()
    status, stored = await device.upload("чайник.png", png(), "image/png")
    assert (status, stored["kind"], stored["width"], stored["height"]) == (201, "picture", 4, 3)
    async with device.live() as ear:
        send = {"kind": "file", "text": "Вот он", "file_ids": [stored["file_id"]]}
        assert (await device.post(**send))[0] == 202
        (message,) = await ear.created(1)
    assert (message["kind"], message["text"]) == ("picture", "Вот он")
    (attachment,) = message["attachments"]
    async with device.http.get(shop.url + attachment["url"]) as answer:
        assert await answer.read() == png()
        assert answer.content_type == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    part = {"Range": "bytes=1-3"}
    async with device.http.get(shop.url + attachment["url"], headers=part) as answer:
        assert (answer.status, await answer.read()) == (206, b"PNG")


async def test_an_address_opens_one_file_for_one_reader(shop: Shop, device: Device) -> None:
    await device.enter()
    _, one = await device.upload("a.png", png(), "image/png")
    _, other = await device.upload("b.png", png(5, 5), "image/png")
    signed = one["url"].partition("?")[2]
    forged = (
        one["url"].replace(one["file_id"], other["file_id"]),
        one["url"].replace("sig=", "sig=A"),
        one["url"].replace("for=", f"for={new_id()}"),
        one["url"].replace("expires=", "expires=9"),
        one["url"].partition("?")[0],
        f"/widget/v1/{shop.inbox['public_key']}/files/..%2F..%2Fotklik.db?{signed}",
    )
    for address in forged:
        async with device.http.get(shop.url + address) as answer:
            assert answer.status == 404, address
    async with device.http.get(shop.url + one["url"]) as answer:
        assert answer.status == 200


async def test_nobody_sends_the_files_of_somebody_else(
    shop: Shop, http: aiohttp.ClientSession, device: Device
) -> None:
    await device.enter()
    _, stored = await device.upload("a.png", png(), "image/png")
    thief = Device(http, shop.base)
    await thief.enter()
    send = {"kind": "file", "file_ids": [stored["file_id"]]}
    assert (await thief.post(**send))[0] == 404
    assert (await device.post(**send))[0] == 202


async def test_a_sticker_is_shown_as_one(device: Device) -> None:
    await device.enter()
    webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
    _, stored = await device.upload("joy.webp", webp, "image/webp")
    async with device.live() as ear:
        sent = await device.post(kind="sticker", file_ids=[stored["file_id"]])
        assert sent[0] == 202
        (message,) = await ear.created(1)
    assert message["kind"] == "sticker"
    assert message["attachments"][0]["format"] == "webp"


async def test_what_pretends_to_be_something_else_is_refused(device: Device) -> None:
    await device.enter()
    for name, body, mime in (
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("a.html", b"<script>alert(1)</script>", "text/html"),
        ("a.jpg", b"MZ\x90\0", "image/jpeg"),
    ):
        status, problem = await device.upload(name, body, mime)
        assert (status, problem["field"]) == (422, "file"), name
        assert problem["detail"].endswith("заново.")


async def test_a_file_too_large_is_refused(device: Device) -> None:
    await device.enter()
    large = png() + b"\0" * (20 * 1_048_576)
    try:
        status, _ = await device.upload("a.png", large, "image/png")
    except aiohttp.ClientError:
        return  # the server answered and closed before it had read everything
    assert status == 413


async def test_without_a_token_nothing_is_stored(shop: Shop, device: Device) -> None:
    assert (await device.upload("a.png", png(), "image/png"))[0] == 401
    folder = shop.folder / "files"
    stored = await asyncio.to_thread(lambda: [one for one in folder.rglob("*") if one.is_file()])
    assert stored == []
