"""The client of mail servers, against real ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default

import pytest
from msgspec.structs import replace

from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.http_outcomes import AnswerLost, Forbidden, NotConnected
from otklik.platform.mail_client import MailClient
from otklik.ports.channel import Answer, FilePart, Letter, MailboxCheck, MailServer
from sandbox.email.office import HOST, Office

LOCAL = AddressPolicy(parse_vouched(HOST))
CONTENT = b"From: a@shop.example\r\nTo: b@mail.example\r\nSubject: Tea\r\n\r\nIs there any?\r\n"


class Shop:
    """The residents of a post office that has one mailbox; it keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = "250 2.0.0 taken"
        self.refusal = ""

    def password(self, login: str) -> str:
        return "right" if login == "a@shop.example" else ""

    def why_not(self, _sender: str, _recipient: str) -> str:
        return self.refusal

    async def take(self, _sender: str, content: bytes) -> str:
        self.taken.append(content)
        return self.answer


@asynccontextmanager
async def serving(shop: Shop) -> AsyncIterator[tuple[MailClient, Office]]:
    office, client = Office(shop), MailClient(LOCAL)
    async with office.open():
        try:
            yield client, office
        finally:
            await client.close()


def server(port: int, password: str = "right") -> MailServer:
    return MailServer(HOST, port, "none", "a@shop.example", password)


def letter(office: Office, password: str = "right") -> Letter:
    return Letter(
        server(office.smtp_port, password), "a@shop.example", ("b@mail.example",), CONTENT
    )


async def test_a_letter_is_taken_and_the_next_needs_no_new_login() -> None:
    shop = Shop()
    async with serving(shop) as (client, office):
        for _ in range(2):
            answer = await client.perform(letter(office))
            assert isinstance(answer, Answer)
            assert answer.status == 250
    assert len(shop.taken) == 2
    assert b"Is there any?" in shop.taken[0]


@pytest.mark.parametrize(("refusal", "status"), [
    ("550 5.1.1 user unknown", 550), ("450 4.7.1 too fast", 450),
])  # fmt: skip
async def test_a_refused_recipient_keeps_the_code_the_words_and_the_stage(
    refusal: str, status: int
) -> None:
    shop = Shop()
    shop.refusal = refusal
    async with serving(shop) as (client, office):
        answer = await client.perform(letter(office))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["stage"]) == (status, "RCPT")
    assert refusal[4:] in answer.body.decode()
    assert not shop.taken


async def test_words_in_an_old_charset_are_a_refusal_like_any_other() -> None:
    told = "550 5.1.1 нет такого ящика\r\n".encode("koi8-r")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            writer.write(told if line.upper().startswith(b"RCPT") else b"250 yes\r\n")
        writer.close()

    listening = await asyncio.start_server(answer, HOST, 0)
    async with listening:
        client = MailClient(LOCAL)
        port = listening.sockets[0].getsockname()[1]
        content = Letter(server(port), "a@shop.example", ("b@mail.example",), CONTENT)
        outcome = await client.perform(content)
        await client.close()
    assert isinstance(outcome, Answer)
    assert outcome.status == 550
    assert "нет такого ящика" in outcome.body.decode("koi8-r")


async def test_a_line_that_breaks_after_the_letter_leaves_its_fate_open() -> None:
    shop = Shop()
    shop.answer = ""
    async with serving(shop) as (client, office):
        outcome = await client.perform(letter(office))
    assert isinstance(outcome, AnswerLost)
    assert len(shop.taken) == 1


async def test_stored_files_are_attached_and_long_ids_stay_as_they_are() -> None:
    shop = Shop()
    long_id = f"<{'x' * 120}@mail.example>"

    class Stored:
        size = 3

        async def chunks(self) -> AsyncIterator[bytes]:
            yield b"tea"

    async def open_file(_file_id: str) -> Stored:
        return Stored()

    async with serving(shop) as (client, office):
        content = f"In-Reply-To: {long_id}\r\n".encode() + CONTENT
        part = FilePart("file0", "f1", "счёт.pdf", "application/pdf")
        sent = replace(letter(office), content=content, files=(part,))
        answer = await client.perform(sent, open_file)
    assert isinstance(answer, Answer)
    assert f"In-Reply-To: {long_id}".encode() in shop.taken[0]
    read = message_from_bytes(shop.taken[0], policy=default)
    (attached,) = [one for one in read.walk() if one.get_filename()]
    assert (attached.get_filename(), attached.get_content_type()) == ("счёт.pdf", "application/pdf")


@pytest.mark.parametrize("wrong", ["incoming", "outgoing", ""])
async def test_a_mailbox_is_tried_on_both_sides(wrong: str) -> None:
    async with serving(Shop()) as (client, office):
        check = MailboxCheck(server(office.imap_port), server(office.smtp_port))
        if wrong:
            port = office.imap_port if wrong == "incoming" else office.smtp_port
            check = replace(check, **{wrong: server(port, "wrong")})
        answer = await client.perform(check)
    assert isinstance(answer, Answer)
    assert answer.status == (535 if wrong else 250)


async def test_an_address_inside_the_network_is_refused_unless_vouched_for() -> None:
    async with serving(Shop()) as (_, office):
        stranger = MailClient(AddressPolicy())
        assert isinstance(await stranger.perform(letter(office)), Forbidden)
        check = MailboxCheck(server(office.imap_port), server(office.smtp_port))
        assert isinstance(await stranger.perform(check), Forbidden)


async def test_nobody_there_means_nothing_was_sent() -> None:
    client = MailClient(LOCAL)
    nobody = Letter(server(1), "a@shop.example", ("b@mail.example",), CONTENT)
    assert isinstance(await client.perform(nobody), NotConnected)
