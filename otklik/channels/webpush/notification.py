"""A message as the notification a browser shows, and why one would be refused."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from otklik.channels.webpush.address import is_host
from otklik.channels.webpush.inbound import proof
from otklik.channels.webpush.wire import MANIFEST
from otklik.ports.channel import InboxConfig, Outgoing, OutgoingFile, Refusal, RefusalKind
from otklik.ports.message import Button, MessageKind

_LIMITS = MANIFEST.limits
_SIZES = {
    MessageKind.PICTURE: _LIMITS.picture_bytes,
    MessageKind.FILE: _LIMITS.file_bytes,
}
_KINDS = frozenset({MessageKind.TEXT, *_SIZES})
_TITLE = 50
_NAME = 100


def written(order: Outgoing, config: InboxConfig, *, again: bool = False) -> bytes:
    """Write the plaintext the worker reads; `again`: it takes the place of one already shown."""
    settings = config.settings
    pictures = [file for file in order.files if file.kind is MessageKind.PICTURE]
    files = [file for file in order.files if file.kind is MessageKind.FILE]
    notification = {
        "id": order.message_id,
        "proof": proof(config, order.message_id, order.to),
        "title": (order.subject or settings.get("title") or site_of(config))[:_TITLE],
        "body": order.text or "".join(file.name[:_NAME] for file in files),
        "url": files[0].link if files else settings.get("site", ""),
        "icon": settings.get("icon", ""),
        "image": pictures[0].link if pictures else "",
        "actions": [_action(button, order, config) for row in order.buttons for button in row],
        "silent": order.silent or again,
        "again": again,
    }
    return msgspec.json.encode({name: value for name, value in notification.items() if value})


def why_not_send(order: Outgoing, config: InboxConfig) -> Refusal | None:
    """Give the first reason a message cannot be a notification, or None."""
    return next(_objections(order, config), None)


def site_of(config: InboxConfig) -> str:
    """Give the host of the shop's site."""
    return _host(config.settings.get("site", ""))


def _action(button: Button, order: Outgoing, config: InboxConfig) -> dict[str, str]:
    if button.url:
        return {"title": button.label, "url": button.url}
    signed = proof(config, order.message_id, order.to, button.payload)
    return {"title": button.label, "payload": button.payload, "proof": signed}


def _objections(order: Outgoing, config: InboxConfig) -> Iterator[Refusal]:
    if order.kind not in _KINDS:
        yield _other(f"there is nothing to send as {order.kind}")
    if order.reply_to:
        yield _other("a notification answers no message")
    if len(order.text.encode()) > _LIMITS.text:
        yield Refusal(RefusalKind.TOO_LONG, f"the text has over {_LIMITS.text} bytes")
    if not order.text and not order.files:
        yield _other("there are no words to send")
    if len(order.files) > 1:
        yield _other("a notification has one picture or one file")
    for file in order.files:
        yield from _of_file(file)
    yield from _of_buttons([button for row in order.buttons for button in row], config)


def _of_file(file: OutgoingFile) -> Iterator[Refusal]:
    limit = _SIZES.get(file.kind)
    if limit is None:
        yield _other(f"a {file.kind} cannot be in a notification")
    elif file.size > limit:
        yield Refusal(RefusalKind.BAD_MEDIA, f"the file has {file.size} bytes, at most {limit}")
    elif not file.link.startswith(("https://", "http://")):
        detail = "browsers fetch files from a public address, and there is none"
        yield Refusal(RefusalKind.BAD_MEDIA, detail)


def _of_buttons(buttons: list[Button], config: InboxConfig) -> Iterator[Refusal]:
    if len(buttons) > _LIMITS.buttons:
        yield _other(f"at most {_LIMITS.buttons} buttons")
    for button in buttons:
        if not button.label or len(button.label) > _LIMITS.button_label:
            yield _other(f"a label has 1 to {_LIMITS.button_label} characters")
        if len(button.payload.encode()) > _LIMITS.button_payload_bytes:
            yield _other(f"a payload has at most {_LIMITS.button_payload_bytes} bytes")
        if button.request:
            yield _other("a notification can ask for nothing")
        if button.url and not _may_lead_to(button.url, config):
            yield _other(f"{_host(button.url)} is neither the site nor among the inbox's links")


def _may_lead_to(url: str, config: InboxConfig) -> bool:
    hosts = (site_of(config), *config.settings.get("links", "").lower().split())
    web = url.startswith(("https://", "http://"))
    return web and any(is_host(_host(url), host) for host in hosts if host)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _other(detail: str) -> Refusal:
    return Refusal(RefusalKind.OTHER, detail)
