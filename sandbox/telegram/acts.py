"""What people do in their telephones: every act becomes the update Telegram would send."""

import time

import msgspec

from sandbox.blobs import Blob
from sandbox.orders import ActError
from sandbox.telegram.entities import find, units
from sandbox.telegram.files import put
from sandbox.telegram.markup import InlineButton, InlineKeyboard, ReplyButton, ReplyKeyboard
from sandbox.telegram.wire import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    ContactCard,
    Entity,
    Location,
    Message,
    Reaction,
    ReactionUpdated,
    Venue,
)
from sandbox.telegram.world import Bot, Person, Query, Thread, World, now


class Hand(msgspec.Struct, frozen=True):
    """A person at a chat with a bot."""

    world: World
    bot: Bot
    person: Person
    thread: Thread


def hand(world: World, bot: Bot, person: Person, thread: Thread | None = None) -> Hand:
    return Hand(world, bot, person, thread or world.thread(bot, person))


def _empty(at: Hand) -> Message:
    return Message(message_id=0, chat=at.thread.chat, date=0)


def say(
    at: Hand, content: Message, *, reply_to: int | None = None, group: str | None = None
) -> Message:
    """Put a message of the person into the chat and send its update."""
    if at.thread.blocked:
        raise ActError("The person has blocked the bot; unblock it first.")
    reply = at.thread.messages.get(reply_to) if reply_to else None
    message = msgspec.structs.replace(
        content,
        message_id=at.thread.next_id(),
        from_=at.person.user,
        chat=at.thread.chat,
        date=now(),
        reply_to_message=msgspec.structs.replace(reply, reply_to_message=None) if reply else None,
        media_group_id=group,
    )
    at.thread.messages[message.message_id] = message
    at.thread.started = True
    at.world.show(at.bot, at.thread, message)
    at.bot.updates.add(
        "message",
        message,
        queue=at.thread.chat.id,
        chat_id=at.thread.chat.id,
        message_id=message.message_id,
    )
    return message


def write(
    at: Hand, text: str, entities: list[Entity] | None = None, reply_to: int | None = None
) -> Message:
    """Write a text; what Telegram marks by itself is marked."""
    if not text.strip():
        raise ActError("A text must not be empty.")
    if units(text) > 4096:
        raise ActError("A text is at most 4096 UTF-16 units; Telegram's apps split longer ones.")
    found = entities if entities is not None else find(text)
    return say(
        at,
        msgspec.structs.replace(_empty(at), text=text, entities=found or None),
        reply_to=reply_to,
    )


def start(at: Hand, payload: str = "") -> Message:
    """Press Start, with the payload of a deep link; a blocked bot is unblocked by it."""
    if at.thread.blocked:
        set_blocked(at, blocked=False)
    return write(at, f"/start {payload}".strip())


def send_file(
    at: Hand,
    kind: str,
    blob: Blob,
    *,
    caption: str | None = None,
    reply_to: int | None = None,
    group: str | None = None,
) -> Message:
    """Send one file as its kind."""
    message = put(_empty(at), at.bot.keep(blob, kind), kind=kind)
    if caption:
        message = msgspec.structs.replace(
            message, caption=caption, caption_entities=find(caption) or None
        )
    return say(at, message, reply_to=reply_to, group=group)


def send_album(
    at: Hand, items: list[tuple[str, Blob]], caption: str | None = None
) -> list[Message]:
    """Send several files that share a group; each is an update of its own."""
    group = str(13_000_000_000_000 + at.person.user.id % 10**6 * 10**6 + at.thread.last_id)
    return [
        send_file(at, kind, blob, caption=None if place else caption, group=group)
        for place, (kind, blob) in enumerate(items)
    ]


def send_location(at: Hand, latitude: float, longitude: float) -> Message:
    place = Location(latitude=latitude, longitude=longitude)
    return say(at, msgspec.structs.replace(_empty(at), location=place))


def send_venue(at: Hand, latitude: float, longitude: float, title: str, address: str) -> Message:
    place = Location(latitude=latitude, longitude=longitude)
    venue = Venue(location=place, title=title, address=address)
    return say(at, msgspec.structs.replace(_empty(at), location=place, venue=venue))


def share_own_contact(at: Hand) -> Message:
    user = at.person.user
    card = ContactCard(
        phone_number=at.person.phone,
        first_name=user.first_name,
        last_name=user.last_name,
        user_id=user.id,
    )
    return say(at, msgspec.structs.replace(_empty(at), contact=card))


def share_contact(at: Hand, phone: str, first_name: str, user_id: int | None = None) -> Message:
    card = ContactCard(phone_number=phone, first_name=first_name, user_id=user_id)
    return say(at, msgspec.structs.replace(_empty(at), contact=card))


def edit(at: Hand, message_id: int, text: str) -> Message:
    """Change the text or the caption of an own message."""
    old = at.thread.messages.get(message_id)
    if old is None or old.from_ is None or old.from_.id != at.person.user.id:
        raise ActError(f"Message {message_id} is not one of the person's own.")
    marked = find(text) or None
    if old.text is not None:
        new = msgspec.structs.replace(old, text=text, entities=marked, edit_date=now())
    else:
        new = msgspec.structs.replace(
            old, caption=text or None, caption_entities=marked, edit_date=now()
        )
    at.thread.messages[message_id] = new
    at.world.show(at.bot, at.thread, new, "edit")
    at.bot.updates.add("edited_message", new, queue=at.thread.chat.id)
    return new


