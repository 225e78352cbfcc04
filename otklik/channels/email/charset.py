"""Bytes of a letter become text, whatever the letter says about them; never fails."""

import codecs
import re

_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "ascii": "ascii",
    "us-ascii": "ascii",
    "7bit": "ascii",
    "8bit": "",
    "binary": "",
    "default": "",
    "none": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "unknown": "",
    "utf8": "utf-8",
    "uft-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "iso-8859-1": "cp1252",  # what is sent under this name is the superset
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
    "cp-1251": "cp1251",
    "ansi-1251": "cp1251",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "x-koi8-r": "koi8-r",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "x-mac-cyrillic": "mac_cyrillic",
}
_NO_TEXT = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)  # codecs of Python that are no charsets of mail
_JAPANESE = re.compile(rb"\x1b(\$[@B]|\([BJ])")
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac_cyrillic")
_COMMON = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
_FREQUENT = frozenset("оеаинтсрвл")
_CAPITAL_INSIDE = re.compile(r"[а-яё][А-ЯЁ]")
_MOSTLY_CYRILLIC = 0.6
_SAMPLE = 20_000  # bytes: enough to know a language by


def decoded(raw: bytes, declared: str = "") -> str:
    """Give the text of bytes: as declared, else as it looks, else with replacements."""
    if raw.isascii() and not _JAPANESE.search(raw) and not _is_escaped(declared):
        return raw.decode("ascii")
    codec = _codec(declared)
    if codec == "cp1252" and _looks_cyrillic(raw):
        return _detected(raw)  # "iso-8859-1" is what careless programs put over windows-1251
    if codec and codec != "ascii":
        try:
            return raw.decode(codec)
        except (UnicodeError, ValueError):
            if _mostly_fits(raw, codec):
                return raw.decode(codec, "replace")
    return _detected(raw)


def known(declared: str) -> bool:
    """Tell whether a name is a charset we can read."""
    return bool(_codec(declared))


def _is_escaped(declared: str) -> bool:
    return "utf-7" in declared.lower() or declared.lower().startswith(("hz", "iso-2022"))


def _codec(declared: str) -> str:
    name = declared.strip().strip("\"'").split(";")[0].strip().lower().replace(" ", "")
    name = _ALIASES.get(name, name)
    if not name or name in _NO_TEXT or not name.isascii():
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return found.name if found._is_text_encoding else ""  # noqa: SLF001 - not said otherwise


def _mostly_fits(raw: bytes, codec: str) -> bool:
    """Tell whether only a few bytes are broken, such as a character cut at the end."""
    text = raw.decode(codec, "replace")
    return text.count("\ufffd") <= max(1, len(text) // 50)


def _detected(raw: bytes) -> str:
    if _JAPANESE.search(raw) and raw.isascii():
        return raw.decode("iso2022_jp_ext", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _mostly_fits(raw, "utf-8"):
        return raw.decode("utf-8", "replace")
    best, points = "cp1252", 0
    for codec in _CYRILLIC:
        found = _points(raw[:_SAMPLE].decode(codec, "replace"))
        if found > points:
            best, points = codec, found
    if best == "cp1252" or not _looks_cyrillic(raw, best):
        best = "cp1252"
    return raw.decode(best, "replace")


def _points(text: str) -> int:
    """Count how Russian a text looks: frequent small letters for it, odd capitals against."""
    high = [letter for letter in text if ord(letter) > 127]
    points = sum((2 if letter in _FREQUENT else 1) if letter in _COMMON else 0 for letter in high)
    strange = sum(1 for letter in high if not letter.isalpha())
    return points - 3 * len(_CAPITAL_INSIDE.findall(text)) - strange


def _looks_cyrillic(raw: bytes, codec: str = "cp1251") -> bool:
    """Tell Russian words from a Western letter with an accent here and there."""
    raw = raw[:_SAMPLE]
    text = raw.decode(codec, "replace")
    letters = sum(1 for letter in text if letter.isalpha())
    russian = sum(1 for letter in text if letter.lower() in _COMMON)
    high = sum(1 for byte in raw if byte > 127)
    return letters > 0 and russian >= high * 0.8 and _runs(raw) >= _MOSTLY_CYRILLIC


def _runs(raw: bytes) -> float:
    """Give the share of high bytes that stand three and more together: words, not accents."""
    high = sum(1 for byte in raw if byte > 127)
    beside = sum(len(run) for run in re.findall(rb"[\x80-\xff]{3,}", raw))
    return beside / high if high else 0.0
