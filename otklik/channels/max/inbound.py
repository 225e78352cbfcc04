"""MAX's updates, read into our events."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest

import msgspec

from otklik.channels.max import content, wire
from otklik.families.tamtam import http
from otklik.kernel.lenient import read, whole
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, Sender, Unknown

_HEADER = "x-max-bot-api-secret"
_GROUPS = {"chat", "channel"}

# Kinds whose time and place tell one from the next; anything else is told by all it holds.
_TIMED_NAMES = """message_removed bot_added bot_removed user_added user_removed bot_started
    bot_stopped dialog_cleared dialog_removed dialog_muted dialog_unmuted chat_title_changed"""
_TIMED = frozenset(_TIMED_NAMES.split())


def authentic(headers: Mapping[str, str], _body: bytes, config: port.InboxConfig) -> bool:
    """Tell whether the secret header is ours, the current one or the one being replaced."""
    shown = headers.get(_HEADER, "").encode("utf-8", "surrogatepass")
    valid = False
    for name in ("webhook_secret", "webhook_secret_previous"):
        secret = config.secrets.get(name, "").encode()
        valid |= compare_digest(shown, secret) and bool(secret)  # an unset secret opens nothing
    return valid


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Make a key of what an update tells: MAX repeats updates and numbers none of them."""
    try:
        if (page := _page(body)) is not None:
            return port.Envelope(dedupe_key=f"page:{page.marker}:{_digest(body)}")
        return port.Envelope(dedupe_key=_key(body, read(body, wire.Update)))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return port.Malformed(reason=f"not an update of MAX: {error}")
    except RecursionError:
        return port.Malformed(reason="not an update of MAX: nested too deeply")


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one update, or a page of them as a poll answers; `Unknown` for what we do not act on."""
    page = _page(body)
    if page is None:
        return _events(read(body, wire.Update))
    return [event for one in page.updates for event in _events(read(bytes(one), wire.Update))]


def _page(body: bytes) -> wire.Page | None:
    try:
        return msgspec.json.decode(body, type=wire.Page)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _key(body: bytes, update: wire.Update) -> str:
    kind, at, press = update.update_type[:64], update.timestamp, update.callback
    if press is not None:
        return f"{kind}:{_named(press)}"
    if update.message is not None and update.message.body is not None:
        mid = update.message.body.mid
        return f"{kind}:{mid}" if kind.endswith("_created") else f"{kind}:{mid}:{at}"
    if kind in _TIMED and at:
        who = update.user.user_id if update.user else update.user_id
        return f"{kind}:{update.chat_id}:{who}:{update.message_id}:{at}"
    return f"{kind}:{_digest(body)}"


def _named(press: wire.Callback) -> str:
    """Name a press: its id is the keyboard's, so the moment and the button tell it apart."""
    button = sha256((press.payload or "").encode("utf-8", "replace")).hexdigest()[:8]
    return f"{press.callback_id}:{press.timestamp or 0}:{button}"


def _digest(body: bytes) -> str:
    tree = msgspec.json.decode(whole(body))
    return sha256(msgspec.json.encode(tree, order="sorted")).hexdigest()[:32]


def _events(update: wire.Update) -> Sequence[ChannelEvent]:
    match update.update_type:
        case "message_created" | "message_edited":
            return (_message(update),)
        case "message_callback":
            return (_press(update),)
        case "message_removed":
            return (_removed(update),)
        case "bot_started" | "bot_stopped":
            return _turned(update)
        case name:
            return (Unknown(name[:64] or "empty"),)


def _message(update: wire.Update) -> ChannelEvent:
    kind, message = update.update_type, update.message
    if message is None:
        return _unreadable(update)
    if message.recipient.chat_type in _GROUPS:
        return Unknown(f"{message.recipient.chat_type}_{kind}")
    sender = _sender(message.recipient.chat_id, message.sender, update.user_locale)
    if message.body is None or sender is None:
        return _unreadable(update)
    if message.sender is not None and message.sender.is_bot:
        return Unknown(f"bot_{kind}")  # a bot's own words are not a person's
    received = content.received(message, message.body, sender)
    if kind == "message_created":
        return received
    return port.MessageEdited(received, update.timestamp or received.sent_at)


def _press(update: wire.Update) -> ChannelEvent:
    press, message = update.callback, update.message or wire.Message()
    place, body = message.recipient, message.body  # absent once the message is deleted
    if press is None:
        return _unreadable(update)
    if place.chat_type in _GROUPS:
        return Unknown(f"{place.chat_type}_message_callback")
    sender = _sender(place.chat_id, press.user, update.user_locale)
    return port.ButtonPressed(
        sender=sender or Sender(f"user:{press.user.user_id}"),
        external_id=f"press:{_named(press)}",
        press_id=press.callback_id,
        payload=press.payload or "",
        at=press.timestamp or update.timestamp or 0,
        of_message=body.mid if body is not None else "",
        label=content.label_of(body, press.payload or ""),
    )


def _removed(update: wire.Update) -> ChannelEvent:
    if not update.message_id or update.chat_id is None:
        return _unreadable(update)
    if update.chat_id < 0:
        return Unknown("chat_message_removed")
    # Whoever removed it may be the bot, so the number beside it is no alias of the person.
    sender = Sender(str(update.chat_id))
    return port.MessagesDeleted(sender, (update.message_id,), update.timestamp or 0)


def _turned(update: wire.Update) -> Sequence[ChannelEvent]:
    """Read a start, the first one or that of a person who had stopped the bot, and a stop."""
    sender, at = _sender(update.chat_id, update.user, update.user_locale), update.timestamp or 0
    if sender is None:
        return (_unreadable(update),)
    started = update.update_type == "bot_started"
    turned = port.ReachabilityChanged(sender, reachable=started, at=at)
    touch = port.Touch("deep_link", update.payload) if update.payload else None
    return (turned, port.Opened(sender, at, touch)) if started else (turned,)


def _unreadable(update: wire.Update) -> Unknown:
    return Unknown(f"{update.update_type}.unreadable")


def _sender(chat_id: int | None, user: wire.User | None, locale: str | None) -> Sender | None:
    """Name a person by their private chat with the bot, which typing and reading need too.

    A press under a deleted message tells only the person: `user:` leads to the same one.
    """
    if user is None:
        return None if chat_id is None else Sender(str(chat_id), locale=locale or "")
    alias = f"user:{user.user_id}"
    picture = user.full_avatar_url or user.avatar_url or ""
    return Sender(
        external_id=alias if chat_id is None else str(chat_id),
        name=user.full_name,
        username=user.username or "",
        locale=locale or "",
        aliases=() if chat_id is None else (alias,),
        picture=http(picture),
    )
