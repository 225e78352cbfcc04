"""An invented messenger, Starling: the smallest platform there can be."""

import hashlib
import hmac
from collections.abc import Iterator

import msgspec

from sandbox.asgi import Reply, as_json
from sandbox.courier import Parcel, Rules, Tried
from sandbox.faults import CallRule
from sandbox.happenings import Happening, Pressed, Reacted, Read, Said, Started
from sandbox.message import Button, Keyboard, Message
from sandbox.orders import ActError
from sandbox.platform import Call, Platform, Refused, Route
from sandbox.throttle import Rate
from sandbox.world import Account, Chat, Person

SECRET = "not-a-real-secret"


class Send(msgspec.Struct):
    to: str
    text: str
    buttons: list[str] = []
    keys: list[str] = []


class Subscribe(msgspec.Struct):
    url: str


def _refusal(status: int, code: str) -> Reply:
    return as_json({"error": code}, status)


def _find(call: Call) -> Account | None:
    return call.world.by_token(call.header("x-starling-token"))


async def _subscribe(call: Call, account: Account) -> Reply:
    ask = msgspec.convert(call.fields, Subscribe)
    hello = await account.courier().ask("POST", ask.url, body=b'{"event":"hello"}')
    if hello.body != b"tweet":
        raise Refused(_refusal(400, "no_tweet"), "no_tweet")

    def sign(body: bytes, attempt: int) -> dict[str, str]:
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Starling-Signature": digest, "X-Starling-Attempt": str(attempt)}

    def wait_s(tried: Tried) -> float | None:
        return 10.0 if tried.attempt < 3 else None

    def let_go(_parcel: Parcel, _tried: Tried) -> None:
        account.drop_courier()

    rules = Rules(
        taken=lambda tried: tried.body == b"tweet",
        wait_s=wait_s,
        sign=sign,
        on_given_up=let_go,
    )
    account.courier().open(ask.url, rules)
    return as_json({"ok": True})


async def _send(call: Call, account: Account) -> Reply:
    ask = msgspec.convert(call.fields, Send)
    chat = account.chats.get(ask.to)
    if account.revoked:
        raise Refused(_refusal(401, "token"), "token")
    if chat is None or not chat.started:
        raise Refused(_refusal(403, "not_started"), "not_started")
    if chat.blocked:
        raise Refused(_refusal(403, "blocked"), "blocked")
    if chat.silence_s() > 86_400:
        raise Refused(_refusal(403, "window"), "window")
    if account.throttle and account.throttle.wait_s(("chat", ask.to)):
        raise Refused(_refusal(429, "slow"), "slow")
    buttons = tuple((Button(text=text, payload=text.lower()),) for text in ask.buttons)
    keys = tuple((Button(text=text, kind="say"),) for text in ask.keys)
    message = Message(
        id=call.platform.message_id(chat), own=False, at=0.0, text=ask.text, buttons=buttons
    )
    chat.leave(message, Keyboard(rows=keys, one_time=True) if keys else None)
    call.note(chat, message.id, ask.text)
    return as_json({"id": message.id})


def _tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    match happening:
        case Said(message):
            event = "said"
            told = {"id": message.id, "text": message.text, "files": [f.id for f in message.files]}
        case Pressed(button, press_id, _):
            event, told = "pressed", {"press": press_id, "data": button.payload}
        case Reacted(message, emoji, _):
            event, told = "reacted", {"id": message.id, "emoji": emoji}
        case Read(up_to):
            event, told = "read", {"id": up_to.id}
        case Started(payload, _, _):
            event, told = "started", {"payload": payload}
        case _:
            return
    whole = {"event": event, "from": chat.address, **told}
    yield Parcel(body=msgspec.json.encode(whole), kind=event)


def _address(account: Account, person: Person) -> str:
    return f"{account.id}-{person.id}"


async def _paste(account: Account, url: str, verify_token: str) -> None:
    if verify_token != account.secrets.get("verify_token"):
        raise ActError("The token is not the one Starling knows.")
    account.courier("pasted").open(url, Rules())


def _refuse(rule: CallRule) -> Reply:
    return _refusal(429 if rule.kind == "too_many" else rule.status, rule.kind)


STARLING = Platform(
    id="starling",
    title="Starling",
    routes=(
        Route(method="POST", path="/subscribe", serve=_subscribe, name="subscribe"),
        Route(method="POST", path="/v1/{what}", serve=_send, name="{what}"),
    ),
    find=_find,
    tell=_tell,
    acts=("text", "picture", "voice", "album", "press", "tap", "react", "edit", "read", "start",
          "block", "unblock"),
    refuse=_refuse,
    address=_address,
    rates={"chat": Rate(1.0, 2)},
    paste=_paste,
    titled=True,
)  # fmt: skip
