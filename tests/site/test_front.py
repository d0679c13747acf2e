"""The front of the embedded server: files from memory, everything else to Django."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.doors.website.folder import raise_generation, write_page
from yiwang.site import front as site_front
from yiwang.site.front import PAGE_HEADERS, accepts_gzip, front, matches

HOME = "<h1>首页</h1>".encode() * 50


class Answer:
    def __init__(self) -> None:
        self.status = ""
        self.headers: dict[str, str] = {}
        self.body = b""


def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("418 Django", [])
    return [b"django"]


def ask(app: Any, path: str, method: str = "GET", query: str = "", **headers: str) -> Answer:
    answer = Answer()

    def start(status: str, given: list[tuple[str, str]]) -> None:
        answer.status, answer.headers = status, dict(given)

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    environ.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
    answer.body = b"".join(app(environ, start))
    return answer


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    write_page(folder, "index.html", HOME)
    write_page(folder, "en/notices/E1-01/index.html", b"notice" * 100)
    write_page(folder, "feed.xml", b"<rss/>")
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.fixture
def app(root: Path, tmp_path: Path) -> Any:
    style = tmp_path / "site.css"
    style.write_text("body{}" * 100)
    return front(root, {"site.css": style}, django)


def test_a_page_is_served_from_its_file_with_the_protections_of_djangos_pages(app: Any) -> None:
    answer = ask(app, "/")
    assert (answer.status, answer.body) == ("200 OK", HOME)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(HOME))
    assert dict(PAGE_HEADERS).items() <= answer.headers.items()
    assert ask(app, "/en/notices/E1-01/").body == b"notice" * 100
    assert ask(app, "/feed.xml").headers["Content-Type"].startswith("application/xml")


def test_browsers_that_take_gzip_get_the_compressed_twin(app: Any) -> None:
    answer = ask(app, "/", accept_encoding="gzip, deflate, br")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.body) == HOME
    assert answer.headers["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_what_the_browser_has_is_not_sent_again(app: Any, encoding: str) -> None:
    first = ask(app, "/", accept_encoding=encoding)
    again = ask(app, "/", accept_encoding=encoding, if_none_match=f'"other", W/{first.headers["ETag"]}')
    assert (again.status, again.body) == ("304 Not Modified", b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Length" not in again.headers
    assert ask(app, "/", accept_encoding=encoding, if_none_match='"old"').status == "200 OK"


def test_head_gives_the_headers_without_the_body(app: Any) -> None:
    answer = ask(app, "/", method="HEAD")
    assert (answer.status, answer.body) == ("200 OK", b"")
    assert answer.headers["Content-Length"] == str(len(HOME))


@pytest.mark.parametrize(
    ("path", "method", "query"),
    [
        ("/", "POST", ""),
        ("/", "GET", "q=1"),
        ("/nothing/", "GET", ""),
        ("/hall/", "GET", ""),
        ("/en", "GET", ""),
    ],
)
def test_everything_that_is_no_file_goes_to_django(app: Any, path: str, method: str, query: str) -> None:
    assert ask(app, path, method=method, query=query).body == b"django"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/en/../../secret",
        "/..%2fsecret",
        "//secret",
        "/./index.html",
        "/.generation",
        "/en/.generation",
        "/\x00",
        "/index.html\n",
        "/en\\..\\secret",
    ],
)
def test_no_path_leads_out_of_the_folder_or_to_a_hidden_file(app: Any, root: Path, path: str) -> None:
    raise_generation(root)
    assert ask(app, path).body == b"django"


@given(st.text(alphabet="a./\\%\x00 -_", max_size=16))
def test_whatever_path_is_taken_as_a_files_name_stays_below_the_folder(path: str) -> None:
    if site_front._PATH.match("/" + path):
        assert not any(part.startswith(".") for part in path.split("/"))
        assert (Path("/srv/public") / path).resolve().is_relative_to(Path("/srv/public"))
    else:
        assert site_front.Folder(Path("/"), ()).read("/" + path, {}) is None


def test_a_changed_page_shows_as_soon_as_the_generation_is_looked_at(
    app: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [time.monotonic()]
    monkeypatch.setattr(site_front, "monotonic", lambda: clock[0])
    assert ask(app, "/").body == HOME
    write_page(root, "index.html", b"new")
    raise_generation(root)
    clock[0] += site_front.LOOK_EVERY_SECONDS / 2
    first = ask(app, "/").body
    clock[0] += site_front.LOOK_EVERY_SECONDS
    assert ask(app, "/").body == b"new"
    assert first in (HOME, b"new")


def test_a_page_read_before_a_change_never_enters_the_dictionary_after_it(root: Path) -> None:
    folder = site_front.Folder(root, ())
    before = folder.current()
    raise_generation(root)
    folder._look_at = 0.0
    after = folder.current()
    folder.read("/", before)
    assert after is not before
    assert "/" not in after


def test_memory_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_front, "KEPT_BYTES", 100)
    folder = site_front.Folder(root, ())
    folder.read("/", folder.current())
    folder._look_at = 0.0
    assert folder.current() == {}


def test_static_files_are_compressed_in_memory_and_may_be_kept(app: Any) -> None:
    plain, small = ask(app, "/static/site.css"), ask(app, "/static/site.css", accept_encoding="gzip")
    assert plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "max-age" in plain.headers["Cache-Control"]
    assert gzip.decompress(small.body) == plain.body


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("gzip;q=0.001", True),
        ("gzip;q=1.0", True),
        ("br;q=0, gzip", True),
        ("br", False),
        ("", False),
    ],
)
def test_accept_encoding_is_read_with_its_weights(accepted: str, takes: bool) -> None:
    assert accepts_gzip(accepted) is takes


def test_if_none_match_takes_lists_weak_tags_and_the_star() -> None:
    assert matches("*", '"a"')
    assert matches('W/"b", "a"', '"a"')
    assert not matches('"ab"', '"a"')


def test_the_protections_equal_those_that_django_sets(settings: Any) -> None:
    from django.utils.csp import build_policy

    headers = dict(PAGE_HEADERS)
    policies = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policies == {part.strip() for part in build_policy(settings.SECURE_CSP).split(";")}
    assert headers["X-Frame-Options"] == settings.X_FRAME_OPTIONS
    assert headers["Referrer-Policy"] == settings.SECURE_REFERRER_POLICY
    assert headers["Cross-Origin-Opener-Policy"] == settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
