"""What Meta's servers do alike for WhatsApp, Messenger and Instagram."""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

from sandbox.asgi import Reply, as_json
from sandbox.courier import Courier, Parcel, Rules, Tried
from sandbox.faults import CallRule
from sandbox.orders import ActError
from sandbox.platform import Call
from sandbox.world import Account

WEEK_S = 7 * 86_400.0
_LONGEST_PAUSE_S = 6 * 3600.0


@dataclass
class MetaAccount(Account):
    """A number, a page or a professional account, and the Meta apps that listen to it."""

    app_id: str = ""
    subscribed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields by app id; an app that is not here hears nothing."""


def graph_error(
    code: int, message: str, *, status: int = 400, subcode: int = 0, details: str = ""
) -> Reply:
    """An error as the Graph API words it."""
    error: dict[str, object] = {
        "message": f"(#{code}) {message}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": secrets.token_urlsafe(9),
    }
    if subcode:
        error["error_subcode"] = subcode
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return as_json({"error": error}, status)


def dead_token() -> Reply:
    """The answer to a token that was revoked or never was."""
    message = "Error validating access token: the session has been invalidated"
    return graph_error(190, message, status=401, subcode=460)


def stranger(_call: Call) -> Reply:
    """The answer to a call without a known token."""
    return dead_token()


def refuse(rule: CallRule) -> Reply:
    """The ordered faults in Meta's words."""
    if rule.kind == "too_many":
        reply = graph_error(4, "Application request limit reached", status=400)
        wait = (b"retry-after", str(rule.retry_after).encode())
        return Reply(reply.status, reply.body, reply.content_type, (wait,))
    return graph_error(2, "Service temporarily unavailable", status=rule.status)


def shown_token(call: Call) -> str:
    """The token of a call: a bearer header or the `access_token` of the query."""
    kind, _, token = call.header("authorization").partition(" ")
    return token.strip() if kind.lower() == "bearer" else str(call.fields.get("access_token", ""))


def find(call: Call) -> Account | None:
    """Whose token a call carries."""
    return call.world.by_token(shown_token(call))


def escaped(value: object) -> bytes:
    """JSON as Meta sends and signs it: every letter outside ASCII as an escape."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def signature(app_secret: str, body: bytes) -> dict[str, str]:
    """The header that proves a delivery, over the raw bytes."""
    digest = hmac.new(app_secret.encode(), body, sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def courier_rules(
    account: Account,
    *,
    lasting_s: float = WEEK_S,
    on_given_up: Callable[[Parcel, Tried], None] | None = None,
) -> Rules:
    """Deliveries signed with the app's secret; only 200 counts, tries grow rarer and end."""

    def sign(body: bytes, _attempt: int) -> Mapping[str, str]:
        return signature(account.secrets.get("app_secret", ""), body)

    def wait_s(tried: Tried) -> float | None:
        pause_s = min(2.0 ** min(tried.attempt - 1, 20), _LONGEST_PAUSE_S)
        return pause_s if tried.age_s + pause_s < lasting_s else None

    return Rules(
        taken=lambda tried: tried.status == 200, wait_s=wait_s, sign=sign, on_given_up=on_given_up
    )


async def challenge(courier: Courier, url: str, verify_token: str) -> None:
    """Ask an address whether it expects us; raises ActError when it does not answer as it must."""
    asked = secrets.token_hex(8)
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": asked,
        "hub.verify_token": verify_token,
    }
    tried = await courier.ask("GET", f"{url}?{urlencode(query)}")
    if tried.status != 200 or tried.body != asked.encode():
        said = tried.body[:80].decode("utf-8", "replace")
        raise ActError(f"The challenge was answered with {tried.status}: {said!r}")


def subscribed_apps(account: MetaAccount, name: str = "") -> dict[str, object]:
    """The list of apps that listen; it names every app, so a full list proves nothing."""
    apps = [{"id": app, "name": name or "App"} for app in account.subscribed]
    return {"data": apps}
