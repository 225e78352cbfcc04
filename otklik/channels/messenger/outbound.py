"""Our orders as calls of Messenger's Send API; buttons and cards are built in `meta_sending`."""

from otklik.channels.messenger import wire
from otklik.families.meta import sending
from otklik.families.meta.sending_limits import Terms
from otklik.kernel import lenient
from otklik.ports.channel import Answers, InboxConfig, Order, Profile, Refusal, Request, Sent

PLACE = "https://graph.facebook.com"

# Names of the six reactions; any other emoji is sent as itself (unverified, 2026-11).
_REACTIONS = {
    "😆": "smile",
    "😠": "angry",
    "😢": "sad",
    "😮": "wow",
    "❤️": "love",
    "❤": "love",
    "👍": "like",
    "👎": "dislike",
}


def node(config: InboxConfig) -> str:
    """Give the page messages leave from."""
    return config.settings.get("page_id") or "me"


def send(order: Order, config: InboxConfig, answers: Answers) -> Request | Sent | Refusal:
    """Carry out an order: the request due after the answers so far, or how it ended."""
    return sending.send(order, config, answers, _LINE)


def _profile(body: bytes) -> Profile:
    person = lenient.read(body, wire.Person)
    return Profile(
        name=" ".join(filter(None, (person.first_name, person.last_name))),
        locale=person.locale,
        picture=person.profile_pic,
        details={"timezone": str(person.timezone)} if person.timezone != "" else {},
    )


_LINE = sending.Line(
    terms=Terms(
        title=wire.MANIFEST.title,
        limits=wire.MANIFEST.limits,
        sends=frozenset(wire.MANIFEST.sends),
        features=frozenset(wire.MANIFEST.features),
        requests=frozenset({"phone", "email"}),
    ),
    errors=wire.ERRORS,
    node=node,
    place=lambda _config: PLACE,
    marks=True,
    upload={},
    reactions=_REACTIONS,
    any_reaction=True,
    heart=False,
    about="first_name,last_name,profile_pic,locale,timezone",
    profile=_profile,
)
