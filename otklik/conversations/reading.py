"""What a batch of channel events speaks of: who arrives, which messages, from where. Pure."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from otklik.contacts.types import Arrival, Person, PersonKey, TouchpointRow
from otklik.conversations import letters
from otklik.conversations.types import Happening
from otklik.kernel.ids import ConversationId, new_id
from otklik.kernel.text import storable
from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    ReactionChanged,
    ReadReported,
    Sender,
    StatusReported,
    Touch,
)

_INTRODUCING = (MessageReceived, MessageEdited, ButtonPressed, EchoReceived, Opened)


def arrivals(happenings: Sequence[Happening], now: int) -> list[Arrival]:
    """Give who did something in a batch, in order."""
    found = []
    for happening in happenings:
        event = happening.event
        message = event.message if isinstance(event, MessageEdited | EchoReceived) else event
        sender = getattr(message, "sender", None)
        if sender is None:
            continue
        window_s = getattr(message, "window_s", 0)
        found.append(
            Arrival(
                account_id=happening.inbox.account_id,
                inbox_id=happening.inbox.id,
                channel=happening.inbox.channel,
                sender=_with_own_card(sender, event),
                at=now,
                introduces=isinstance(event, _INTRODUCING) and not letters.is_report(event),
                window_until=now + window_s * 1000 if window_s else 0,
            )
        )
    return found


def _with_own_card(sender: Sender, event: ChannelEvent) -> Sender:
    """Read a contact card the platform proves to be the sender's own as what they have."""
    card = event.content.card if isinstance(event, MessageReceived) else None
    if card is None or not card.own or not card.phone:
        return sender
    return replace(sender, phone=card.phone, phone_evidence="attested")


def mentioned(happenings: Sequence[Happening]) -> list[PersonKey]:
    """Give every message the batch speaks of, as inbox and external id."""
    found: dict[PersonKey, None] = {}
    for happening in happenings:
        for external_id in _external_ids(happening.event):
            if external_id:
                found[(happening.inbox.id, external_id)] = None
    return list(found)


def _external_ids(event: ChannelEvent) -> tuple[str, ...]:
    match event:
        case MessageReceived():
            return (event.external_id, event.reply_to)
        case MessageEdited() | EchoReceived():
            return (event.message.external_id, event.message.reply_to)
        case MessagesDeleted():
            return event.external_ids
        case ReactionChanged() | StatusReported() | ReadReported():
            return (event.external_id,)
        case ButtonPressed():
            return (event.external_id, event.of_message)
        case _:
            return ()


def touchpoint(
    touch: Touch, person: Person, conversation_id: ConversationId | None, now: int
) -> TouchpointRow:
    """Make the row of where somebody came from."""
    return TouchpointRow(
        id=new_id(),
        account_id=person.account_id,
        contact_id=person.contact_id,
        identity_id=person.identity_id,
        conversation_id=conversation_id,
        inbox_id=person.inbox_id,
        kind=touch.kind,
        source=storable(touch.source),
        details=msgspec.json.encode(
            {storable(key): storable(value) for key, value in touch.details.items()}
        ).decode(),
        at=now,
    )
