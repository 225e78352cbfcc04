"""Private chats of a bot: who is there, and what the bot seems to do."""

import re

from sandbox.asgi import Reply, as_json
from sandbox.max import bodies, wire
from sandbox.max.api import DONE, number, read
from sandbox.max.errors import BLOCKED, NO_CHAT, refusal
from sandbox.platform import Call
from sandbox.world import Account, Chat

_ACTIONS = {"typing_on": "typing"}


async def listed(call: Call, account: Account) -> Reply:
    count = number(call, "count", 50, 1, 100)
    chats = [bodies.dialog(chat) for chat in account.chats.values() if chat.started]
    return as_json({"chats": chats[:count], "marker": None})


async def one(call: Call, account: Account) -> Reply:
    return as_json(bodies.dialog(chat_named(account, call.names["chat"])))


async def act(call: Call, account: Account) -> Reply:
    chat = chat_named(account, call.names["chat"])
    action = read(call, wire.Action).action
    if chat.blocked:
        raise refusal(*BLOCKED)
    if action == "mark_seen":
        chat.mark_up_to("read", own=True)
    else:
        chat.act(_ACTIONS.get(action, action))
    call.note(chat, text=action)
    return DONE


def chat_named(account: Account, name: str) -> Chat:
    """The chat of an id; refused when there is none."""
    found = account.chats.get(name) if re.fullmatch(r"-?[0-9]{1,19}", name) else None
    if found is None:
        raise refusal(*NO_CHAT)
    return found
