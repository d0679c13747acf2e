"""What a file is, by its content alone: never by its name, never by what the sender says. Pure but for reading.

Own rules for what is accepted; puremagic only names what is not, so that a refusal can say what was sent.
"""

from __future__ import annotations

import codecs
import json
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import puremagic

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.texts import strange_place

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
ZIP = "application/zip"
PNG = "image/png"
JPEG = "image/jpeg"
TEXT = "text/plain"
JSON = "application/json"
UNKNOWN = "application/octet-stream"

HEAD = 8192
TEXT_CHUNK = 1 << 20
MAX_JSON = 16 << 20

MAX_MEMBERS = 10_000
MAX_RATIO = 100
MAX_UNPACKED = 2 << 30
FREE_UNPACKED = 1 << 20  # small things may pack well: below this no ratio counts

# A member that only this kind of container has, and the media type that it gives.
_CONTAINERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
_MACROS = "vbaproject.bin"
_MACRO_TYPE = "application/vnd.ms-office.macro-enabled"
# Names that Windows takes for devices, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?\Z", re.IGNORECASE)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def _has_end(stream: BinaryIO, size: int, marker: bytes) -> bool:
    stream.seek(max(0, size - 1024))
    return marker in stream.read()


def _is_text(stream: BinaryIO) -> bool:
    """Whether every byte belongs to text in UTF-8 or GB 18030 without control characters."""
    return any(_decodes(stream, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(TEXT_CHUNK):
            if not _CONTROLS.isdisjoint(chunk):
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_json(stream: BinaryIO, size: int) -> bool:
    if size > MAX_JSON:
        return False
    stream.seek(0)
    try:
        return isinstance(json.loads(stream.read()), dict | list)
    except (ValueError, RecursionError):
        return False


def _text_types(stream: BinaryIO, size: int, head: bytes) -> tuple[str, ...]:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"<":
        return ("application/xml",)  # HTML, SVG, XML: can carry scripts, so it is no plain text
    if start in (b"{", b"[") and _is_json(stream, size):
        return (JSON, TEXT)
    return (TEXT,)


def _container_type(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as container:
            names = set(container.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return "application/x-damaged-zip"
    if any(name.lower().endswith(_MACROS) for name in names):
        return _MACRO_TYPE
    return next((media_type for member, media_type in _CONTAINERS if member in names), ZIP)


def _name_of_the_rest(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


def media_types(stream: BinaryIO, size: int) -> tuple[str, ...]:
    """What a file of ``size`` bytes (not 0) is, the most telling type first; ``stream`` is left anywhere."""
    stream.seek(0)
    head = stream.read(HEAD)
    if head.startswith(b"%PDF-"):
        return (PDF,) if _has_end(stream, size, b"%%EOF") else ("application/x-damaged-pdf",)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return (PNG,)
    if head.startswith(b"\xff\xd8\xff"):
        return (JPEG,)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return (_container_type(stream),)
    if _is_text(stream):
        return _text_types(stream, size, head)
    return (_name_of_the_rest(head),)


def container_findings(path: Path, size: int) -> Iterator[Finding]:
    """Objections to a zip container of ``size`` bytes: bombs, and members that would unpack elsewhere."""
    with zipfile.ZipFile(path) as container:
        members = container.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS:
        yield Finding("zip-bomb-count", "", {"count": len(members), "most": MAX_MEMBERS})
    ratio = -(-unpacked // size)
    # Members that overlap in the file add up to more than the file: the cleverest bombs are made so.
    if unpacked > MAX_UNPACKED or packed > size or (unpacked > FREE_UNPACKED and ratio > MAX_RATIO):
        yield Finding("zip-bomb", "", {"ratio": ratio, "most": MAX_RATIO, "most_mb": MAX_UNPACKED >> 20})
    if any(_leads_out(member.filename) for member in members):
        yield Finding("zip-paths", "", {})


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":")


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, formatting, halves of pairs, ends of lines


def _hides(name: str) -> bool:
    """Whether a name holds signs that nobody sees or that no file carries; blanks of all widths and the rarest characters are none."""
    return strange_place(name) > 0 or any(unicodedata.category(each) in _HIDDEN for each in name)


def name_findings(name: str) -> Iterator[Finding]:
    """Objections to the name of an upload: a plain file name of 1 to 200 characters."""
    odd = name.strip(" .\u3000") == "" or len(name) > 200 or _hides(name) or _DEVICES.match(name)
    if odd or any(char in name for char in "/\\"):
        yield Finding("file-name", "", {"name": name[:80]})


# Endings that say what a file is; others say nothing and are let be (bidding programs have many of their own).
_ENDINGS = {
    PDF: ("pdf",), DOCX: ("docx",), XLSX: ("xlsx",), OFD: ("ofd",), ZIP: ("zip",), PNG: ("png",),
    JPEG: ("jpg", "jpeg"), TEXT: ("txt", "csv", "md", "json"), JSON: ("json", "txt"),
}  # fmt: skip
_TELLING = frozenset(each for endings in _ENDINGS.values() for each in endings)
_RUN_BY_WINDOWS = frozenset(
    [
        "exe",
        "com",
        "scr",
        "bat",
        "cmd",
        "pif",
        "msi",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "ps1",
        "lnk",
        "hta",
        "jar",
        "reg",
        "dll",
        "cpl",
        "app",
        "html",
        "htm",
        "svg",
    ]
)


def ending_findings(name: str, media_type: str) -> Iterator[Finding]:
    """The objection to a name that says something else than the content is, or that a click would run."""
    ending = name.rpartition(".")[2].lower().strip() if "." in name else ""
    own = _ENDINGS.get(media_type, ())
    if ending in _RUN_BY_WINDOWS or (ending in _TELLING and ending not in own):
        fitting = ", ".join(f".{each}" for each in own)
        yield Finding("file-ending", "", {"name": name[:80], "fitting": fitting})


_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_STARTXREF = re.compile(rb"startxref\s+(\d{1,15})")
_LOOK = 1 << 16


def pdf_findings(stream: BinaryIO, size: int) -> Iterator[Finding]:
    """The objection to a PDF that nobody can read without a password.

    Looked for where the standard has it stand: in the trailers at the end, at the cross-reference, at the beginning.
    """
    stream.seek(max(0, size - (1 << 20)))
    end = stream.read()
    places = [0, *[int(each) for each in _STARTXREF.findall(end)][-4:]]
    parts = [end]
    for place in places:
        if place < size:
            stream.seek(place)
            parts.append(stream.read(_LOOK))
    if any(_ENCRYPTED.search(part) for part in parts):
        yield Finding("pdf-encrypted")
