"""Rows made from what happened: received, automatic and system messages, deliveries. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations.types import (
    AttachmentDetails,
    AttachmentRow,
    AttachmentState,
    ConversationRow,
    Happening,
    MessageRow,
    MessageState,
)
from otklik.delivery.types import Delivery, OrderKind
from otklik.kernel.ids import (
    AttachmentId,
    ConversationId,
    DeliveryId,
    FileId,
    MessageId,
    new_id,
)
from otklik.kernel.text import storable
from otklik.platform.writes import json_text
from otklik.ports.channel import (
    ButtonPressed,
    EchoReceived,
    MessageReceived,
    Order,
    Outgoing,
    PressAnswer,
    ProfileAsked,
    ReadShown,
)
from otklik.ports.message import Attachment, Button, ContactCard, Content, MessageKind

STORED_PREFIX = "file:"
"""An attachment whose reference starts so is in our file store already."""

_EMPTY = Content()


def received(
    event: MessageReceived,
    person: Person,
    conversation_id: ConversationId,
    *,
    seq: int,
    reply_to: MessageId | None,
    now: int,
) -> MessageRow:
    """Make the row of a message a contact wrote."""
    return MessageRow(
        id=MessageId(new_id()),
        account_id=person.account_id,
        contact_id=person.contact_id,
        conversation_id=conversation_id,
        inbox_id=person.inbox_id,
        identity_id=person.identity_id,
        channel=person.channel,
        seq=seq,
        author_kind="contact",
        author_id=person.contact_id,
        kind=event.kind,
        text=storable(event.text),
        content=_storable_content(event.content),
        group_key=event.group_key,
        reply_to_id=reply_to,
        external_id=event.external_id,
        sent_at=event.sent_at or now,
        created_at=now,
    )


def echoed(row: MessageRow, event: EchoReceived) -> MessageRow:
    """Make the row of an answer somebody of us gave in the platform's own app."""
    return replace(
        row,
        author_kind="operator",
        author_id="",
        content=replace(
            row.content,
            author_name=storable(event.author),
            details={**row.content.details, "in_app": "yes"},
        ),
        state=MessageState.SENT,
    )


def profile_asked(person: Person, now: int) -> Delivery:
    """Queue the question who a person is."""
    return _asked(person, OrderKind.PROFILE, ProfileAsked(person.external_id), now)


def automatic(
    text: str,
    person: Person,
    conversation_id: ConversationId,
    happening: Happening,
    *,
    seq: int,
    now: int,
) -> MessageRow:
    """Make the row of the inbox's own answer."""
    return MessageRow(
        id=MessageId(new_id()),
        account_id=person.account_id,
        contact_id=person.contact_id,
        conversation_id=conversation_id,
        inbox_id=person.inbox_id,
        identity_id=person.identity_id,
        channel=person.channel,
        seq=seq,
        author_kind="bot",
        kind=MessageKind.TEXT,
        text=text,
        content=Content(author_name=happening.inbox.title),
        state=MessageState.SENT if happening.live else MessageState.QUEUED,
        sent_at=now,
        created_at=now,
    )


def system_line(
    what: str,
    conversation: ConversationRow,
    *,
    seq: int,
    now: int,
    author_name: str = "",
    details: dict[str, str] | None = None,
) -> MessageRow:
    """Make a line nobody wrote; `what` is one of `Content.system`."""
    return MessageRow(
        id=MessageId(new_id()),
        account_id=conversation.account_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        identity_id=conversation.identity_id,
        channel=conversation.channel,
        seq=seq,
        author_kind="system",
        kind=MessageKind.SYSTEM,
        content=Content(system=what, author_name=author_name, details=details or {}),
        sent_at=now,
        created_at=now,
    )


def pressed(event: ButtonPressed, message: MessageRow | None) -> MessageReceived:
    """Read a pressed button as a message whose text is the button's label."""
    label = event.label or _label_of(event.payload, message) or event.payload
    return MessageReceived(
        sender=event.sender,
        external_id=event.external_id,
        sent_at=event.at,
        kind=MessageKind.PRESS,
        text=label,
        content=Content(payload=event.payload),
        reply_to=event.of_message,
    )


