"""What the Send API refuses of a message before anything happens."""

from collections.abc import Iterable

from sandbox.meta_graph import refusal
from sandbox.meta_messaging import Kind, Listed
from sandbox.meta_send_wire import Attachment, Element, MessageAsk, Payload, Send, TemplateButton

_FILES = frozenset({"image", "video", "audio", "file"})
_TITLE, _PAYLOAD, _CARD, _BUTTONS = 20, 1000, 80, 3


def check(ask: Send, account: Listed) -> None:
    """Refuse what is wrong in itself, whoever it is for."""
    kind = account.kind
    named = [value for value in (ask.recipient.id, ask.recipient.user_ref, ask.recipient.comment_id,
                                 ask.recipient.post_id,
                                 ask.recipient.notification_messages_token) if value]  # fmt: skip
    if len(named) != 1:
        raise refusal(100, "Param recipient must name exactly one person")
    if bool(ask.message) is bool(ask.sender_action):
        raise refusal(100, "Requires one of the params: message, sender_action")
    if ask.sender_action:
        _action(ask, kind)
        return
    if ask.payload is not None:
        raise refusal(100, "Param payload goes with sender_action")
    _type(ask, kind)
    if ask.reply_to is not None and "reply_to" not in kind.message_fields:
        raise refusal(100, "Invalid parameter: reply_to")
    assert ask.message is not None
    _message(ask.message, kind)


def _action(ask: Send, kind: Kind) -> None:
    if ask.sender_action not in kind.actions:
        raise refusal(100, f"Param sender_action must be one of {sorted(kind.actions)}")
    reacts = ask.sender_action in {"react", "unreact"}
    if reacts is (ask.payload is None) or ask.messaging_type or ask.tag or ask.reply_to:
        raise refusal(100, "Only recipient (and payload of a reaction) go with sender_action")
    if ask.payload is None:
        return
    if (ask.sender_action == "react") is not bool(ask.payload.reaction):
        raise refusal(100, "Param payload[reaction] belongs to react, and to it alone")
    if kind.reactions and ask.payload.reaction and ask.payload.reaction not in kind.reactions:
        raise refusal(100, f"Param payload[reaction] must be one of {sorted(kind.reactions)}")


def _type(ask: Send, kind: Kind) -> None:
    if "messaging_type" in kind.message_fields and not ask.messaging_type:
        raise refusal(100, "Param messaging_type is required")
    if (ask.messaging_type == "MESSAGE_TAG") is not bool(ask.tag) and not kind.own_host:
        raise refusal(100, "Param tag goes with messaging_type MESSAGE_TAG, and the reverse")
    if ask.tag and ask.tag != "HUMAN_AGENT":  # the others are gone since 2026-04-27
        raise refusal(100, f"Invalid parameter: tag {ask.tag} is not available")
    templated = ask.message is not None and ask.message.template is not None
    if (ask.messaging_type == "UTILITY") is not templated:
        raise refusal(100, "Param message[template] goes with messaging_type UTILITY")


def _message(message: MessageAsk, kind: Kind) -> None:
    bodies = [message.text is not None, message.attachment is not None,
              message.template is not None]  # fmt: skip
    if sum(bodies) != 1:
        raise refusal(100, "Message must have exactly one of text, attachment, template")
    for name in ("metadata", "template"):
        if getattr(message, name) and name not in kind.message_fields:
            raise refusal(100, f"Invalid parameter: message[{name}]")
    _hold("message[metadata]", message.metadata, _PAYLOAD)
    if message.text is not None:
        _text(message.text, kind)
    if message.attachment is not None:
        _attachment(message.attachment, kind)
    _quick_replies(message, kind)


def _text(text: str, kind: Kind) -> None:
    length = len(text.encode()) if kind.text_in_bytes else len(text)
    if not text.strip():
        raise refusal(100, "Param message[text] must not be empty")
    if length > kind.text:
        raise refusal(100, f"Length of param message[text] must be at most {kind.text}")


def _quick_replies(message: MessageAsk, kind: Kind) -> None:
    if len(message.quick_replies) > 13:
        raise refusal(100, "Param message[quick_replies] has too many elements")
    for reply in message.quick_replies:
        if reply.content_type != "text":
            if kind.own_host or reply.title or reply.payload:
                raise refusal(100, "Invalid parameter: message[quick_replies][content_type]")
            continue
        if not reply.title or not reply.payload:
            raise refusal(100, "A quick reply must have a title and a payload")
        _hold("message[quick_replies][title]", reply.title, _TITLE)
        _hold("message[quick_replies][payload]", reply.payload, _PAYLOAD)


def _attachment(attachment: Attachment, kind: Kind) -> None:
    payload = attachment.payload
    if attachment.type in {"like_heart", "MEDIA_SHARE"} and not kind.own_host:
        raise refusal(100, "Invalid parameter: message[attachment][type]")
    if attachment.type == "like_heart":
        return
    if payload is None:
        raise refusal(100, "Param message[attachment][payload] is required")
    if attachment.type in _FILES and bool(payload.url) is bool(payload.attachment_id):
        raise refusal(100, "A payload must have exactly one of url and attachment_id")
    if attachment.type == "MEDIA_SHARE" and not payload.id:
        raise refusal(100, "Param message[attachment][payload][id] is required")
    if attachment.type == "template":
        _template(payload)


def _template(payload: Payload) -> None:
    if payload.template_type == "button":
        _hold("text of a button template", payload.text, 640)
        if not payload.text or not 1 <= len(payload.buttons) <= _BUTTONS or payload.elements:
            raise refusal(100, "A button template has a text and one to three buttons")
        _buttons(payload.buttons)
        return
    if payload.template_type != "generic" or payload.text or payload.buttons:
        raise refusal(100, "Invalid parameter: message[attachment][payload][template_type]")
    if not 1 <= len(payload.elements) <= 10:
        raise refusal(100, "A generic template has one to ten elements")
    for element in payload.elements:
        _element(element)


def _element(element: Element) -> None:
    if not element.title or not (element.subtitle or element.image_url or element.buttons):
        raise refusal(100, "An element has a title and something beside it")
    _hold("title of an element", element.title, _CARD)
    _hold("subtitle of an element", element.subtitle, _CARD)
    if len(element.buttons) > _BUTTONS:
        raise refusal(100, "An element has at most three buttons")
    _buttons(element.buttons)


def _buttons(buttons: Iterable[TemplateButton]) -> None:
    for button in buttons:
        _hold("title of a button", button.title, _TITLE)
        _hold("payload of a button", button.payload, _PAYLOAD)
        is_link = button.type == "web_url"
        if not button.title or bool(button.url) is not is_link or bool(button.payload) is is_link:
            raise refusal(100, "A button has a title and either an address or a payload")


def _hold(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise refusal(100, f"Length of {what} must be at most {most}")
