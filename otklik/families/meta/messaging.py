"""What Messenger and Instagram share in reading: a delivery of Meta, taken apart into events."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec
from msgspec import Struct

from otklik.families.meta import messaging_wire as wire
from otklik.families.meta.messaging_events import Dialect, Scene, read_event
from otklik.families.meta.messaging_wire import moment
from otklik.kernel import lenient
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Sender, Unknown
from otklik.ports.message import Content

COMMENT_WINDOW_S = 604_800
"""A comment may be answered in private once within seven days (unverified for Instagram)."""

_AROUND = frozenset({"sender", "recipient", "timestamp"})
_COMMENTS = frozenset({"feed", "comments", "live_comments"})


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Name a delivery by what is in it, so that a repeat has the same name.

    Messages count by their `mid`; everything else by its whole content, which holds the event,
    the person and the moment. The time of the delivery itself does not count.
    """
    try:
        names = [name for entry in _entries(body) for name in _names(entry)]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return port.Malformed(reason=f"not a delivery of Meta: {error}")
    return port.Envelope(dedupe_key=sha256("\n".join(names).encode()).hexdigest())


def events(body: bytes, dialect: Dialect) -> tuple[ChannelEvent, ...]:
    """Read every event of a delivery; raises `msgspec.DecodeError` for what is none of Meta's."""
    found: list[ChannelEvent] = []
    for page in _bodies(body):
        if page.object not in {"", dialect.object}:  # one app, one address, two platforms
            found.append(Unknown(f"object.{page.object}"[:64]))
            continue
        found += [event for entry in page.entry for event in _entry(entry, dialect)]
    return tuple(found) or (Unknown("empty"),)


def _bodies(body: bytes) -> Iterator[wire.Body]:
    if body.lstrip()[:1] == b"[":  # some pages of the documentation show a list of bodies
        for part in msgspec.json.decode(lenient.whole(body), type=list[msgspec.Raw]):
            yield lenient.read(bytes(part), wire.Body)
    else:
        yield lenient.read(body, wire.Body)


def _entries(body: bytes) -> Iterator[wire.Entry]:
    for page in _bodies(body):
        yield from page.entry


def _names(entry: wire.Entry) -> Iterator[str]:
    for kind, items in (("m", entry.messaging), ("s", entry.standby)):
        for item in items:
            yield f"{kind}:{_name_of(item)}"
    for change in (*entry.changes, wire.Change(entry.field, entry.value)):
        if change.field:
            yield f"c:{entry.id}:{_digest(change)}"


def _name_of(item: Mapping[str, object]) -> str:
    message = item.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("mid"), str):
        return _digest(item)
    traits = [name for name in ("is_echo", "is_deleted") if message.get(name) is True]
    return ".".join(["message", *traits, message["mid"]])


def _digest(value: object) -> str:
    return sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def _entry(entry: wire.Entry, dialect: Dialect) -> Iterator[ChannelEvent]:
    for item in entry.messaging:
        yield from _item(item, entry, dialect)
    for item in entry.standby:
        yield from _item(item, entry, dialect, standby=True)
    for change in (*entry.changes, wire.Change(entry.field, entry.value)):
        if _AROUND & change.value.keys():  # an event of a chat in the clothes of a change
            yield from _item(change.value, entry, dialect)
        elif change.field:
            yield _change(change, entry)


def _item(
    raw: Mapping[str, object], entry: wire.Entry, dialect: Dialect, *, standby: bool = False
) -> Iterator[ChannelEvent]:
    item = lenient.read(msgspec.json.encode(raw), wire.Item)
    parts = (getattr(item, name) for name in wire.Item.__struct_fields__ if name not in _AROUND)
    part: Struct | None = next((part for part in parts if part is not None), None)
    name = next((name for name in raw if name not in _AROUND), "empty")
    sender, recipient = item.sender or wire.Party(), item.recipient or wire.Party()
    ours = _is_echo(item) or bool(entry.id and sender.id == entry.id != recipient.id)
    person = _person(recipient if ours else sender, item)
    scene = Scene(dialect, person, moment(item.timestamp) or moment(entry.time), ours, standby)
    if part is None:
        yield Unknown(f"{'standby.' if standby else ''}{name}"[:64])
    elif not person.external_id and not isinstance(part, wire.Policy):
        yield Unknown(f"{name}.without_sender"[:64])
    else:
        yield from read_event(part, scene)


def _is_echo(item: wire.Item) -> bool:
    return item.message is not None and item.message.is_echo and not item.message.is_self


def _person(party: wire.Party, item: wire.Item) -> Sender:
    """Name the person; before the first message a plugin only knows them by a reference."""
    references = [party.user_ref, item.optin.user_ref if item.optin else ""]
    if item.message and item.message.prior_message:
        references.append(item.message.prior_message.identifier)
    names = [str(party.id)] if party.id else []
    names += [f"ref:{reference}" for reference in references if reference]
    first, *others = names or [""]
    return Sender(first, party.name, party.username, aliases=tuple(dict.fromkeys(others)))


def _change(change: wire.Change, entry: wire.Entry) -> ChannelEvent:
    raw = msgspec.json.encode(change.value)
    if change.field in _COMMENTS:
        return _comment(lenient.read(raw, wire.Comment), change.field, entry)
    if change.field == "messenger_template_status_update":
        status = lenient.read(raw, wire.TemplateStatus)
        return port.TemplateReported(
            name=status.message_template_name,
            language=status.message_template_language,
            status=status.event.lower(),
            category=status.message_template_category.lower(),
            reason=status.reason,
        )
    return Unknown(change.field[:64])


def _comment(comment: wire.Comment, field: str, entry: wire.Entry) -> ChannelEvent:
    number, author = str(comment.comment_id or comment.id), comment.from_
    if comment.item not in {"", "comment"} or comment.verb not in {"add", "edited", "remove"}:
        return Unknown(f"{field}.{comment.item}.{comment.verb}"[:64])
    if author is None or not author.id or not number:
        return Unknown(f"{field}.without_sender")
    if author.id == entry.id:
        return Unknown(f"{field}.own")
    sender = Sender(str(author.id), name=author.name, username=author.username)
    external_id = f"comment:{number}"
    at = moment(comment.created_time) or moment(entry.time)
    if comment.verb == "remove":
        return port.MessagesDeleted(sender, (external_id,), at)
    media = comment.media or wire.Media()
    touch = port.Touch("ad", str(media.ad_id), {"title": media.ad_title}) if media.ad_id else None
    received = MessageReceived(
        sender=sender,
        external_id=external_id,
        sent_at=at,
        text=comment.text or comment.message,
        content=Content(details={"comment_under": str(media.id or comment.post_id)}),
        touch=touch,
        window_s=COMMENT_WINDOW_S,
    )
    return port.MessageEdited(received, at) if comment.verb == "edited" else received
