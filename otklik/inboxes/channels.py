"""Channels as admins see them: the guide to each, and a refusal in words they can act on."""

from functools import cache
from typing import Literal

import msgspec

from otklik.kernel.errors import InvalidError
from otklik.ports.channel import (
    FORBIDDEN_ADDRESS,
    Channel,
    InboxConfig,
    Limits,
    Link,
    Refusal,
    RefusalKind,
    Window,
)
from otklik.ports.errors import ErrorTable, KnownError
from otklik.ports.guide import Guide


class ChannelView(msgspec.Struct, frozen=True):
    """A channel an inbox can be connected to: what it can, and how to connect it."""

    id: str
    title: str
    docs: str
    region: Literal["world", "ru"]
    transport: Literal["http", "live", "mail"]
    receives: list[str]
    sends: list[str]
    features: list[str]
    limits: Limits
    window: Window
    link: Link | None
    guide: Guide
    errors: list[KnownError]
    law_en: str
    law_ru: str


def view(channel: Channel) -> ChannelView:
    """Show a channel."""
    manifest = channel.manifest
    return ChannelView(
        id=manifest.id,
        title=manifest.title,
        docs=manifest.docs,
        region=manifest.region,
        transport=manifest.transport,
        receives=list(manifest.receives),
        sends=list(manifest.sends),
        features=list(manifest.features),
        limits=manifest.limits,
        window=manifest.window,
        link=manifest.link,
        guide=guide_of(manifest.id),
        errors=list(errors_of(channel).known.values()),
        law_en="" if manifest.law is None else manifest.law.en,
        law_ru="" if manifest.law is None else manifest.law.ru,
    )


@cache
def guide_of(channel_id: str) -> Guide:
    """Read how a channel is connected."""
    return Guide.load(f"otklik.channels.{channel_id}")


def errors_of(channel: Channel) -> ErrorTable:
    """Read what a platform's codes mean; a channel without a platform has none."""
    if channel.outbound is None:
        return ErrorTable({})
    return _errors(channel.manifest.id)


@cache
def _errors(channel_id: str) -> ErrorTable:
    return ErrorTable.load(f"otklik.channels.{channel_id}")


def refuse_incomplete(channel: Channel, config: InboxConfig) -> None:
    """Refuse a wish without what the guide asks for; raises `InvalidError` naming the field."""
    for field in guide_of(channel.manifest.id).field:
        given = config.secrets if field.secret else config.settings
        if field.required and not given.get(field.name, "").strip():
            place = "secrets" if field.secret else "settings"
            raise InvalidError(
                f"Needed: {field.en}. The steps above tell where to get it.",
                f"Нужно заполнить: {field.ru}. Где это взять, сказано в шагах выше.",
                field=f"{place}.{field.name}",
            )


def refused(channel: Channel, refusal: Refusal) -> InvalidError:
    """Say why a platform does not take a credential or deliver to us, and what helps."""
    title = channel.manifest.title
    if refusal.detail.startswith(FORBIDDEN_ADDRESS):
        return _forbidden(refusal.detail.removeprefix(FORBIDDEN_ADDRESS))
    field = _credential(channel) if refusal.kind is RefusalKind.BAD_TOKEN else "settings.api_base"
    known = errors_of(channel).known.get(refusal.code)
    if known is not None:
        return InvalidError(
            f"{known.en} {known.remedy_en}", f"{known.ru} {known.remedy_ru}", field=field
        )
    if refusal.kind is RefusalKind.BAD_TOKEN:
        return InvalidError(
            f"{title} does not know this credential. Copy it again from where it was issued.",
            f"{title} не знает такого ключа. Скопируйте его ещё раз там, где его выдали.",
            field=field,
        )
    return InvalidError(
        f"{title} did not answer as it should ({refusal.detail}). Check the address and the "
        "network, then try again.",
        f"{title} не отвечает как надо ({refusal.detail}). Проверьте адрес и сеть и попробуйте "
        "ещё раз.",
        field=field,
    )


def _credential(channel: Channel) -> str:
    """Name the secret a refused credential most likely is."""
    secrets = [one.name for one in guide_of(channel.manifest.id).field if one.secret]
    return f"secrets.{secrets[0]}" if secrets else "settings.api_base"


def _forbidden(why: str) -> InvalidError:
    return InvalidError(
        f"This address is inside a private network ({why}). The installation's owner can "
        "allow it in OTKLIK_ALLOW_PRIVATE_HOSTS.",
        f"Этот адрес во внутренней сети ({why}). Владелец установки может разрешить его в "
        "OTKLIK_ALLOW_PRIVATE_HOSTS.",
        field="settings.api_base",
    )
