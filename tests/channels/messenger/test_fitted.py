"""Whatever an operator or a bot writes, what fitting makes of it is taken by the adapters."""

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import InboxConfig, Outgoing, OutgoingCard, OutgoingFile, Request
from otklik.ports.fitting import fit
from otklik.ports.message import Button, ContactCard, Location, MessageKind

CONFIG = InboxConfig("i", {"page_id": "1", "account_id": "1"}, {"token": "EAAinvented"})
WORDS = st.text(alphabet="чай и мёд\n🫖a", min_size=1, max_size=2500).filter(str.strip)
LABELS = st.text(alphabet="ДаНет 🫖", min_size=1, max_size=25).filter(str.strip)
BUTTONS = st.builds(
    lambda label, kind: Button(label, **{kind[0]: kind[1]}),
    LABELS,
    st.sampled_from([("payload", "yes"), ("url", "https://example.org"), ("request", "phone"),
                     ("request", "location"), ("payload", "а" * 600)]),
)  # fmt: skip
ROWS = st.lists(st.lists(BUTTONS, min_size=1, max_size=5).map(tuple), max_size=4).map(tuple)
KINDS = st.sampled_from(["picture", "video", "voice", "audio", "file", "sticker"])
CARDS = st.lists(
    st.builds(
        lambda title, text, pictured, buttons: OutgoingCard(
            title, text, file_of("picture") if pictured else None, tuple(buttons)
        ),
        st.text(alphabet="Пуэр ", min_size=1, max_size=90).filter(str.strip),
        st.text(alphabet="улун ", max_size=90),
        st.booleans(),
        st.lists(BUTTONS, max_size=4),
    ),
    min_size=1,
    max_size=12,
)
Name = Literal["messenger", "instagram"]


def file_of(kind: str) -> OutgoingFile:
    return OutgoingFile(MessageKind(kind), "f", "a.bin", "image/png", size=9, link="https://x/a")


def taken(name: Name, message: Outgoing) -> None:
    channel = CHANNELS[name]
    assert channel.outbound is not None
    for part in fit(message, channel.manifest).parts:
        first = channel.outbound.send(part, CONFIG, ())
        assert isinstance(first, Request), (first, part)


@pytest.mark.parametrize("name", ["messenger", "instagram"])
@given(text=WORDS, rows=ROWS)
@settings(max_examples=150, deadline=None)
def test_words_with_any_buttons_are_taken(
    name: Name, text: str, rows: tuple[tuple[Button, ...], ...]
) -> None:
    taken(name, Outgoing("m1", "6", MessageKind.TEXT, text, buttons=rows, reply_to="m_1"))


@pytest.mark.parametrize("name", ["messenger", "instagram"])
@given(kinds=st.lists(KINDS, min_size=1, max_size=4), text=st.just("") | WORDS, rows=ROWS)
@settings(max_examples=100, deadline=None)
def test_files_with_any_words_are_taken(
    name: Name, kinds: list[str], text: str, rows: tuple[tuple[Button, ...], ...]
) -> None:
    files = tuple(file_of(kind) for kind in kinds)
    taken(name, Outgoing("m1", "6", files[0].kind, text, files=files, buttons=rows))


@pytest.mark.parametrize("name", ["messenger", "instagram"])
@given(cards=CARDS, text=st.just("") | WORDS)
@settings(max_examples=100, deadline=None)
def test_any_cards_are_taken(name: Name, cards: list[OutgoingCard], text: str) -> None:
    taken(name, Outgoing("m1", "6", MessageKind.CARDS, text, cards=tuple(cards)))


@pytest.mark.parametrize("name", ["messenger", "instagram"])
def test_places_and_contacts_are_taken_as_words(name: Name) -> None:
    place = Location(56.0, 92.9, "Лавка", "Мира, 1")
    taken(name, Outgoing("m1", "6", MessageKind.LOCATION, location=place))
    card = ContactCard("Лавка", "+70000000000")
    taken(name, Outgoing("m1", "6", MessageKind.CONTACT_CARD, card=card))
