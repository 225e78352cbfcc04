import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from otklik.channels import CHANNELS
from otklik.kernel.text import utf16_length
from otklik.ports.channel import Limits, Manifest, Outgoing, OutgoingCard, OutgoingFile
from otklik.ports.fitting import Change, fit
from otklik.ports.measure import measured, pieces
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind

LIMITS = Limits(
    text=40,
    text_unit="characters",
    caption=20,
    buttons=3,
    list_rows=5,
    buttons_per_row=2,
    button_label=10,
    button_payload_bytes=16,
    album=2,
    upload_bytes=1000,
    picture_bytes=1000,
    download_bytes=1000,
    per_second=1,
    per_chat_per_second=1,
    chat_burst=1,
)
RICH = Manifest(
    id="rich",
    title="Rich",
    docs="",
    api_version="1",
    transport="http",
    receives=(),
    sends=("text", "picture", "video", "voice", "file", "sticker", "location", "contact_card"),
    features=("buttons", "url_buttons", "reply", "album", "marks"),
    settings=(),
    secrets=(),
    limits=LIMITS,
)
POOR = replace(RICH, id="poor", sends=("text", "picture", "file"), features=())
TEXT = Outgoing("m1", "1", MessageKind.TEXT, text="Улун приехал")
PICTURE = OutgoingFile(MessageKind.PICTURE, "f1", "чай.jpg", "image/jpeg")


def yes(number: int) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"Сорт {one}", payload=f"buy:{one}"),) for one in range(1, number + 1))


def test_what_a_channel_takes_stays_as_it_is() -> None:
    message = replace(TEXT, buttons=yes(3), reply_to="9", entities=(Entity("bold", 0, 4),))
    assert fit(message, RICH).parts == (message,)
    assert fit(message, RICH).changes == ()


def test_more_buttons_than_fit_become_a_list_then_numbered_words() -> None:
    listed = fit(replace(TEXT, buttons=yes(5)), RICH)
    assert listed.changes == (Change.BUTTONS_AS_LIST,)
    assert len([b for row in listed.parts[0].buttons for b in row]) == 5
    told = fit(replace(TEXT, text="Что берём?", buttons=yes(6)), replace(RICH, limits=_long()))
    assert told.changes == (Change.BUTTONS_AS_TEXT,)
    assert told.parts[0].buttons == ()
    assert told.parts[0].text.startswith("Что берём?\n\n1. Сорт 1\n2. Сорт 2\n")


def test_a_link_button_becomes_words_where_links_are_no_buttons() -> None:
    link = ((Button("Сайт", url="https://tea.example/"),),)
    fitted = fit(replace(TEXT, text="Смотрите", buttons=link), replace(POOR, limits=_long()))
    assert fitted.parts[0].text == "Смотрите\n\nСайт: https://tea.example/"
    assert fitted.changes == (Change.LINKS_AS_TEXT,)


@pytest.mark.parametrize(
    ("held", "stays"),
    [({}, True), ({"link_buttons": 2}, True), ({"link_buttons": 1}, False),
     ({"link_text": 12}, True), ({"link_text": 11}, False)],
)  # fmt: skip
def test_links_become_words_where_such_messages_are_held_to_less(
    held: dict[str, int], stays: bool
) -> None:
    manifest = replace(RICH, limits=replace(LIMITS, **held))
    link = Button("Сайт", url="https://example.org")
    (part,) = fit(replace(TEXT, buttons=((*yes(1)[0], link),)), manifest).parts
    assert (link in [button for row in part.buttons for button in row]) is stays
    assert ("https://example.org" in part.text) is not stays


def test_labels_may_be_measured_in_a_unit_of_their_own() -> None:
    held = replace(LIMITS, text_unit="bytes", button_label=6)
    asked = replace(TEXT, text="Да?", buttons=((Button("Беру", payload="yes"),),))
    in_bytes = fit(asked, replace(RICH, limits=held)).parts[0]
    in_letters = fit(asked, replace(RICH, limits=replace(held, label_unit="characters"))).parts[0]
    assert (bool(in_bytes.buttons), bool(in_letters.buttons)) == (False, True)


def test_a_sticker_is_a_picture_and_a_voice_a_file_where_there_are_none() -> None:
    sticker = OutgoingFile(MessageKind.STICKER, "f1", "кот.webp", "image/webp")
    fitted = fit(Outgoing("m1", "1", MessageKind.STICKER, files=(sticker,)), POOR)
    assert fitted.parts[0].kind is MessageKind.PICTURE
    assert fitted.parts[0].files[0].kind is MessageKind.PICTURE
    assert fitted.changes == (Change.STICKER_AS_PICTURE,)
    voice = OutgoingFile(MessageKind.VOICE, "f2", "голос.ogg", "audio/ogg")
    fitted = fit(Outgoing("m1", "1", MessageKind.VOICE, files=(voice,)), POOR)
    assert fitted.parts[0].kind is MessageKind.FILE
    assert fitted.changes == (Change.SENT_AS_FILE,)


