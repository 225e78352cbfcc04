"""What people do in their telephones: the chat changes, and the messenger tells the business."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from sandbox import blobs
from sandbox.happenings import (
    Blocked,
    Consented,
    Deleted,
    Echoed,
    Edited,
    Failed,
    Happening,
    Pressed,
    Reacted,
    Read,
    Said,
    Started,
    Typed,
    Unblocked,
)
from sandbox.message import (
    FILE_KINDS,
    Button,
    ContactCard,
    File,
    Item,
    Kind,
    Message,
    Place,
)
from sandbox.orders import ActError, Ask, FilePart
from sandbox.platform import Platform
from sandbox.world import Chat

_BASKET = (Item(id="tea-1", title="Да Хун Пао, 50 г", quantity=2, price="1290.00"),)


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's hand on a telephone."""

    platform: Platform
    chat: Chat

    def tell(self, happening: Happening) -> None:
        """Let the messenger send what it sends about this."""
        account = self.chat.account
        said = happening.message if isinstance(happening, Said) else None
        for parcel in self.platform.tell(self.chat, happening):
            account.push(
                msgspec.structs.replace(
                    parcel,
                    queue=parcel.queue or self.chat.address,
                    chat=self.chat.address,
                    message_id=parcel.message_id or (said.id if said else ""),
                )
            )

    def blank(self, kind: Kind = "text", text: str = "", reply_to: str = "") -> Message:
        """The person's next message."""
        return Message(
            id=self.platform.message_id(self.chat),
            own=True,
            at=time.time(),
            kind=kind,
            text=text,
            reply_to=reply_to,
            status="sent",
        )

    def say(self, message: Message, button: Button | None = None) -> Message:
        """Put a message of the person into the chat and tell it."""
        chat = self.chat
        if chat.blocked:
            raise ActError("The person has blocked the business; unblock it first.")
        chat.inbound_at = time.time()
        chat.started = chat.started or self.platform.starts_itself
        chat.leave(message)
        self.tell(Said(message, button))
        return chat.messages.get(message.id, message)


def perform(platform: Platform, chat: Chat, name: str, ask: Ask) -> object:
    """Do one act by its name; raises ActError when it is impossible here."""
    own = platform.own_acts.get(name)
    if own is not None:
        return own(chat, ask)
    act = ACTS.get(name)
    if act is None or (name not in platform.acts and name not in _EVERYWHERE):
        raise ActError(
            f"{platform.title} has no act {name!r}; known: {', '.join(known(platform))}."
        )
    return act(Hand(platform, chat), ask)


def known(platform: Platform) -> list[str]:
    """The names of everything a person can do at this messenger."""
    return [*platform.acts, *platform.own_acts, *_EVERYWHERE]


def _text(hand: Hand, ask: Ask) -> object:
    if not ask.text.strip():
        raise ActError("A text must not be empty.")
    if len(ask.text) > hand.platform.longest_text:
        raise ActError(f"A text is at most {hand.platform.longest_text} characters here.")
    message = hand.blank("text", ask.text, ask.reply_to)
    return hand.say(msgspec.structs.replace(message, title=ask.title))


def _send_file(kind: Kind) -> Callable[[Hand, Ask], object]:
    def send(hand: Hand, ask: Ask) -> object:
        part = FilePart(kind, ask.sample, ask.content, ask.name, ask.mime, ask.duration)
        file = _keep(hand, kind, part)
        message = hand.blank(kind, ask.text, ask.reply_to)
        return hand.say(msgspec.structs.replace(message, files=(file,), title=ask.title))

    return send


def _keep(hand: Hand, kind: Kind, part: FilePart) -> File:
    if part.content is None:
        found = blobs.sample(part.sample or blobs.DEFAULT_SAMPLE[kind])
    else:
        found = blobs.blob(part.content, part.name or "file.bin", part.mime, part.duration)
        if kind == "picture" and not found.width:
            raise ActError("A picture must be a PNG, JPEG, GIF or WebP.")
    return hand.chat.account.keep(found, kind)