def press(at: Hand, message_id: int, button_data: str | None, text: str | None) -> Query:
    """Press an inline button, found by its data or by what is written on it."""
    message = at.thread.messages.get(message_id)
    if message is None or not isinstance(message.reply_markup, InlineKeyboard):
        raise ActError(f"Message {message_id} has no buttons.")
    button = _find_button(message.reply_markup, button_data, text)
    if button is None or button.callback_data is None:
        raise ActError("There is no such button with data on that message.")
    at.bot.query_seq += 1
    query = Query(
        f"{at.person.user.id * 4_294_967_296 + at.bot.query_seq}",
        at.thread.chat.id,
        time.monotonic(),
    )
    at.bot.queries[query.id] = query
    update = CallbackQuery(
        id=query.id,
        from_=at.person.user,
        message=message,
        chat_instance=str(at.thread.chat.id * 7919 % 2**63),
        data=button.callback_data,
    )
    at.bot.updates.add("callback_query", update, queue=at.person.user.id)
    return query


def _find_button(
    keyboard: InlineKeyboard, button_data: str | None, text: str | None
) -> InlineButton | None:
    for row in keyboard.inline_keyboard:
        for button in row:
            if (button_data is not None and button.callback_data == button_data) or (
                text and button.text == text
            ):
                return button
    return None


def tap(at: Hand, text: str) -> Message:
    """Tap a button of the reply keyboard: its text is written, or what it asks for is shared."""
    keyboard = at.thread.keyboard
    button = _find_key(keyboard, text) if isinstance(keyboard, ReplyKeyboard) else None
    if button is None or not isinstance(keyboard, ReplyKeyboard):
        raise ActError(f"There is no key {text!r} on the person's keyboard.")
    if keyboard.one_time_keyboard:
        at.thread.keyboard = None
        at.world.feed.publish(
            "keyboard", bot_id=at.bot.user.id, chat_id=at.thread.chat.id, keyboard=None
        )
    if button.request_contact:
        return share_own_contact(at)
    if button.request_location:
        return send_location(at, 59.9386, 30.3141)
    return write(at, text)


def _find_key(keyboard: ReplyKeyboard, text: str) -> ReplyButton | None:
    return next((key for row in keyboard.keyboard for key in row if key.text == text), None)


def react(at: Hand, message_id: int, emoji: str | None) -> None:
    """Put a reaction on a message, or take it away."""
    if message_id not in at.thread.messages:
        raise ActError(f"There is no message {message_id}.")
    mine = at.thread.reactions.setdefault(message_id, {})
    old = mine.get(at.person.user.id, [])
    mine[at.person.user.id] = [emoji] if emoji else []
    update = ReactionUpdated(
        chat=at.thread.chat,
        message_id=message_id,
        user=at.person.user,
        date=now(),
        old_reaction=[Reaction(type="emoji", emoji=one) for one in old],
        new_reaction=[Reaction(type="emoji", emoji=emoji)] if emoji else [],
    )
    at.bot.updates.add("message_reaction", update, queue=at.thread.chat.id)
    at.world.feed.publish(
        "reaction",
        bot_id=at.bot.user.id,
        chat_id=at.thread.chat.id,
        message_id=message_id,
        reactions=mine,
    )


def set_blocked(at: Hand, *, blocked: bool) -> None:
    """Block the bot or let it in again."""
    if at.thread.blocked == blocked:
        return
    at.thread.blocked = blocked
    names = ("member", "kicked") if blocked else ("kicked", "member")
    old, new = (
        ChatMember(user=at.bot.user, status=name, until_date=0 if name == "kicked" else None)
        for name in names
    )
    update = ChatMemberUpdated(
        chat=at.thread.chat,
        from_=at.person.user,
        date=now(),
        old_chat_member=old,
        new_chat_member=new,
    )
    at.bot.updates.add("my_chat_member", update, queue=at.person.user.id)
    at.world.feed.publish(
        "blocked", bot_id=at.bot.user.id, chat_id=at.thread.chat.id, blocked=blocked
    )


def migrate(bot: Bot, thread: Thread) -> Thread:
    """Turn a group into a supergroup: the old id answers only with the new one."""
    new_id = -1_000_000_000_000 + thread.chat.id
    chat = msgspec.structs.replace(thread.chat, id=new_id, type="supergroup")
    new = Thread(chat, None, started=True)
    bot.threads[new_id] = new
    thread.migrated_to = new_id
    sender = next((m.from_ for m in thread.messages.values() if m.from_), bot.user)
    farewell = Message(
        message_id=thread.next_id(),
        from_=sender,
        chat=thread.chat,
        date=now(),
        migrate_to_chat_id=new_id,
    )
    greeting = Message(
        message_id=new.next_id(),
        from_=sender,
        chat=chat,
        date=now(),
        migrate_from_chat_id=thread.chat.id,
    )
    bot.updates.add("message", farewell, queue=thread.chat.id)
    bot.updates.add("message", greeting, queue=new_id)
    return new
