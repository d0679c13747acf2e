"""An archive: a folder (or zip) of numbered folders, with an index that gives every document its digest.

``index.json`` lists path, title, instant, size and SHA-256 of each document; ``index.html``, ``.pdf`` and ``.xlsx`` say
the same to people; ``SHA256SUMS`` is what ``sha256sum -c`` reads, the index files included. Everything is known before
the first byte is sent; while it is sent, every document is checked against its digest.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from yiwang.pure.kernel.days import iso, local, shown
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.pdf import pdf
from yiwang.pure.papers.shapes import Grid, Paper, Small, visible
from yiwang.pure.papers.sheets import Sheet, workbook

INDEX, SUMS = "index.json", "SHA256SUMS"
LONGEST_NAME = 180  # bytes of UTF-8: below what file systems and Windows allow with a path before it
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)
_STORED = (".pdf", ".zip", ".docx", ".xlsx", ".jpg", ".png", ".ofd")  # packed already


class Altered(RuntimeError):
    """A document no longer has the digest under which it was filed."""


def safe_name(name: str) -> str:
    """One part of a path that every system can hold: no separators, devices, hidden signs; its ending is kept."""
    text = _FORBIDDEN.sub("_", visible(unicodedata.normalize("NFC", name)).replace("\n", " ")).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending.encode()) > 12:
        stem, dot, ending = text, "", ""
    room = LONGEST_NAME - len((dot + ending).encode())
    text = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + ending
    return f"_{text}" if not text or _DEVICES.match(text) else text


@dataclass(frozen=True, slots=True)
class Member:
    """A document of an archive: ``read`` gives its bytes in pieces; digest and size are known before."""

    path: str
    words: Words
    dated_at: datetime
    sha256: str
    size: int
    read: Callable[[], Iterable[bytes]]


def made(path: str, words: Words, dated_at: datetime, content: bytes) -> Member:
    """A document whose bytes are at hand."""
    return Member(path, words, dated_at, hashlib.sha256(content).hexdigest(), len(content), lambda: [content])


@dataclass(frozen=True, slots=True)
class Archive:
    """``name`` of the folder, what it is about, and all that it holds, the index files last."""

    name: str
    members: tuple[Member, ...]

    @property
    def index(self) -> Member:
        return next(each for each in self.members if each.path == INDEX)


def archive(
    name: str,
    title: Words,
    number: str,
    made_at: datetime,
    documents: Iterable[Member],
    language: str = "zh-hans",
) -> Archive:
    """An archive of ``documents``, which keep their order; a path that is taken gets a number.

    ``language`` is that of the printed index; the other index files say everything in both.
    """
    placed = tuple(_apart(documents))
    index = [
        made(
            INDEX,
            Words("目录（程序用）", "Index for programs"),
            made_at,
            _json(title, number, made_at, placed),
        ),
        made("index.html", Words("目录", "Index"), made_at, _html(title, number, made_at, placed)),
        made("index.pdf", Words("目录", "Index"), made_at, _pdf(title, number, made_at, placed, language)),
        made("index.xlsx", Words("目录", "Index"), made_at, _xlsx(title, number, made_at, placed, language)),
    ]
    lines = "".join(f"{each.sha256}  {each.path}\n" for each in (*placed, *index))
    sums = made(SUMS, Words("校验值", "Checksums"), made_at, lines.encode())
    return Archive(safe_name(name), (*placed, *index, sums))


def _apart(documents: Iterable[Member]) -> Iterator[Member]:
    taken: set[str] = set()
    for each in documents:
        path, number = each.path, 1
        folder, slash, name = each.path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        while path.casefold() in taken:
            number += 1
            path = folder + slash + (f"{stem}-{number}.{ending}" if dot else f"{name}-{number}")
        taken.add(path.casefold())
        yield Member(path, each.words, each.dated_at, each.sha256, each.size, each.read)


def _json(title: Words, number: str, made_at: datetime, documents: tuple[Member, ...]) -> bytes:
    said = {
        "v": 1,
        "title": {"zh": title.zh, "en": title.en},
        "number": number,
        "made_at": iso(made_at),
        "documents": [
            {"path": each.path, "title": {"zh": each.words.zh, "en": each.words.en}, "at": iso(each.dated_at),
             "size": each.size, "sha256": each.sha256}
            for each in documents
        ],
    }  # fmt: skip
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(documents: tuple[Member, ...]) -> list[tuple[str, str, str, str, str]]:
    return [
        (str(n), f"{each.words.zh} / {each.words.en}", each.path, shown(each.dated_at), each.sha256)
        for n, each in enumerate(documents, 1)
    ]


_HEADS = ("序号 / No.", "文件 / Document", "位置 / Path", "时间 / Instant", "SHA-256")


def _html(title: Words, number: str, made_at: datetime, documents: tuple[Member, ...]) -> bytes:
    heads = "".join(f'<th scope="col">{html.escape(each)}</th>' for each in _HEADS)
    rows = "\n".join(
        f"<tr><td>{n}</td><td>{html.escape(words)}</td><td><a href=\"{quote(path)}\">{html.escape(path)}</a></td>"
        f"<td>{at}</td><td><code>{sha256}</code></td></tr>"
        for n, words, path, at, sha256 in _rows(documents)
    )  # fmt: skip
    said = f"{title.zh} / {title.en}"
    return f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{html.escape(said)}</title>
<style>body{{font:16px/1.6 serif;margin:2rem}}table{{border-collapse:collapse}}td,th{{border:1px solid #888;padding:.3rem .6rem;text-align:left;vertical-align:top}}code{{font-size:.8em;word-break:break-all}}</style></head>
<body><h1>{html.escape(said)}</h1><p>{html.escape(number)} · {shown(made_at)}（北京时间 / Beijing time）</p>
<table><caption>目录 / Index</caption><thead><tr>{heads}</tr></thead><tbody>
{rows}
</tbody></table><p>核对 / check: <code>sha256sum -c {SUMS}</code> · <code>yiwang archive check FOLDER</code></p></body></html>
""".encode()


