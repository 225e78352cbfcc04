"""Parameters of VK's methods, read as strictly as VK reads them, and VK's words of refusal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.asgi import Reply, as_json
from sandbox.platform import Refused

ERRORS = {
    3: "Unknown method passed",
    5: "User authorization failed: invalid access_token (4).",
    6: "Too many requests per second",
    8: "Invalid request: v (version) is required",
    9: "Flood control",
    10: "Internal server error",
    15: "Access denied: no access to call this method",
    18: "User was deleted or banned",
    27: "Group authorization failed: method is unavailable with group auth.",
    100: "One of the parameters specified was missing or invalid",
    105: "Couldn't save file",
    118: "Invalid server",
    121: "Invalid hash",
    129: "Invalid photo",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    914: "Message is too long",
    920: "Can't edit this kind of message",
    921: "Can't forward these messages",
    924: "Can't delete this message for everybody",
    936: "Contact not found",
    1009: "Unknown reaction passed",
    2000: "Servers number limit is reached",
}
_INT64 = 2**63


def refusal(code: int, why: str = "") -> Reply:
    """An error of VK, which is an answer with status 200."""
    text = f"{ERRORS[code]}: {why}" if why else ERRORS[code]
    return as_json({"error": {"error_code": code, "error_msg": text, "request_params": []}})


def refused(code: int, why: str = "") -> Refused:
    return Refused(refusal(code, why), str(code))


def done(response: object = 1) -> Reply:
    return as_json({"response": response})


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call."""

    fields: Mapping[str, object]

    def has(self, name: str) -> bool:
        return self.fields.get(name) not in (None, "")

    def text(self, name: str, most: int = 0, *, required: bool = False) -> str:
        value = self.fields.get(name, "")
        if isinstance(value, dict | list) or (required and not value):
            raise refused(100, f"{name} is undefined" if not value else f"{name} is invalid")
        text = str(value)
        if most and len(text) > most:
            raise refused(100, f"{name} is too long")
        return text

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number of 64 bits; without a default it must be told."""
        text = self.text(name, required=default is None)
        if not text and default is not None:
            return default
        if not text.lstrip("-").isdecimal() or not -_INT64 <= int(text) < _INT64:
            raise refused(100, f"{name} not integer")
        return int(text)

    def numbers(self, name: str, most: int) -> list[int]:
        parts = self.text(name, required=True).split(",")
        if len(parts) > most:
            raise refused(100, f"{name} has more than {most} items")
        return [Params({name: part.strip()}).number(name) for part in parts]

    def real(self, name: str, most: float) -> float:
        try:
            value = float(self.text(name, required=True))
        except ValueError:
            raise refused(100, f"{name} not float") from None
        if not -most <= value <= most:
            raise refused(100, f"{name} is out of range")
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name) or "0"
        if value.lower() not in {"0", "1", "true", "false"}:
            raise refused(100, f"{name} not boolean")
        return value.lower() in {"1", "true"}

    def parsed(self, name: str, code: int = 100) -> dict[str, object]:
        """A parameter that holds a JSON object."""
        try:
            value = json.loads(self.text(name))
        except ValueError:
            raise refused(code, f"{name} should be valid json") from None
        if not isinstance(value, dict):
            raise refused(code, f"{name} should be an object")
        return value
