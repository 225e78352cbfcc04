"""Which sites may show an inbox's chat. Pure."""

from urllib.parse import urlsplit

from otklik.inboxes.types import Inbox

SETTING = "allowed_origins"


def allowed_origins(inbox: Inbox) -> tuple[str, ...]:
    """Give the sites an inbox allows; none means any."""
    return tuple(inbox.config.settings.get(SETTING, "").replace(",", " ").split())


def is_allowed(inbox: Inbox, origin: str, own_host: str) -> bool:
    """Tell whether a request's `Origin` may talk to the inbox.

    Our own frame may (who frames it the frame's policy has decided), and so may an app that is
    no browser and sends no origin at all.
    """
    patterns = allowed_origins(inbox)
    if not patterns or not origin:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.netloc == own_host:
        return True
    return any(_fits(parts.scheme, parts.netloc, pattern) for pattern in patterns)


def frame_ancestors(inbox: Inbox) -> str:
    """Give the sites for the `frame-ancestors` of the panel's policy."""
    safe = [pattern for pattern in allowed_origins(inbox) if _is_source(pattern)]
    if not allowed_origins(inbox):
        return "*"
    return " ".join(["'self'", *safe])


def _fits(scheme: str, netloc: str, pattern: str) -> bool:
    wanted = urlsplit(pattern)
    if wanted.scheme != scheme:
        return False
    if wanted.netloc.startswith("*."):
        return netloc.endswith(wanted.netloc[1:])
    return netloc == wanted.netloc


def _is_source(pattern: str) -> bool:
    """Keep anything out of the header that could end the directive."""
    parts = urlsplit(pattern)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.netloc)
        and pattern == f"{parts.scheme}://{parts.netloc}"
        and not set(pattern) & set(";, '\"")
        and pattern.isascii()
        and pattern.isprintable()
    )
