"""The one message Viber takes before a person has written: in the answer to an opened chat."""

import msgspec

from otklik.channels.viber import wire
from otklik.kernel.lenient import read
from otklik.ports.channel import InboxConfig


def answer(body: bytes, config: InboxConfig) -> bytes:
    """Give the body of the 200: the inbox's `welcome` to who opens the chat, else nothing."""
    words = config.settings.get("welcome", "").strip()
    if not words:
        return b""
    try:
        told = read(body, wire.Callback)
    except msgspec.DecodeError:
        return b""
    if told.event != "conversation_started" or told.subscribed:
        return b""
    name = (config.settings.get("bot_name") or "Otklik")[:28]
    greeting = {"sender": {"name": name}, "type": "text", "text": words[:7000]}
    return msgspec.json.encode(greeting)
