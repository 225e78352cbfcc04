"""Keyboards: read, checked as Telegram checks them."""

from typing import TypeVar

import msgspec

from sandbox.telegram.errors import BUTTON_DATA, bad
from sandbox.telegram.wire import Wire


class InlineButton(Wire, frozen=True, kw_only=True):
    text: str
    url: str | None = None
    callback_data: str | None = None
    web_app: dict[str, object] | None = None
    login_url: dict[str, object] | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    copy_text: dict[str, object] | None = None
    pay: bool | None = None
    style: str | None = None


class ReplyButton(Wire, frozen=True, kw_only=True):
    text: str
    request_contact: bool | None = None
    request_location: bool | None = None
    request_poll: dict[str, object] | None = None
    request_users: dict[str, object] | None = None
    request_chat: dict[str, object] | None = None
    web_app: dict[str, object] | None = None
    style: str | None = None


class InlineKeyboard(Wire, frozen=True, kw_only=True):
    inline_keyboard: list[list[InlineButton]]


class ReplyKeyboard(Wire, frozen=True, kw_only=True):
    keyboard: list[list[ReplyButton]]
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    is_persistent: bool | None = None
    selective: bool | None = None
    input_field_placeholder: str | None = None


class RemoveKeyboard(Wire, frozen=True, kw_only=True):
    remove_keyboard: bool
    selective: bool | None = None


class ForceReply(Wire, frozen=True, kw_only=True):
    force_reply: bool
    selective: bool | None = None
    input_field_placeholder: str | None = None


Markup = InlineKeyboard | ReplyKeyboard | RemoveKeyboard | ForceReply
T = TypeVar("T")
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
)


def read_markup(raw: object, *, private: bool) -> Markup | None:
    """Read `reply_markup` of a call; raises the refusal Telegram would give."""
    if raw is None or raw == "":
        return None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in raw:
        return _read_inline(raw)
    if "keyboard" in raw:
        return _read_reply(raw, private=private)
    if raw.get("remove_keyboard"):
        return RemoveKeyboard(remove_keyboard=True)
    if raw.get("force_reply"):
        return _convert(raw, ForceReply)
    return None


def _convert(raw: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise bad(f"can't parse reply keyboard markup JSON object: {error}") from error


def _read_inline(raw: dict[str, object]) -> InlineKeyboard | None:
    keyboard = _convert(raw, InlineKeyboard)
    rows = [row for row in keyboard.inline_keyboard if row]
    if sum(map(len, rows)) > 100:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check_inline(button)
    return InlineKeyboard(inline_keyboard=rows) if rows else None


def _check_inline(button: InlineButton) -> None:
    if not button.text.strip():
        raise bad("can't parse inline keyboard button: Button text must be non-empty")
    if all(getattr(button, action) is None for action in _ACTIONS):
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    size = None if button.callback_data is None else len(button.callback_data.encode())
    if size is not None and not 1 <= size <= 64:
        raise BUTTON_DATA
    if button.url is not None and "." not in button.url and not button.url.startswith("tg://"):
        raise bad(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def _read_reply(raw: dict[str, object], *, private: bool) -> ReplyKeyboard:
    rows = raw.get("keyboard")
    if isinstance(rows, list):  # Telegram takes a bare string for a button that only says its text
        rows = [
            [{"text": b} if isinstance(b, str) else b for b in row]
            if isinstance(row, list)
            else row
            for row in rows
        ]
    keyboard = _convert({**raw, "keyboard": rows}, ReplyKeyboard)
    if len(keyboard.input_field_placeholder or "") > 64:
        raise bad("input field placeholder is too long")
    for row in keyboard.keyboard:
        for button in row:
            if not button.text.strip():
                raise bad("can't parse keyboard button: Button text must be non-empty")
            if not private and (button.request_contact or button.request_location):
                raise bad("phone number and location can be requested in private chats only")
    return keyboard
