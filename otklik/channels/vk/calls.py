"""One call of VK's API as a step of a longer talk, and what VK's errors mean to us."""

import json
from collections.abc import Generator, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from otklik.channels.vk.wire import MANIFEST
from otklik.ports.channel import Answer, Answers, InboxConfig, Refusal, RefusalKind, Request
from otklik.ports.errors import ErrorTable

ERRORS = ErrorTable.load(__package__)
_CLOUD = "https://api.vk.com"
# VK never says how long to wait: a second's limit, the flood of one chat, a captcha, a day's limit.
_WAITS_S = {"6": 1.0, "9": 60.0, "14": 300.0, "29": 600.0}

End = TypeVar("End")
Shape = TypeVar("Shape")
Talk = Generator[Request, Answer, End]
"""Yields what to ask, is told the answers, returns how it ended."""


class Refused(Exception):
    """Ends a talk from any depth; caught by `replay` alone."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.detail)


class ApiError(msgspec.Struct, frozen=True):
    """VK's error; of one receiver among several it has the shorter names."""

    error_code: int = 0
    error_msg: str = ""
    code: int = 0
    description: str = ""

    @property
    def refusal(self) -> Refusal:
        """Say in our words what it means."""
        code = str(self.error_code or self.code)
        detail = self.error_msg or self.description
        return ERRORS.refusal(code, detail, retry_after_s=_WAITS_S.get(code, 0.0))


class _Told(msgspec.Struct, frozen=True):
    response: msgspec.Raw = msgspec.Raw(b"")
    error: ApiError | None = None


def replay(talk: Talk[End], answers: Answers) -> Request | End | Refusal:
    """Tell a talk the answers so far, and give what it asks next or how it ended."""
    try:
        step = next(talk)
        for answer in answers:
            step = talk.send(answer)
    except StopIteration as stopped:
        end: End = stopped.value
        return end
    except Refused as ended:
        return ended.refusal
    return step


def call(
    config: InboxConfig, method: str, params: Mapping[str, object], shape: type[Shape]
) -> Talk[Shape]:
    """Ask VK and read its answer as the shape; refusals end the whole talk."""
    answer = yield request(config, method, params)
    return read(answer, shape)


def request(config: InboxConfig, method: str, params: Mapping[str, object]) -> Request:
    """Describe one call. The token goes into a header, so that no address holds it."""
    host = (config.settings.get("api_base") or _CLOUD).rstrip("/")
    told = {
        name: value if isinstance(value, str | int | float) else compact(value)
        for name, value in params.items()
        if value not in ("", None)
    }
    return Request(
        "POST",
        f"{host}/method/{method}",
        method,
        headers={
            "authorization": f"Bearer {config.secrets.get('token', '').strip()}",
            "content-type": "application/x-www-form-urlencoded",
        },
        body=urlencode(told | {"v": MANIFEST.api_version}).encode(),
        repeatable=True,  # messages.send is so by its random_id
    )


def read(answer: Answer, shape: type[Shape]) -> Shape:
    """Read the `response` of an answer; raises `Refused`."""
    try:
        told = msgspec.json.decode(answer.body, type=_Told, strict=False)
        if told.error is None:
            return msgspec.json.decode(told.response, type=shape, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(_not_vk(answer)) from None
    raise Refused(told.error.refusal)


def compact(value: object) -> str:
    """Write JSON as VK counts it: without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _not_vk(answer: Answer) -> Refusal:
    detail = f"HTTP {answer.status} without an answer of VK"
    if answer.status == 429:
        return Refusal(RefusalKind.THROTTLED, detail, retry_after_s=1.0, everywhere=True)
    kind = RefusalKind.BAD_MEDIA if answer.status == 413 else RefusalKind.TEMPORARY
    return Refusal(kind, detail)
