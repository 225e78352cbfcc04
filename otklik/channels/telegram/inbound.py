"""Telegram's updates, read into our events."""

from collections.abc import Mapping, Sequence
from hmac import compare_digest

import msgspec

from otklik.channels.telegram import wire
from otklik.kernel import lenient
from otklik.ports import channel as port
from otklik.ports.channel import ChannelEvent, MessageReceived, Unknown
from otklik.ports.message import Attachment, ContactCard, Content, Entity, Location, MessageKind

_HEADER = "x-telegram-bot-api-secret-token"

_KINDS = {name: name for name in (*wire.FORMATS, "url", "mention", "hashtag", "email")} | {
    "blockquote": "quote",
    "expandable_blockquote": "quote",
    "text_link": "link",
    "text_mention": "mention",
    "cashtag": "hashtag",
    "phone_number": "phone",
    "bot_command": "command",
}

# What surrounds the body of a message. A key that is neither here nor known is its body.
_AROUND_NAMES = """message_id message_thread_id direct_messages_topic from sender_chat sender_tag
    sender_boost_count sender_business_bot date guest_query_id business_connection_id chat
    content_type forward_origin forward_from forward_from_chat forward_from_message_id
    forward_signature forward_sender_name forward_date is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id
    reply_to_poll_option_id via_bot edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count entities link_preview_options
    suggested_post_info effect_id caption caption_entities show_caption_above_media
    has_media_spoiler reply_markup"""
_AROUND = frozenset(_AROUND_NAMES.split())

# Bodies that tell of an event in the chat; any other unknown body is something a person sent.
_SERVICE_NAMES = """new_chat_members new_chat_member new_chat_participant left_chat_member
    left_chat_participant new_chat_title new_chat_photo delete_chat_photo group_chat_created
    supergroup_chat_created channel_chat_created message_auto_delete_timer_changed pinned_message
    user_shared users_shared chat_shared connected_website write_access_allowed passport_data
    proximity_alert_triggered boost_added chat_background_set checklist_tasks_done
    checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited
    forum_topic_closed forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden giveaway_created giveaway_completed managed_bot_created
    paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid
    suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
    video_chat_participants_invited chat_owner_changed chat_owner_left"""
_SERVICE = frozenset(_SERVICE_NAMES.split())

_STICKERS = {"webp": "image/webp", "tgs": "application/x-tgsticker", "webm": "video/webm"}


def authentic(headers: Mapping[str, str], _body: bytes, config: port.InboxConfig) -> bool:
    """Tell whether the secret header is ours, the current one or the one being replaced."""
    shown = headers.get(_HEADER, "").encode("utf-8", "surrogatepass")
    valid = False
    for name in ("webhook_secret", "webhook_secret_previous"):
        secret = config.secrets.get(name, "").encode()
        valid |= compare_digest(shown, secret) and bool(secret)  # an unset secret opens nothing
    return valid


