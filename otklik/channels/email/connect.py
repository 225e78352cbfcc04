"""How a mailbox is tried, and where its letters are fetched and left."""

import re
from collections.abc import Mapping
from typing import Literal

from otklik.channels.email.wire import ERRORS, ascii_domain, receiver_of
from otklik.ports.channel import (
    Answers,
    Connected,
    InboxConfig,
    MailboxCheck,
    MailServer,
    Refusal,
    RefusalKind,
)

_Security = Literal["tls", "starttls", "none"]
_ADDRESS = re.compile(r"[^\s<>@\"]+@[^\s<>@\"]+")
_PORTS: Mapping[tuple[str, str], int] = {
    ("imap", "tls"): 993,
    ("imap", "starttls"): 143,
    ("imap", "none"): 143,
    ("smtp", "tls"): 465,
    ("smtp", "starttls"): 587,
    ("smtp", "none"): 25,
}
# What the providers' help pages say, November 2026: domain -> IMAP, SMTP (both with TLS).
_KNOWN: Mapping[str, tuple[str, str]] = {
    "yandex": ("imap.yandex.ru", "smtp.yandex.ru"),
    "ya": ("imap.yandex.ru", "smtp.yandex.ru"),
    "mail.ru": ("imap.mail.ru", "smtp.mail.ru"),
    "bk.ru": ("imap.mail.ru", "smtp.mail.ru"),
    "inbox.ru": ("imap.mail.ru", "smtp.mail.ru"),
    "list.ru": ("imap.mail.ru", "smtp.mail.ru"),
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "rambler.ru": ("imap.rambler.ru", "smtp.rambler.ru"),
    "icloud.com": ("imap.mail.me.com", "smtp.mail.me.com"),
}


def check(config: InboxConfig, answers: Answers) -> MailboxCheck | Connected | Refusal:
    """Log in at both servers of a mailbox."""
    missing = why_not_set_up(config)
    if missing is not None:
        return missing
    if not answers:
        return MailboxCheck(incoming_server(config), outgoing_server(config))
    answer = answers[-1]
    words = " ".join(answer.body.decode("utf-8", "replace").split())
    if answer.status == 250:
        return Connected(address_of(config), _settings(config))
    if answer.status in {530, 534, 535, 538}:
        return ERRORS.refusal("login", words, otherwise=RefusalKind.BAD_TOKEN)
    return Refusal(RefusalKind.TEMPORARY, f"{answer.status} {words}"[:300])


def why_not_set_up(config: InboxConfig) -> Refusal | None:
    """Say what is missing before a server can be asked anything."""
    if not _ADDRESS.fullmatch(address_of(config)):
        return Refusal(RefusalKind.BAD_TOKEN, "the address of the mailbox is not set", code="login")
    if not config.secrets.get("password"):
        return Refusal(RefusalKind.BAD_TOKEN, "the password is not set", code="login")
    if not _host(config, "imap") or not _host(config, "smtp"):
        return Refusal(RefusalKind.OTHER, "the mail servers are not set", code="servers")
    return None


def incoming_server(config: InboxConfig) -> MailServer:
    """Give where letters are fetched."""
    return _server(config, "imap")


def outgoing_server(config: InboxConfig) -> MailServer:
    """Give where letters are left."""
    return _server(config, "smtp")


def address_of(config: InboxConfig) -> str:
    """Give the address of the mailbox."""
    return config.settings.get("address", "").strip()


def _settings(config: InboxConfig) -> Mapping[str, str]:
    found = {"address": address_of(config), "receiver": receiver_of(config)}
    for protocol in ("imap", "smtp"):
        server = _server(config, protocol)
        found[f"{protocol}_host"] = server.host
        found[f"{protocol}_port"] = str(server.port)
        found[f"{protocol}_security"] = server.security
    return {name: value for name, value in found.items() if value}


def _server(config: InboxConfig, protocol: str) -> MailServer:
    security = _security(config.settings.get(f"{protocol}_security", ""))
    told = config.settings.get(f"{protocol}_port", "").strip()
    port = int(told) if told.isascii() and told.isdigit() and 0 < int(told) < 65_536 else 0
    if not told and not security:
        security = "tls"
    if not security:
        security = "starttls" if port in {143, 587, 25, 2525} else "tls"
    return MailServer(
        host=_host(config, protocol),
        port=port or _PORTS[(protocol, security)],
        security=security,
        username=config.settings.get("username", "").strip() or address_of(config),
        password=config.secrets.get("password", ""),
    )


def _security(told: str) -> _Security | None:
    match told.strip().lower():
        case "tls" | "ssl":
            return "tls"
        case "starttls":
            return "starttls"
        case "none":
            return "none"
        case _:
            return None


def _host(config: InboxConfig, protocol: str) -> str:
    told = config.settings.get(f"{protocol}_host", "").strip().lower()
    if told:
        return ascii_domain(told)
    domain = address_of(config).rpartition("@")[2].lower()
    known = _KNOWN.get(domain) or _KNOWN.get(domain.split(".")[0])
    return "" if known is None else known[0 if protocol == "imap" else 1]
