"""Messages a platform approved beforehand: kept with their inbox, and filled for sending."""

import re
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.inboxes import store
from otklik.inboxes.types import TemplateView
from otklik.kernel.errors import InvalidError
from otklik.kernel.ids import new_id
from otklik.platform.writes import json_text
from otklik.ports.channel import KnownTemplate, Template, TemplateReported

_FILES = frozenset({"picture", "video", "file"})
_SENDABLE = frozenset({"APPROVED"})
_GAP = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}")

_told = msgspec.json.Decoder(KnownTemplate).decode


def keep(
    connection: Connection,
    account_id: str,
    inbox_id: str,
    templates: Sequence[KnownTemplate],
    now: int,
) -> None:
    """Keep exactly what the platform lists; of one name and language the last counts."""
    known = {(one.name, one.language): one for one in templates}
    rows = [
        {
            "id": new_id(),
            "account_id": account_id,
            "inbox_id": inbox_id,
            "name": one.name,
            "language": one.language,
            "status": one.status,
            "category": one.category,
            "reason": one.reason,
            "told": json_text(one),
            "updated_at": now,
        }
        for one in known.values()
    ]
    store.replace_templates(connection, account_id, inbox_id, rows)


def listed(connection: Connection, account_id: str, inbox_id: str) -> list[TemplateView]:
    """Give an inbox's templates by name."""
    return [_view(row) for row in store.templates_of(connection, account_id, inbox_id)]


def hear(
    connection: Connection, account_id: str, inbox_id: str, told: TemplateReported, now: int
) -> bool:
    """Store what became of a template; false when it is not known here."""
    news = {"status": told.status, "category": told.category, "reason": told.reason}
    values = {name: value for name, value in news.items() if value} | {"updated_at": now}
    named = (told.name, told.language)
    return store.change_template(connection, account_id, inbox_id, named, values)


def filled(
    connection: Connection, account_id: str, inbox_id: str, wish: Template, *, has_file: bool
) -> tuple[Template, str]:
    """Give a wished template with the places of its parameters, and the text people will read.

    Raises `InvalidError` for one that is not known, not approved, or filled otherwise.
    """
    found = next(
        (
            one
            for one in listed(connection, account_id, inbox_id)
            if (one.name, one.language) == (wish.name, wish.language)
        ),
        None,
    )
    if found is None or not found.sendable:
        raise InvalidError(
            "There is no approved template of this name and language. Synchronise the templates.",
            "Одобренного шаблона с таким именем на этом языке нет. Обновите список шаблонов.",
            field="template",
        )
    if (found.header in _FILES) is not has_file:
        raise InvalidError(
            f"This template takes {'one file above its words' if not has_file else 'no file'}.",
            f"Этому шаблону {'нужен один файл над текстом' if not has_file else 'файл не нужен'}.",
            field="file_ids",
        )
    slots = tuple(variable.slot for variable in found.variables)
    if len(slots) != len(wish.parameters) or not all(text.strip() for text in wish.parameters):
        raise InvalidError(
            f"This template has {len(slots)} variables; fill every one.",
            f"Переменных в этом шаблоне: {len(slots)}; заполните каждую.",
            field="template.parameters",
        )
    values = dict(zip(slots, wish.parameters, strict=True))
    parts = (
        _with_values("header", found.title, values),
        _with_values("body", found.body, values),
        found.footer,
    )
    text = "\n\n".join(part for part in parts if part)
    return replace(wish, slots=slots, category=found.category), text


def _with_values(where: str, text: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: values.get(f"{where}.{gap[1]}", gap[0]), text)


def _view(row: store.InboxRow) -> TemplateView:
    told = _told(row.told)
    return TemplateView(
        name=row.name,
        language=row.language,
        status=row.status,
        category=row.category,
        reason=row.reason,
        body=told.body,
        title=told.title,
        footer=told.footer,
        header=told.header,
        buttons=told.buttons,
        variables=told.variables,
        quality=told.quality,
        sendable=row.status in _SENDABLE,
        updated_at=row.updated_at,
    )
