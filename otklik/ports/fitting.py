"""Fitting: one message becomes the messages a channel can take, and what is lost is said. Pure.

Buttons become a list, then numbered words; a sticker a picture; cards pictures with words, then
words; a long text several; so an adapter builds only what its manifest promises.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from otklik.kernel.text import utf16_length
from otklik.ports.channel import Limits, Manifest, Outgoing, OutgoingCard, OutgoingFile
from otklik.ports.measure import measured, pieces
from otklik.ports.message import Button, Entity, MessageKind


class Change(StrEnum):
    """What a channel makes of a message; the desk shows each as a sentence."""

    TEXT_SPLIT = "text_split"
    CAPTION_APART = "caption_apart"
    ALBUM_SPLIT = "album_split"
    BUTTONS_AS_LIST = "buttons_as_list"
    BUTTONS_AS_TEXT = "buttons_as_text"
    LINKS_AS_TEXT = "links_as_text"
    STICKER_AS_PICTURE = "sticker_as_picture"
    SENT_AS_FILE = "sent_as_file"
    CARDS_APART = "cards_apart"
    CARDS_AS_TEXT = "cards_as_text"
    LOCATION_AS_TEXT = "location_as_text"
    CARD_AS_TEXT = "card_as_text"
    FORMATTING_LOST = "formatting_lost"
    QUOTE_LOST = "quote_lost"


class Fitted(msgspec.Struct, frozen=True):
    """The messages a channel takes instead, in order, and what changed on the way."""

    parts: tuple[Outgoing, ...]
    changes: tuple[Change, ...]


_INSTEAD: dict[MessageKind, tuple[tuple[MessageKind, Change], ...]] = {
    MessageKind.STICKER: ((MessageKind.PICTURE, Change.STICKER_AS_PICTURE),),
    MessageKind.VOICE: ((MessageKind.AUDIO, Change.SENT_AS_FILE),),
}
_AS_FILE = (MessageKind.FILE, Change.SENT_AS_FILE)
_FILES = frozenset(
    {
        MessageKind.PICTURE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.AUDIO,
        MessageKind.FILE, MessageKind.STICKER,
    }
)  # fmt: skip
_SEEN = frozenset({MessageKind.PICTURE, MessageKind.VIDEO})
_SHOWN_MARKS = frozenset({"url", "email", "phone", "hashtag", "mention", "command"})
"""Kinds that are in the text itself: nothing is lost without them."""


def fit(message: Outgoing, manifest: Manifest) -> Fitted:
    """Give what a channel takes instead of a message; the message itself when it takes that."""
    if message.template is not None:
        return Fitted((message,), ())
    fitting = _Fitting(manifest)
    return Fitted(tuple(fitting.parts_of(message)), tuple(dict.fromkeys(fitting.changes)))


class _Fitting:
    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._limits: Limits = manifest.limits
        self.changes: list[Change] = []

    def parts_of(self, message: Outgoing) -> list[Outgoing]:
        if message.reply_to and not self._can("reply"):
            self.changes.append(Change.QUOTE_LOST)
            message = replace(message, reply_to="")
        found = [
            part
            for whole in self._uncarded(message)
            for part in self._fitted(self._marked(self._sendable(whole)))
        ]
        # The quote stands with the first of them alone.
        return [found[0], *(replace(one, reply_to="") for one in found[1:])]

    # --- kinds -------------------------------------------------------------------------------

    def _uncarded(self, message: Outgoing) -> list[Outgoing]:
        if message.kind is not MessageKind.CARDS:
            return [message]
        if self._sends(MessageKind.CARDS) and self._holds(message.cards):
            most = max(1, self._limits.cards)
            groups = [message.cards[i : i + most] for i in range(0, len(message.cards), most)]
            short = measured(message.text, self._limits) <= self._limits.caption
            if not message.buttons and (not message.text or short):
                first, *rest = groups or [()]
                bare = [replace(message, text="", entities=(), cards=group) for group in rest]
                return [replace(message, cards=first), *bare]
            self.changes.append(Change.CAPTION_APART)
            words = self._words_above(message)
            bare = [
                replace(message, text="", entities=(), buttons=(), cards=group) for group in groups
            ]
            return [words, *bare]
        self.changes.append(Change.CARDS_APART)
        apart = [self._of_card(message, card) for card in message.cards]
        if not message.text.strip():
            return apart
        return [replace(message, kind=MessageKind.TEXT, cards=()), *apart]

    def _words_above(self, message: Outgoing) -> Outgoing:
        """Give the words and buttons of a row of cards as a message; buttons alone are told."""
        words = replace(message, kind=MessageKind.TEXT, cards=())
        if words.text.strip():
            return words
        self.changes.append(Change.BUTTONS_AS_TEXT)
        labels = [button.url or button.label for row in words.buttons for button in row]
        return replace(words, text="\n".join(labels), buttons=())

    def _holds(self, cards: Sequence[OutgoingCard]) -> bool:
        """Tell whether the channel's own row of cards takes these."""
        limits = self._limits
        shapes = {(card.file is None, not card.text, len(card.buttons)) for card in cards}
        if limits.cards_alike and (len(shapes) > 1 or not all(card.buttons for card in cards)):
            return False
        buttons = [button for card in cards for button in card.buttons]
        # Where the words of a card are counted, a title alone is no card.
        bare = any(not (card.text or card.file or card.buttons) for card in cards)
        if (bare and self._limits.card_text) or any(
            button.request or self._too_long(button) for button in buttons
        ):
            return False
        longest = max((len(part) for card in cards for part in (card.title, card.text)), default=0)
        widest = max((len(card.buttons) for card in cards), default=0)
        return longest <= (limits.card_text or longest) and widest <= (
            limits.card_buttons or widest
        )

    def _of_card(self, message: Outgoing, card: OutgoingCard) -> Outgoing:
        pictured = card.file is not None and self._sends(MessageKind.PICTURE)
        if card.file is not None and not pictured:
            self.changes.append(Change.CARDS_AS_TEXT)
        return replace(
            message,
            kind=MessageKind.PICTURE if pictured else MessageKind.TEXT,
            text="\n".join(filter(None, (card.title, card.text))),
            entities=(Entity("bold", 0, utf16_length(card.title)),),
            files=(card.file,) if pictured and card.file is not None else (),
            buttons=tuple((button,) for button in card.buttons),
            cards=(),
        )

    def _sendable(self, message: Outgoing) -> Outgoing:
        if message.location is not None and not self._sends(MessageKind.LOCATION):
            self.changes.append(Change.LOCATION_AS_TEXT)
            return _as_text(message, _place(message))
        if message.card is not None and not self._sends(MessageKind.CONTACT_CARD):
            self.changes.append(Change.CARD_AS_TEXT)
            return _as_text(message, f"{message.card.name}\n{message.card.phone}")
        if message.kind not in _FILES:
            return message
        files = tuple(replace(file, kind=self._instead(file.kind)) for file in message.files)
        kind = files[0].kind if files else self._instead(message.kind)
        return replace(message, kind=kind, files=files)

    def _instead(self, kind: MessageKind) -> MessageKind:
        """Give the nearest kind of file the channel takes; the same when it takes none."""
        if self._sends(kind):
            return kind
        for other, change in (*_INSTEAD.get(kind, ()), _AS_FILE):
            if self._sends(other):
                self.changes.append(change)
                return other
        return kind

    # --- marks and buttons -------------------------------------------------------------------

    def _marked(self, message: Outgoing) -> Outgoing:
        message = self._plain(message)
        kept, told = self._kept_buttons(message)
        return replace(message, text=_joined(message.text, told), buttons=self._rows(kept))

    def _plain(self, message: Outgoing) -> Outgoing:
        lost = [span for span in message.entities if span.kind not in _SHOWN_MARKS]
        if self._can("marks") or not lost:
            return message
        self.changes.append(Change.FORMATTING_LOST)
        links = [span.url for span in lost if span.kind == "link" and span.url not in message.text]
        return replace(message, text=_joined(message.text, links), entities=())

    def _kept_buttons(self, message: Outgoing) -> tuple[list[list[Button]], list[str]]:
        """Give the buttons the channel shows, by rows, and the lines that say the others."""
        told: list[str] = []
        links, asks = self._takes_links(message), self._takes_requests(message)
        kept = [
            [button for button in row if self._presses(button, told, links=links, asks=asks)]
            for row in message.buttons
        ]
        payloads = [button for row in kept for button in row]
        worded = self._limits.buttons_need_text or len(message.files) > 1
        bare = worded and not _joined(message.text, told).strip()
        many = self._too_many(payloads) or any(self._too_long(button) for button in payloads)
        if payloads and (many or bare):
            self.changes.append(Change.BUTTONS_AS_TEXT)
            numbered = [f"{number}. {b.label}" for number, b in enumerate(payloads, start=1)]
            return [], [*numbered, *told]
        if len(payloads) > self._limits.buttons:
            self.changes.append(Change.BUTTONS_AS_LIST)
        return [row for row in kept if row], told

    def _takes_links(self, message: Outgoing) -> bool:
        """Tell whether links may stay buttons: some platforms hold such messages to less."""
        count, limits = sum(map(len, message.buttons)), self._limits
        return (
            self._can("url_buttons")
            and not (limits.link_buttons and (message.files or count > limits.link_buttons))
            and not (limits.link_text and measured(message.text, limits) > limits.link_text)
        )

    def _takes_requests(self, message: Outgoing) -> bool:
        """Tell whether a button may ask for the phone or the place here."""
        most = self._limits.requests_alone
        buttons = [button for row in message.buttons for button in row]
        alone = len(buttons) <= most and all(button.request for button in buttons)
        return not most or (alone and message.kind is MessageKind.TEXT)

    def _presses(self, button: Button, told: list[str], *, links: bool, asks: bool) -> bool:
        """Tell whether a button stays one; a link that cannot is told in words."""
        if button.url and not links:
            self.changes.append(Change.LINKS_AS_TEXT)
            told.append(f"{button.label}: {button.url}")
            return False
        asked = not button.request or (asks and self._can(f"{button.request}_request"))
        if not asked:
            self.changes.append(Change.BUTTONS_AS_TEXT)
            told.append(button.label)
        return asked

    def _too_many(self, buttons: Sequence[Button]) -> bool:
        if not buttons:
            return False
        return not self._can("buttons") or len(buttons) > max(
            self._limits.buttons, self._limits.list_rows
        )

    def _too_long(self, button: Button) -> bool:
        return (
            measured(button.label, self._limits, self._limits.label_unit)
            > self._limits.button_label
            or len(button.payload.encode()) > self._limits.button_payload_bytes
        )

    def _rows(self, rows: Iterable[Sequence[Button]]) -> tuple[tuple[Button, ...], ...]:
        wide = max(1, self._limits.buttons_per_row)
        return tuple(
            tuple(row[start : start + wide]) for row in rows for start in range(0, len(row), wide)
        )

    # --- lengths -----------------------------------------------------------------------------

    def _fitted(self, message: Outgoing) -> list[Outgoing]:
        """Cut albums and texts to what is allowed; buttons stand under the last of the words."""
        if not message.files and message.location is None and message.card is None:
            return self._cut(message)
        groups = self._groups(message)
        apart = self._stands_apart(message)
        first = replace(groups[0], text="", entities=(), buttons=()) if apart else groups[0]
        bare = [replace(one, text="", entities=(), buttons=()) for one in groups[1:]]
        if not apart:
            return [first, *bare]
        self.changes.append(Change.CAPTION_APART)
        words = replace(message, kind=MessageKind.TEXT, files=(), location=None, card=None)
        return [first, *bare, *self._cut(words)]

    def _stands_apart(self, message: Outgoing) -> bool:
        """Tell whether the words of a message with a file or a place go as one of their own."""
        text, limits = message.text, self._limits
        most = limits.caption if message.files else limits.text
        if text and (message.kind.value in limits.wordless or measured(text, limits) > most):
            return True
        # Platforms put buttons under one file or under words, never under an album.
        listed = limits.buttons_need_text and sum(map(len, message.buttons)) > limits.buttons
        return bool(message.buttons) and (len(message.files) > 1 or listed)

    def _groups(self, message: Outgoing) -> list[Outgoing]:
        most = max(1, self._limits.album) if self._can("album") else 1
        groups: list[list[OutgoingFile]] = []
        for file in message.files:
            if groups and len(groups[-1]) < most and self._together(groups[-1][0], file):
                groups[-1].append(file)
            else:
                groups.append([file])
        if len(groups) < 2:
            return [message]
        self.changes.append(Change.ALBUM_SPLIT)
        return [replace(message, files=tuple(group), kind=group[0].kind) for group in groups]

    def _together(self, first: OutgoingFile, other: OutgoingFile) -> bool:
        kinds = self._limits.album_kinds
        if not kinds:
            return True
        alike = first.kind is other.kind or {first.kind, other.kind} <= _SEEN
        return alike and {first.kind.value, other.kind.value} <= set(kinds)

    def _cut(self, message: Outgoing) -> list[Outgoing]:
        if message.kind is not MessageKind.TEXT:
            return [message]
        short = self._limits.text_with_buttons if message.buttons else 0
        texts = pieces(message.text, short or self._limits.text, self._limits)
        if len(texts) == 1:
            return [message]
        self.changes.append(Change.TEXT_SPLIT)
        parts, start = [], 0
        for text in texts:
            end = start + utf16_length(text)
            spans = _within(message.entities, start, end)
            parts.append(replace(message, text=text, entities=spans, buttons=()))
            start = end
        parts[-1] = replace(parts[-1], buttons=message.buttons)
        return parts

    def _can(self, feature: str) -> bool:
        return feature in self._manifest.features

    def _sends(self, kind: MessageKind) -> bool:
        return kind.value in self._manifest.sends


def _within(entities: Sequence[Entity], start: int, end: int) -> tuple[Entity, ...]:
    """Give the spans of a piece of the text, counted from its beginning."""
    found = []
    for span in entities:
        left, right = max(span.offset, start), min(span.offset + span.length, end)
        if left < right:
            found.append(replace(span, offset=left - start, length=right - left))
    return tuple(found)


def _joined(text: str, lines: Sequence[str]) -> str:
    if not lines:
        return text
    told = "\n".join(lines)
    return f"{text}\n\n{told}" if text else told


def _as_text(message: Outgoing, words: str) -> Outgoing:
    text = _joined(message.text, words.split("\n"))
    return replace(message, kind=MessageKind.TEXT, text=text, location=None, card=None)


def _place(message: Outgoing) -> str:
    place = message.location
    if place is None:
        return ""
    point = f"{place.latitude:.6f},{place.longitude:.6f}"
    lines = (place.title, place.address, f"https://maps.google.com/?q={point}")
    return "\n".join(filter(None, lines))
