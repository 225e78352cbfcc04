"""What can happen at a person's end; each messenger tells it to the business in its own bodies."""

import msgspec

from sandbox.message import Button, Message


class Said(msgspec.Struct, frozen=True):
    """A message of any kind; `button` when a text button (`say`) wrote it."""

    message: Message
    button: Button | None = None


class Edited(msgspec.Struct, frozen=True):
    message: Message


class Deleted(msgspec.Struct, frozen=True):
    """The person unsent an own message; it is already gone from the chat."""

    message: Message


class Reacted(msgspec.Struct, frozen=True):
    """A reaction to `message` was put or, when `emoji` is empty, taken back."""

    message: Message
    emoji: str
    before: str = ""


class Pressed(msgspec.Struct, frozen=True):
    """An inline button, a list's row or a card's button; `message` None: of the keyboard."""

    button: Button
    press_id: str
    message: Message | None


class Read(msgspec.Struct, frozen=True):
    """The person has seen everything up to this message of the business."""

    up_to: Message


class Typed(msgspec.Struct, frozen=True):
    pass


class Started(msgspec.Struct, frozen=True):
    """The chat was opened by Start, a deep link or an advertisement, without writing."""

    payload: str = ""
    source: str = "link"
    """link | ad | qr | page"""
    first: bool = True
    """Nothing had been said in the chat before."""


class Blocked(msgspec.Struct, frozen=True):
    pass


class Unblocked(msgspec.Struct, frozen=True):
    pass


class Consented(msgspec.Struct, frozen=True):
    """The person allowed or forbade messages of a purpose (messages, marketing, notifications)."""

    purpose: str
    granted: bool


class Echoed(msgspec.Struct, frozen=True):
    """Somebody of the business answered in the messenger's own app; the message is `own=False`."""

    message: Message


class Failed(msgspec.Struct, frozen=True):
    """A message of the business that was accepted could not be delivered after all."""

    message: Message
    code: str = ""


Happening = (
    Said
    | Edited
    | Deleted
    | Reacted
    | Pressed
    | Read
    | Typed
    | Started
    | Blocked
    | Unblocked
    | Consented
    | Echoed
    | Failed
)