def _album(hand: Hand, ask: Ask) -> object:
    if not 2 <= len(ask.items) <= 10:
        raise ActError("items: an album has from 2 to 10 files.")
    files = [_keep(hand, _file_kind(part.kind), part) for part in ask.items]
    if hand.platform.album == "apart":
        said = []
        for place, file in enumerate(files):
            message = hand.blank(file.kind, ask.text if place == 0 else "")
            said.append(hand.say(msgspec.structs.replace(message, files=(file,))))
        return said
    message = hand.blank(files[0].kind, ask.text, ask.reply_to)
    return hand.say(msgspec.structs.replace(message, files=tuple(files), title=ask.title))


def _file_kind(name: str) -> Kind:
    if name not in FILE_KINDS:
        raise ActError(f"{name!r} is no kind of file; known: {', '.join(FILE_KINDS)}.")
    kind: Kind = msgspec.convert(name, Kind)
    return kind


def _location(hand: Hand, ask: Ask) -> object:
    place = Place(
        latitude=ask.latitude, longitude=ask.longitude, title=ask.title, address=ask.address
    )
    return hand.say(msgspec.structs.replace(hand.blank("location"), place=place))


def _contact(hand: Hand, ask: Ask) -> object:
    person = hand.chat.person
    card = ContactCard(name=ask.name or "Знакомый", phone=ask.phone)
    if not ask.phone:
        card = ContactCard(name=person.name, phone=person.phone, own=True)
    return hand.say(msgspec.structs.replace(hand.blank("contact"), contact=card))


def _order(hand: Hand, ask: Ask) -> object:
    items = tuple(ask.basket) or _BASKET
    return hand.say(msgspec.structs.replace(hand.blank("order", ask.text), items=items))


def _press(hand: Hand, ask: Ask) -> object:
    message = hand.chat.messages.get(ask.message_id)
    if message is None:
        raise ActError(f"There is no message {ask.message_id!r} in this chat.")
    button = _pick(_buttons(message), ask)
    return _push(hand, button, message)


def _tap(hand: Hand, ask: Ask) -> object:
    keyboard = hand.chat.keyboard
    keys = [key for row in keyboard.rows for key in row] if keyboard else []
    button = _pick(keys, ask)
    if keyboard is not None and keyboard.one_time:
        hand.chat.set_keyboard(None)
    return _push(hand, button, None)


def _buttons(message: Message) -> list[Button]:
    sections = message.menu.sections if message.menu else ()
    return [
        *(button for row in message.buttons for button in row),
        *(button for card in message.cards for button in card.buttons),
        *(row for _, rows in sections for row in rows),
    ]


def _pick(buttons: list[Button], ask: Ask) -> Button:
    for button in buttons:
        if (ask.payload and button.payload == ask.payload) or (
            not ask.payload and button.text == (ask.button or ask.text)
        ):
            return button
    raise ActError("There is no such button; give its payload, or its text as `button`.")


def _push(hand: Hand, button: Button, message: Message | None) -> object:
    """Do what a button does; links, calls and copies stay on the telephone."""
    match button.kind:
        case "say":
            return hand.say(hand.blank("text", button.text), button)
        case "phone":
            return _contact(hand, Ask())
        case "location":
            return _location(hand, Ask())
        case "press":
            if hand.chat.blocked:
                raise ActError("The person has blocked the business; unblock it first.")
            press_id = f"{hand.chat.person.id}-{hand.chat.account.number('press')}"
            hand.chat.presses[press_id] = button
            hand.chat.inbound_at = time.time()
            hand.tell(Pressed(button, press_id, message))
            return {"press_id": press_id}
        case _:
            return None


