"""What the Send API is asked, as structs; a field it does not know is refused."""

from typing import Literal

from msgspec import Struct


class Recipient(Struct, forbid_unknown_fields=True):
    id: str = ""
    user_ref: str = ""
    comment_id: str = ""
    post_id: str = ""
    notification_messages_token: str = ""


class QuickReply(Struct, forbid_unknown_fields=True):
    content_type: Literal["text", "user_phone_number", "user_email"]
    title: str = ""
    payload: str = ""
    image_url: str = ""


class TemplateButton(Struct, forbid_unknown_fields=True):
    type: Literal["web_url", "postback", "phone_number"]
    title: str
    url: str = ""
    payload: str = ""


class Element(Struct, forbid_unknown_fields=True):
    title: str
    subtitle: str = ""
    image_url: str = ""
    buttons: list[TemplateButton] = []


class Payload(Struct, forbid_unknown_fields=True):
    url: str = ""
    attachment_id: str | int = ""
    is_reusable: bool | Literal["true", "false"] = False
    template_type: Literal["", "generic", "button"] = ""
    text: str = ""
    elements: list[Element] = []
    buttons: list[TemplateButton] = []
    id: str = ""


class Attachment(Struct, forbid_unknown_fields=True):
    type: Literal["image", "video", "audio", "file", "template", "like_heart", "MEDIA_SHARE"]
    payload: Payload | None = None


class Language(Struct, forbid_unknown_fields=True):
    code: str


class Parameter(Struct, forbid_unknown_fields=True):
    type: Literal["text"]
    text: str


class Component(Struct, forbid_unknown_fields=True):
    type: Literal["body", "header"]
    parameters: list[Parameter]


class Template(Struct, forbid_unknown_fields=True):
    name: str
    language: Language
    components: list[Component] = []


class MessageAsk(Struct, forbid_unknown_fields=True):
    text: str | None = None
    attachment: Attachment | None = None
    quick_replies: list[QuickReply] = []
    metadata: str = ""
    template: Template | None = None


class ReactionAsk(Struct, forbid_unknown_fields=True):
    message_id: str
    reaction: str = ""


class ReplyTo(Struct, forbid_unknown_fields=True):
    mid: str


class Send(Struct, forbid_unknown_fields=True):
    recipient: Recipient
    message: MessageAsk | None = None
    messaging_type: Literal["", "RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"] = ""
    notification_type: Literal["", "REGULAR", "SILENT_PUSH", "NO_PUSH"] = ""
    tag: str = ""
    sender_action: str = ""
    payload: ReactionAsk | None = None
    reply_to: ReplyTo | None = None
    persona_id: str = ""


class UploadAsk(Struct, forbid_unknown_fields=True):
    """The `message` field of an upload."""

    attachment: Attachment
