"""How a key pair is checked: there is nobody to ask, every push service takes any."""

from otklik.channels.webpush.notification import site_of
from otklik.channels.webpush.outbound import ERRORS
from otklik.channels.webpush.vapid import public_keys, subject
from otklik.ports.channel import Answers, Connected, InboxConfig, Refusal


def check(config: InboxConfig, _answers: Answers) -> Connected | Refusal:
    """Read the key pair, and the settings that push services and browsers look at."""
    keys = public_keys(config)
    if len(keys) != 1 + len(config.secrets.get("vapid_key_previous", "").split()):
        return ERRORS.refusal("key", "a private key is 32 bytes in base64url")
    if not subject(config).startswith(("mailto:", "https://")):
        return ERRORS.refusal("subject", "the contact is a mailbox or an https address")
    site = site_of(config)
    if not site or not config.settings.get("site", "").startswith(("https://", "http://")):
        return ERRORS.refusal("site", "the site is an address that begins with https://")
    return Connected(config.settings.get("title") or site, {"vapid_public": keys[0]})
