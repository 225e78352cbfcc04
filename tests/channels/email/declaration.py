from otklik.channels.email.wire import marked, own_id
from otklik.ports.channel import (
    EchoReceived,
    InboxConfig,
    MessageReceived,
    Outgoing,
    OutgoingEdit,
    ReachabilityChanged,
    RefusalKind,
    Sender,
    Sent,
    StatusReported,
    Unknown,
)
from otklik.ports.message import Attachment, Content, MessageKind
from tests.channels.kit.declaration import Answer, Body, Declaration, Replies

CONFIG = InboxConfig(
    inbox_id="box1",
    settings={
        "address": "lavka@shop.example",
        "name": "Чайная лавка",
        "imap_host": "imap.shop.example",
        "smtp_host": "smtp.shop.example",
    },
    secrets={"password": "invented-password", "signing_secret": "invented-signature"},
)
ANNA = "anna@mail.example"
OURS = own_id("0123456789abcdefghjkmnpqrs", CONFIG)
AT = 1_774_000_000_000
DATE = "Fri, 20 Mar 2026 09:46:40 +0000"
CLAIMED = Sender(ANNA, name="Анна", evidence="claimed", email=ANNA, email_evidence="claimed")


def letter(name: str, body: str = "", *, headers: str = "", mime: str = "") -> bytes:
    """Write a letter of Anna's."""
    kind = mime or "text/plain; charset=utf-8"
    text = (
        f"From: =?utf-8?B?0JDQvdC90LA=?= <{ANNA}>\r\nTo: lavka@shop.example\r\n"
        f"Date: {DATE}\r\nMessage-ID: <{name}@mail.example>\r\n{headers}"
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
    return text.encode()


def said(name: str, text: str, **facts: object) -> MessageReceived:
    """Give what a letter of Anna's is read as."""
    details = {"to": "lavka@shop.example", **facts.pop("details", {})}  # type: ignore[dict-item]
    subject = str(facts.pop("subject", ""))
    given = {"sender": CLAIMED, "external_id": f"{name}@mail.example", "sent_at": AT}
    return MessageReceived(
        **given,  # type: ignore[arg-type]
        text=text,
        content=Content(subject=subject, details=details),
        **facts,  # type: ignore[arg-type]
    )


def file(name: str, mime: str, kind: MessageKind) -> Body:
    """A letter that is nothing but a file."""
    mixed = (
        f'--b\r\nContent-Type: {mime}; name="{name}"\r\nContent-Disposition: attachment\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n"
    )
    body = letter(kind.value, mixed, mime="multipart/mixed; boundary=b")
    attachment = Attachment(kind, f"1@{_key(body)}", name=name, mime=mime, size=3)
    return Body(kind.value, body, (said(kind.value, "", kind=kind, attachments=(attachment,)),))


def _key(body: bytes) -> str:
    from otklik.channels.email.inbound import envelope  # noqa: PLC0415 - the adapter's own name
    from otklik.ports.channel import Envelope  # noqa: PLC0415

    outside = envelope(body)
    assert isinstance(outside, Envelope)
    return outside.dedupe_key


REPORT = f"""--r
Content-Type: text/plain

<{ANNA}>: host mx.mail.example said: 550 5.1.1 User unknown (in reply to RCPT TO command)

--r
Content-Type: message/delivery-status

Reporting-MTA: dns; smtp.shop.example

Final-Recipient: rfc822; {ANNA}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--r
Content-Type: text/rfc822-headers

Message-ID: <{OURS}>
To: {ANNA}

--r--
"""
GONE = Sender(ANNA, evidence="claimed", email=ANNA)
REPORTED = (
    b"From: MAILER-DAEMON@shop.example\r\nTo: lavka@shop.example\r\nSubject: Undelivered\r\n"
    + f"Date: {DATE}\r\nMessage-ID: <report@shop.example>\r\n".encode()
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
    + REPORT.replace("\n", "\r\n").encode()
)
BOUNCED = (
    MessageReceived(
        sender=GONE,
        external_id="report@shop.example",
        sent_at=AT,
        text="550 5.1.1 User unknown",
        content=Content(
            subject="Undelivered",
            details={
                "dsn": "5.1.1",
                "smtp": "550",
                "reason": "userunknown",
                "hard": "true",
                "recipient": ANNA,
            },
        ),
        reply_to=OURS,
        automatic="bounce",
    ),
    StatusReported(GONE, OURS, "failed", AT, reason="550 5.1.1 User unknown", code="userunknown"),
    ReachabilityChanged(GONE, reachable=False, at=AT),
)
ANSWERED = letter(
    "answer",
    "Да, завтра.\r\n\r\nпт, 20 мар. 2026 г. в 09:00, Лавка <lavka@shop.example>:\r\n"
    "> Заберёте?\r\n",
    headers=f"Subject: Re: Order 42\r\nIn-Reply-To: <{OURS}>\r\nReferences: <{OURS}>\r\n",
)
ECHO = marked(
    (
        f"From: lavka@shop.example\r\nTo: {ANNA}\r\nDate: {DATE}\r\nSubject: Re: Order\r\n"
        "Message-ID: <from-a-program@shop.example>\r\n\r\nYes, it is here.\r\n"
    ).encode(),
    "sent",
    CONFIG,
)

BODIES = (
    Body("text", letter("text", "Есть пуэр?\r\n"), (said("text", "Есть пуэр?"),)),
    Body(
        "answer",
        ANSWERED,
        (
            said(
                "answer",
                "Да, завтра.",
                subject="Re: Order 42",
                reply_to=OURS,
                details={
                    "quoted": "пт, 20 мар. 2026 г. в 09:00, Лавка <lavka@shop.example>:\n"
                    "> Заберёте?",
                    "references": OURS,
                },
            ),
        ),
    ),
    Body(
        "away",
        letter("away", "Я в отпуске.\r\n", headers="Auto-Submitted: auto-replied\r\n"),
        (said("away", "Я в отпуске.", automatic="auto_reply", details={"reason": "vacation"}),),
    ),
    file("чай.png", "image/png", MessageKind.PICTURE),
    file("чай.mp4", "video/mp4", MessageKind.VIDEO),
    file("чай.mp3", "audio/mpeg", MessageKind.AUDIO),
    file("счёт.pdf", "application/pdf", MessageKind.FILE),
    Body("bounce", REPORTED, BOUNCED),
    Body(
        "echo",
        ECHO,
        (
            EchoReceived(
                MessageReceived(
                    Sender(ANNA, evidence="claimed", email=ANNA),
                    "from-a-program@shop.example",
                    AT,
                    text="Yes, it is here.",
                    content=Content(subject="Re: Order", details={"to": ANNA}),
                )
            ),
        ),
    ),
    Body("nobody", b"Subject: Hello\r\n\r\nHi\r\n", (Unknown("letter.without_sender"),)),
)

TEXT = Outgoing("0123456789abcdefghjkmnpqrs", ANNA, MessageKind.TEXT, text="Чайник в четверг")
EDIT = OutgoingEdit(OURS, TEXT)


def _answer(name: str, status: int, body: bytes, means: Sent | RefusalKind) -> Answer:
    return Answer(name, TEXT, status, body, means)


ANSWERS = (
    _answer("taken", 250, b"", Sent(external_ids=(OURS,))),
    _answer("no such box", 550, b"5.1.1 <anna@mail.example>: user unknown", RefusalKind.GONE),
    _answer("refused", 550, b"5.7.1 refused due to recipient preferences", RefusalKind.BLOCKED),
    _answer("too large", 552, b"5.3.4 Message too big for system", RefusalKind.BAD_MEDIA),
    _answer("over a limit", 552, b"5.2.3 exceeds the administrative limit", RefusalKind.TOO_LONG),
    _answer("spam", 554, b"5.7.1 Message rejected as spam", RefusalKind.OTHER),
    _answer("slowly", 451, b"4.7.0 You are sending too fast", RefusalKind.THROTTLED),
    _answer("later", 451, b"4.3.0 Try again later", RefusalKind.TEMPORARY),
    _answer("password", 535, b"5.7.8 Authentication failed", RefusalKind.BAD_TOKEN),
    _answer("not an answer", 200, b"OK", RefusalKind.UNCERTAIN),
)

DECLARATION = Declaration(
    config=CONFIG,
    signed=lambda _body: {},
    bodies=BODIES,
    forgeries=(),
    malformed=(b"", b"junk", b"GET / HTTP/1.1\r\n\r\n", b"\x00\xff", b"{}"),
    shape="letter",
    address=ANNA,
    message=OURS,
    answers=ANSWERS,
    never=frozenset({RefusalKind.WINDOW_CLOSED, RefusalKind.MOVED}),
    file_ref="1.2@inbox:one",
    other_file_ref="1.3@inbox:two",
    replies=Replies(wrong_token=(535, b"IMAP: invalid credentials"), garbage=(200, b"<html>")),
)
