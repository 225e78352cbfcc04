"""Our orders as calls of Instagram's Send API; buttons and cards are built in `meta_sending`."""

from otklik.channels.instagram import wire
from otklik.families.meta import sending
from otklik.families.meta.sending_limits import Terms
from otklik.kernel import lenient
from otklik.ports.channel import Answers, InboxConfig, Order, Profile, Refusal, Request, Sent

_OWN_PLACE = "https://graph.instagram.com"
_PAGE_PLACE = "https://graph.facebook.com"


def by_page(config: InboxConfig) -> bool:
    """Tell whether the account is reached through its page (Facebook Login).

    The setting `login` says so; without it the token does: those of Instagram begin with `IG`.
    """
    told = config.settings.get("login", "")
    if told in {"facebook", "instagram"}:
        return told == "facebook"
    return not config.secrets.get("token", "").strip().startswith("IG")


def place(config: InboxConfig) -> str:
    """Give the host that serves this account."""
    return _PAGE_PLACE if by_page(config) else _OWN_PLACE


def node(config: InboxConfig) -> str:
    """Give the account, or with Facebook Login the page, that messages leave from."""
    return config.settings.get("page_id" if by_page(config) else "account_id") or "me"


def send(order: Order, config: InboxConfig, answers: Answers) -> Request | Sent | Refusal:
    """Carry out an order: the request due after the answers so far, or how it ended."""
    return sending.send(order, config, answers, _LINE)


def _profile(body: bytes) -> Profile:
    person = lenient.read(body, wire.Person)
    told = {
        "follower_count": person.follower_count,
        "follows_us": person.is_user_follow_business,
        "followed_by_us": person.is_business_follow_user,
        "verified": person.is_verified_user,
    }
    return Profile(
        name=person.name,
        username=person.username,
        picture=person.profile_pic,
        details={name: str(value).lower() for name, value in told.items() if value is not None},
    )


_LINE = sending.Line(
    terms=Terms(
        title=wire.MANIFEST.title,
        limits=wire.MANIFEST.limits,
        sends=frozenset(wire.MANIFEST.sends),
        features=frozenset(wire.MANIFEST.features),
    ),
    errors=wire.ERRORS,
    node=node,
    place=place,
    marks=False,
    upload={"platform": "instagram"},
    reactions={"❤️": "love", "❤": "love"},
    any_reaction=False,
    heart=True,
    about=(
        "name,username,profile_pic,follower_count,is_user_follow_business,"
        "is_business_follow_user,is_verified_user"
    ),
    profile=_profile,
)