def _react(hand: Hand, ask: Ask) -> object:
    message = hand.chat.messages.get(ask.message_id)
    if message is None:
        raise ActError(f"There is no message {ask.message_id!r} in this chat.")
    if ask.emoji and ask.emoji not in hand.platform.reactions:
        raise ActError(f"The reactions here are {' '.join(hand.platform.reactions)}.")
    before = message.reaction
    changed = msgspec.structs.replace(message, reaction=ask.emoji)
    hand.chat.change(changed)
    hand.tell(Reacted(changed, ask.emoji, before))
    return changed


def _own(hand: Hand, ask: Ask) -> Message:
    message = hand.chat.messages.get(ask.message_id)
    if message is None or not message.own:
        raise ActError(f"Message {ask.message_id!r} is not one of the person's own.")
    return message


def _edit(hand: Hand, ask: Ask) -> object:
    changed = msgspec.structs.replace(_own(hand, ask), text=ask.text, edited_at=time.time())
    hand.chat.change(changed)
    hand.tell(Edited(changed))
    return changed


def _delete(hand: Hand, ask: Ask) -> object:
    gone = _own(hand, ask)
    hand.chat.remove(gone.id)
    hand.tell(Deleted(gone))
    return None


def _start(hand: Hand, ask: Ask) -> object:
    first = not hand.chat.messages
    hand.chat.set_blocked(blocked=False)
    hand.chat.started = True
    hand.chat.facts["payload"] = ask.payload
    hand.tell(Started(ask.payload, ask.source, first))
    return None


def _block(hand: Hand, _ask: Ask) -> object:
    if not hand.chat.blocked:
        hand.chat.set_blocked(blocked=True)
        hand.tell(Blocked())
    return None


def _unblock(hand: Hand, _ask: Ask) -> object:
    if hand.chat.blocked:
        hand.chat.set_blocked(blocked=False)
        hand.tell(Unblocked())
    return None


def _read(hand: Hand, _ask: Ask) -> object:
    """Look at the chat; nothing is told when nothing new was seen."""
    last = hand.chat.last(own=False)
    if last is None or last.id == hand.chat.read_up_to:
        return None
    hand.chat.read_up_to = last.id
    hand.tell(Read(last))
    return last.id


def _typing(hand: Hand, _ask: Ask) -> object:
    hand.tell(Typed())
    return None


def _consent(hand: Hand, ask: Ask) -> object:
    if ask.purpose == "messages":
        hand.chat.started = ask.granted
    hand.tell(Consented(ask.purpose, ask.granted))
    return None


def _echo(hand: Hand, ask: Ask) -> object:
    message = msgspec.structs.replace(hand.blank("text", ask.text), own=False)
    hand.chat.leave(message)
    hand.tell(Echoed(message))
    return message


def _fail(hand: Hand, ask: Ask) -> object:
    message = hand.chat.messages.get(ask.message_id) or hand.chat.last(own=False)
    if message is None or message.own:
        raise ActError("There is no message of the business to fail.")
    hand.chat.mark(message.id, "failed")
    hand.tell(Failed(message, ask.code))
    return None


def _age(hand: Hand, ask: Ask) -> object:
    """Let so many seconds pass since the person last wrote, for reply windows."""
    hand.chat.inbound_at -= ask.seconds
    return {"inbound_at": hand.chat.inbound_at}


_EVERYWHERE = ("age",)
ACTS: dict[str, Callable[[Hand, Ask], object]] = {
    "text": _text,
    **{kind: _send_file(_file_kind(kind)) for kind in FILE_KINDS},
    "album": _album,
    "location": _location,
    "contact": _contact,
    "order": _order,
    "press": _press,
    "tap": _tap,
    "react": _react,
    "edit": _edit,
    "delete": _delete,
    "start": _start,
    "block": _block,
    "unblock": _unblock,
    "read": _read,
    "typing": _typing,
    "consent": _consent,
    "echo": _echo,
    "fail": _fail,
    "age": _age,
}
