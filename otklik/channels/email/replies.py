"""What a person wrote in this letter, apart from what they quoted. In doubt nothing is cut."""

import re

import msgspec

_VERBS = (
    r"wrote|writes|schrieb|écrit|escribió|escribio|scrisse|scritto|escreveu|napisał|napisał\(a\)|"
    r"kirjoitti|skrev|schreef|írta|napsal|napsala|napsal\(a\)|napísal|"
    r"написал|написала|написал\(а\)|пишет|писал|писала|пише|"
    r"написав|написав\(ла\)|yazdı|έγραψε|a scris|je napisao|rakstīja|rašė|viết|写道|書きました"
)
_STARTS = re.compile(
    r"^(?:on|am|le|el|il|em|op|den|dne|dnia|dňa|w dniu|no dia|på|vào|pe|ke|ma|ti|to|la|su|в|у|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс|нд)\w*|понедельник|вторник|сред[аы]|"
    r"четверг|пятниц[аы]|суббот[аы]|воскресенье)\b|^[\"'*]?\d|^[\"“']?[^\s<>\"]+.{0,80}<\S+@\S+>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>\"]+@[^\s<>\"]+\.\w+|<\S+>")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_SAID = re.compile(rf"(?:\b|^|\W)(?:{_VERBS})\s*[:：]?\s*$", re.IGNORECASE)
_ENDS = re.compile(r"[:：]\s*$")
_ATTRIBUTION_LINES = 4
_ATTRIBUTION_LETTERS = 400

_ORIGINAL = re.compile(
    r"^\s*[-_*]{2,}\s*(?:original message|original-nachricht|original appointment|reply message|"
    r"исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|"
    r"ursprüngliche nachricht|urspr\.? nachricht|message d'origine|message original|"
    r"mensaje original|mensagem original|messaggio originale|oprindelig besked|"
    r"oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|originalmeddelande|"
    r"oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|"
    r"alkuperäinen viesti|eredeti üzenet|вихідне повідомлення|özgün ileti|原始邮件|邮件原件)"
    r"\s*[-_*]{2,}\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*-{2,}.{0,20}(?:forwarded|пересыла|пересланное|weitergeleitet|transféré|reenviado).*-{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^[\s*_]*(?:from|от|від|von|de|da|fra|från|van|od|lähettäjä|kimden|feladó|de la|发件人|"
    r"差出人)[\s*_]*[:：][\s*_]*\S?",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s*_]*(?:sent|date|to|cc|subject|reply-to|отправлено|дата|кому|копия|тема|відправлено|"
    r"gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviado el|para|asunto|assunto|data|"
    r"inviato|a|oggetto|dato|sendt|til|emne|skickat|till|ämne|verzonden|aan|onderwerp|wysłano|"
    r"do|temat|lähetetty|vastaanottaja|aihe|päivämäärä|odesláno|komu|předmět|gönderildi|kime|konu|"
    r"发送时间|收件人|主题)[\s*_]*[:：]",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_=\-–—]{5,}\s*$")
_DASHES = re.compile(r"^--\s*$")
_FOOTER = re.compile(r"^\s*(?:--|__+)\s*$")
_CLOSING = re.compile(
    r"^(?:с уважением|с наилучшими|всего доброго|best regards|kind regards|regards|sincerely|"
    r"best wishes|mit freundlichen|cordialement)\b.{0,60}$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^(?:отправлено (?:с|из|через)\b|sent (?:from|via|with)\b|get outlook for\b|von meinem\b|"
    r"envoyé de\b|enviado desde\b).{0,80}$",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 8
_LINES = 20_000  # nobody wrote that by hand
_LETTERS = 200_000
_LOOKED_AT = 400
"""How much of a line is looked at: the patterns take the square of its length."""


class Reply(msgspec.Struct, frozen=True):
    """`shown` is the person's own text; `folded` what stands behind "…". Together: all of it."""

    shown: str
    folded: str = ""


def split(text: str) -> Reply:
    """Tell a person's words from the quotation around them."""
    lines = text.split("\n")
    if len(lines) > _LINES or len(text) > _LETTERS:
        return Reply(text.strip("\n").rstrip())
    seen = [line[:_LOOKED_AT] for line in lines]
    head = _quoted_head(seen)
    cut = head + _cut(seen[head:])
    if not _words(seen[head:cut]):
        return Reply(text.strip("\n").rstrip())
    end = head + _without_signature(seen[head:cut])
    before = "\n".join(lines[:head])
    after = "\n".join(lines[end:])
    return Reply(
        "\n".join(lines[head:end]).strip("\n").rstrip(),
        "\n".join(filter(str.strip, (before, after))).strip("\n").rstrip(),
    )


def _words(lines: list[str]) -> bool:
    """Tell whether somebody's own words are among the lines."""
    return any(line.strip() and not _is_quoted(line) for line in lines)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "&gt;"))