def _pdf(title: Words, number: str, made_at: datetime, documents: tuple[Member, ...], language: str) -> bytes:
    def say(zh: str, en: str) -> str:
        return Words(zh, en).in_language(language)

    rows = tuple(
        (str(n), each.words.in_language(language), each.path, shown(each.dated_at), each.sha256)
        for n, each in enumerate(documents, 1)
    )
    heads = (
        say("序号", "No."),
        say("文件", "Document"),
        say("位置", "Path"),
        say("时间", "Instant"),
        "SHA-256",
    )
    grid = Grid(say("卷内文件目录", "Index of documents"), heads, rows, (True, False, False, False, False))
    note = say(
        f"本目录生成于 {shown(made_at)}（北京时间），共 {len(documents)} 件。核对：yiwang archive check",
        f"Made at {shown(made_at)} (Beijing time), {len(documents)} documents. Check: yiwang archive check",
    )
    head = title.in_language(language)
    return pdf(Paper(language=language, title=head, number=number, dated_at=made_at, blocks=(grid, Small(note)), wide=True))  # fmt: skip


def _xlsx(
    title: Words, number: str, made_at: datetime, documents: tuple[Member, ...], language: str
) -> bytes:
    rows = [
        (n, each.words.zh, each.words.en, each.path, each.dated_at, each.size, each.sha256)
        for n, each in enumerate(documents, 1)
    ]
    heads = ("序号 / No.", "文件", "Document", "位置 / Path", "时间 / Instant", "字节 / Bytes", "SHA-256")
    head = title.in_language(language)
    return workbook([Sheet("目录 Index", heads, rows, (head, number), (8, 30, 36, 60, 18, 12, 68))], language, made_at)  # fmt: skip


def _checked(member: Member) -> Iterator[bytes]:
    """The bytes of a document. Raises Altered at its end where they are not those that were filed."""
    hashed = hashlib.sha256()
    for chunk in member.read():
        hashed.update(chunk)
        yield chunk
    if hashed.hexdigest() != member.sha256:
        raise Altered(member.path)


class _Pipe:
    """What a zip writes into and somebody else takes out: never more than one piece is kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        return None

    def taken(self) -> bytes:
        whole, self._pieces = b"".join(self._pieces), []
        return whole


def zipped(whole: Archive) -> Iterator[bytes]:
    """The archive as a zip, piece by piece, in a folder of its name. Raises Altered."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as packed:  # type: ignore[call-overload]
        for member in whole.members:
            entry = zipfile.ZipInfo(f"{whole.name}/{member.path}", _wall_clock(member.dated_at))
            entry.external_attr = 0o644 << 16
            stored = member.path.lower().endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with packed.open(entry, "w", force_zip64=member.size > 1 << 30) as file:
                for chunk in _checked(member):
                    file.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()


def _wall_clock(instant: datetime) -> tuple[int, int, int, int, int, int]:
    at = local(instant)
    return (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)


def written(whole: Archive, folder: Path) -> Path:
    """Writes the archive into a new folder of its name inside ``folder``; gives it.

    Raises FileExistsError where there is one already, Altered.
    """
    root = folder / whole.name
    root.mkdir(parents=True)
    for member in whole.members:
        path = root.joinpath(*member.path.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            _fill(file, member)
        moment = member.dated_at.timestamp()
        os.utime(path, (moment, moment))
    return root


def _fill(file: BinaryIO, member: Member) -> None:
    for chunk in _checked(member):
        file.write(chunk)
