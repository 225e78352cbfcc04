"""What the channels of the visitor protocol share: a logged message read into our events."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import msgspec

from otklik.families.visitor import wire
from otklik.ports.channel import (
    ButtonPressed,
    Channel,
    ChannelEvent,
    Envelope,
    InboxConfig,
    Malformed,
    Manifest,
    MessageReceived,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import Attachment, Content, MessageKind

_STICKER_FORMATS = {
    "image/webp": "webp",
    "image/png": "png",
    "video/webm": "webm",
    "application/x-tgsticker": "tgs",
}


class _Outside(msgspec.Struct, frozen=True):
    client_id: str


class _Envelope(msgspec.Struct, frozen=True):
    visitor: str
    send: _Outside


_outside = msgspec.json.Decoder(_Envelope).decode
_body = msgspec.json.Decoder(wire.Body).decode


def channel(package: str) -> Channel:
    """Make the channel whose manifest is in a package; there is nothing to send or connect."""
    manifest = files(package).joinpath("manifest.toml").read_bytes()
    return Channel(
        manifest=msgspec.toml.decode(manifest, type=Manifest),
        authentic=authentic,
        envelope=envelope,
        parse=parse,
    )


def authentic(_headers: Mapping[str, str], _body: bytes, _config: InboxConfig) -> bool:
    """Believe nothing that comes over a webhook: visitors prove themselves on the socket."""
    return False


def envelope(body: bytes) -> Envelope | Malformed:
    """Name the body by its visitor and the id their device gave the message."""
    try:
        outside = _outside(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Malformed(str(error))
    if not outside.visitor or not outside.send.client_id:
        return Malformed("visitor and send.client_id must not be empty")
    return Envelope(key(outside.visitor, outside.send.client_id))


def key(visitor: str, client_id: str) -> str:
    """Give the external id of a visitor's message, which also tells repetitions apart."""
    return f"{visitor}:{client_id}"


def parse(body: bytes) -> Sequence[ChannelEvent]:
    """Read one logged body; a kind we do not know yet stays in the log under its name."""
    logged = _body(body)
    if logged.send.kind == "press":
        return (_press(logged),)
    kind = _kind(logged)
    if kind is None:
        return (Unknown(f"send.{logged.send.kind}"),)
    return (_message(logged, kind),)


def _kind(logged: wire.Body) -> MessageKind | None:
    """Tell what the message mainly is: with files, what the first one is."""
    match logged.send.kind:
        case "text":
            return MessageKind.TEXT
        case "location":
            return MessageKind.LOCATION if logged.send.location else None
        case "sticker":
            return MessageKind.STICKER if logged.files else None
        case "file":
            return logged.files[0].kind if logged.files else None
        case _:
            return None


def _message(logged: wire.Body, kind: MessageKind) -> MessageReceived:
    send = logged.send
    return MessageReceived(
        sender=_sender(logged),
        external_id=key(logged.visitor, send.client_id),
        sent_at=logged.received_at,
        kind=kind,
        text=send.text,
        content=Content(location=send.location),
        attachments=tuple(_attachment(file, send.kind) for file in logged.files),
        reply_to=send.reply_to_id,
        touch=_touch(send.touch),
    )


def _press(logged: wire.Body) -> ButtonPressed | Unknown:
    send = logged.send
    if send.press is None:
        return Unknown("send.press")
    return ButtonPressed(
        sender=_sender(logged),
        external_id=key(logged.visitor, send.client_id),
        press_id="",  # nothing on the visitor's side waits for an acknowledgement
        payload=send.press.payload,
        at=logged.received_at,
        of_message=send.press.message_id,
        label=send.press.label,
    )


def _sender(logged: wire.Body) -> Sender:
    # What the site's backend signed is attested; what the person typed is their claim.
    signed = logged.evidence == "signed"
    name = logged.name or logged.send.name
    email = logged.email or logged.send.email
    claims = not signed and bool(email or logged.phone or name)
    return Sender(
        external_id=logged.visitor,
        name=name,
        locale=logged.locale,
        evidence="signed" if signed else "claimed" if claims else "channel",
        email=logged.email if signed else email,
        phone=logged.phone,
    )


def _attachment(file: wire.File, send_kind: str) -> Attachment:
    sticker = send_kind == "sticker"
    return Attachment(
        kind=MessageKind.STICKER if sticker else file.kind,
        ref=f"file:{file.file_id}",
        name=file.name,
        mime=file.mime,
        size=file.size,
        width=file.width,
        height=file.height,
        format=_STICKER_FORMATS.get(file.mime, "") if sticker else "",
    )


def _touch(touch: wire.Touch | None) -> Touch | None:
    if touch is None or not touch.url:
        return None
    details = {
        name: value
        for name in wire.Touch.__struct_fields__
        if name != "url" and (value := getattr(touch, name))
    }
    return Touch(kind="page", source=touch.url, details=details)
