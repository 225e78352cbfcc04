"""Templates in the sandbox: listed, made, and checked when they are filled."""

import re
import zlib

import msgspec

from sandbox.asgi import Reply, as_json
from sandbox.message import Button
from sandbox.meta import graph_error
from sandbox.platform import Call, Refused
from sandbox.whatsapp.account import Number
from sandbox.whatsapp.wire import Component, Filled, Template, TemplateSend
from sandbox.world import Account

_GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_BODY = 1024
_LABEL = 25


def template_id(template: Template) -> str:
    """A number that stays the same for a template."""
    return str(10**15 + zlib.crc32(f"{template.name}/{template.language}".encode()))


async def listing(call: Call, account: Account) -> Reply:
    """A page of templates; `after` is the place of the next one."""
    number = _number(call, account)
    start = int(str(call.fields.get("after", "0")) or 0)
    limit = int(str(call.fields.get("limit", "25")))
    page = number.templates[start : start + limit]
    shown = [
        {
            **msgspec.to_builtins(one),
            "id": template_id(one),
            "status": one.status,
            "parameter_format": one.parameter_format,
            "quality_score": {"score": "GREEN", "date": 1_780_000_000},
            "rejected_reason": one.rejected_reason,
        }
        for one in page
    ]
    answer: dict[str, object] = {"data": shown}
    end = start + len(page)
    if page:
        answer["paging"] = {"cursors": {"before": str(start), "after": str(end)}}
    if "summary" in call.fields:
        count = len(number.templates)
        limits = {"message_template_limit": 250, "message_template_count": count}
        answer["summary"] = {"total_count": count, "are_translations_complete": True, **limits}
    if end < len(number.templates):
        answer["paging"] = {"cursors": {"after": str(end)}, "next": f"…&after={end}"}
    return as_json(answer)


async def create(call: Call, account: Account) -> Reply:
    """A new template; it is approved at once."""
    number = _number(call, account)
    try:
        made = msgspec.convert(call.fields, Template, strict=False)
    except msgspec.ValidationError as problem:
        raise Refused(graph_error(100, "Invalid parameter", details=str(problem)), "100") from None
    body = made.part("BODY")
    if not _NAME.fullmatch(made.name) or body is None or not 0 < len(body.text) <= _BODY:
        raise Refused(graph_error(100, "Invalid parameter", details="name or body"), "100")
    number.templates.append(made)
    told = {"id": template_id(made), "status": made.status, "category": made.category}
    return as_json(told)


def chosen(number: Number, ask: TemplateSend) -> Template:
    """The approved template an order names."""
    code = ask.language.code
    found = next((t for t in number.templates if (t.name, t.language) == (ask.name, code)), None)
    if found is None or found.status in {"REJECTED", "PENDING"}:
        raise _bad(132001, "Template name does not exist in the translation", 404)
    if found.status == "PAUSED":
        raise _bad(132015, "Template is paused")
    if found.status == "DISABLED":
        raise _bad(132016, "Template is disabled")
    return found


def filled(template: Template, ask: TemplateSend) -> str:
    """The text of a template with its gaps filled; refuses what does not fit."""
    for kind in ("HEADER", "BODY"):
        part = template.part(kind) or Component(type=kind)
        told = next((one for one in ask.components if one.type == kind.lower()), None)
        if part.format in {"", "TEXT"}:
            _check_gaps(template, part, told)
        elif told is None or len(told.parameters) != 1:
            raise _bad(132012, "Parameter format does not match: the header wants a file")
    _check_buttons(template, ask)
    body = template.part("BODY") or Component(type="BODY")
    values = next((one.parameters for one in ask.components if one.type == "body"), [])
    by_name = {
        value.parameter_name or str(place): value.text
        for place, value in enumerate(values, start=1)
    }
    text = _GAP.sub(lambda gap: by_name.get(gap[1], ""), body.text)
    if len(text) > _BODY:
        raise _bad(132005, "Translated text too long")
    return text


def buttons_of(template: Template, ask: TemplateSend) -> tuple[tuple[Button, ...], ...]:
    """The buttons under a template as a phone shows them."""
    part = template.part("BUTTONS")
    rows: list[tuple[Button, ...]] = []
    for place, button in enumerate(part.buttons if part else ()):
        text, kind = str(button.get("text", "")), button.get("type")
        told = next((c for c in ask.components if str(c.index) == str(place)), None)
        value = told.parameters[0] if told and told.parameters else None
        if kind == "URL":
            url = _GAP.sub(value.text if value else "", str(button.get("url", "")))
            rows.append((Button(text=text, kind="url", url=url),))
        elif kind == "COPY_CODE":
            code = value.coupon_code if value else ""
            rows.append((Button(text=text, kind="copy", payload=code),))
        else:
            payload = value.payload if value else text
            rows.append((Button(text=text, payload=payload, own={"type": "button"}),))
    return tuple(rows)


def _check_gaps(template: Template, part: Component, told: Filled | None) -> None:
    gaps = list(dict.fromkeys(_GAP.findall(part.text)))
    values = told.parameters if told else []
    if len(values) != len(gaps):
        raise _bad(132000, "Number of parameters does not match the expected number of params")
    named = template.parameter_format == "NAMED"
    if named and {value.parameter_name for value in values} != set(gaps):
        raise _bad(132012, "Parameter name does not match")
    for value in values:
        if value.type != "text" or not value.text:
            raise _bad(132012, "Parameter format does not match")
        if re.search(r"[\n\t]| {5}", value.text):
            raise _bad(132008, "Parameter has new lines, tabs or many spaces")


def _check_buttons(template: Template, ask: TemplateSend) -> None:
    part = template.part("BUTTONS")
    known = part.buttons if part else ()
    wanted = {
        str(place)
        for place, button in enumerate(known)
        if button.get("type") == "COPY_CODE" or _GAP.search(str(button.get("url", "")))
    }
    told = {str(one.index) for one in ask.components if one.type == "button"}
    quick = {str(place) for place, one in enumerate(known) if one.get("type") == "QUICK_REPLY"}
    if not wanted <= told or not told <= wanted | quick:
        raise _bad(132000, "Number of button parameters does not match")
    for one in ask.components:
        if one.type == "button" and len(one.parameters) != 1:
            raise _bad(132012, "A button takes one parameter")


def _number(call: Call, account: Account) -> Number:
    if not isinstance(account, Number) or account.revoked:
        raise Refused(graph_error(190, "Error validating access token", status=401), "190")
    if call.names["node"] != account.waba_id:
        details = "the object does not exist or the token may not see it"
        raise Refused(graph_error(100, "Unsupported request", subcode=33, details=details), "100")
    return account


def _bad(code: int, words: str, status: int = 400) -> Refused:
    return Refused(graph_error(code, words, status=status, details=words), str(code))
