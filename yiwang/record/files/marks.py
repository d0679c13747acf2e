"""What programs leave in a file of who made it and from which source: read once when it comes, kept as marks alone.

Nothing is parsed as a whole: PDF is looked at in its first and last part with expressions, the properties of Word,
Excel and OFD files in small members of the container. What cannot be found there is unknown, never an error. Names
that say nothing (of programs, of machines as they are sold, "user") are none.
"""

from __future__ import annotations

import html
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from yiwang.pure.kernel.sameness import key
from yiwang.record.files import content
from yiwang.record.journal.api import keyed_mark, marks_key_number

LOOKING = 2  # raised when files are looked at in another way: those that lie here are then looked at again
LOOK = 1 << 20  # bytes at either end of a PDF: more would be felt while an upload ends
MEMBER_AT_MOST, VALUE_AT_MOST = 64 << 10, 200
SETTINGS_AT_MOST = 1 << 20  # of Word: a long life leaves thousands of sessions in it
MOST_LOOKED_AT, OBJECT_AT_MOST = 4, 4096
# Compared without spaces and capitals; what begins with one of the programs says nothing either.
_NOBODY = frozenset(
    [
        "administrator",
        "admin",
        "user",
        "users",
        "owner",
        "author",
        "pc",
        "computer",
        "test",
        "root",
        "guest",
        "default",
        "unknown",
        "hp",
        "dell",
        "lenovo",
        "asus",
        "acer",
        "thinkpad",
        "windowsuser",
        "windows用户",
        "微软用户",
        "用户",
        "作者",
        "未知",
        "管理员",
        "默认",
        "匿名",
        "微软中国",
        "office",
        "abc",
        "aaa",
        "111",
        "123",
    ]
)
_PROGRAMS = (
    "microsoft", "windows", "wps", "kingsoft", "adobe", "acrobat", "libreoffice", "openoffice", "openpyxl", "pythondocx",
    "apachepoi", "foxit", "camscanner", "canon", "ricoh", "xerox", "konica", "typst", "广联达", "金山", "福昕", "扫描",
)  # fmt: skip
_INFO = re.compile(rb"/Info\s+(\d{1,10})\s+(\d{1,5})\s+R")
_AUTHOR = re.compile(rb"/Author\s*(?:\(((?:[^()\\]|\\.){0,800})\)|<([0-9A-Fa-f\s]{0,1600})>)", re.DOTALL)
_DOCUMENT_ID = b"xmpMM:DocumentID"
_XMP_SOURCE = re.compile(
    rb"xmpMM:DocumentID\s*(?:=\s*[\"']|>)\s*(?:xmp\.did:|uuid:)?([0-9A-Za-z:.\-]{8,80})", re.DOTALL
)
_WORD_ROOT = re.compile(r"<w:rsidRoot\s+w:val=[\"']([0-9A-Fa-f]{1,8})[\"']")
# What every new document of a program begins with: none at all, python-docx, WPS.
_ROOTS_OF_PROGRAMS = frozenset({"00000000", "00B47730", "00172A27"})
_OFD_SOURCE = re.compile(r"<(?:\w+:)?DocID>\s*([0-9A-Za-z\-]{8,80})\s*</")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class Traces:
    """Who is named as the author, and the number of the source that the file came from; "" where nothing says so."""

    author: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is kept of the traces; ``made_by`` is the state of the art in which they were made."""

    author: str
    source: str
    made_by: str


def traces(file: BinaryIO, media_type: str) -> Traces:
    """What a file, which can be read anywhere, tells of its making. A damaged one tells nothing. Raises StoreDown."""
    try:
        if media_type == content.PDF:
            return _of_pdf(file)
        if media_type in (content.DOCX, content.XLSX):
            return _of_office(file, media_type)
        if media_type == content.OFD:
            return _of_ofd(file)
    except (OSError, ValueError, LookupError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return Traces()
    return Traces()


def marks(file: BinaryIO, media_type: str) -> Marks:
    """Marks of author and source of a file, keyed, "" for none: equal for the same, and nothing can be read from them."""
    made_by = state_of_the_art()
    found = traces(file, media_type)
    return Marks(_mark("author", key(telling(found.author))), _mark("source", key(found.source)), made_by)


def state_of_the_art() -> str:
    """What marks are made with now, the looking and the key: files whose marks are of another state are looked at anew."""
    return f"{LOOKING}.{marks_key_number()}"


def telling(author: str) -> str:
    """The author, or "" where the name says nothing."""
    folded = key(author)
    says_nothing = len(folded) < 2 or folded in _NOBODY or folded.startswith(_PROGRAMS)
    return "" if says_nothing else author


def _mark(what: str, text: str) -> str:
    if not text:
        return ""
    return keyed_mark(f"yiwang.files.{what}", text)


def _of_pdf(file: BinaryIO) -> Traces:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    parts = [file.read(LOOK)]
    if size > LOOK:
        file.seek(max(LOOK, size - LOOK))
        parts.append(file.read(LOOK))
    author = ""
    for number, generation in _references(parts):
        for part in parts:  # what was saved last counts
            for place in _places(part, b"%s %s obj" % (number, generation)):
                author = _pdf_text(part[place : place + OBJECT_AT_MOST].partition(b"endobj")[0]) or author
    sources = [source for part in parts for source in _sources(part)]
    return Traces(author, sources[-1].decode("ascii") if sources else "")


def _sources(part: bytes) -> Iterator[bytes]:
    """What the expression finds in it, from left to right; looked for by its beginning, which is several times as quick."""
    place = part.find(_DOCUMENT_ID)
    while place >= 0:
        match = _XMP_SOURCE.match(part, place)
        if match is not None:
            yield match[1]
        place = part.find(_DOCUMENT_ID, match.end() if match is not None else place + 1)


def _places(part: bytes, head: bytes) -> list[int]:
    """Where the last few objects of this number begin, in their order."""
    found: list[int] = []
    end = len(part)
    while len(found) < MOST_LOOKED_AT and (place := part.rfind(head, 0, end)) >= 0:
        if not part[place - 1 : place].isdigit():
            found.append(place + len(head))
        end = place
    return found[::-1]


def _references(parts: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Where trailers say that the information stands: the last few, the newest last; a file may claim any number."""
    found = [match.groups() for part in parts for match in _INFO.finditer(part)]
    return list(dict.fromkeys((number, generation) for number, generation in found[-MOST_LOOKED_AT:]))