def envelope(body: bytes) -> port.Envelope | port.Malformed:
    """Take the number of an update, by which Telegram's repeats are recognised."""
    try:
        return port.Envelope(dedupe_key=str(wire.outside(body).update_id))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return port.Malformed(reason=f"not a Telegram update: {error}")
    except RecursionError:
        return port.Malformed(reason="not a Telegram update: nested too deeply")


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one update: one event, `Unknown` when it is nothing we act on."""
    update = lenient.read(body, wire.Update)
    if update.message is not None:
        return (_message(body, "message", update.message),)
    if update.edited_message is not None:
        return (_message(body, "edited_message", update.edited_message),)
    if update.callback_query is not None:
        return (_press(update.callback_query),)
    if update.message_reaction is not None:
        return (_reaction(update.message_reaction),)
    if update.my_chat_member is not None:
        return (_membership(update.my_chat_member),)
    return (_unread(body),)


def attachment(message: wire.Message) -> Attachment | None:
    """Give the one file of a message: of a photo the biggest size, of a sticker its format."""
    if message.photo:
        best = max(message.photo, key=lambda size: (size.width * size.height, size.file_size))
        return _attachment(MessageKind.PICTURE, best, "image/jpeg")
    if message.sticker is not None:
        sticker = message.sticker
        form = "tgs" if sticker.is_animated else "webm" if sticker.is_video else "webp"
        found = _attachment(MessageKind.STICKER, sticker, _STICKERS[form])
        return msgspec.structs.replace(found, format=form)
    if message.animation is not None:  # comes with a `document` of the same file beside it
        found = _attachment(MessageKind.VIDEO, message.animation, "video/mp4")
        return msgspec.structs.replace(found, animation=True)
    if message.video_note is not None:
        found = _attachment(MessageKind.VIDEO, message.video_note, "video/mp4")
        return msgspec.structs.replace(found, round=True)
    plain = (
        (MessageKind.VIDEO, message.video, "video/mp4"),
        (MessageKind.VOICE, message.voice, "audio/ogg"),
        (MessageKind.AUDIO, message.audio, "audio/mpeg"),
        (MessageKind.FILE, message.document, "application/octet-stream"),
    )
    return next((_attachment(kind, file, mime) for kind, file, mime in plain if file), None)


def _attachment(kind: MessageKind, file: wire.File, mime: str) -> Attachment:
    return Attachment(
        kind=kind,
        ref=file.file_id,
        name=file.file_name or " — ".join(filter(None, (file.performer, file.title))),
        mime=file.mime_type or mime,
        size=file.file_size,
        width=file.width or file.length,
        height=file.height or file.length,
        duration_s=file.duration,
        emoji=file.emoji,
    )


def _message(body: bytes, key: str, message: wire.Message) -> ChannelEvent:
    chat = message.chat
    if message.migrate_to_chat_id:
        return port.ChatMoved(str(chat.id), str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return port.ChatMoved(str(message.migrate_from_chat_id), str(chat.id))
    if not chat.private:
        return _elsewhere(key, chat)
    received = _received(message)
    if received is None:
        name = _body_name(body, key)
        if name in _SERVICE:
            return Unknown(f"{key}.{name}")
        received = _shell(message, MessageKind.UNSUPPORTED, name)
    if key == "message":
        return received
    return port.MessageEdited(received, _ms(message.edit_date) or received.sent_at)


def _received(message: wire.Message) -> MessageReceived | None:
    file = attachment(message)
    if file is not None:
        shell = _shell(message, file.kind, message.caption, message.caption_entities)
        return msgspec.structs.replace(shell, attachments=(file,))
    if message.text:
        shell = _shell(message, MessageKind.TEXT, message.text, message.entities)
        return msgspec.structs.replace(shell, touch=_touch(message.text))
    if (place := _place(message)) is not None:
        shell = _shell(message, MessageKind.LOCATION)
        content = msgspec.structs.replace(shell.content, location=place)
        return msgspec.structs.replace(shell, content=content)
    if message.contact is not None:
        shell = _shell(message, MessageKind.CONTACT_CARD)
        card = _card(message.contact, message.from_)
        content = msgspec.structs.replace(shell.content, card=card)
        return msgspec.structs.replace(shell, content=content)
    return None


def _shell(
    message: wire.Message, kind: MessageKind, text: str = "", spans: tuple[wire.Span, ...] = ()
) -> MessageReceived:
    replied = message.reply_to_message
    return MessageReceived(
        sender=_sender(message.chat, message.from_),
        external_id=external_id(message.chat.id, message.message_id),
        sent_at=_ms(message.date),
        kind=kind,
        text=text,
        content=Content(entities=_entities(spans), forwarded_from=_origin(message)),
        group_key=message.media_group_id,
        reply_to=external_id(message.chat.id, replied.message_id) if replied else "",
    )


def _press(press: wire.Press) -> ChannelEvent:
    message, chat = press.message, wire.Peer(id=press.from_.id, type="private")
    if message is not None:  # absent under a message sent inline: then the answer goes to `from`
        chat = message.chat
        if not chat.private:
            return _elsewhere("callback_query", chat)
    payload = press.data or press.game_short_name
    rows = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
    labels = (key.text for row in rows for key in row if key.callback_data == payload)
    return port.ButtonPressed(
        sender=_sender(chat, press.from_),
        external_id=f"cq:{press.id}",
        press_id=str(press.id),
        payload=payload,
        at=0,  # Telegram does not tell; the message's own date is not it
        of_message=external_id(chat.id, message.message_id) if message else "",
        label=next(labels, ""),
    )


def _reaction(change: wire.Reaction) -> ChannelEvent:
    if not change.chat.private or change.user is None:
        return _elsewhere("message_reaction", change.chat)
    return port.ReactionChanged(
        sender=_sender(change.chat, change.user),
        external_id=external_id(change.chat.id, change.message_id),
        emojis=tuple(reaction.emoji for reaction in change.new_reaction if reaction.emoji),
        at=_ms(change.date),
    )


def _membership(change: wire.MemberChange) -> ChannelEvent:
    status = change.new_chat_member.status
    if not change.chat.private:
        return _elsewhere("my_chat_member", change.chat)
    if status not in {"kicked", "left", "member"}:
        return Unknown(f"my_chat_member.{status}"[:64])
    sender = _sender(change.chat, change.from_)
    return port.ReachabilityChanged(sender, reachable=status == "member", at=_ms(change.date))


def _elsewhere(key: str, chat: wire.Peer) -> Unknown:
    place = {"channel": "channel", "private": "anonymous"}.get(chat.type, "group")
    return Unknown(f"{place}_{key}")


def _unread(body: bytes) -> Unknown:
    update = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    name = next((key for key in update if key != "update_id"), "empty")
    if name not in wire.Update.__struct_fields__:
        return Unknown(name[:64])
    msgspec.json.decode(update[name], type=dict[str, msgspec.Raw])  # not even an object: broken
    return Unknown(f"{name}.unreadable")


def _body_name(body: bytes, key: str) -> str:
    message = msgspec.json.decode(body, type=dict[str, msgspec.Raw])[key]
    names = msgspec.json.decode(message, type=dict[str, msgspec.Raw])
    return next((name[:64] for name in names if name not in _AROUND), "empty")


def _sender(chat: wire.Peer, user: wire.Peer | None) -> port.Sender:
    person = user or chat
    return port.Sender(str(chat.id), person.name, person.username, person.language_code)


def _entities(spans: tuple[wire.Span, ...]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            kind=_KINDS[span.type],
            offset=span.offset,
            length=span.length,
            url=span.url or (f"tg://user?id={span.user.id}" if span.user else ""),
            language=span.language,
        )
        for span in spans
        if span.type in _KINDS
    )


def _touch(text: str) -> port.Touch | None:
    command, _, payload = text.partition(" ")
    if command.partition("@")[0] != "/start" or not payload.strip():
        return None
    return port.Touch(kind="deep_link", source=payload.strip())


def _place(message: wire.Message) -> Location | None:
    if (venue := message.venue) is not None:
        point = venue.location
        return Location(point.latitude, point.longitude, venue.title, venue.address)
    if (point_now := message.location) is not None:
        return Location(point_now.latitude, point_now.longitude, live_s=point_now.live_period)
    return None


def _card(card: wire.Card, sender: wire.Peer | None) -> ContactCard:
    own = sender is not None and card.user_id == sender.id  # anybody can send a friend's card
    digits = card.phone_number
    return ContactCard(
        name=" ".join(filter(None, (card.first_name, card.last_name))),
        phone=f"+{digits}" if own and digits.isdigit() else digits,  # its own are international
        own=own,
    )


def _origin(message: wire.Message) -> str:
    origin = message.forward_origin or wire.Origin(
        sender_user=message.forward_from,
        sender_user_name=message.forward_sender_name,
        chat=message.forward_from_chat,
    )
    peer = origin.sender_user or origin.chat or origin.sender_chat
    return peer.name if peer else origin.sender_user_name


def external_id(chat_id: int, message_id: int) -> str:
    """Name a message: Telegram's numbers are unique within one chat only."""
    return f"{chat_id}:{message_id}"


def _ms(seconds: int) -> int:
    return seconds * 1000
