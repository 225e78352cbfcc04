"""Files: what is known of their bytes, and what Telegram does not take."""

import struct
from io import BytesIO

import aiohttp
import pytest
from aiogram import Bot

from sandbox import samples
from sandbox.blobs import picture_size
from sandbox.telegram.files import MB
from tests.sandbox.conftest import TOKEN, Control

_LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * 9


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (samples.content("tea-cup.jpg"), (480, 360)),
        (samples.content("cup.webp"), (512, 512)),
        (_png(7, 9), (7, 9)),
        (b"GIF89a" + struct.pack("<HH", 5, 6) + b"\0", (5, 6)),
        (_LOSSLESS + struct.pack("<I", 99 | 49 << 14) + b"\0" * 9, (100, 50)),
        (b"\xff\xd8\xff\xe0\0\4ab", None),
        (b"RIFF\0\0\0\0WEBP", None),
        (b"plain text", None),
    ],
)  # fmt: skip
def test_pictures_tell_their_size(content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(content) == size


@pytest.mark.parametrize(
    ("method", "field", "content", "name", "text"),
    [
        ("sendPhoto", "photo", b"not a picture", "a.jpg", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", b"", "a.jpg", "file must be non-empty"),
        ("sendPhoto", "photo", _png(9000, 2000), "a.png", "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", _png(900, 10), "a.png", "PHOTO_INVALID_DIMENSIONS"),
        (
            "sendPhoto",
            "photo",
            _png(9, 9) + b"\0" * (10 * MB),
            "a.png",
            "file is too big for a photo",
        ),
        ("sendSticker", "sticker", b"x", "a.png", "wrong file type"),
        ("sendVoice", "audio", b"x", "a.ogg", "there is no voice in the request"),
    ],
)
async def test_wrong_files_are_refused(
    control: Control, method: str, field: str, content: bytes, name: str, text: str
) -> None:
    person = await control.person()
    form = aiohttp.FormData({"chat_id": str(person)})
    form.add_field(field, BytesIO(content), filename=name)
    address = f"{control.url}/telegram/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        assert answer.status == 400
        assert text in (await answer.json())["description"]


async def test_more_than_fifty_megabytes_are_too_large(control: Control) -> None:
    person = await control.person()
    form = aiohttp.FormData({"chat_id": str(person)})
    form.add_field("document", BytesIO(b"\0" * (50 * MB + 1)), filename="a.bin")
    address = f"{control.url}/telegram/bot{TOKEN}/sendDocument"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        assert await answer.json() == {
            "ok": False, "error_code": 413, "description": "Request Entity Too Large",
        }  # fmt: skip


async def test_what_is_too_big_to_download_says_so(control: Control) -> None:
    person = await control.person()
    form = aiohttp.FormData({"chat_id": str(person)})
    form.add_field("document", BytesIO(b"\0" * (20 * MB + 1)), filename="a.bin")
    address = f"{control.url}/telegram/bot{TOKEN}/sendDocument"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        file_id = (await answer.json())["result"]["document"]["file_id"]
    status, refused = await control.call("getFile", file_id=file_id)
    assert (status, refused["description"]) == (400, "Bad Request: file is too big")


async def test_a_kind_cannot_pass_for_another(bot: Bot, control: Control) -> None:
    person = await control.person()
    said = await control.act(person, "file", kind="voice")
    voice = said["voice"]
    assert isinstance(voice, dict)
    status, answer = await control.call("sendPhoto", chat_id=person, photo=voice["file_id"])
    assert (status, answer["description"]) == (
        400, "Bad Request: can't use file of type Voice as Photo",
    )  # fmt: skip
    assert (await bot.send_voice(person, voice["file_id"])).voice is not None


async def test_a_person_sends_a_file_of_their_own(bot: Bot, control: Control) -> None:
    person = await control.person()
    form = aiohttp.FormData({"kind": "document", "caption": "вот"}, quote_fields=False)
    form.add_field("file", b"a,b\n1,2\n", filename="таблица.csv", content_type="text/csv")
    address = f"{control.bot_url}/people/{person}/file"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        assert answer.status == 201, await answer.text()
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("таблица.csv", "text/csv")
    problem = await control.post(
        f"@/people/{person}/file", {"kind": "photo", "content": "aGk="}, status=409
    )
    assert "must be a PNG" in str(problem["detail"])
    shown = f"{control.bot_url}/files/{message.document.file_id}"
    async with aiohttp.ClientSession() as session, session.get(shown) as answer:
        assert await answer.read() == b"a,b\n1,2\n"
        assert answer.headers["Content-Security-Policy"] == "sandbox"
