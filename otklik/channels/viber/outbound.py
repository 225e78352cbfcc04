"""Our orders as requests to Viber, and Viber's answers as ours."""

import html
from collections.abc import Mapping
from typing import assert_never

import msgspec

from otklik.channels.viber import wire
from otklik.channels.viber.inbound import PRESS, SEPARATOR
from otklik.channels.viber.limits import why_not_send
from otklik.kernel.lenient import read
from otklik.ports import channel as port
from otklik.ports.channel import InboxConfig, Outgoing, Refusal, RefusalKind, Request, Sent
from otklik.ports.errors import ErrorTable
from otklik.ports.message import Button

ERRORS = ErrorTable.load(__package__)
_CLOUD = "https://chatapi.viber.com"
_COLUMNS = 6
_CARD_ROWS = 7
_CARD_BUTTONS = 2
_SENDER_NAME = 28
_REQUESTS = {"phone": "share-phone", "location": "location-picker"}
_THROTTLED_S = 600.0  # Viber names no time: its count ends with a reply or after an hour


def send(order: port.Order, config: InboxConfig, answers: port.Answers) -> Request | Sent | Refusal:
    """Carry out an order: one request, and what Viber says to it."""
    match order:
        case Outgoing():
            refusal = why_not_send(order)
            if refusal is not None:
                return refusal
            request = call(config, "send_message", _message(order, config))
            return request if not answers else _sent(answers[-1])
        case port.PressAnswer():
            return Sent()  # a press is a text like any other: nothing spins
        case port.ProfileAsked():
            if not answers:
                return call(config, "get_user_details", {"id": order.to})
            return _profile(answers[-1])
        case (
            port.OutgoingEdit() | port.OutgoingDelete() | port.OutgoingReaction()
            | port.TypingShown() | port.ReadShown()
        ):  # fmt: skip
            return Refusal(RefusalKind.OTHER, "Viber has no such thing for bots")
        case _:
            assert_never(order)


def locate(ref: str, _config: InboxConfig, _answers: port.Answers) -> port.FoundFile | Refusal:
    """Find a received file: its address came with the message and lasts about an hour."""
    if not ref.startswith(("https://", "http://")):
        return Refusal(RefusalKind.BAD_MEDIA, "Viber gave no address to download from")
    return port.FoundFile(Request("GET", ref, "file", timeout_s=120.0, repeatable=True))


def call(config: InboxConfig, method: str, payload: Mapping[str, object]) -> Request:
    """Describe one call; all but a message may be repeated."""
    host = (config.settings.get("api_base") or _CLOUD).rstrip("/")
    token = config.secrets.get("token", "").encode("ascii", "ignore").decode()
    return Request(
        "POST",
        f"{host}/pa/{method}",
        method,
        headers={"x-viber-auth-token": token.strip(), "content-type": "application/json"},
        body=msgspec.json.encode(payload),
        repeatable=method != "send_message",
    )


def told(answer: port.Answer) -> wire.Answer | Refusal:
    """Read an answer: HTTP says little, `status` in the body says all."""
    try:
        body = read(answer.body, wire.Answer)
    except msgspec.DecodeError:
        if answer.status == 429:
            return Refusal(RefusalKind.THROTTLED, "HTTP 429", _THROTTLED_S, everywhere=True)
        return Refusal(RefusalKind.TEMPORARY, f"HTTP {answer.status} without an answer of Viber")
    if body.status == 0 and answer.status < 300:
        return body
    code = str(body.status)
    temporary = body.status == 0 or answer.status >= 500
    refusal = ERRORS.refusal(
        code,
        f"{code} {body.status_message}",
        otherwise=RefusalKind.TEMPORARY if temporary else RefusalKind.OTHER,
    )
    if refusal.kind is RefusalKind.THROTTLED:
        return msgspec.structs.replace(refusal, retry_after_s=_THROTTLED_S)
    return refusal


def _sent(answer: port.Answer) -> Sent | Refusal:
    body = told(answer)
    if isinstance(body, wire.Answer):
        if body.message_token:
            return Sent((str(body.message_token),))
        return Refusal(RefusalKind.UNCERTAIN, "accepted, but the answer names no message")
    # A gateway that gave up waiting, or a torn answer: the message may well be out.
    is_lost = answer.status == 504 or (answer.status < 300 and body.kind is RefusalKind.TEMPORARY)
    if is_lost and not body.code:
        return msgspec.structs.replace(body, kind=RefusalKind.UNCERTAIN)
    return body


