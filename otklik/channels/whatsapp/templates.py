"""WhatsApp's message templates: listed from the platform, and filled for sending."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from otklik.channels.whatsapp import wire
from otklik.channels.whatsapp.errors import refused
from otklik.families import meta
from otklik.kernel import lenient
from otklik.ports.channel import (
    Answers,
    InboxConfig,
    KnownTemplate,
    Outgoing,
    Refusal,
    RefusalKind,
    Request,
    Template,
    Templates,
    TemplateVariable,
)

_FIELDS = "id,name,language,status,category,components,quality_score,rejected_reason"
_PAGE = "100"
_GAP = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}")
_HEADERS: Mapping[str, Literal["picture", "video", "file", "location"]] = {
    "IMAGE": "picture",
    "VIDEO": "video",
    "DOCUMENT": "file",
    "LOCATION": "location",
}
_FILLED = {"URL": "url", "COPY_CODE": "copy_code"}
"""Buttons with a gap of their own, by the name of their kind in a message."""

Json = dict[str, object]


def listed(config: InboxConfig, answers: Answers) -> Request | Templates | Refusal:
    """List the templates of the account, page by page."""
    pages: list[wire.Page] = []
    for answer in answers:
        try:
            pages.append(lenient.read(answer.body, wire.Page))
        except msgspec.DecodeError:
            return refused(answer)
    after = pages[-1].following if pages else ""
    if pages and not after:
        told = (one for page in pages for one in page.nodes)
        return Templates(tuple(_known(one) for one in told))
    account = config.settings.get("waba_id", "")
    if not account:
        return Refusal(RefusalKind.OTHER, "the inbox has no WhatsApp Business Account")
    query = {"fields": _FIELDS, "limit": _PAGE} | ({"after": after} if after else {})
    return meta.graph(config, "GET", f"{account}/message_templates", query=query)


def filled(order: Outgoing, media: str) -> Json:
    """Describe an approved message with its gaps filled, as `type: template` wants it."""
    template = order.template or Template("", "")
    slots = template.slots or tuple(
        f"body.{place}" for place, _ in enumerate(template.parameters, start=1)
    )
    parts: dict[str, list[Json]] = {}
    if media:
        kind = {"picture": "image", "video": "video"}.get(order.kind.value, "document")
        named = {"filename": order.files[0].name} if kind == "document" else {}
        parts["header"] = [{"type": kind, kind: {"id": media} | named}]
    elif (place := order.location) is not None:
        words = {"name": place.title, "address": place.address}
        point: Json = {"latitude": str(place.latitude), "longitude": str(place.longitude)}
        parts["header"] = [{"type": "location", "location": point | words}]
    for slot, value in zip(slots, template.parameters, strict=False):
        where, _, name = slot.rpartition(".")
        parts.setdefault(where, []).append(_parameter(name, value))
    components = [_component(where, parameters) for where, parameters in parts.items()]
    language = {"code": template.language}
    return {"name": template.name, "language": language, "components": components}


def _parameter(name: str, value: str) -> Json:
    if name == "copy_code":
        return {"type": "coupon_code", "coupon_code": value}
    if name == "url" or name.isdigit():
        return {"type": "text", "text": value}
    return {"type": "text", "parameter_name": name, "text": value}


def _component(where: str, parameters: Sequence[Json]) -> Json:
    kind, _, index = where.partition(".")
    if kind != "button":
        return {"type": kind, "parameters": parameters}
    sub_type = "copy_code" if parameters[0]["type"] == "coupon_code" else "url"
    return {"type": "button", "sub_type": sub_type, "index": index, "parameters": parameters}


def _known(one: wire.Node) -> KnownTemplate:
    parts = {part.type.upper(): part for part in one.components}
    header, body = parts.get("HEADER", wire.Part()), parts.get("BODY", wire.Part())
    buttons = parts.get("BUTTONS", wire.Part()).buttons
    return KnownTemplate(
        external_id=one.id,
        name=one.name,
        language=one.language,
        status=one.status,
        category=one.category,
        body=body.text,
        title=header.text if header.format == "TEXT" else "",
        footer=parts.get("FOOTER", wire.Part()).text,
        header=_HEADERS.get(header.format, ""),
        buttons=tuple(button.text for button in buttons),
        variables=(
            *_gaps("header", header),
            *_gaps("body", body),
            *_button_gaps(buttons),
        ),
        quality=one.quality_score.score if one.quality_score else "",
        reason=one.rejected_reason.removeprefix("NONE"),
    )


def _gaps(where: str, part: wire.Part) -> tuple[TemplateVariable, ...]:
    names = dict.fromkeys(_GAP.findall(part.text))
    shown = part.example or wire.Examples()
    named = {one.param_name: one.example for one in (*shown.body_named, *shown.header_named)}
    listed_ = [*shown.header_text, *(text for row in shown.body_text[:1] for text in row)]
    return tuple(
        TemplateVariable(
            f"{where}.{name}",
            named.get(name) or (listed_[place] if place < len(listed_) else ""),
        )
        for place, name in enumerate(names)
    )


def _button_gaps(buttons: Sequence[wire.Button]) -> tuple[TemplateVariable, ...]:
    return tuple(
        TemplateVariable(f"button.{place}.{_FILLED[button.type]}", next(iter(button.example), ""))
        for place, button in enumerate(buttons)
        if button.type == "COPY_CODE" or (button.type == "URL" and _GAP.search(button.url))
    )