def _pdf_text(dictionary: bytes) -> str:
    """The author of an information dictionary, decoded; "" where it has none."""
    match = _AUTHOR.search(dictionary)
    if match is None:
        return ""
    literal, hexed = match.groups()
    if literal is None:
        digits = re.sub(rb"\s", b"", hexed)
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        raw = _ESCAPED.sub(_unescaped, literal)
    if raw.startswith(b"\xfe\xff"):
        text = raw[2:].decode("utf-16-be", "replace")
    elif raw.startswith(b"\xff\xfe"):
        text = raw[2:].decode("utf-16-le", "replace")
    else:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        text = raw.decode("gb18030", "replace") if "\ufffd" in text else text
    return text.strip()[:VALUE_AT_MOST]


def _unescaped(match: re.Match[bytes]) -> bytes:
    said = match[1]
    return bytes([int(said, 8) & 0xFF]) if said.isdigit() and said < b"8" else _PLAIN.get(said, said)


def _member(file: BinaryIO, name: str, at_most: int = MEMBER_AT_MOST) -> str:
    """A small member of a container as text; "" where it is not small. Raises KeyError where there is none."""
    with zipfile.ZipFile(file) as container:
        info = container.getinfo(name)
        if info.file_size > at_most:
            return ""
        with container.open(info) as member:
            return member.read(at_most).decode("utf-8", "replace")


def _element(text: str, name: str) -> str:
    match = re.search(rf"<(?:\w+:)?{name}\b[^>]{{0,200}}>([^<]{{1,400}})</", text)
    return html.unescape(match[1]).strip()[:VALUE_AT_MOST] if match else ""


def _of_office(file: BinaryIO, media_type: str) -> Traces:
    """Who saved it last, or who made it (a form that was handed out keeps who made the form), and what it was copied from."""
    try:
        properties = _member(file, "docProps/core.xml")
    except KeyError:
        properties = ""
    author = _element(properties, "lastModifiedBy") or _element(properties, "creator")
    return Traces(author, _root_of_word(file) if media_type == content.DOCX else "")


def _root_of_word(file: BinaryIO) -> str:
    """The number of the first session in which a Word document was edited: its copies keep it (ISO/IEC 29500-1, 17.15.1.71)."""
    try:
        match = _WORD_ROOT.search(_member(file, "word/settings.xml", SETTINGS_AT_MOST))
    except KeyError:
        return ""
    number = match[1].upper().zfill(8) if match else ""
    return "" if number in _ROOTS_OF_PROGRAMS else number


def _of_ofd(file: BinaryIO) -> Traces:
    properties = _member(file, "OFD.xml")
    source = _OFD_SOURCE.search(properties)
    return Traces(_element(properties, "Author"), source[1] if source else "")
