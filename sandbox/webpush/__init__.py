"""A push service of the web and the browsers that listen to it: RFC 8030, 8188, 8291, 8292."""

import secrets

from sandbox.courier import Rules
from sandbox.orders import ActError, NewAccount
from sandbox.platform import Call, Platform, Route, plain_account
from sandbox.throttle import Rate
from sandbox.webpush import beacons, browser, service
from sandbox.world import Account, World


def _find(call: Call) -> Account | None:
    return call.world.accounts.get(call.names["account"])


def _new_account(world: World, ask: NewAccount) -> Account:
    """A shop's site, with the key its browsers subscribe with and the one that signs people in."""
    account = plain_account(world, ask)
    for name in ("vapid_key", "identity_secret"):
        account.secrets.setdefault(name, secrets.token_urlsafe(32))
    account.settings = {
        "title": account.title,
        "site": "https://tea-bridge.example/",
        "subject": "mailto:push@tea-bridge.example",
        **account.settings,
    }
    return account


async def _paste(account: Account, url: str, _verify_token: str) -> None:
    """The two lines of the site: from now on its scripts tell Otklik."""
    tried = await account.courier("script").ask("GET", url)
    account.drop_courier("script")
    key = browser.public_of(account.secrets["vapid_key"]).encode()
    if tried.status != 200 or key not in tried.body:
        raise ActError(f"The script of the site came with {tried.status}, or with another key.")
    account.courier().open(url, Rules(wait_s=lambda _tried: None))


PLATFORM = Platform(
    id="webpush",
    title="Web push",
    routes=(
        Route(method="POST", path="/push/{account}/{device}", serve=service.push, name="push"),
    ),
    find=_find,
    stranger=service.gone,
    refuse=service.ordered,
    tell=beacons.tell,
    acts=("start", "press", "block", "unblock", "consent"),
    own_acts={"renew": beacons.renew, "leave": beacons.leave},
    new_account=_new_account,
    address=beacons.address,
    paste=_paste,
    rates={"chat": Rate(1.0, 5.0)},
    starts_itself=False,
)
