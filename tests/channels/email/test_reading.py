"""What the kit cannot know of letters: charsets, headers, quotations, classes, limits, pages."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels.email import bounces, headers, letter, markup, replies
from otklik.channels.email.automatic import kind_of
from otklik.channels.email.charset import decoded
from otklik.channels.email.inbound import envelope, held, parse
from otklik.channels.email.letter_body import body_of
from otklik.channels.email.wire import marked
from otklik.ports.channel import EchoReceived, Envelope, MessageReceived, Unknown
from tests.channels.email.declaration import ANNA, CONFIG
from tests.channels.email.declaration import letter as written

RUSSIAN = "Здравствуйте, когда привезут чайник?"


@pytest.mark.parametrize("codec", ["utf-8", "cp1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("told", ["", "x-unknown", "us-ascii", "no-such-charset", "iso-8859-1"])
def test_russian_is_read_whatever_the_letter_says_of_its_charset(codec: str, told: str) -> None:
    if told == "iso-8859-1" and codec != "cp1251":
        return  # said of other bytes it may be true
    assert decoded(RUSSIAN.encode(codec), told) == RUSSIAN


@pytest.mark.parametrize(("raw", "told", "text"), [
    ("Grüße aus Köln".encode("cp1252"), "iso-8859-1", "Grüße aus Köln"),
    ("すみません".encode("iso2022_jp"), "", "すみません"),
    ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
    ("你好".encode("gb18030"), "gb2312", "你好"),
    (b"Hi+AGEAYg-", "unicode-1-1-utf-7", "Hiab"),
    ("Чай".encode(), "uft-8", "Чай"),
])  # fmt: skip
def test_charsets_are_known_by_many_names(raw: bytes, told: str, text: str) -> None:
    assert decoded(raw, told) == text


@given(raw=st.binary(max_size=300), told=st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_unreadable(raw: bytes, told: str) -> None:
    decoded(raw, told).encode("utf-8", "surrogatepass")


def test_a_word_split_inside_a_letter_is_one_word() -> None:
    split = b"=?utf-8?b?0KfQsNC50L3QuNC6INCz0L7R?= =?utf-8?b?gtC+0LI=?="
    assert headers.text_of(split) == "Чайник готов"


@pytest.mark.parametrize(("raw", "name"), [
    (b"attachment; filename*0*=utf-8''%D1%87%D0; filename*1*=%B0%D0%B9.pdf", "чай.pdf"),
    (b'attachment; filename="=?utf-8?b?0YfQsNC5LnBkZg==?="', "чай.pdf"),
    (b"attachment; filename*=koi8-r''%DE%C1%CA.pdf", "чай.pdf"),
    ('attachment; filename="чай.pdf"'.encode("cp1251"), "чай.pdf"),
    (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
])  # fmt: skip
def test_names_of_files_are_read_in_every_spelling(raw: bytes, name: str) -> None:
    assert headers.params_of(raw)[1]["filename"] == name


def test_addresses_are_found_without_order() -> None:
    raw = b'"Petrova, A" <A@Mail.Example>, undisclosed-recipients:;, b@x.example (Boris), nobody'
    found = [(one.email, one.name) for one in headers.mailboxes(raw)]
    assert found == [("A@mail.example", "Petrova, A"), ("b@x.example", "Boris")]


QUOTED = "> Забираете?\n> Лавка"
HEADS = [
    "ср, 30 апр. 2025 г. в 15:19, Лавка <a@b.example>:",
    "Среда, 30 апреля 2025, 15:19 +03:00 от Лавка <a@b.example>:",
    '30.04.2025, 15:19, "Лавка" <a@b.example>:',
    "30.04.2025 15:19, Лавка пишет:",
    "On Wed, Apr 30, 2025 at 3:19 PM Lavka <a@b.example> wrote:",
    "On Wed, Apr 30, 2025 at 3:19 PM Lavka\n<a@b.example>\nwrote:",
    "Am 30.04.2025 um 15:19 schrieb Lavka:",
    "-----Исходное сообщение-----\nОт: Лавка",
    "От: Лавка\nОтправлено: 30 апреля 2025 г. 15:19\nКому: Анна\nТема: Заказ",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_quotation_is_folded_and_nothing_is_lost(head: str) -> None:
    reply = replies.split(f"Да, завтра.\n\n{head}\n{QUOTED}\n")
    assert reply.shown == "Да, завтра."
    assert reply.folded == f"{head}\n{QUOTED}"


@pytest.mark.parametrize("text", [
    "On Monday I was there.\n\nOn Tuesday too.",
    "Отправлено вчера, а письма нет.",
    "- раз\n- два\n\n-- три",
    "Пишу по порядку:\n2024-01-15 14:30 заказ\n2024-01-16 ответа нет",
    f"На ваши вопросы:\n{QUOTED}\nДа.\n> Когда?\nЗавтра.",
    "---------- Forwarded message ----------\nFrom: a@b.example\nSubject: Чек\nTo: me\n\nВот чек.",
])  # fmt: skip
def test_in_doubt_nothing_is_cut(text: str) -> None:
    assert replies.split(text) == replies.Reply(text)


def test_an_answer_under_the_quotation_is_what_is_shown() -> None:
    reply = replies.split(f"{HEADS[0]}\n{QUOTED}\n\nДа, заберу.")
    assert reply.shown == "Да, заберу."
    assert QUOTED in reply.folded


@given(text=st.text(alphabet="аб >-:\n\t0123456789@<>.", max_size=200))
@settings(max_examples=200, deadline=None)
def test_every_word_is_either_shown_or_folded(text: str) -> None:
    reply = replies.split(text)
    whole = sorted(f"{reply.shown}\n{reply.folded}".split())
    assert whole == sorted(text.split())


@pytest.mark.parametrize(("lines", "kind"), [
    ("Auto-Submitted: auto-replied", "auto_reply"),
    ("Auto-Submitted: no", ""),
    ("Subject: =?utf-8?b?0JDQstGC0L7QvtGC0LLQtdGC?=", "auto_reply"),
    ("Subject: Out of office: tea", "auto_reply"),
    ("Precedence: bulk", "auto_reply"),
    ("Precedence: bulk\r\nList-Unsubscribe: <mailto:a@b.example>", "list"),
    ("List-Id: <tea.example>", "list"),
    ("Subject: Why was my mail returned?", ""),
])  # fmt: skip
def test_programs_are_told_from_people(lines: str, kind: str) -> None:
    raw = f"From: a@b.example\r\n{lines}\r\n\r\nText\r\n".encode()
    assert kind_of(letter.read(raw)) == kind


REPORTS = [
    ("550 5.1.1 no such user here", "5.1.1 550 userunknown True"),
    ("552 5.2.2 mailbox over quota", "5.2.2 552 mailboxfull False"),
    ("550 5.7.1 Client host blocked using zen.spamhaus.org", "5.7.1 550 blocked False"),
    ("550 5.7.26 unauthenticated email is not accepted due to DMARC policy",
     "5.7.26 550 authfailure False"),
    ("554 5.7.1 This message was rejected as spam", "5.7.1 554 spamdetected False"),
    ("550 Нет такого пользователя", "5.0.911 550 userunknown True"),
    ("550 spam message rejected", "5.0.980 550 spamdetected False"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "verdict"), REPORTS)
def test_the_words_of_a_server_become_a_reason(said: str, verdict: str) -> None:
    stage = "DATA" if "spam" in said and "5.7.1" not in said else "RCPT TO"
    stage = "end of DATA" if "spam" in said else stage
    text = f"<{ANNA}>: host mx.example[192.0.2.1] said: {said} (in reply to {stage} command)"
    raw = (
        "From: MAILER-DAEMON@shop.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    (failure,) = bounces.read(letter.read(raw.encode())).failures
    told = f"{failure.status} {failure.reply} {failure.reason} {failure.hard}"
    assert (failure.recipient, told) == (ANNA, verdict)


def test_a_letter_of_thousands_of_parts_costs_little() -> None:
    parts = "".join("--b\r\n\r\nx\r\n" for _ in range(5_000))
    raw = f"From: {ANNA}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n"
    started = time.perf_counter()
    assert len(letter.read(raw.encode()).parts) == letter.PARTS
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("depth", [30, 150, 3_000])
def test_a_letter_nested_without_end_is_read_to_a_depth(depth: int) -> None:
    opening = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        for level in range(depth)
    )
    events = parse(f"From: {ANNA}\r\nSubject: Nested\r\n{opening}\r\nText".encode())
    assert isinstance(events[0], MessageReceived)


def test_headers_without_end_are_cut_and_the_body_is_kept() -> None:
    raw = f"From: {ANNA}\r\n" + "X-Junk: 1\r\n" * 60_000 + "\r\nЕсть чай?\r\n"
    (message,) = parse(raw.encode())
    assert isinstance(message, MessageReceived)
    assert message.text == "Есть чай?"


@given(drawn=st.data())
@settings(max_examples=150, deadline=None)
def test_a_torn_letter_is_still_a_letter(drawn: st.DataObject) -> None:
    whole = written("torn", "Есть <b>пуэр</b>?", mime="text/html; charset=koi8-r")
    cut = whole[: drawn.draw(st.integers(0, len(whole)))]
    if isinstance(envelope(cut), Envelope):
        assert parse(cut)


def test_a_letter_has_one_key_however_it_travelled_and_another_when_the_id_is_reused() -> None:
    first = written("one", "Раз")
    travelled = b"Received: from mx1.example\r\n" + first
    assert envelope(first) == envelope(travelled)
    other = first.replace(b"Date: Fri, 20", b"Date: Sat, 21")
    assert envelope(first) != envelope(other)


def test_our_own_letter_that_comes_back_is_left_alone() -> None:
    raw = marked(b"From: lavka@shop.example\r\nSubject: Re\r\n\r\nHi\r\n", "inbox", CONFIG)
    assert parse(raw) == (Unknown("letter.from_ourselves"),)


def test_nobody_can_pretend_that_a_letter_was_found_elsewhere() -> None:
    forged = marked(b"From: a@b.example\r\n\r\nHi\r\n", "sent", CONFIG)
    (message,) = parse(marked(forged, "inbox", CONFIG))
    assert not isinstance(message, EchoReceived)


@pytest.mark.parametrize(("results", "evidence"), [
    ("mx.shop.example; dmarc=pass header.from=mail.example", "given"),
    ("mx.shop.example; dkim=pass header.d=mail.example", "given"),
    ("mx.shop.example; dkim=pass header.d=other.example", "claimed"),
    ("mx.other.example; dmarc=pass", "claimed"),
    ("mx.shop.example; dmarc=fail", "claimed"),
    ("mx.shop.example (said; so) 1; dmarc=pass (p=none) header.from=mail.example", "given"),
    ("mx.shop.example; dkim=pass header.d=mail.example.evil.example", "claimed"),
    ("mx.shop.example; dkim=pass header.i=@mail.example-evil.example", "claimed"),
    ("mx.shop.example; dkim=pass header.i=header.d=mail.example@evil.example", "claimed"),
    ("mx.shop.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example", "claimed"),
    ('mx.shop.example; spf=pass smtp.mailfrom="; dmarc=pass "@evil.example', "claimed"),
    ("mx.shop.example; spf=pass smtp.helo=dkim=pass header.d=mail.example", "claimed"),
])  # fmt: skip
def test_the_sender_is_believed_only_on_our_own_receivers_word(results: str, evidence: str) -> None:
    config = type(CONFIG)("box1", {**CONFIG.settings, "receiver": "mx.shop.example"}, {})
    raw = written("judged", "Привет", headers=f"Authentication-Results: {results}\r\n")
    (message,) = parse(marked(raw, "inbox", config))
    assert isinstance(message, MessageReceived)
    assert message.sender.email_evidence == evidence


def test_a_picture_shown_ten_thousand_times_stays_a_file() -> None:
    related = (
        "--b\r\nContent-Type: text/html\r\n\r\n" + '<img src="cid:pic">' * 10_000 + "\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\n\r\n"
        + "x" * 1_000
        + "\r\n--b--\r\n"
    )
    raw = written("page", related, mime="multipart/related; boundary=b")
    body = body_of(letter.read(raw))
    assert len(body.page) < 1_000_000
    assert [part.cid for part in body.files] == ["pic"]


@pytest.mark.parametrize("authors", [
    "From: noreply@evil.example\r\nReply-To: anna@mail.example",
    "From: anna@mail.example, noreply@evil.example",
])  # fmt: skip
def test_no_receiver_vouches_for_whom_an_answer_is_to_go_to(authors: str) -> None:
    config = type(CONFIG)("box1", {**CONFIG.settings, "receiver": "mx.shop.example"}, {})
    results = "Authentication-Results: mx.shop.example; dmarc=pass header.from=evil.example"
    raw = f"{results}\r\n{authors}\r\nSubject: Tea\r\n\r\nHi\r\n".encode()
    (message,) = parse(marked(raw, "inbox", config))
    assert isinstance(message, MessageReceived)
    assert (message.sender.email, message.sender.email_evidence) == ("anna@mail.example", "claimed")


def test_a_page_runs_nothing_and_shows_its_own_pictures() -> None:
    page = (
        '<p onclick="x()">Чай<script>x()</script><iframe src="https://e.example"></iframe>'
        '<a href="javascript:x()">a</a><img src="cid:pic"><img src="https://e.example/1.png"></p>'
    )
    related = (
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--b--\r\n"
    )
    raw = written("page", related, mime="multipart/related; boundary=b")
    (message,) = parse(raw)
    assert isinstance(message, MessageReceived)
    (shown,) = message.attachments
    assert shown.format == "letter"
    html = held(raw, shown.ref.partition("@")[0]).decode()
    assert 'src="data:image/png;base64,iVBORw0K"' in html
    assert "https://e.example/1.png" in html
    assert not any(word in html for word in ("script", "onclick", "iframe", "javascript"))


def test_quotations_of_a_page_are_folded_as_those_of_a_text() -> None:
    page = (
        "<div>Беру.</div><div class='gmail_quote'><div>ср, 30 апр. 2025 г. в 15:19, Лавка "
        "&lt;a@b.example&gt;:<br></div><blockquote>Берёте?</blockquote></div>"
    )
    assert replies.split(markup.as_text(page)).shown == "Беру."


TORTURES = {
    "a line without end": b"\r\n<" + b"a" * 2_000_000,
    "bytes of no language": b"\r\n" + bytes(range(128, 256)) * 8_000,
    "answers without end": b"\r\n" + b"> a\r\nb\r\n" * 60_000,
    "tags without end": b"Content-Type: text/html\r\n\r\n" + b"<div>a" * 60_000,
    "boundaries inside boundaries": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(190)
    )
    + b"--b\n" * 1_000_000,
    "soft lines": b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * 500_000,
    "dashes": b"\r\n--forwarded" + b"-" * 1_000_000 + b"x",
    "a signature of one letter": b"\r\nhi\n-- \nregards\nA\n" + b"a" * 500_000,
    "tags beside words": b"Content-Type: text/html\r\n\r\n" + b"a<b>" * 250_000,
    "an address of spaces": b"Cc: <" + b" " * 250_000 + b"\r\n\r\nhi",
    "an address of one letter": b"Cc: " + b"a" * 250_000 + b"\r\n\r\nhi",
    "different addresses": b"Cc: %s\r\n\r\nhi" % b",".join(b"x%d@y.z" % n for n in range(20_000)),
    "a receipt of empty lines": (
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/disposition-notification\r\n\r\n" + b"\n" * 500_000
    ),
    "a report of empty lines": (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"\n" * 1_000_000
    ),
    "addresses without end": b"Cc: " + b"x@y.example, " * 15_000 + b"\r\n\r\nhi",
    "words without end": b"Subject: " + b"=?utf-8?q?a?= " * 12_000 + b"\r\n\r\nhi",
}


@pytest.mark.parametrize("name", TORTURES)
def test_no_letter_takes_longer_than_a_few_seconds(name: str) -> None:
    started = time.perf_counter()
    assert parse(f"From: {ANNA}\r\n".encode() + TORTURES[name])
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "torn", ["<", "<!--", "<![", "<a ", "</", "</a ", "<?", "<a b='", "&", "<!"]
)
def test_no_broken_markup_stops_the_reader(torn: str) -> None:
    started = time.perf_counter()
    assert markup.as_text(f"<p>Чай</p>{torn * 100_000}").startswith("Чай")
    assert not re.search("<(?!/?p>|a |/a>)", markup.harmless(f"<p>Чай</p>{torn * 300_000}"))
    assert time.perf_counter() - started < 5