def test_each_file_of_several_becomes_what_the_channel_takes() -> None:
    sticker = replace(PICTURE, kind=MessageKind.STICKER)
    voice = replace(PICTURE, kind=MessageKind.VOICE)
    asked = replace(TEXT, kind=MessageKind.PICTURE, text="", files=(PICTURE, sticker, voice))
    kinds = [file.kind for part in fit(asked, POOR).parts for file in part.files]
    assert kinds == [MessageKind.PICTURE, MessageKind.PICTURE, MessageKind.FILE]


def test_cards_become_pictures_with_words_and_without_pictures_words() -> None:
    cards = (
        OutgoingCard("Да хун пао", "Сто граммов", PICTURE, (Button("Беру", payload="b"),)),
        OutgoingCard("Пуэр"),
    )
    message = Outgoing("m1", "1", MessageKind.CARDS, cards=cards)
    with_pictures = fit(message, replace(RICH, limits=_long()))
    assert [one.kind for one in with_pictures.parts] == [MessageKind.PICTURE, MessageKind.TEXT]
    assert with_pictures.parts[0].text == "Да хун пао\nСто граммов"
    assert with_pictures.parts[0].buttons == (cards[0].buttons,)
    assert with_pictures.changes == (Change.CARDS_APART,)
    words = fit(message, replace(POOR, sends=("text",), limits=_long()))
    assert {one.kind for one in words.parts} == {MessageKind.TEXT}
    assert Change.CARDS_AS_TEXT in words.changes


def test_words_above_cards_stand_apart_where_cards_carry_none_and_are_said_once() -> None:
    cards = tuple(OutgoingCard(f"Сорт {number}") for number in range(3))
    asked = Outgoing("m1", "1", MessageKind.CARDS, text="Смотрите", cards=cards)
    manifest = replace(RICH, sends=("text", "cards"), limits=replace(LIMITS, cards=2))
    assert [part.text for part in fit(asked, manifest).parts] == ["Смотрите", ""]
    silent = replace(manifest, limits=replace(manifest.limits, caption=0))
    words, *rows = fit(asked, silent).parts
    assert (words.kind, words.text, words.cards) == (MessageKind.TEXT, "Смотрите", ())
    assert [(row.text, len(row.cards)) for row in rows] == [("", 2), ("", 1)]
    assert fit(asked, silent).changes == (Change.CAPTION_APART,)


@pytest.mark.parametrize(
    ("cards", "stay"),
    [
        ((("Пуэр", 1), ("Улун", 1)), True),
        ((("Пуэр", 1), ("Улун", 2)), False),
        ((("Пуэр", 0),), False),
        ((("Пуэр", 3),), False),
        ((("Пуэр выдержанный", 1),), False),
    ],
)
def test_cards_a_row_cannot_hold_stand_apart_below_the_words(
    cards: tuple[tuple[str, int], ...], stay: bool
) -> None:
    row = tuple(
        OutgoingCard(title, buttons=tuple(Button("Беру", payload=str(one)) for one in range(count)))
        for title, count in cards
    )
    message = Outgoing("m1", "1", MessageKind.CARDS, text="Смотрите", cards=row)
    limits = replace(_long(), cards=5, card_text=10, card_buttons=2, cards_alike=True)
    manifest = replace(RICH, sends=("text", "cards"), limits=limits)
    fitted = fit(message, manifest)
    texts = [part.text for part in fitted.parts]
    assert texts == (["Смотрите"] if stay else ["Смотрите", *(title for title, _ in cards)])
    assert fitted.changes == (() if stay else (Change.CARDS_APART,))


def test_a_place_and_a_card_are_said_in_words() -> None:
    limits = replace(POOR, limits=_long())
    place = replace(TEXT, kind=MessageKind.LOCATION, text="", location=Location(56.01, 92.87))
    assert "56.010000,92.870000" in fit(place, limits).parts[0].text
    card = replace(TEXT, kind=MessageKind.CONTACT_CARD, text="", card=ContactCard("Лавка", "+7"))
    assert fit(card, limits).parts[0].text == "Лавка\n+7"


