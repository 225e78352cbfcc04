"""Only one client goes out: it checks addresses, limits sizes and hides secrets."""

from collections.abc import Iterator

from tools.lints.source import Finding, Source, imported

_HOME = "otklik/platform/http_client.py"
_BESIDE_HOME = frozenset({_HOME, "otklik/platform/http_outcomes.py"})  # names the client's errors
_CLIENTS = (
    *("aiohttp", "httpx", "requests", "urllib3", "urllib.request", "http.client", "socket"),
    *("smtplib", "imaplib", "ftplib", "websockets"),
)


def check(source: Source) -> Iterator[Finding]:
    """Find imports of anything that opens connections elsewhere."""
    if not source.is_product or str(source.path) in _BESIDE_HOME:
        return
    for name, line in imported(source.tree):
        for client in _CLIENTS:
            if name == client or name.startswith(f"{client}."):
                yield source.found("network", line, f"{client} outside {_HOME}")
