"""One event of a chat in Messenger or Instagram, read into ours."""

from collections.abc import Iterator
from functools import singledispatch

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from otklik.families.meta import messaging_wire as wire
from otklik.families.meta.messaging_parts import body_of, phone_or_email, source_of
from otklik.families.meta.messaging_wire import moment
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Sender, Unknown
from otklik.ports.message import Basket, BasketItem, Content, MessageKind

WINDOW_S = 86_400
"""What a person's message, press or opened link lets us answer for."""

STARTED = "otklik:start"
"""What our Get Started button carries: the person opened the chat and wrote nothing."""

OURS = "otklik:"
"""Begins the metadata of what we sent ourselves; it comes back in the echo."""

_PAGE_INBOX = "26390203743090"
_OPT_OUTS = frozenset({"STOP NOTIFICATIONS", "STOP_NOTIFICATIONS"})
_EMOJIS = {
    "smile": "😆",
    "angry": "😠",
    "sad": "😢",
    "wow": "😮",
    "love": "❤️",
    "like": "👍",
    "dislike": "👎",
}


class Dialect(Struct, frozen=True):
    """In what the two differ when read.

    `object` names the kind of account. `reaction_s`: a reaction lets us answer for so long.
    `records`: sound is always recorded on the spot, there are no music files.
    """

    object: str
    reaction_s: int
    records: bool


class Scene(Struct, frozen=True):
    """Around one event: whose chat it is, when, from whom, and whether another app answers."""

    dialect: Dialect
    person: Sender
    at: int
    ours: bool
    standby: bool


@singledispatch
def read_event(part: object, _scene: Scene) -> Iterator[ChannelEvent]:
    """Read the part of an event that tells its kind."""
    raise TypeError(f"no reader for {type(part).__name__}")


@read_event.register
def _(message: wire.Message, scene: Scene) -> Iterator[ChannelEvent]:
    external_id = message.mid or f"{scene.person.external_id}:{scene.at}"
    if message.is_deleted:
        yield port.MessagesDeleted(scene.person, (external_id,), scene.at)
    elif scene.ours:
        own = message.metadata.removeprefix(OURS) if message.metadata.startswith(OURS) else ""
        received = replace(_received(message, external_id, scene), window_s=0, touch=None)
        yield port.EchoReceived(received, author=_author(message), own_id=own)
    elif message.quick_reply is not None:
        yield _press(message, message.quick_reply.payload, external_id, scene)
    else:
        yield _received(message, external_id, scene)


@read_event.register
def _(press: wire.Postback, scene: Scene) -> Iterator[ChannelEvent]:
    if press.referral is not None or press.payload == STARTED:
        touch = source_of(press.referral) if press.referral else None
        yield port.Opened(scene.person, scene.at, touch, window_s=WINDOW_S)
    if press.payload != STARTED:
        yield port.ButtonPressed(
            sender=scene.person,
            external_id=press.mid or f"press:{scene.person.external_id}:{scene.at}",
            press_id="",  # nothing waits for an acknowledgement
            payload=press.payload,  # a press read while another app answers has none
            at=scene.at,
            label=press.title,
            window_s=WINDOW_S,
        )


@read_event.register
def _(referral: wire.Referral, scene: Scene) -> Iterator[ChannelEvent]:
    yield port.Opened(scene.person, scene.at, source_of(referral), window_s=WINDOW_S)


@read_event.register
def _(edit: wire.MessageEdit, scene: Scene) -> Iterator[ChannelEvent]:
    if edit.text is None or not edit.mid:
        yield Unknown("message_edit.without_text")
        return
    message = MessageReceived(scene.person, edit.mid, scene.at, text=edit.text)
    yield port.MessageEdited(message, edited_at=scene.at)


@read_event.register
def _(reaction: wire.Reaction, scene: Scene) -> Iterator[ChannelEvent]:
    if scene.ours or not reaction.mid:
        yield Unknown("reaction.own" if scene.ours else "reaction.of_nothing")
        return
    gone = reaction.action == "unreact"
    emoji = "" if gone else reaction.emoji or _EMOJIS.get(reaction.reaction, "")
    window_s = 0 if gone else scene.dialect.reaction_s
    emojis = (emoji,) if emoji else ()
    yield port.ReactionChanged(scene.person, reaction.mid, emojis, scene.at, window_s)


