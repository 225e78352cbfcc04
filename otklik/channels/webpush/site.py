"""The two scripts of the shop's site, given at our public address with the inbox's words in."""

from importlib.resources import files

import msgspec

from otklik.channels.webpush.vapid import public_keys
from otklik.ports.channel import HookReply, InboxConfig, Knock

_PAGE, _WORKER = (
    files(__package__).joinpath(name).read_bytes() for name in ("page.js", "worker.js")
)
_WORDS = ("title", "icon", "site", "prompt", "marketing_prompt")


def greet(knock: Knock, config: InboxConfig) -> HookReply | None:
    """Give the page's script, or with `?part=worker` what the site's service worker includes."""
    if knock.method != "GET":
        return None
    keys = public_keys(config)
    if not keys:
        return HookReply(404)
    words = {name: config.settings.get(name, "") for name in _WORDS}
    known = msgspec.json.encode({"keys": keys, **words})
    script = _WORKER if knock.query.get("part") == "worker" else _PAGE
    return HookReply(200, script + b"(" + known + b");\n", "text/javascript; charset=utf-8")