def _profile(answer: port.Answer) -> Sent | Refusal:
    body = told(answer)
    if isinstance(body, Refusal):
        return body
    if body.user is None:
        return Refusal(RefusalKind.TEMPORARY, "get_user_details answered without a person")
    user = body.user
    country = {"country": user.country} if user.country else {}
    profile = port.Profile(
        user.name, locale=user.language[:2], picture=user.avatar, details=country
    )
    return Sent(profile=profile)


def _message(order: Outgoing, config: InboxConfig) -> dict[str, object]:
    payload: dict[str, object] = {
        "receiver": order.to,
        "sender": {"name": (config.settings.get("bot_name") or "Otklik")[:_SENDER_NAME]},
        "tracking_data": order.message_id,
    }
    buttons = [button for row in order.buttons for button in row]
    if buttons:
        payload["keyboard"] = _keyboard(order.buttons)
    if any(button.request for button in buttons):
        payload["min_api_version"] = 3
    return payload | _body(order)


def _body(order: Outgoing) -> dict[str, object]:
    if order.files:
        return _file(order.files[0], order.text)
    if order.cards:
        return _cards(order.cards)
    if (place := order.location) is not None:
        return {"type": "location", "location": {"lat": place.latitude, "lon": place.longitude}}
    if (card := order.card) is not None:
        contact = {"name": card.name[:28], "phone_number": card.phone[:18]}
        return {"type": "contact", "contact": contact}
    return {"type": "text", "text": order.text}


def _file(file: port.OutgoingFile, text: str) -> dict[str, object]:
    match file.kind:
        case "picture":
            return {"type": "picture", "text": text, "media": file.link}
        case "video":
            length = {"duration": file.duration_s} if file.duration_s else {}
            return {"type": "video", "media": file.link, "size": file.size} | length
        case _:
            name = file.name[-256:] or "file"
            return {"type": "file", "media": file.link, "size": file.size, "file_name": name}


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, object]:
    """Describe the keyboard, which stays until the next message."""
    return {
        "Type": "keyboard",
        "DefaultHeight": False,
        "Buttons": [_key(button, _COLUMNS // len(row)) for row in rows for button in row],
    }


def _key(button: Button, columns: int) -> dict[str, object]:
    kind, body = "reply", f"{PRESS}{button.payload}{SEPARATOR}{button.label}"
    if button.url:
        kind, body = "open-url", button.url
    elif button.request:
        kind, body = _REQUESTS.get(button.request, "none"), button.request
    return {
        "Columns": max(1, columns),
        "Rows": 1,
        "ActionType": kind,
        "ActionBody": body,
        "Text": html.escape(button.label, quote=False),
        "Silent": True,  # what stands in the chat is our word for it, not the person's
    }


def _cards(cards: tuple[port.OutgoingCard, ...]) -> dict[str, object]:
    keys = [key for card in cards for key in _card(card)]
    media = {
        "Type": "rich_media",
        "ButtonsGroupColumns": _COLUMNS,
        "ButtonsGroupRows": _CARD_ROWS,
        "Buttons": keys,
    }
    return {"type": "rich_media", "min_api_version": 7, "rich_media": media}


def _card(card: port.OutgoingCard) -> list[dict[str, object]]:
    """Give the keys of one card: a picture, its words, and at most two buttons below."""
    plain: dict[str, object] = {"Columns": _COLUMNS, "ActionType": "none", "ActionBody": ""}
    buttons = [_key(button, _COLUMNS) for button in card.buttons[:_CARD_BUTTONS]]
    rows = _CARD_ROWS - len(buttons)
    words = f"<b>{html.escape(card.title, quote=False)}</b>"
    if card.text:
        words += f"<br>{html.escape(card.text, quote=False)}"
    if card.file is None:
        return [plain | {"Rows": rows, "Text": words}, *buttons]
    picture = plain | {"Rows": rows - 2, "Image": card.file.link}
    return [picture, plain | {"Rows": 2, "Text": words}, *buttons]
