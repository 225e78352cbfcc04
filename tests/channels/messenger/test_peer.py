"""A published client of Messenger against our emulator: what we play is what others speak."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import aiohttp
import msgspec
import pytest
from fbmessenger import BaseMessenger, MessengerClient
from fbmessenger.attachments import Image
from fbmessenger.quick_replies import QuickReplies, QuickReply

from otklik.ports.channel import ButtonPressed, ConsentReported
from sandbox.messenger import PLATFORM
from sandbox.server import Settings, run
from tests.channels.messenger.street import MetaLine, hooked

Told = Mapping[str, object]


class Shop(BaseMessenger):  # type: ignore[misc]  # carries no types
    """A page's program as its authors describe one: it remembers what it was told."""

    def __init__(self) -> None:
        super().__init__("EAAunused")
        self.heard: list[tuple[str, Told]] = []

    def _keep(self, kind: str) -> Callable[[Told], None]:
        return lambda told: self.heard.append((kind, told))

    def message(self, told: Told) -> None:
        self._keep("message")(told)

    def delivery(self, told: Told) -> None:
        self._keep("delivery")(told)

    def read(self, told: Told) -> None:
        self._keep("read")(told)

    def postback(self, told: Told) -> None:
        self._keep("postback")(told)

    def optin(self, told: Told) -> None:
        self._keep("optin")(told)

    def account_linking(self, told: Told) -> None:
        self._keep("account_linking")(told)


@pytest.fixture
async def line() -> AsyncIterator[MetaLine]:
    async with run(Settings(), (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        line = MetaLine("messenger", running.url, session)
        async with hooked(line):
            await line.open()
            line.keep_secret(app_secret=line.config.secrets["app_secret"].split()[1])
            await line.subscribe()
            yield line


@pytest.fixture
def client(line: MetaLine) -> MessengerClient:
    made = MessengerClient(line.config.secrets["token"], api_version="26.0")
    made.graph_url = f"{line.config.settings['api_base']}/v26.0"
    return made


async def test_its_texts_files_keys_and_actions_are_taken(
    line: MetaLine, client: MessengerClient
) -> None:
    to = await line.met()
    keys = QuickReplies([QuickReply(title="Беру", payload="buy:7")])
    text = {"text": "Берёте?", "quick_replies": keys.to_dict()}
    sent = await asyncio.to_thread(client.send, text, to)
    assert sent["recipient_id"] == to
    await line.act("tap", payload="buy:7")
    assert (await line.event(ButtonPressed)).label == "Беру"
    sample = f"{line.config.settings['api_base'].removesuffix('/messenger')}/control/samples"
    picture = Image(url=f"{sample}/tea-cup.jpg", is_reusable=True)
    kept = await asyncio.to_thread(client.upload_attachment, picture)
    again = Image(attachment_id=kept["attachment_id"])
    await asyncio.to_thread(client.send, again.to_dict(), to)
    assert (await line.phone())[-1]["kind"] == "picture"
    acted = await asyncio.to_thread(client.send_action, "typing_on", to)
    assert acted == {"recipient_id": to}
    who = await asyncio.to_thread(client.get_user_data, to)
    assert who["first_name"] == "Вера"


async def test_its_mistakes_are_refused_in_the_words_it_knows(
    line: MetaLine, client: MessengerClient
) -> None:
    to = await line.met()
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
    told = await asyncio.to_thread(client.send, {"text": "Ваш заказ"}, to, **tagged)
    assert told["error"]["code"] == 100
    told = await asyncio.to_thread(client.send, {"text": "а" * 2001}, to)
    assert told["error"]["code"] == 100
    client._auth_args = {"access_token": "EAAnobody"}
    told = await asyncio.to_thread(client.send, {"text": "Ау"}, to)
    assert (told["error"]["code"], told["error"]["type"]) == (190, "OAuthException")


async def test_it_reads_our_deliveries(line: MetaLine, client: MessengerClient) -> None:
    shop = Shop()
    to = await line.met()
    await asyncio.to_thread(client.send, {"text": "Есть"}, to)
    await line.act("read")
    await line.act("consent", purpose="marketing")
    await line.event(ConsentReported)
    for body in line.bodies:
        shop.handle(msgspec.json.decode(body))
    kinds = [kind for kind, _ in shop.heard]
    assert sorted(kinds) == ["delivery", "message", "message", "optin", "read"]
    assert shop.get_user_id() == to
