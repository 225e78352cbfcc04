"""Gathered traffic, where it lies beside the repository, takes the whole way into the store.

What the letters among it mean is held in tests/channels/email/test_samples.py.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from sqlalchemy import Connection, select

from otklik.channels import CHANNELS
from otklik.conversations.tables import messages
from otklik.events.api import Ledger
from otklik.inbound.tables import inbound_log, inbound_outcomes
from otklik.inboxes.api import Hands, InboxWish, create
from otklik.inboxes.types import Inbox
from otklik.kernel.text import storable
from otklik.ports.channel import Envelope, MessageReceived, Unknown
from sandbox.server import Running
from tests.channels.email.post import Post
from tests.channels.kit.declared import DECLARED
from tests.fixtures.house import Found, House, Json, opened, until
from tests.fixtures.store import Place

SAMPLES = Path(__file__).parents[2].parent / "shared" / "channels" / "samples"
HOOKED = sorted(
    name
    for name, channel in CHANNELS.items()
    if name in DECLARED and channel.connect is not None and channel.mail is None
)


class Rows(msgspec.Struct):
    """What a store holds: keys of the log with what became of them, and ids of messages."""

    fates: dict[tuple[str, str], tuple[str, str]]
    messages: set[tuple[str, str]]


@pytest.fixture
async def house(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    with patch("otklik.ingress.mailbox._ROUND_S", 0.3):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.mark.parametrize("name", HOOKED)
async def test_every_delivery_gathered_is_taken_and_applied_or_named(
    house: House, name: str
) -> None:
    inboxes: dict[str, Inbox] = {}
    for path in files(name, ".json"):
        body = path.read_bytes()
        told = msgspec.json.decode(body)
        place = whose(name, told)
        inbox = inboxes.get(place) or await opened_for(house, name, place)
        inboxes[place] = inbox
        if name == "vk":  # its proof is in the body
            proof = {"group_id": int(place), "secret": inbox.config.secrets["webhook_secret"]}
            body = msgspec.json.encode(told | proof)
        status, answer = await post(house, inbox, body)
        assert status == 200, (path.name, answer)
        if is_handshake(name, told):
            assert answer, path.name
            continue
        await arrived(house, path, inbox, without_secret(name, body))


async def test_every_letter_gathered_comes_out_of_its_mailbox(house: House) -> None:
    post_box = Post(house)
    await post_box.open()
    await post_box.connect()
    inbox = house.parts.registry.by_id(post_box.inbox["id"])
    assert inbox is not None
    letters = {path: path.read_bytes() for path in files("email", ".eml")}
    for letter in letters.values():
        await post_box.lay_in(letter)

    async def waiting() -> set[str]:
        found = await kept(house)
        keys = {key for inbox_id, key in found.fates if inbox_id == inbox.id}
        return {path.name for path, one in letters.items() if key_of("email", one) not in keys}

    await until(waiting, lambda left: not left, within_s=60)
    for path, letter in letters.items():
        await arrived(house, path, inbox, letter)


async def arrived(house: House, path: Path, inbox: Inbox, body: bytes) -> None:
    """Assert that a body is in the log, and that its messages are, or that it has a name."""
    channel = CHANNELS[inbox.channel]
    key = key_of(inbox.channel, body)
    found = await until(lambda: kept(house), lambda rows: (inbox.id, key) in rows.fates)
    outcome, word = found.fates[inbox.id, key]
    events = channel.parse(body if channel.ours is None else channel.ours(body, inbox.config))
    assert outcome in {"", "unknown"}, (path.name, outcome, word)
    if outcome:
        assert word, path.name
        assert all(isinstance(event, Unknown) for event in events), path.name
    # What a program wrote belongs to the letter it speaks of, and none of ours is here.
    said = {
        event.external_id
        for event in events
        if isinstance(event, MessageReceived) and not event.automatic
    }
    missing = {one for one in said if (inbox.id, one) not in found.messages}
    assert not missing, (path.name, missing)


def without_secret(name: str, body: bytes) -> bytes:
    kept_of = CHANNELS[name].kept
    return body if kept_of is None else kept_of(body)


def key_of(name: str, body: bytes) -> str:
    envelope = CHANNELS[name].envelope(body)
    assert isinstance(envelope, Envelope), envelope
    return storable(envelope.dedupe_key)


def files(name: str, suffix: str) -> list[Path]:
    """Give the gathered files of a channel; none where they were not gathered."""
    return sorted((SAMPLES / name).glob(f"*{suffix}"))


def whose(name: str, told: Json) -> str:
    """Tell whose delivery it is, where the platform tells it; one inbox is made for each."""
    if name == "vk":
        return str(told.get("group_id", 1))
    if name not in OWN:
        return ""
    (first, *_) = told["entry"]
    if name != "whatsapp":
        return str(first["id"])
    values: Iterable[Json] = (change["value"] for change in first["changes"])
    return next((one["metadata"]["phone_number_id"] for one in values if "metadata" in one), "1")


OWN: Mapping[str, str] = {
    "vk": "group_id",
    "whatsapp": "phone_number_id",
    "messenger": "page_id",
    "instagram": "account_id",
}
"""The setting that tells whose an inbox is."""


def is_handshake(name: str, told: Json) -> bool:
    return name == "vk" and told["type"] == "confirmation"


async def opened_for(house: House, name: str, place: str) -> Inbox:
    """Put an inbox of the channel into the store, with the invented credentials of the kit."""
    config = DECLARED[name].config
    own = {OWN[name]: place} if place else {}
    settings = {**config.settings, **own, "api_base": f"{house.phones.url}/{name}"}
    wish = InboxWish(name, name, settings, config.secrets)
    parts, account = house.parts, house.account_id

    def work(connection: Connection, ledger: Ledger) -> Inbox:
        return create(Hands(connection, ledger, parts.box, house.clock.now_ms()), account, wish)

    inbox = await parts.journal.write({account}, work)
    await parts.registry.reload()
    return inbox


async def post(house: House, inbox: Inbox, body: bytes) -> tuple[int, Found]:
    headers = DECLARED[inbox.channel].signed(body)
    address = f"{house.url}/hooks/{inbox.public_key}"
    return await house.api.ask("POST", address, data=body, headers=dict(headers))


async def kept(house: House) -> Rows:
    def look(connection: Connection) -> Rows:
        fates: dict[tuple[str, str], tuple[str, str]] = defaultdict(lambda: ("", ""))
        log, ends = inbound_log.c, inbound_outcomes.c
        joined = inbound_log.outerjoin(inbound_outcomes, log.position == ends.position)
        columns = (log.inbox_id, log.dedupe_key, ends.outcome, ends.name)
        for inbox_id, key, outcome, word in connection.execute(
            select(*columns).select_from(joined)
        ):
            fates[inbox_id, key] = (outcome or "", word or "")
        said = connection.execute(select(messages.c.inbox_id, messages.c.external_id))
        return Rows(dict(fates), {(inbox_id, one) for inbox_id, one in said})

    return await house.parts.database.read(look)
