import struct
import unicodedata
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.platform.file_types import UNKNOWN, FileType, response_headers, safe_name, sniff
from otklik.platform.image_size import image_size
from otklik.ports.message import MessageKind as Kind


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9) + before + frame


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3)


def webp(kind: bytes, payload: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(payload)) + payload
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def webp_x(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", bytes(4) + size)


def webp_l(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", bits) + bytes(8))


def webp_lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(8))


EXIF = b"\xff\xe1" + struct.pack(">H", 40_002) + bytes(40_000)
DRAWERS = [png, jpeg, gif, webp_x, webp_l, webp_lossy]


@pytest.mark.parametrize("draw", DRAWERS)
@pytest.mark.parametrize(("width", "height"), [(1, 1), (512, 384), (8_000, 3)])
def test_the_size_of_a_picture_is_read(draw: object, width: int, height: int) -> None:
    assert callable(draw)
    assert image_size(draw(width, height)) == (width, height)


def test_a_jpeg_with_much_before_its_frame_is_read() -> None:
    tables = b"\xff\xdb\x00\x04\x00\x00\xff\xc4\x00\x04\x00\x00\xff\xff"
    assert image_size(jpeg(640, 480, EXIF + tables)) == (640, 480)


@pytest.mark.parametrize("draw", DRAWERS)
def test_a_cut_picture_has_no_size_and_breaks_nothing(draw: object) -> None:
    assert callable(draw)
    whole: bytes = draw(640, 480)
    for length in range(len(whole)):
        assert image_size(whole[:length]) in {None, (640, 480)}
    assert image_size(whole[:8]) is None


@given(st.sampled_from(DRAWERS), st.binary(max_size=60), st.integers(2, 40))
def test_damaged_pictures_break_nothing(draw: object, noise: bytes, place: int) -> None:
    assert callable(draw)
    whole: bytes = draw(640, 480)
    image_size(whole[:place] + noise + whole[place + len(noise) :])


MP4 = b"\0\0\0\x18ftyp"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
ZIP = b"PK\x03\x04" + bytes(26)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OGG = b"OggS" + bytes(24)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

GOOD = [
    (jpeg(9, 9), "a.jpg", "image/jpeg", "image/jpeg", Kind.PICTURE, True),
    (jpeg(9, 9), "A.JPEG", "image/jpg", "image/jpeg", Kind.PICTURE, True),
    (png(9, 9), "a.png", "image/png; charset=binary", "image/png", Kind.PICTURE, True),
    (gif(9, 9), "a.gif", "", "image/gif", Kind.PICTURE, True),
    (webp_x(9, 9), "a.webp", "image/webp", "image/webp", Kind.PICTURE, True),
    (webp_x(9, 9), "photo.jpg", "image/jpeg", "image/webp", Kind.PICTURE, True),
    (webp_x(9, 9), "", "", "image/webp", Kind.PICTURE, True),
    (MP4 + b"isom", "a.mp4", "video/mp4", "video/mp4", Kind.VIDEO, True),
    (MP4 + b"mp42", "a.mp4", "", "video/mp4", Kind.VIDEO, True),
    (MP4 + b"3gp5", "a.3gp", "video/3gpp", "video/mp4", Kind.VIDEO, True),
    (MP4 + b"qt  ", "IMG_1.MOV", "video/quicktime", "video/quicktime", Kind.VIDEO, True),
    (MP4 + b"M4A ", "a.m4a", "audio/x-m4a", "audio/mp4", Kind.AUDIO, True),
    (MP4 + b"avif", "a.avif", "image/avif", "image/avif", Kind.PICTURE, True),
    (MP4 + b"heic", "a.heic", "image/heic", "image/heic", Kind.FILE, False),
    (WEBM + b"..V_VP9", "a.webm", "video/webm", "video/webm", Kind.VIDEO, True),
    (WEBM + b"..A_OPUS", "a.webm", "audio/webm;codecs=opus", "audio/webm", Kind.AUDIO, True),
    (OGG + b"OpusHead", "file_1.oga", "audio/ogg", "audio/ogg", Kind.VOICE, True),
    (OGG + b"OpusHead", "a.opus", "audio/opus", "audio/ogg", Kind.VOICE, True),
    (OGG + b"\x01vorbis", "a.ogg", "audio/ogg", "audio/ogg", Kind.AUDIO, True),
    (b"ID3\x04", "a.mp3", "audio/mpeg", "audio/mpeg", Kind.AUDIO, True),
    (b"\xff\xfb\x90", "a.mp3", "audio/mp3", "audio/mpeg", Kind.AUDIO, True),
    (b"fLaC", "a.flac", "audio/flac", "audio/flac", Kind.AUDIO, True),
    (b"RIFF\0\0\0\0WAVE", "a.wav", "audio/x-wav", "audio/wav", Kind.AUDIO, True),
    (b"RIFF\0\0\0\0AVI ", "a.avi", "video/x-msvideo", "video/x-msvideo", Kind.FILE, False),
    (b"%PDF-1.7", "счёт.pdf", "application/pdf", "application/pdf", Kind.FILE, True),
    (b"\x1f\x8b\x08", "AnimatedSticker.tgs", "application/x-tgsticker",
     "application/x-tgsticker", Kind.STICKER, True),
    (b"\x1f\x8b\x08", "a.gz", "application/gzip", "application/gzip", Kind.FILE, False),
    (ZIP + b"[Content_Types].xml", "a.docx", WORD, WORD, Kind.FILE, False),
    (ZIP + b"_rels/.rels", "a.xlsx", EXCEL, EXCEL, Kind.FILE, False),
    (ZIP + b"a.txt", "a.zip", "application/x-zip-compressed", "application/zip", Kind.FILE, False),
    (OLE, "a.doc", "application/msword", "application/msword", Kind.FILE, False),
    (b"Rar!\x1a\x07\x01", "a.rar", "application/vnd.rar", "application/vnd.rar", Kind.FILE, False),
    (b"7z\xbc\xaf\x27\x1c", "a.7z", "application/x-7z-compressed", "application/x-7z-compressed",
     Kind.FILE, False),
    ("привет".encode(), "a.txt", "text/plain", "text/plain", Kind.FILE, False),
    ("привет".encode("cp1251"), "a.csv", "application/vnd.ms-excel", "text/csv", Kind.FILE, False),
    (b"a;b\r\n", "a.csv", "text/csv; charset=utf-8", "text/csv", Kind.FILE, False),
    (b"", "empty.txt", "text/plain", "text/plain", Kind.FILE, False),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name", "declared", "mime", "kind", "inline"), GOOD)
def test_a_file_of_the_list_is_known(
    head: bytes,
    name: str,
    declared: str,
    mime: str,
    kind: Kind,
    inline: bool,
) -> None:
    found = sniff(head, name, declared)
    assert (found.mime, found.kind, found.inline, found.agrees) == (mime, kind, inline, True)


DISGUISED = [
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>", "a.svg", "image/svg+xml"),
    (b"<svg onload=alert(1)>", "a.png", "image/png"),
    (b"<?xml version='1.0'?><svg>", "a.txt", "text/plain"),
    (b"<!DOCTYPE html><script>", "a.txt", "text/plain"),
    (b"\xef\xbb\xbf \n <HTML>", "a.csv", "text/csv"),
    (b"<html>", "a.html", "text/html"),
    (b"alert(1)", "a.js", "text/javascript"),
    (b"hello", "a.html", "text/html"),
    (b"hello", "a", "text/plain"),
    (b"he\0llo", "a.txt", "text/plain"),
    (png(9, 9), "a.html", "image/png"),
    (png(9, 9), "a.svg", "image/png"),
    (png(9, 9), "a.png.exe", "image/png"),
    (png(9, 9), "a.pdf", "application/pdf"),
    (gif(9, 9) + b"=1;alert(1)//", "a.js", "text/javascript"),
    (b"GIF89a/*\0\0*/=1;", "a.gif", "image/gif"),
    (b"\xff\xd8\xff<script>", "a.jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n<html>", "a.png", "image/png"),
    (b"x%PDF-1.7", "a.pdf", "application/pdf"),
    (b"%PDF-1.7", "a.html", "text/html"),
    (b"MZ\x90\0", "a.exe", "application/x-msdownload"),
    (b"MZ\x90\0", "a.jpg", "image/jpeg"),
    (b"\x7fELF", "a.bin", "application/octet-stream"),
    (ZIP + b"AndroidManifest.xml", "a.apk", "application/zip"),
    (ZIP + b"evil.exe", "a.docx", WORD),
    (OLE, "a.msi", "application/x-msi"),
    (OLE, "a", ""),
    (b"\x1a\x45\xdf\xa3matroska", "a.mkv", "video/x-matroska"),
    (OGG + b"theora", "a.ogg", "video/ogg"),
    (b"", "", ""),
]


@pytest.mark.parametrize(("head", "name", "declared"), DISGUISED)
def test_what_is_not_of_the_list_is_only_bytes_to_save(
    head: bytes, name: str, declared: str
) -> None:
    assert sniff(head, name, declared) == UNKNOWN
    assert not UNKNOWN.inline


@pytest.mark.parametrize(
    ("head", "name", "declared"),
    [
        (png(9, 9), "a.png", "text/html"),
        (png(9, 9), "a.png", "image/svg+xml"),
        (png(9, 9), "a.png", "application/pdf"),
        (b"%PDF-1.7", "a.pdf", "text/html"),
        (b"%PDF-1.7", "a.pdf", "application/javascript"),
        (b"hello", "a.txt", "text/html"),
    ],
)
def test_a_false_declaration_is_noticed(head: bytes, name: str, declared: str) -> None:
    found = sniff(head, name, declared)
    assert found != UNKNOWN
    assert not found.agrees


def test_a_picture_too_large_to_draw_is_not_drawn() -> None:
    found = sniff(png(20_000, 20_000), "a.png", "image/png")
    assert (found.kind, found.inline, found.width) == (Kind.FILE, False, 20_000)
    assert not found.agrees


@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_no_input_breaks_the_judge(head: bytes, name: str, declared: str) -> None:
    found = sniff(head, name, declared)
    assert not found.inline or not found.mime.endswith(("html", "xml", "javascript"))


NAMES = [
    ("отчёт.pdf", "отчёт.pdf"),
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\me\\cv.docx", "cv.docx"),
    ("..\\..\\x.txt", "x.txt"),
    ("a\0b.txt", "ab.txt"),
    ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
    ("photo\u202egpj.exe", "photogpj.exe"),
    ("in\u200bvis\u2060ible\ufeff.txt", "invisible.txt"),
    ('a"b<c>d|e?f*.txt', "a_b_c_d_e_f_.txt"),
    ("  lots   of\tspace .txt", "lots ofspace.txt"),
    ("...", "file"),
    ("", "file"),
    (".", "file"),
    ("..", "file"),
    ("/", "file"),
    ("a/", "file"),
    (".bashrc", "bashrc"),
    ("trailing. . .", "trailing"),
    ("e\u0301.txt", "é.txt"),
    ("\u202e\u200b", "file"),
    ("🙂.png", "🙂.png"),
    ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ("x" * 300, "x" * 150),
    ("я" * 300 + ".pdf", "я" * 118 + ".pdf"),
    ("a." + "b" * 300, "a." + "b" * 148),
]


@pytest.mark.parametrize(("name", "wanted"), NAMES)
def test_a_name_is_made_safe(name: str, wanted: str) -> None:
    assert safe_name(name) == wanted


@given(st.text(max_size=400))
def test_no_name_stays_dangerous(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 150
    assert len(safe.encode()) <= 240
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert safe not in {".", ".."}
    assert all(unicodedata.category(letter)[0] != "C" for letter in safe)
    assert safe_name(safe) == safe


def test_headers_let_nothing_run() -> None:
    headers = response_headers(FileType("image/png", Kind.PICTURE, inline=True), "кот.png")
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == (
        "inline; filename=\"___.png\"; filename*=UTF-8''%D0%BA%D0%BE%D1%82.png"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_is_not_inline_is_saved() -> None:
    headers = response_headers(UNKNOWN, 'a"b\r\nX: y%.html')
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert not any(letter in value for value in headers.values() for letter in "\r\n")
    assert 'filename="a_b__X: y_.html"' in headers["Content-Disposition"]


def test_texts_are_served_as_utf_8() -> None:
    headers = response_headers(FileType("text/csv", Kind.FILE), "a.csv")
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
