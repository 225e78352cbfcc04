"""Keyboards as Telegram takes them."""

import pytest

from sandbox.telegram.errors import RefusedError
from sandbox.telegram.markup import (
    ForceReply,
    InlineKeyboard,
    RemoveKeyboard,
    ReplyKeyboard,
    read_markup,
)

_KEY = {"text": "Номер", "request_contact": True}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (None, type(None)),
        ({}, type(None)),
        ({"inline_keyboard": [[]]}, type(None)),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "ю" * 32}]]}, InlineKeyboard),
        ({"inline_keyboard": [[{"text": "a", "url": "https://a.b"}]]}, InlineKeyboard),
        ({"keyboard": [["a", {"text": "b"}]]}, ReplyKeyboard),
        ({"keyboard": [[_KEY]]}, ReplyKeyboard),
        ({"remove_keyboard": True}, RemoveKeyboard),
        ({"force_reply": True, "input_field_placeholder": "имя"}, ForceReply),
    ],
)
def test_keyboards_are_read(raw: object, kind: type) -> None:
    assert type(read_markup(raw, private=True)) is kind


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("text", "object expected as reply markup"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}, "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}, "BUTTON_DATA_INVALID"),
        (
            {"inline_keyboard": [[{"text": "a"}]]},
            "Text buttons are unallowed in the inline keyboard",
        ),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}, "must be non-empty"),
        ({"inline_keyboard": [[{"text": "a", "url": "nowhere"}]]}, "Wrong HTTP URL"),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]] * 101},
            "REPLY_MARKUP_TOO_LONG",
        ),
        ({"inline_keyboard": "x"}, "can't parse reply keyboard markup JSON object"),
        ({"keyboard": [[{"text": ""}]]}, "must be non-empty"),
        ({"keyboard": [["a"]], "input_field_placeholder": "x" * 65}, "placeholder is too long"),
    ],
)
def test_wrong_keyboards_are_refused(raw: object, complaint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_markup(raw, private=True)
    assert complaint in caught.value.description


def test_requests_for_a_phone_are_for_private_chats() -> None:
    with pytest.raises(RefusedError, match="private chats only"):
        read_markup({"keyboard": [[_KEY]]}, private=False)
