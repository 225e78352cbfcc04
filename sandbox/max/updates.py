"""What MAX tells a bot of what a person did, one update a delivery."""

import time
from collections.abc import Iterator

import msgspec

from sandbox.courier import Parcel
from sandbox.happenings import (
    Blocked,
    Deleted,
    Edited,
    Happening,
    Pressed,
    Said,
    Started,
    Unblocked,
)
from sandbox.max import bodies
from sandbox.max.account import Bot
from sandbox.world import Chat


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """The updates of one happening; of reading and typing bots learn nothing."""
    account = chat.account
    assert isinstance(account, Bot)
    wanted = {kind for kinds in account.subscribed.values() for kind in kinds}
    everything = not account.subscribed or not all(account.subscribed.values())
    for kind, facts in _updates(chat, happening):
        if everything or kind in wanted:
            whole = {"update_type": kind, "timestamp": time.time_ns() // 1_000_000, **facts}
            yield Parcel(body=msgspec.json.encode(whole), kind=kind)


def _updates(chat: Chat, happening: Happening) -> Iterator[tuple[str, dict[str, object]]]:
    locale = {"user_locale": chat.person.language}
    place = {"chat_id": int(chat.address), "user": bodies.user(chat.person), **locale}
    match happening:
        case Said(said):
            yield "message_created", {"message": bodies.message(chat, said), **locale}
        case Edited(said):
            yield "message_edited", {"message": bodies.message(chat, said)}
        case Deleted(said):
            who = {"chat_id": int(chat.address), "user_id": chat.person.id}
            yield "message_removed", {"message_id": said.id, **who}
        case Pressed(button, press_id, said):
            press = {
                "timestamp": time.time_ns() // 1_000_000,
                "callback_id": press_id,
                "user": bodies.user(chat.person),
                "payload": button.payload,
            }
            under = bodies.message(chat, said) if said is not None else None
            yield "message_callback", {"callback": press, "message": under, **locale}
        case Started(payload):
            yield "bot_started", place | ({"payload": payload} if payload else {})
        case Unblocked():
            yield "bot_started", place
        case Blocked():
            yield "bot_stopped", place
            yield "dialog_removed", place