@read_event.register
def _(delivery: wire.Delivery, scene: Scene) -> Iterator[ChannelEvent]:
    until = moment(delivery.watermark)
    for mid in delivery.mids:
        yield port.StatusReported(scene.person, mid, "delivered", scene.at)
    if until or not delivery.mids:
        yield port.DeliveryReported(scene.person, until or scene.at)


@read_event.register
def _(read: wire.Read, scene: Scene) -> Iterator[ChannelEvent]:
    yield port.ReadReported(scene.person, moment(read.watermark) or scene.at, read.mid)


@read_event.register
def _(optin: wire.Optin, scene: Scene) -> Iterator[ChannelEvent]:
    if optin.type != "notification_messages":
        source = optin.ref or optin.payload
        touch = port.Touch("deep_link", source, {"type": optin.type or "optin"}) if source else None
        yield port.Opened(scene.person, scene.at, touch, window_s=WINDOW_S)
        return
    granted = optin.notification_messages_status.upper() not in _OPT_OUTS
    wording = optin.title or optin.payload
    yield port.ConsentReported(scene.person, "marketing", granted, scene.at, wording)


@read_event.register
def _(cart: wire.Cart, scene: Scene) -> Iterator[ChannelEvent]:
    items = tuple(
        BasketItem(
            product_id=str(product.retailer_id or product.id),
            title=product.name,
            quantity=product.quantity,
            price=str(product.unit_price),
            currency=product.currency,
        )
        for product in cart.products
    )
    yield MessageReceived(
        sender=scene.person,
        external_id=f"order:{scene.person.external_id}:{scene.at}",
        sent_at=scene.at,
        kind=MessageKind.ORDER,
        text=cart.note,
        content=Content(basket=Basket(items=items, note=cart.note)),
        window_s=WINDOW_S,
    )


@read_event.register
def _(policy: wire.Policy, scene: Scene) -> Iterator[ChannelEvent]:
    trouble = policy.action != "unblock"
    detail = policy.reason or policy.action
    yield port.InboxReported(f"policy_{policy.action}", detail, scene.at, is_trouble=trouble)


@read_event.register
def _(feedback: wire.Feedback, scene: Scene) -> Iterator[ChannelEvent]:
    asked = [grade for screen in feedback.feedback_screens for grade in screen.questions.values()]
    grades = [grade for grade in asked if grade.payload]
    words = [str(grade.payload) for grade in grades]
    words += [grade.follow_up.payload for grade in grades if grade.follow_up]
    yield MessageReceived(
        sender=scene.person,
        external_id=f"feedback:{scene.person.external_id}:{scene.at}",
        sent_at=scene.at,
        text="\n".join(filter(None, words)),
        content=Content(details={"feedback": ", ".join(grade.type for grade in grades)}),
        window_s=WINDOW_S,
    )


def _received(message: wire.Message, external_id: str, scene: Scene) -> MessageReceived:
    found = body_of(message, records=scene.dialect.records)
    details = found.details | ({"standby": "yes"} if scene.standby else {})
    return MessageReceived(
        sender=scene.person,
        external_id=external_id,
        sent_at=scene.at,
        kind=found.kind,
        text=found.text,
        content=Content(
            location=found.location,
            buttons=found.buttons,
            details=details,
            product=found.product,
        ),
        attachments=found.files,
        reply_to=message.reply_to.mid if message.reply_to else "",
        touch=source_of(message.referral) if message.referral else None,
        window_s=WINDOW_S,
    )


def _press(
    message: wire.Message, payload: str, external_id: str, scene: Scene
) -> port.ButtonPressed:
    told = phone_or_email(message.text, payload)
    return port.ButtonPressed(
        sender=msgspec.convert(msgspec.to_builtins(scene.person) | told, Sender),
        external_id=external_id,
        press_id="",
        payload=payload,
        at=scene.at,
        of_message=message.reply_to.mid if message.reply_to else "",
        label=message.text,
        window_s=WINDOW_S,
    )


def _author(message: wire.Message) -> str:
    if str(message.app_id) == _PAGE_INBOX:
        return "Page Inbox"
    return f"app {message.app_id}" if message.app_id else ""
