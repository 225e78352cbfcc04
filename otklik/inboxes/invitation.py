"""Links people open a chat by, with a word that tells where they came from, and their QR codes."""

import io
import re
from collections.abc import Mapping
from urllib.parse import quote

import msgspec
import segno

from otklik.kernel.errors import ConflictError, InvalidError
from otklik.ports.channel import Manifest

_NAMES = re.compile(r"\{(\w+)\}")
_QUIET_ZONE = 4
"""Empty modules around a code; readers need four (ISO/IEC 18004)."""


class Invitation(msgspec.Struct, frozen=True):
    """A link that opens the chat, and its QR code as an SVG picture."""

    url: str
    svg: str


def invitation(manifest: Manifest, settings: Mapping[str, str], payload: str) -> Invitation:
    """Make the link of an inbox; `payload` comes back with the person as a touchpoint's source.

    Raises `ConflictError` where a channel or an inbox has no such link, `InvalidError` for a
    payload the platform would not carry.
    """
    url = _address(manifest, settings, payload)
    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(
        picture, kind="svg", border=_QUIET_ZONE, xmldecl=False, light="#fff", omitsize=True
    )
    return Invitation(url, picture.getvalue().decode().strip())


def _address(manifest: Manifest, settings: Mapping[str, str], payload: str) -> str:
    link = manifest.link
    if link is None:
        raise ConflictError(
            f"{manifest.title} has no links that open a chat.",
            f"В {manifest.title} нет ссылок, которые открывают чат.",
        )
    if payload and re.fullmatch(link.payload, payload) is None:
        raise InvalidError(
            f"{manifest.title} carries only this in a link: {link.payload}",
            f"{manifest.title} передаёт в ссылке только такое: {link.payload}",
            field="payload",
        )
    # Without a payload the chat opens all the same, and nothing is left to carry.
    shape = link.url if payload else link.url.partition("?")[0]
    known = {**settings, "payload": payload}
    missing = [name for name in _NAMES.findall(shape) if not known.get(name)]
    if missing:
        raise ConflictError(
            f"The link needs «{missing[0]}», which the inbox does not know. Check its settings.",
            f"Для ссылки нужна настройка «{missing[0]}», а её ещё нет. Проверьте настройки канала.",
        )
    return _NAMES.sub(lambda name: quote(known[name[1]], safe=""), shape)
