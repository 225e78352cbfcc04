"""Only one client goes out for each of web and mail: it checks addresses and hides secrets."""

from collections.abc import Iterator

from tools.lints.source import Finding, Source, imported

_HOME = "otklik/platform/http_client.py"
_BESIDE_HOME = frozenset(
    {
        _HOME,
        "otklik/platform/http_outcomes.py",  # names the client's errors
        "otklik/platform/mail_sockets.py",  # the guard of mail's connections
        "otklik/platform/mail_imap.py",
        "otklik/platform/mail_client.py",
    }
)
_CLIENTS = (
    *("aiohttp", "httpx", "requests", "urllib3", "urllib.request", "http.client", "socket"),
    *("smtplib", "imaplib", "ftplib", "websockets", "aiosmtplib", "imapclient"),
)


def check(source: Source) -> Iterator[Finding]:
    """Find imports of anything that opens connections elsewhere."""
    if not source.is_product or str(source.path) in _BESIDE_HOME:
        return
    for name, line in imported(source.tree):
        for client in _CLIENTS:
            if name == client or name.startswith(f"{client}."):
                yield source.found("network", line, f"{client} outside {_HOME}")
