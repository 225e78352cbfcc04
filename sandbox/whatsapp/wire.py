"""What a business may send to the Cloud API; what is not named here is refused."""

from typing import Literal

import msgspec


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    pass


class Text(Strict):
    body: str
    preview_url: bool = False


class Media(Strict):
    id: str = ""
    link: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool | None = None
    provider: str = ""


class Location(Strict):
    latitude: float | str
    longitude: float | str
    name: str = ""
    address: str = ""


class Name(Strict):
    formatted_name: str
    first_name: str = ""
    last_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    prefix: str = ""


class Phone(Strict):
    phone: str = ""
    type: str = ""
    wa_id: str = ""


class Contact(Strict):
    name: Name
    phones: list[Phone] = []
    emails: list[dict[str, str]] = []
    urls: list[dict[str, str]] = []
    addresses: list[dict[str, str]] = []
    org: dict[str, str] | None = None
    birthday: str = ""


class Reaction(Strict):
    message_id: str
    emoji: str


class Typing(Strict):
    type: Literal["text"]


class Context(Strict):
    message_id: str


class Words(Strict):
    text: str


class Header(Strict):
    type: Literal["text", "image", "video", "document"]
    text: str = ""
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None

    @property
    def media(self) -> Media | None:
        return self.image or self.video or self.document


class Reply(Strict):
    id: str
    title: str


class ReplyButton(Strict):
    type: Literal["reply"]
    reply: Reply


class Row(Strict):
    id: str
    title: str
    description: str = ""


class Section(Strict):
    rows: list[Row]
    title: str = ""


class Cta(Strict):
    display_text: str
    url: str


class Action(Strict):
    name: str = ""
    button: str = ""
    buttons: list[ReplyButton] = []
    sections: list[Section] = []
    parameters: Cta | None = None


class Interactive(Strict):
    type: Literal["button", "list", "cta_url", "location_request_message", "request_contact_info"]
    action: Action
    body: Words
    header: Header | None = None
    footer: Words | None = None


class Language(Strict):
    code: str
    policy: str = ""


class Parameter(Strict):
    type: Literal[
        "text", "currency", "date_time", "image", "video", "document", "location", "payload",
        "coupon_code",
    ]  # fmt: skip
    text: str = ""
    parameter_name: str = ""
    payload: str = ""
    coupon_code: str = ""
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    location: Location | None = None

    @property
    def media(self) -> Media | None:
        return self.image or self.video or self.document


class Filled(Strict):
    type: Literal["header", "body", "button"]
    parameters: list[Parameter] = []
    sub_type: str = ""
    index: str | int = ""


class TemplateSend(Strict):
    name: str
    language: Language
    components: list[Filled] = []


class Send(Strict):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"] = "individual"
    to: str = ""
    recipient: str = ""
    type: Literal[
        "text", "image", "video", "audio", "document", "sticker", "location", "contacts",
        "interactive", "template", "reaction",
    ] = "text"  # fmt: skip
    context: Context | None = None
    biz_opaque_callback_data: str = ""
    recipient_identity_key_hash: str = ""
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Location | None = None
    contacts: list[Contact] = []
    interactive: Interactive | None = None
    template: TemplateSend | None = None
    reaction: Reaction | None = None
    status: Literal["", "read"] = ""
    message_id: str = ""
    typing_indicator: Typing | None = None


class Component(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One part of a template as it is stored."""

    type: str
    format: str = ""
    text: str = ""
    example: dict[str, object] = {}
    buttons: tuple[dict[str, object], ...] = ()


class Template(msgspec.Struct, kw_only=True, omit_defaults=True):
    name: str
    language: str
    category: str
    status: str = "APPROVED"
    parameter_format: str = "POSITIONAL"
    rejected_reason: str = "NONE"
    components: tuple[Component, ...] = ()

    def part(self, kind: str) -> Component | None:
        return next((part for part in self.components if part.type == kind), None)
