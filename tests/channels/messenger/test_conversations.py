"""What was missed is fetched: requests, pages, and what conversations become."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from otklik.channels.messenger import CHANNEL, connect
from otklik.ports.channel import (
    Answer,
    ChannelEvent,
    EchoReceived,
    MessageReceived,
    Polled,
    RefusalKind,
    Request,
    Sender,
)
from otklik.ports.message import Attachment, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.messenger.bodies import PAGE, PERSON
from tests.channels.messenger.declaration import CONFIG, bad, good

NOON = 1_790_000_000_000
OURS, THEIRS = {"id": PAGE, "name": "Мост"}, {"id": PERSON, "name": "Вера"}


def said(mid: str, seconds: int, *, ours: bool = False, **more: object) -> dict[str, object]:
    author, other = (OURS, THEIRS) if ours else (THEIRS, OURS)
    at = NOON // 1000 + seconds
    return {"id": mid, "created_time": at, "from": author, "to": {"data": [other]}, **more}


def talk(seconds: int, *newest_first: object) -> dict[str, object]:
    return {"updated_time": NOON // 1000 + seconds, "messages": {"data": list(newest_first)}}


def page(*talks: object, after: str = "") -> Answer:
    paging = {"paging": {"cursors": {"after": after}, "next": "https://x"}} if after else {}
    return Answer(200, {}, good(data=list(talks), **paging))


def asked(cursor: str, *answers: Answer) -> dict[str, list[str]]:
    request = connect.poll(CONFIG, cursor, answers)
    assert isinstance(request, Request), request
    return parse_qs(urlsplit(request.url).query)


def fetched(cursor: str, *answers: Answer) -> Polled:
    told = connect.poll(CONFIG, cursor, answers)
    assert isinstance(told, Polled), told
    return told


def events(polled: Polled) -> list[ChannelEvent]:
    return [event for body in polled.bodies for event in CHANNEL.parse(body)]


def test_an_inbox_begins_with_its_connection_not_with_its_history() -> None:
    assert asked("")["limit"] == ["1"]
    begun = fetched("", page(talk(0, said("m_1", 0, message="Давно"))))
    assert begun == Polled(bodies=(), cursor=str(NOON))
    assert fetched("", page()).cursor == "1"


def test_what_came_since_is_read_in_order_both_ways() -> None:
    polled = fetched(
        str(NOON),
        page(
            talk(9, said("m_3", 9, message="Есть", ours=True), said("m_2", 5, message="Чай?"),
                 said("m_1", -5, message="Давно")),
        ),
    )  # fmt: skip
    assert polled.cursor == str(NOON + 9_000)
    first, second = events(polled)
    assert isinstance(first, MessageReceived)
    assert (first.external_id, first.text, first.sent_at) == ("m_2", "Чай?", NOON + 5_000)
    assert first.sender == Sender(PERSON, "Вера")
    assert isinstance(second, EchoReceived)
    assert (second.message.external_id, second.message.sender.external_id) == ("m_3", PERSON)


def test_the_word_at_the_very_cursor_is_read_again_rather_than_lost() -> None:
    polled = fetched(str(NOON), page(talk(0, said("m_1", 0, message="?"))))
    assert [type(event) for event in events(polled)] == [MessageReceived]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"mime_type": "image/jpeg", "image_data": {"url": "https://x/1"}}, MessageKind.PICTURE),
        ({"mime_type": "video/mp4", "video_data": {"url": "https://x/1"}}, MessageKind.VIDEO),
        ({"mime_type": "audio/mp4", "file_url": "https://x/1"}, MessageKind.AUDIO),
        ({"mime_type": "text/plain", "file_url": "https://x/1"}, MessageKind.FILE),
    ],
)
def test_files_come_with_their_addresses(file: object, kind: MessageKind) -> None:
    polled = fetched(str(NOON), page(talk(1, said("m_1", 1, attachments={"data": [file]}))))
    (event,) = events(polled)
    assert isinstance(event, MessageReceived)
    name = "1" if kind is MessageKind.FILE else ""
    assert (event.kind, event.attachments) == (kind, (Attachment(kind, "https://x/1", name),))


def test_pages_are_turned_until_the_known_is_reached() -> None:
    first, second = page(talk(9), after="p2"), page(talk(5), talk(-1), after="p3")
    assert asked(str(NOON))["platform"] == ["messenger"]
    assert asked(str(NOON), first)["after"] == ["p2"]
    assert fetched(str(NOON), first, second).cursor == str(NOON + 9_000)


def test_it_waits_between_its_calls() -> None:
    waits = []
    for cursor, answers in (("", ()), (str(NOON), ()), (str(NOON), (page(talk(9), after="p"),))):
        request = connect.poll(CONFIG, cursor, answers)
        assert isinstance(request, Request)
        waits.append(request.after_s)
    assert waits[0] == 0
    assert all(wait >= 0.5 for wait in waits[1:])


def test_a_refused_page_ends_it_and_people_meta_hides_are_left_out() -> None:
    told = connect.poll(CONFIG, str(NOON), (page(talk(9), after="p"), Answer(400, {}, bad(190))))
    assert refused(told, RefusalKind.BAD_TOKEN)
    hidden = {"id": "m_1", "created_time": NOON // 1000 + 1, "message": "?"}
    assert fetched(str(NOON), page(talk(1, hidden))).bodies == ()


def test_a_fetched_message_has_the_key_of_its_delivery() -> None:
    polled = fetched(str(NOON), page(talk(1, said("m_1", 1, message="?"))))
    around = {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": NOON + 1_003}
    pushed = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [
        {**around, "message": {"mid": "m_1", "text": "?"}}]}]}  # fmt: skip
    (body,) = polled.bodies
    assert CHANNEL.envelope(body) == CHANNEL.envelope(msgspec.json.encode(pushed))
