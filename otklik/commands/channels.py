"""Commands about inboxes and what their messengers deliver."""

import argparse
import sys

import msgspec

from otklik.accounts import api as accounts
from otklik.app import switchboard
from otklik.channels import CHANNELS
from otklik.inboxes.http import NewInbox, connect
from otklik.kernel.errors import InvalidError, SetupError
from otklik.parts import assembled
from otklik.platform.settings import Settings
from otklik.ports.channel import Channel, Malformed, Unknown


async def add_channel(settings: Settings, words: argparse.Namespace) -> int:
    """Connect an inbox after trying its token."""
    token = sys.stdin.readline().strip() if words.token == "-" else words.token  # noqa: S105
    wish = NewInbox(
        channel=words.channel,
        title=words.title,
        settings={"api_base": words.api_base} if words.api_base else {},
        secrets={"token": token} if token else {},
    )
    async with assembled(settings) as parts:
        owner = await accounts.first_owner(parts.accounts)
        if owner is None:
            raise SetupError(
                "There is no account yet. Open one: otklik setup",
                "Аккаунта ещё нет. Создайте его: otklik setup",
            )
        inbox = await connect(switchboard(parts), owner.account_id, wish)
        print(f"{inbox.id}  {inbox.channel}  {inbox.title}  {inbox.public_key}")
    return 0


async def list_channels(settings: Settings, _words: argparse.Namespace) -> int:
    """Print every inbox with its state."""
    async with assembled(settings) as parts:
        for inbox in parts.registry.all():
            reason = f" ({inbox.state_reason})" if inbox.state_reason else ""
            print(f"{inbox.id}  {inbox.channel}  {inbox.title}  {inbox.state.value}{reason}")
    return 0


async def show_inbound(_settings: Settings, words: argparse.Namespace) -> int:
    """Print the events of a raw body: 0 understood, 3 stored as unknown, 2 refused."""
    channel = _channel(words.channel)
    body = sys.stdin.buffer.read() if str(words.file) == "-" else _body(words)
    envelope = channel.envelope(body)
    if isinstance(envelope, Malformed):
        raise InvalidError(
            f"Refused: {envelope.reason}.", f"Отклонено: {envelope.reason}.", field="body"
        )
    try:
        events = channel.parse(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidError(f"Refused: {error}.", f"Отклонено: {error}.", field="body") from error
    for event in events:
        print(msgspec.json.encode(event).decode())
    understood = any(not isinstance(event, Unknown) for event in events)
    return 0 if understood else 3


def _channel(name: str) -> Channel:
    channel = CHANNELS.get(name)
    if channel is None:
        known = ", ".join(CHANNELS)
        raise InvalidError(
            f"There is no channel {name!r}. There are: {known}.",
            f"Канала {name!r} нет. Есть: {known}.",
            field="channel",
        )
    return channel


def _body(words: argparse.Namespace) -> bytes:
    try:
        content: bytes = words.file.read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{words.file} cannot be read: {error.strerror}.",
            f"{words.file} не читается: {error.strerror}.",
            field="file",
        ) from error
    return content
