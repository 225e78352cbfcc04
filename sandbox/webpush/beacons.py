"""What the shop's site and its worker tell Otklik of a visitor."""

import time
from collections.abc import Iterator

import jwt
import msgspec

from sandbox.courier import Parcel
from sandbox.happenings import Blocked, Consented, Happening, Pressed, Started, Unblocked
from sandbox.orders import ActError, Ask
from sandbox.webpush import browser
from sandbox.world import Account, Chat, Person

_WORDS = "Сообщать о заказах и новинках?"


def address(_account: Account, person: Person) -> str:
    """How the service names a visitor's browser; endpoints change with each subscription."""
    return f"browser-{person.id}"


def beacon(chat: Chat, event: str, **facts: object) -> bytes:
    told = {
        "event": event,
        "subscription": browser.subscription(chat),
        "at": time.time_ns() // 1_000_000,
        **facts,
    }
    return msgspec.json.encode(told)


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """The beacons of one happening; a permission taken back in the browser is told by nobody."""
    match happening:
        case Blocked():
            _end(chat)
        case Started() | Unblocked():
            yield _parcel(chat, "subscribed", wording=_WORDS, language=chat.person.language,
                          page="https://tea-bridge.example/",
                          identity=_signed_in(chat))  # fmt: skip
        case Consented(purpose, True):
            marketing = purpose == "marketing"
            yield _parcel(chat, "subscribed", wording=_WORDS, marketing=marketing)
        case Pressed(button, _, message) if message is not None and isinstance(button.own, dict):
            label = message.title if button.payload == "open" else button.text
            yield _parcel(chat, "clicked", message=message.id, label=label, **button.own)


def _signed_in(chat: Chat) -> str:
    """What the shop's backend signs of a visitor: it knows who has an account on the site."""
    person, secret = chat.person, chat.account.secrets.get("identity_secret", "")
    if not secret:
        return ""
    claims = {
        "sub": str(person.id),
        "name": person.name,
        "email": person.email,
        "phone": f"+{person.phone}",
        "exp": int(time.time()) + 600,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def renew(chat: Chat, _ask: Ask) -> object:
    """The browser got a new subscription by itself: `pushsubscriptionchange`."""
    if chat.blocked or not chat.started:
        raise ActError("The browser has no subscription to renew.")
    before = browser.subscription(chat)
    _end(chat)
    chat.account.push(_parcel(chat, "moved", old=before))
    return {"endpoint": browser.endpoint(chat)}


def leave(chat: Chat, _ask: Ask) -> object:
    """The visitor signs out, or unsubscribes on the site itself."""
    chat.account.push(_parcel(chat, "unsubscribed"))
    chat.set_blocked(blocked=True)
    _end(chat)
    return None


def _end(chat: Chat) -> None:
    """Forget the subscription: the next one has another endpoint and other keys."""
    chat.facts["generation"] = str(browser.generation(chat) + 1)


def _parcel(chat: Chat, event: str, **facts: object) -> Parcel:
    body = beacon(chat, event, **facts)
    return Parcel(body=body, kind=event, queue=chat.address, content_type="text/plain")
