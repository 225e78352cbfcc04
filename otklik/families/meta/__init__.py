"""What WhatsApp, Messenger and Instagram truly share: Meta's signature, challenge and Graph API."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Meta, Struct

from otklik.kernel.lenient import read
from otklik.ports.channel import (
    Answer,
    FilePart,
    HookReply,
    InboxConfig,
    Knock,
    Refusal,
    RefusalKind,
    Request,
)
from otklik.ports.errors import ErrorTable

VERSION = "v26.0"
"""The newest Graph version on 2026-07-29; it is served for two years."""

_CLOUD = "https://graph.facebook.com"
_SIGNATURE = "x-hub-signature-256"
_SECRETS = ("app_secret", "app_secret_previous")
_BETWEEN = re.compile(r"[\s,;]+")
_LONGEST_WAIT_S = 86_400.0
_UPLOAD_S = 120.0

Number = Annotated[int, Meta(ge=0, le=2**53)]


def authentic(headers: Mapping[str, str], body: bytes, config: InboxConfig) -> bool:
    """Tell whether one of our app secrets signed exactly these bytes.

    Meta escapes letters outside ASCII in the body it signs, so the bytes count, not their text.
    `app_secret` and `app_secret_previous` may each hold several, separated by spaces or commas:
    an Instagram app has a secret of its own beside that of its Meta app.
    """
    shown = headers.get(_SIGNATURE, "").encode("utf-8", "surrogatepass")
    valid = False
    for secret in app_secrets(config):
        valid |= hmac.compare_digest(shown, signature(secret, body).encode())
    return valid


def app_secrets(config: InboxConfig) -> tuple[str, ...]:
    """List every app secret of an inbox; an unset one opens nothing."""
    listed = (config.secrets.get(name, "") for name in _SECRETS)
    return tuple(secret for text in listed for secret in _BETWEEN.split(text) if secret)


def signature(secret: str, body: bytes) -> str:
    """Sign bytes as Meta does, in the form of the header's value."""
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def greet(knock: Knock, config: InboxConfig) -> HookReply | None:
    """Answer Meta's challenge, untouched and not as JSON; 403 when it shows another token."""
    if knock.method != "GET":
        return None
    told, shown = knock.query, knock.query.get("hub.verify_token", "")
    expected = config.secrets.get("verify_token", "")
    known = hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), expected.encode()) and bool(
        expected
    )
    if told.get("hub.mode") != "subscribe" or "hub.challenge" not in told or not known:
        return HookReply(403, b"the verify token is not this inbox's")
    return HookReply(200, told["hub.challenge"].encode("utf-8", "surrogatepass"))


def graph(
    config: InboxConfig,
    method: Literal["GET", "POST", "DELETE"],
    path: str,
    payload: Mapping[str, object] | None = None,
    *,
    query: Mapping[str, str] | None = None,
    host: str = _CLOUD,
) -> Request:
    """Describe one call of the Graph API with the inbox's token; `path` has no leading slash.

    `host` is the platform's own address, which the setting `api_base` overrides.
    """
    url = _address(config, host, path) + (f"?{urlencode(query)}" if query else "")
    headers = bearer(config)
    if payload is None:
        repeatable = method == "GET"
        return Request(method, url, _label(path), headers=headers, repeatable=repeatable)
    headers["content-type"] = "application/json"
    return Request(method, url, _label(path), headers=headers, body=msgspec.json.encode(payload))


def graph_upload(
    config: InboxConfig, path: str, fields: Mapping[str, str], file: FilePart, host: str = _CLOUD
) -> Request:
    """Describe the upload of one file to the Graph API as multipart."""
    return Request(
        "POST",
        _address(config, host, path),
        _label(path),
        headers=bearer(config),
        fields=fields,
        files=(file,),
        timeout_s=_UPLOAD_S,
        repeatable=True,
    )


def bearer(config: InboxConfig) -> dict[str, str]:
    """Give the header that carries the inbox's token."""
    return {"authorization": f"Bearer {config.secrets.get('token', '').strip()}"}


class ErrorDetails(Struct, frozen=True):
    """The part of an error written for developers."""

    details: str = ""


class GraphError(Struct, frozen=True):
    """Why the Graph API refused; `error_subcode` is 0 when it names none."""

    code: int
    message: str = ""
    title: str = ""
    error_subcode: int = 0
    error_user_msg: str = ""
    error_data: ErrorDetails | None = None
    is_transient: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Name the error for the table of errors, the more exact name first: 10-2534022, 10."""
        exact = (f"{self.code}-{self.error_subcode}",) if self.error_subcode else ()
        return (*exact, str(self.code))

    @property
    def detail(self) -> str:
        """Give Meta's own words, the more telling ones last."""
        details = self.error_data.details if self.error_data else ""
        words = dict.fromkeys((self.message or self.title, self.error_user_msg, details))
        return " — ".join(filter(None, words))[:300]


class _Envelope(Struct, frozen=True):
    error: GraphError


class _Usage(Struct, frozen=True):
    estimated_time_to_regain_access: Number = 0


def error_in(body: bytes) -> GraphError | None:
    """Read the error of an answer; None when the body holds none."""
    try:
        return read(body, _Envelope).error
    except msgspec.DecodeError:
        return None


def refused(table: ErrorTable, answer: Answer) -> Refusal:
    """Say in our words why the Graph API did not do it; an unreadable answer is a passing fault."""
    error = error_in(answer.body)
    if error is None:
        kind = RefusalKind.BAD_MEDIA if answer.status == 413 else RefusalKind.TEMPORARY
        kind = RefusalKind.THROTTLED if answer.status == 429 else kind
        detail = f"HTTP {answer.status} without a Graph answer"
        return Refusal(kind, detail, wait_s(answer.headers), code="")
    code = next((code for code in error.codes if code in table.known), str(error.code))
    return table.refusal(
        code,
        error.detail or f"Graph error {code}",
        retry_after_s=wait_s(answer.headers),
        otherwise=_kind_of(error, answer.status),
    )


def _kind_of(error: GraphError, status: int) -> RefusalKind:
    if status == 401 or 200 <= error.code < 300:  # 200-299 are permissions the app lacks
        return RefusalKind.BAD_TOKEN
    if status == 429:
        return RefusalKind.THROTTLED
    passing = status >= 500 or error.is_transient
    return RefusalKind.TEMPORARY if passing else RefusalKind.OTHER


def wait_s(headers: Mapping[str, str]) -> float:
    """Tell for how many seconds Meta wants silence; 0 when it does not say.

    `Retry-After` counts seconds, the usage header of the Graph API minutes.
    """
    told = headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return min(float(told), _LONGEST_WAIT_S)
    try:
        usage = msgspec.json.decode(
            headers.get("x-business-use-case-usage") or "{}", type=dict[str, list[_Usage]]
        )
    except msgspec.DecodeError:
        return 0.0
    minutes = [one.estimated_time_to_regain_access for uses in usage.values() for one in uses]
    return min(max(minutes, default=0) * 60.0, _LONGEST_WAIT_S)


def _address(config: InboxConfig, host: str, path: str) -> str:
    root = (config.settings.get("api_base") or host).rstrip("/")
    return f"{root}/{VERSION}/{quote(path)}"


def _label(path: str) -> str:
    last = path.rpartition("/")[2]
    return "node" if any(letter.isdigit() for letter in last) else last  # ids name nothing
