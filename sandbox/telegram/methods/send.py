"""Sending what has no file: text, places, contact cards, polls."""

import msgspec

from sandbox.telegram import params
from sandbox.telegram.calls import Call, blank, head, leave, method
from sandbox.telegram.entities import format_text, units
from sandbox.telegram.errors import TEXT_EMPTY, TEXT_LONG, bad
from sandbox.telegram.wire import ContactCard, Location, Message, Poll, PollOption, Venue

MAX_TEXT = 4096


@method("sendMessage", params=params.Text)
async def send_message(call: Call, ask: params.Text) -> Message:
    at = head(call, ask)
    if not ask.text.strip():
        raise TEXT_EMPTY
    text, entities = format_text(ask.text, ask.entities, ask.parse_mode)
    if not text:
        raise TEXT_EMPTY
    if units(text) > MAX_TEXT:
        raise TEXT_LONG
    content = msgspec.structs.replace(blank(at.thread), text=text, entities=entities or None)
    return leave(call, at, content)


@method("sendLocation", params=params.Place)
async def send_location(call: Call, ask: params.Place) -> Message:
    at = head(call, ask)
    return leave(call, at, msgspec.structs.replace(blank(at.thread), location=_location(ask)))


@method("sendVenue", params=params.Place)
async def send_venue(call: Call, ask: params.Place) -> Message:
    at = head(call, ask)
    if not ask.title or not ask.address:
        raise bad("venue title and address must be non-empty")
    place = _location(ask)
    venue = Venue(location=place, title=ask.title, address=ask.address)
    return leave(call, at, msgspec.structs.replace(blank(at.thread), location=place, venue=venue))


def _location(ask: params.Place) -> Location:
    if abs(ask.latitude) > 90 or abs(ask.longitude) > 180:
        raise bad("bad longitude or latitude")
    return Location(
        latitude=ask.latitude,
        longitude=ask.longitude,
        horizontal_accuracy=ask.horizontal_accuracy,
        live_period=ask.live_period,
    )


@method("sendContact", params=params.Card)
async def send_contact(call: Call, ask: params.Card) -> Message:
    at = head(call, ask)
    if not ask.phone_number or not ask.first_name:
        raise bad("contact phone number and first name must be non-empty")
    card = ContactCard(
        phone_number=ask.phone_number,
        first_name=ask.first_name,
        last_name=ask.last_name,
        vcard=ask.vcard,
    )
    return leave(call, at, msgspec.structs.replace(blank(at.thread), contact=card))


@method("sendPoll", params=params.Question)
async def send_poll(call: Call, ask: params.Question) -> Message:
    at = head(call, ask)
    texts = [choice if isinstance(choice, str) else choice.text for choice in ask.options]
    if not ask.question or len(ask.question) > 300:
        raise bad("poll question length must be between 1 and 300")
    if not 2 <= len(texts) <= 12:
        raise bad("poll must have from 2 to 12 options")
    if any(not 1 <= len(text) <= 100 for text in texts):
        raise bad("poll options length must not exceed 100")
    poll = Poll(
        id=f"{call.bot.user.id}{at.thread.last_id + 1:06d}",
        question=ask.question,
        options=[
            PollOption(persistent_id=str(n), text=text, voter_count=0)
            for n, text in enumerate(texts)
        ],
        total_voter_count=0,
        is_closed=False,
        is_anonymous=ask.is_anonymous,
        type=ask.type,
        allows_multiple_answers=ask.allows_multiple_answers,
        allows_revoting=True,
        members_only=False,
    )
    return leave(call, at, msgspec.structs.replace(blank(at.thread), poll=poll))