def _quoted_head(lines: list[str]) -> int:
    """Give where the answer under a quotation begins; 0 when the letter starts otherwise."""
    first = _next_filled(lines, 0)
    after = _attribution_end(lines, first)
    start = _next_filled(lines, after or first)
    if start >= len(lines) or not _is_quoted(lines[start]):
        return 0
    end = start
    while end < len(lines) and (not lines[end].strip() or _is_quoted(lines[end])):
        end += 1
    answer = lines[end:]
    is_mixed = any(_is_quoted(line) for line in answer[: _cut(answer)])
    return 0 if is_mixed or not _words(answer) else end


def _cut(lines: list[str]) -> int:
    """Give the first line of the quotation at the end, or the number of lines."""
    for index, line in enumerate(lines):
        if _FORWARDED.match(line):
            return len(lines)  # what is passed on to us is what the letter is about
        start = _quotation_at(lines, index)
        if start is None:
            continue
        return index if not _answered_inside(lines[start:]) else _quoted_tail(lines)
    return _quoted_tail(lines)


def _quotation_at(lines: list[str], index: int) -> int | None:
    """Give where the quoted text begins when a quotation is introduced at a line."""
    line = lines[index]
    if not line.strip() or _is_quoted(line):
        return None
    if _ORIGINAL.match(line):
        return index + 1
    if _RULE.match(line):
        following = _next_filled(lines, index + 1)
        return index + 1 if _is_header_block(lines, following) else None
    if _is_header_block(lines, index):
        return index + 1
    return _attribution_end(lines, index)


def _attribution_end(lines: list[str], index: int) -> int | None:
    """Give the line after "… wrote:" when it begins at a line, over at most four lines."""
    if index >= len(lines) or len(lines[index]) >= _ATTRIBUTION_LETTERS:
        return None
    if not _STARTS.match(lines[index].strip()):
        return None
    joined = ""
    for end in range(index, min(index + _ATTRIBUTION_LINES, len(lines))):
        line = lines[end].strip()
        if not line or (end > index and _is_quoted(line) and line != ">:"):
            return None
        joined = f"{joined} {line}".strip()
        if len(joined) > _ATTRIBUTION_LETTERS:
            return None
        if _is_attribution(joined, _next_line(lines, end + 1)):
            return end + 1
    return None


def _is_attribution(joined: str, following: str) -> bool:
    has_address = bool(_ADDRESS.search(joined))
    has_date = bool(_YEAR.search(joined))
    if not _ENDS.search(joined):
        return bool(_SAID.search(joined)) and has_address and has_date
    if _SAID.search(joined):
        return has_address or has_date or (_is_quoted(following) and bool(_TIME.search(joined)))
    return has_date and bool(_TIME.search(joined)) and (has_address or _is_quoted(following))


def _is_header_block(lines: list[str], index: int) -> bool:
    """Tell whether From: and at least two more headers of a quoted letter begin at a line."""
    if index >= len(lines) or not _FROM.match(lines[index]):
        return False
    following = [line for line in lines[index + 1 : index + 10] if line.strip()][:6]
    return sum(1 for line in following if _FIELD.match(line)) >= 2


def _answered_inside(quotation: list[str]) -> bool:
    """Tell whether somebody's words stand after quoted lines: answers between them."""
    seen = False
    for index, line in enumerate(quotation):
        if _is_quoted(line):
            seen = True
        elif seen and line.strip():
            if _FOOTER.match(line) or _RULE.match(line):
                return False  # a signature under the quotation
            if _quotation_at(quotation, index) is None:
                return True
    return False


def _quoted_tail(lines: list[str]) -> int:
    """Give where the block of `>` lines that ends the letter begins."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or _is_quoted(lines[start - 1])):
        start -= 1
    return start if any(_is_quoted(line) for line in lines[start:]) else len(lines)


def _without_signature(lines: list[str]) -> int:
    """Give where a signature made of closing words begins; others stay, they may be words."""
    for index in range(len(lines) - 1, 0, -1):
        if not _DASHES.match(lines[index]):
            continue
        signature = [line.strip() for line in lines[index + 1 :] if line.strip()]
        is_closing = bool(signature) and len(signature) <= _SIGNATURE_LINES
        return index if is_closing and _closes(signature) else len(lines)
    return len(lines)


def _closes(signature: list[str]) -> bool:
    if not _CLOSING.match(signature[0]):
        return all(_DEVICE.match(line) for line in signature)
    # After the closing words stands a name; what follows must be an address or a device.
    named = (
        signature[2:] if len(signature) > 1 and not _DEVICE.match(signature[1]) else signature[1:]
    )
    return all(_DEVICE.match(line) or _ADDRESS.search(line) or _is_phone(line) for line in named)


def _is_phone(line: str) -> bool:
    return bool(re.fullmatch(r"(?:\w+[.:]?\s*)?\+?[\d\s()\-]{6,25}", line))


def _next_filled(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _next_line(lines: list[str], index: int) -> str:
    index = _next_filled(lines, index)
    return lines[index] if index < len(lines) else ""
