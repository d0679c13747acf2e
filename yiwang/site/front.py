"""The front of the embedded server: published pages and static files from memory, before Django is touched.

A page is a file below the public folder (``/notices/X/`` is ``notices/X/index.html``), beside it the same
page compressed. What is read is kept until the generation of the folder changes; the publisher of pages
raises it after every change. Everything that is no such file goes to Django.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]
type Headers = list[tuple[str, str]]

GENERATION_FILE = ".generation"
STATIC_URL = "/static/"
LOOK_EVERY_SECONDS = 0.2
KEPT_BYTES = 64 * 1024 * 1024
# No part begins with a dot, so no path leaves the folder and no hidden file is shown.
_PATH = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?\Z")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
}
# The same protections that Django's middleware gives its pages; a test compares the two.
PAGE_HEADERS = (
    ("Cache-Control", "no-cache"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)


class Page:
    """A file ready to be sent, as it is and (where that is smaller) compressed."""

    __slots__ = ("body", "etag", "gzip_body", "gzip_etag", "gzip_headers", "headers", "not_modified")

    def __init__(self, name: str, body: bytes, gzip_body: bytes | None, common: Sequence[tuple[str, str]]):
        digest = hashlib.sha256(body).hexdigest()[:32]
        self.etag, self.gzip_etag = f'"{digest}"', f'"{digest}-gz"'
        self.body, self.gzip_body = body, gzip_body
        shared = [("Content-Type", media_type(name)), ("Vary", "Accept-Encoding"), *common]
        self.headers: Headers = [*shared, ("ETag", self.etag), ("Content-Length", str(len(body)))]
        self.gzip_headers: Headers = []
        if gzip_body is not None:
            self.gzip_headers = [
                *shared,
                ("ETag", self.gzip_etag),
                ("Content-Encoding", "gzip"),
                ("Content-Length", str(len(gzip_body))),
            ]
        self.not_modified: Headers = [("Vary", "Accept-Encoding"), *common]

    @property
    def size(self) -> int:
        return len(self.body) + len(self.gzip_body or b"")


def media_type(name: str) -> str:
    """The media type of a file by its name; bytes of no known kind where it has none."""
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def accepts_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip (RFC 9110 12.5.3: ``q=0`` forbids)."""
    if ";" not in accepted:
        return "gzip" in accepted
    for part in accepted.split(","):
        coding, _, weight = part.strip().partition(";")
        if coding.strip().lower() == "gzip":
            number = weight.strip().removeprefix("q=").strip()
            return number.strip("0.") != "" or number == ""
    return False


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names ``etag`` (weak comparison, RFC 9110 13.1.2)."""
    return if_none_match.strip() == "*" or any(
        each.strip().removeprefix("W/") == etag for each in if_none_match.split(",")
    )


class Folder:
    """The pages of the public folder that were asked for since its generation last changed."""

    def __init__(self, root: Path, headers: Sequence[tuple[str, str]]) -> None:
        self._root = root
        self._headers = headers
        self._generation = b""
        self._look_at = 0.0
        self._size = 0
        self.pages: dict[str, Page] = {}

    def current(self) -> dict[str, Page]:
        """The dictionary of this generation: another object as soon as the folder is seen to have changed.

        A reader that began before keeps filling the old dictionary, so nothing stale enters the new one.
        """
        now = monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY_SECONDS
            try:
                generation = (self._root / GENERATION_FILE).read_bytes()
            except FileNotFoundError:
                generation = b""
            if generation != self._generation or self._size > KEPT_BYTES:
                self.pages, self._size, self._generation = {}, 0, generation
        return self.pages

    def read(self, path: str, pages: dict[str, Page]) -> Page | None:
        """The page at a URL path, read from the folder and kept; None where there is no such file."""
        if not _PATH.match(path):
            return None
        name = path[1:] + ("index.html" if path.endswith("/") else "")
        try:
            body = (self._root / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        try:
            compressed = (self._root / f"{name}.gz").read_bytes()
        except FileNotFoundError:
            compressed = None
        page = Page(name, body, compressed, self._headers)
        self._size += page.size
        pages[path] = page
        return page


def static_pages(static: Mapping[str, Path]) -> dict[str, Page]:
    """Static files by URL path (``static`` names them below /static/), in memory, compressed where that helps."""
    pages = {}
    common = (("Cache-Control", "public, max-age=3600"), ("X-Content-Type-Options", "nosniff"))
    for name, file in sorted(static.items()):
        body = file.read_bytes()
        compressed = gzip.compress(body, 9, mtime=0)
        pages[STATIC_URL + name] = Page(
            file.name, body, compressed if len(compressed) < len(body) * 0.9 else None, common
        )
    return pages


def send(page: Page, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """Answers with a page: compressed where the browser takes it, 304 where it has it, no body to HEAD."""
    small = page.gzip_body is not None and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        etag = page.gzip_etag if small else page.etag
        if matches(known, etag):
            start_response("304 Not Modified", [*page.not_modified, ("ETag", etag)])
            return []
    if small:
        body, headers = page.gzip_body or b"", page.gzip_headers
    else:
        body, headers = page.body, page.headers
    start_response("200 OK", headers)
    return [body] if environ["REQUEST_METHOD"] == "GET" else []


def front(
    public_root: Path,
    static: Mapping[str, Path],
    django_app: WsgiApp,
    headers: Sequence[tuple[str, str]] = PAGE_HEADERS,
) -> WsgiApp:
    """The WSGI application of the whole site.

    ``static`` maps names below /static/ to files; ``headers`` go with every page. A query, another method than GET or
    HEAD, and any path without a file go to ``django_app``. Changes of pages show within 0.2 seconds.
    """
    folder = Folder(public_root, headers)
    fixed = static_pages(static)

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return django_app(environ, start_response)
        path = environ.get("PATH_INFO") or "/"
        page = fixed.get(path)
        if page is None and not environ.get("QUERY_STRING"):
            pages = folder.current()
            page = pages.get(path) or folder.read(path, pages)
        if page is None:
            return django_app(environ, start_response)
        return send(page, environ, start_response)

    return app