def test_a_long_caption_stands_after_its_picture_with_the_buttons() -> None:
    words = "Чайник на четыре чашки, глина"
    fitted = fit(
        Outgoing("m1", "1", MessageKind.PICTURE, words, files=(PICTURE,), buttons=yes(1)), RICH
    )
    picture, text = fitted.parts
    assert (picture.text, picture.buttons, picture.files) == ("", (), (PICTURE,))
    assert (text.text, text.buttons, text.files) == (words, yes(1), ())
    assert fitted.changes == (Change.CAPTION_APART,)


def test_an_album_is_cut_to_what_fits_and_loses_no_picture() -> None:
    files = tuple(replace(PICTURE, file_id=f"f{i}") for i in range(5))
    fitted = fit(Outgoing("m1", "1", MessageKind.PICTURE, "Пять", files=files), RICH)
    assert [len(one.files) for one in fitted.parts] == [2, 2, 1]
    assert tuple(file for one in fitted.parts for file in one.files) == files
    assert [one.text for one in fitted.parts] == ["Пять", "", ""]
    assert fitted.changes == (Change.ALBUM_SPLIT,)


def test_formatting_that_cannot_stay_leaves_the_words_and_the_hidden_addresses() -> None:
    spans = (Entity("bold", 0, 4), Entity("link", 0, 4, url="https://tea.example/"))
    fitted = fit(replace(TEXT, entities=spans), replace(POOR, limits=_long()))
    assert fitted.parts[0].entities == ()
    assert fitted.parts[0].text == "Улун приехал\n\nhttps://tea.example/"
    assert fitted.changes == (Change.FORMATTING_LOST,)


def test_the_quote_stands_with_the_first_part_only() -> None:
    fitted = fit(replace(TEXT, text="слово " * 20, reply_to="9"), RICH)
    assert [one.reply_to for one in fitted.parts] == ["9"] + [""] * (len(fitted.parts) - 1)
    assert fit(replace(TEXT, reply_to="9"), POOR).changes == (Change.QUOTE_LOST,)


@pytest.mark.parametrize("unit", ["characters", "utf16", "bytes"])
@given(text=st.text(max_size=300), limit=st.integers(4, 60))
def test_pieces_are_the_text_and_none_is_too_long(unit: str, text: str, limit: int) -> None:
    limits = msgspec.structs.replace(LIMITS, text_unit=unit)
    found = pieces(text, limit, limits)
    assert "".join(found) == text
    assert all(measured(one, limits) <= limit for one in found)
    assert all(found) or found == [""]


@given(text=st.text(max_size=200), start=st.integers(0, 150), length=st.integers(1, 60))
def test_spans_of_a_cut_text_cover_the_same_letters(text: str, start: int, length: int) -> None:
    span = Entity("bold", start, length)
    parts = fit(replace(TEXT, text=text, entities=(span,)), RICH).parts
    if not text or start >= utf16_length(text):
        return
    covered, base = set(), 0
    for part in parts:
        for one in part.entities:
            covered |= set(range(base + one.offset, base + one.offset + one.length))
        base += utf16_length(part.text)
    whole = set(range(start, start + length))
    assert covered == (whole if len(parts) == 1 else whole & set(range(utf16_length(text))))


@given(
    count=st.integers(0, 12),
    files=st.integers(0, 7),
    text=st.text(alphabet="чай \n🫖", max_size=120),
)
@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_part_is_within_the_limits_of_every_channel(
    name: str, count: int, files: int, text: str
) -> None:
    manifest = CHANNELS[name].manifest
    if "picture" not in manifest.sends:
        files = 0
    kind = MessageKind.PICTURE if files else MessageKind.TEXT
    message = Outgoing("m1", "1", kind, text, files=(PICTURE,) * files, buttons=yes(count))
    limits = manifest.limits
    for part in fit(message, manifest).parts:
        assert part.kind.value in manifest.sends
        assert measured(part.text, limits) <= (limits.caption if part.files else limits.text)
        assert len(part.files) <= max(1, limits.album)
        buttons = [button for row in part.buttons for button in row]
        assert len(buttons) <= max(limits.buttons, limits.list_rows)
        assert all(len(row) <= limits.buttons_per_row for row in part.buttons)


def _long() -> Limits:
    return replace(LIMITS, text=1000, caption=1000)


WORDY = replace(
    RICH,
    limits=replace(
        LIMITS,
        text_with_buttons=20,
        wordless=("voice", "sticker", "location", "contact_card"),
        buttons_need_text=True,
    ),
)


