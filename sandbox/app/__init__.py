"""The shop's own app on the phones: it speaks the visitor protocol to the real server."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import msgspec

from sandbox.app.phone import Phone
from sandbox.courier import Parcel
from sandbox.happenings import Happening, Pressed, Read, Said, Typed
from sandbox.message import Message
from sandbox.orders import ActError, NewAccount
from sandbox.platform import Platform, plain_account
from sandbox.world import Account, Chat, World

_Tasks = set["asyncio.Task[None]"]
_RUNNING: "WeakKeyDictionary[World, _Tasks]" = WeakKeyDictionary()


@dataclass
class App(Account):
    """The shop's app; what a person does in it goes out from a phone of their own."""

    address: str = ""
    """Of the inbox: `https://HOST/app/v1/KEY`."""
    phones: dict[str, Phone] = field(default_factory=dict, repr=False)
    tasks: _Tasks = field(default_factory=set, repr=False)

    def push(self, parcel: Parcel) -> None:
        """Let the person's phone say it to the server."""
        self.events.add(parcel.kind, parcel.body)
        phone = self.phones.get(parcel.chat)
        if phone is None:
            if not self.address:
                raise ActError("The app does not know its server yet: order its webhook.")
            phone = self.phones[parcel.chat] = Phone(self.chats[parcel.chat], self.address)
            self.tasks.add(asyncio.create_task(phone.run()))
        phone.waiting.put_nowait(parcel)


def _new_account(world: World, ask: NewAccount) -> App:
    plain = plain_account(world, ask)
    invented = {"identity_secret": secrets.token_urlsafe(32)}
    return App(
        id=plain.id,
        token=plain.token,
        title=plain.title,
        username=plain.username,
        secrets=invented | plain.secrets,
        settings=plain.settings,
        shared=plain.shared,
        platform_id=plain.platform_id,
        tasks=_RUNNING.setdefault(world, set()),
    )


async def _paste(account: Account, url: str, _verify_token: str) -> None:
    """Build the app with this server and key."""
    if not isinstance(account, App) or "/app/v1/" not in url:
        raise ActError("An app wants the address of its inbox: https://HOST/app/v1/KEY.")
    account.address = url


@asynccontextmanager
async def _alongside(world: World) -> AsyncIterator[None]:
    """Switch every phone off at the end."""
    running = _RUNNING.setdefault(world, set())
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _tell(_chat: Chat, happening: Happening) -> Iterator[Parcel]:
    match happening:
        case Said(message):
            yield _parcel("send", {"client_id": message.id, **_said(message)})
        case Pressed(button, press_id, message) if message is not None:
            press = {"message_id": message.id, "payload": button.payload, "label": button.text}
            yield _parcel("send", {"client_id": press_id, "kind": "press", "press": press})
        case Read(up_to):
            yield _parcel("seen", {"kind": "seen", "message_id": up_to.id})
        case Typed():
            yield _parcel("typing", {"kind": "typing"})
        case _:
            return


def _said(message: Message) -> dict[str, object]:
    told: dict[str, object] = {"text": message.text, "reply_to_id": message.reply_to}
    if message.place is not None:
        return told | {"kind": "location", "location": msgspec.to_builtins(message.place)}
    if message.files:
        kind = "sticker" if message.kind == "sticker" else "file"
        return told | {"kind": kind, "file_ids": [one.id for one in message.files]}
    return told


def _parcel(kind: str, body: dict[str, object]) -> Parcel:
    return Parcel(body=msgspec.json.encode(body), kind=kind)


def _message_id(_chat: Chat) -> str:
    return secrets.token_hex(12)


PLATFORM = Platform(
    id="app",
    title="App",
    routes=(),
    find=lambda _call: None,
    tell=_tell,
    acts=(
        "text", "picture", "video", "voice", "audio", "file", "sticker", "album", "location",
        "press", "read", "typing",
    ),
    new_account=_new_account,
    message_id=_message_id,
    longest_text=4000,
    paste=_paste,
    alongside=_alongside,
)  # fmt: skip