def _label_of(payload: str, message: MessageRow | None) -> str:
    rows: Sequence[Sequence[Button]] = () if message is None else message.content.buttons
    return next((b.label for row in rows for b in row if b.payload == payload), "")


def attachments_of(event: MessageReceived, row: MessageRow, now: int) -> list[AttachmentRow]:
    """Make the rows of a message's files; what we do not hold yet is due for download now."""
    return [_attachment(one, row, place, now) for place, one in enumerate(event.attachments)]


def _attachment(one: Attachment, row: MessageRow, position: int, now: int) -> AttachmentRow:
    held = one.ref.startswith(STORED_PREFIX)
    details = AttachmentDetails(
        format=one.format,
        emoji=storable(one.emoji),
        round=one.round,
        animation=one.animation,
        platform_ref="" if held else one.ref,
    )
    return AttachmentRow(
        id=AttachmentId(new_id()),
        account_id=row.account_id,
        message_id=row.id,
        position=position,
        kind=one.kind,
        state=AttachmentState.STORED if held else AttachmentState.PENDING,
        ref=one.ref,
        file_id=FileId(one.ref.removeprefix(STORED_PREFIX)) if held else None,
        name=storable(one.name),
        mime=one.mime,
        size=one.size,
        width=one.width,
        height=one.height,
        duration_s=one.duration_s,
        details=json_text(details),
        tries=0,
        due_at=None if held else now,
    )


def delivery_of(row: MessageRow, person: Person, now: int) -> Delivery:
    """Queue a text message for its platform."""
    order = Outgoing(
        message_id=row.id,
        to=person.external_id,
        kind=row.kind,
        text=row.text,
        entities=row.content.entities,
        buttons=row.content.buttons,
        by="operator" if row.author_kind == "operator" else "bot",
    )
    return delivery(order, OrderKind.MESSAGE, row, now)


def delivery(order: Order, kind: OrderKind, row: MessageRow, now: int, seq: int = 0) -> Delivery:
    """Queue an order about a message; it waits for earlier orders of the same chat."""
    return Delivery(
        id=DeliveryId(new_id()),
        account_id=row.account_id,
        inbox_id=row.inbox_id,
        identity_id=row.identity_id,
        message_id=row.id,
        seq=seq or row.seq,
        kind=kind,
        order=order,
        tries=0,
        created_at=now,
    )


def press_answer(person: Person, press_id: str, now: int) -> Delivery:
    """Queue the acknowledgement of a pressed button."""
    answer = PressAnswer(press_id=press_id, to=person.external_id)
    return _asked(person, OrderKind.PRESS, answer, now)


def read_mark(person: Person, external_id: str, now: int) -> Delivery:
    """Queue the mark that a contact's messages up to this one were read."""
    mark = ReadShown(to=person.external_id, external_id=external_id)
    return _asked(person, OrderKind.READ, mark, now)


def _asked(person: Person, kind: OrderKind, order: Order, now: int) -> Delivery:
    """Queue what is asked of the platform and belongs to no message."""
    return Delivery(
        id=DeliveryId(new_id()),
        account_id=person.account_id,
        inbox_id=person.inbox_id,
        identity_id=person.identity_id,
        message_id=None,
        seq=0,
        kind=kind,
        order=order,
        tries=0,
        created_at=now,
    )


def _storable_content(content: Content) -> Content:
    if content is _EMPTY or content == _EMPTY:
        return _EMPTY
    card = content.card
    if card is not None:
        card = ContactCard(storable(card.name), storable(card.phone), card.own)
    location = content.location
    if location is not None:
        location = replace(
            location, title=storable(location.title), address=storable(location.address)
        )
    return replace(
        content,
        card=card,
        location=location,
        payload=storable(content.payload),
        forwarded_from=storable(content.forwarded_from),
        author_name=storable(content.author_name),
    )