def test_a_text_with_buttons_is_cut_to_less_than_a_text_alone() -> None:
    words = "Улун приехал, белый будет в среду"
    assert len(fit(replace(TEXT, text=words), WORDY).parts) == 1
    parts = fit(replace(TEXT, text=words, buttons=yes(2)), WORDY).parts
    assert "".join(part.text for part in parts) == words
    assert all(len(part.text) <= 20 for part in parts)
    assert [bool(part.buttons) for part in parts] == [False, True]


@pytest.mark.parametrize(
    "message",
    [
        replace(TEXT, kind=MessageKind.LOCATION, location=Location(1, 2)),
        replace(TEXT, kind=MessageKind.CONTACT_CARD, card=ContactCard("Лавка", "+7")),
        replace(TEXT, kind=MessageKind.VOICE, files=(replace(PICTURE, kind=MessageKind.VOICE),)),
    ],
)
def test_words_go_apart_where_a_kind_carries_none(message: Outgoing) -> None:
    fitted = fit(replace(message, buttons=yes(1)), WORDY)
    bare, words = fitted.parts
    assert (bare.kind, bare.text, bare.buttons) == (message.kind, "", ())
    assert (words.kind, words.text, words.location, words.card) == (
        MessageKind.TEXT, message.text, None, None,
    )  # fmt: skip
    assert words.buttons
    assert fitted.changes == (Change.CAPTION_APART,)
    assert fit(message, RICH).parts == (message,)


def test_a_request_that_must_stand_alone_is_told_in_words_beside_others() -> None:
    asking = replace(RICH, features=(*RICH.features, "phone_request"))
    alone = replace(asking, limits=replace(LIMITS, requests_alone=2))
    phone = Button("Номер", request="phone")
    one = replace(TEXT, buttons=((phone,),))
    assert fit(one, alone).parts == (one,)
    two = replace(TEXT, buttons=((phone, Button("Почта", request="phone")),))
    assert fit(two, alone).parts == (two,)
    both = replace(TEXT, buttons=((phone,), *yes(1)))
    assert fit(both, asking).parts == (both,)
    (part,) = fit(both, alone).parts
    assert part.text == "Улун приехал\n\nНомер"
    assert part.buttons == yes(1)


def test_a_list_stands_under_words_and_buttons_without_words_are_told() -> None:
    picture = replace(TEXT, kind=MessageKind.PICTURE, files=(PICTURE,))
    assert len(fit(replace(picture, buttons=yes(3)), WORDY).parts) == 1
    bare, words = fit(replace(picture, buttons=yes(4)), WORDY).parts
    assert (bare.files, bare.text, words.files) == (picture.files, "", ())
    assert sum(map(len, words.buttons)) == 4
    wordless = fit(replace(picture, text="", buttons=yes(2)), WORDY)
    assert [part.text for part in wordless.parts] == ["1. Сорт 1\n2. Сорт 2"]
    assert wordless.changes == (Change.BUTTONS_AS_TEXT,)


def test_files_that_do_not_go_together_go_one_by_one() -> None:
    kinds = (MessageKind.PICTURE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.VOICE,
             MessageKind.FILE, MessageKind.FILE)  # fmt: skip
    files = tuple(replace(PICTURE, kind=kind, file_id=f"f{n}") for n, kind in enumerate(kinds))
    message = replace(TEXT, kind=MessageKind.PICTURE, text="Смотрите", files=files)
    choosy = replace(
        RICH,
        limits=replace(LIMITS, album=10, album_kinds=("picture", "video", "file")),
    )
    parts = fit(message, choosy).parts
    assert [tuple(file.kind for file in part.files) for part in parts] == [
        (MessageKind.PICTURE, MessageKind.VIDEO),
        (MessageKind.VOICE,),
        (MessageKind.VOICE,),
        (MessageKind.FILE, MessageKind.FILE),
    ]
    assert [part.text for part in parts] == ["Смотрите", "", "", ""]
    assert len(fit(message, replace(RICH, limits=replace(LIMITS, album=10))).parts) == 1


def test_buttons_of_an_album_without_words_are_told() -> None:
    album = replace(TEXT, kind=MessageKind.PICTURE, text="", files=(PICTURE, PICTURE))
    (part,) = fit(replace(album, buttons=yes(2)), RICH).parts
    assert (part.text, part.buttons) == ("1. Сорт 1\n2. Сорт 2", ())


def test_a_place_with_more_words_than_fit_stands_before_them() -> None:
    place = replace(TEXT, kind=MessageKind.LOCATION, location=Location(1, 2), text="ы" * 41)
    bare, *words = fit(place, RICH).parts
    assert (bare.location, bare.text) == (place.location, "")
    assert "".join(part.text for part in words) == place.text
    assert {part.kind for part in words} == {MessageKind.TEXT}
