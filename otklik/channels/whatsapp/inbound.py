"""WhatsApp's deliveries, read into our events."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec

from otklik.channels.whatsapp import content, wire
from otklik.channels.whatsapp.errors import ERRORS
from otklik.channels.whatsapp.people import Book
from otklik.kernel import lenient
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Unknown
from otklik.ports.message import MessageKind

_OBJECT = "whatsapp_business_account"
_DAY_S = 86_400
_UNDELIVERABLE = "131026"
_OPTED_OUT = "131050"

_STATES: Mapping[str, Literal["delivered", "read", "failed"]] = {
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
_ITEMS = ("messages", "statuses", "message_echoes", "calls", "user_preferences")
_ITEM_KEYS = ("id", "type", "status", "event", "value", "timestamp", "wa_id", "recipient_id")

_PEOPLE = frozenset({"messages", "calls", "user_preferences", "user_id_update",
                     "smb_message_echoes"})  # fmt: skip
_ACCOUNT = frozenset({
    "account_alerts", "account_review_update", "account_settings_update", "account_update",
    "business_capability_update", "business_status_update", "message_template_components_update",
    "message_template_quality_update", "phone_number_name_update", "phone_number_quality_update",
    "security",
})  # fmt: skip
_TROUBLE = frozenset({
    "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE", "ACCOUNT_DELETED",
    "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED", "FLAGGED", "DOWNGRADE",
    "REJECTED", "CRITICAL", "RED",
})  # fmt: skip


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Name a delivery by the ids in it: Meta's repeats carry the same ones."""
    try:
        delivery = _delivery(body)
    except msgspec.DecodeError as error:
        return port.Malformed(reason=f"not a WhatsApp delivery: {error}")
    keys = [_key(entry, change) for entry in delivery.entry for change in entry.changes]
    return port.Envelope(dedupe_key=sha256("\n".join(keys).encode()).hexdigest())


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one delivery: every change of every account in it, in order."""
    delivery = _delivery(body)
    changes = ((entry, change) for entry in delivery.entry for change in entry.changes)
    events = [event for entry, change in changes for event in _events(entry, change)]
    return events or (Unknown("empty"),)


def ours(body: bytes, config: port.InboxConfig) -> bytes:
    """Leave of a delivery only what concerns this number: one POST may carry several."""
    number = config.settings.get("phone_number_id", "")
    delivery = _delivery(body)
    numbers = {_number_of(change) for entry in delivery.entry for change in entry.changes}
    if not number or numbers <= {number, ""}:
        return body
    entries = [
        msgspec.structs.replace(
            entry,
            changes=tuple(
                change
                if _number_of(change) in {number, ""}
                else wire.Change(f"other_number.{change.field}")
                for change in entry.changes
            ),
        )
        for entry in delivery.entry
    ]
    return msgspec.json.encode(wire.Delivery(delivery.object, tuple(entries)))


def _delivery(body: bytes) -> wire.Delivery:
    delivery = lenient.read(body, wire.Delivery)
    if delivery.object != _OBJECT:
        raise msgspec.DecodeError(f"the object is {delivery.object[:64]!r}")
    return delivery


def _number_of(change: wire.Change) -> str:
    told = change.value.get("metadata") if isinstance(change.value, dict) else None
    return str(told.get("phone_number_id", "")) if isinstance(told, dict) else ""


def _key(entry: wire.Entry, change: wire.Change) -> str:
    value = change.value if isinstance(change.value, dict) else {}
    lists = ((name, value.get(name)) for name in _ITEMS)
    items = [
        [change.field, name, *(item.get(key) for key in _ITEM_KEYS)]
        for name, several in lists
        if isinstance(several, list)
        for item in several
        if isinstance(item, dict)
    ]
    named: object = items or [change.field, entry.id, entry.time, change.value]
    return msgspec.json.encode(named, order="deterministic").decode()


def _events(entry: wire.Entry, change: wire.Change) -> Iterator[ChannelEvent]:
    if not isinstance(change.value, dict):
        yield Unknown(change.field[:64] or "empty")
        return
    raw = msgspec.json.encode(change.value)
    if change.field in _PEOPLE:
        yield from _about_people(change.field, lenient.read(raw, wire.Happened))
    else:
        yield _about_account(entry, change, lenient.read(raw, wire.Told))


def _about_people(field: str, value: wire.Happened) -> Iterator[ChannelEvent]:
    book = Book(value.contacts)
    empty = True
    for event in (
        *(event for message in value.messages for event in _message(message, book)),
        *(event for status in value.statuses for event in _status(status, book)),
        *(_echo(message, book) for message in value.message_echoes),
        *(_preference(preference, book) for preference in value.user_preferences),
        *(_renamed(update) for update in value.user_id_update),
        *(_call(call, book) for call in value.calls),
    ):
        empty = False
        yield event
    if empty and value.errors:
        detail = value.errors[0].detail
        yield port.InboxReported("errors", detail, at=0, is_trouble=True)
    elif empty:
        yield Unknown(f"{field}.empty")


def _message(message: wire.Message, book: Book) -> Sequence[ChannelEvent]:
    if message.group_id:
        return (Unknown(f"group.{message.type}"[:64]),)
    if message.type == "system" and message.system is not None:
        return (_system(message, message.system),)
    sender = book.sender(message.from_user_id, message.from_)
    if sender is None or not message.id:
        return (Unknown(f"messages.{message.type}.unreadable"[:64]),)
    at = message.timestamp * 1000
    match message:
        case wire.Message(type="reaction", reaction=wire.Piece() as reaction):
            emojis = (reaction.emoji,) if reaction.emoji else ()
            return (port.ReactionChanged(sender, reaction.message_id, emojis, at, _DAY_S),)
        case wire.Message(type="edit", edit=wire.Original(message=wire.Message()) as edit):
            return (port.MessageEdited(_edited(message, edit, sender), at),)
        case wire.Message(type="revoke", revoke=wire.Original() as revoked):
            return (port.MessagesDeleted(sender, (revoked.original_message_id,), at),)
        case wire.Message(type="request_welcome"):
            return (port.Opened(sender, at),)
        case _:
            press = content.press(message, sender)
            return content.received(message, sender) if press is None else (press,)


def _edited(message: wire.Message, edit: wire.Original, sender: port.Sender) -> MessageReceived:
    inner = edit.message or wire.Message()
    body = msgspec.structs.replace(
        inner, id=edit.original_message_id, timestamp=message.timestamp, context=message.context
    )
    return msgspec.structs.replace(content.received(body, sender)[0], window_s=0)


def _system(message: wire.Message, system: wire.System) -> ChannelEvent:
    pairs = (
        (message.from_user_id, system.user_id),
        (system.customer or message.from_, system.wa_id or system.new_wa_id),
    )
    moved = next((pair for pair in pairs if all(pair) and pair[0] != pair[1]), None)
    if moved is None or "changed" not in system.type:
        return Unknown(f"system.{system.type}"[:64])
    return port.ChatMoved(*moved)


def _renamed(update: wire.UserIdUpdate) -> ChannelEvent:
    ids = update.user_id
    if ids is None or not ids.previous or not ids.current:
        return Unknown("user_id_update.unreadable")
    return port.ChatMoved(ids.previous, ids.current)


def _status(status: wire.Status, book: Book) -> Iterator[ChannelEvent]:
    sender = book.sender(status.recipient_user_id, status.recipient_id)
    if status.recipient_type == "group" or status.status not in _STATES or sender is None:
        kind = "group_status" if status.recipient_type == "group" else "status"
        yield Unknown(f"{kind}.{status.status}"[:64])
        return
    at = status.timestamp * 1000
    failed = status.errors if status.status == "failed" else ()
    code = str(failed[0].code) if failed else ""
    reported = port.StatusReported(
        sender=sender,
        external_id=status.id,
        state=_STATES[status.status],
        at=at,
        reason=failed[0].detail if failed else "",
        code=code,
        kind=ERRORS.refusal(code, "").kind,
        own_id=status.biz_opaque_callback_data,
    )
    yield reported
    if reported.code == _UNDELIVERABLE:
        yield port.ReachabilityChanged(sender, reachable=False, at=at)
    elif reported.code == _OPTED_OUT:
        yield port.ConsentReported(
            sender, "marketing", granted=False, at=at, wording=reported.reason
        )


def _echo(message: wire.Message, book: Book) -> ChannelEvent:
    sender = book.sender(message.to_user_id, message.to)
    if sender is None or not message.id:
        return Unknown(f"smb_message_echoes.{message.type}"[:64])
    if message.type == "edit" and message.edit is not None:
        edited = _edited(message, message.edit, sender)
        return port.MessageEdited(edited, message.timestamp * 1000, ours=True)
    if message.type == "revoke" and message.revoke is not None:
        gone = (message.revoke.original_message_id,)
        return port.MessagesDeleted(sender, gone, message.timestamp * 1000)
    echoed = msgspec.structs.replace(content.received(message, sender)[0], window_s=0, touch=None)
    return port.EchoReceived(echoed, own_id=message.biz_opaque_callback_data)


def _preference(preference: wire.Preference, book: Book) -> ChannelEvent:
    sender = book.sender(preference.user_id, preference.wa_id)
    if sender is None or preference.value not in {"stop", "resume", "signup"}:
        return Unknown(f"user_preferences.{preference.value}"[:64])
    return port.ConsentReported(
        sender=sender,
        purpose="marketing",
        granted=preference.value != "stop",
        at=preference.timestamp * 1000,
        wording=preference.detail,
    )


def _call(call: wire.Call, book: Book) -> ChannelEvent:
    sender = book.sender(call.from_user_id, call.from_)
    if call.event != "connect" or call.direction != "USER_INITIATED" or sender is None:
        return Unknown(f"calls.{call.event}"[:64])
    return MessageReceived(
        sender=sender,
        external_id=call.id,
        sent_at=call.timestamp * 1000,
        kind=MessageKind.UNSUPPORTED,
        text="call",
        window_s=_DAY_S,  # a call opens the window as a message does
    )


def _about_account(entry: wire.Entry, change: wire.Change, told: wire.Told) -> ChannelEvent:
    name, language = told.message_template_name, told.message_template_language
    if change.field == "message_template_status_update" and name:
        refused = told.rejection_info or wire.Why(told.reason)
        return port.TemplateReported(
            name=name,
            language=language,
            status=told.event,
            category=told.message_template_category,
            reason=refused.words.removeprefix("NONE"),
        )
    if change.field == "template_category_update" and name:
        return port.TemplateReported(name, language, "", told.new_category)
    if change.field not in _ACCOUNT:
        return Unknown(change.field[:64] or "empty")
    event = told.event or told.alert_type or told.new_quality_score or told.decision
    words = {told.event, told.alert_severity, told.new_quality_score, told.decision}
    return port.InboxReported(
        what=f"{change.field}.{event}".rstrip("."),
        detail=told.words or event,
        at=entry.time * 1000,
        is_trouble=bool(words & _TROUBLE) and told.alert_status != "RESOLVED",
    )
