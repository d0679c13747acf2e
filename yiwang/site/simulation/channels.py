"""Every channel shows the same notice: the record, the journal, the file for checking, the pages, the interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.doors.website import api as website
from yiwang.pure.kernel.canonical import loads


def channel_objections(lot: str, root: Path) -> Iterator[str]:
    """Where the folder of public pages shows something else of a lot's published notices than was confirmed.

    Only right when the website has written all that is due.
    """
    project = trading.find_lot(lot).project.code
    for each in notices.notices(about=trading.find_lot(lot).ref):
        page = root / "notices" / each.code
        if each.status != notices.PUBLISHED:
            if page.exists():
                yield f"{each.code}: is {each.status} and has a page"
            continue
        if _text(page / "body.json") != each.body:
            yield f"{each.code}: the file for checking is not the body"
        for shown in (page, root / "en" / "notices" / each.code):
            if each.sha256 not in _text(shown / "index.html"):
                yield f"{each.code}: {shown.relative_to(root)} has another hash"
        if each.code not in _text(root / "projects" / project / "index.html"):
            yield f"{each.code}: is not on the page of its project"
        if loads(each.body)["title"] != each.title:
            yield f"{each.code}: the body has another title than the lists"
        if not website.findable(each.code):
            yield f"{each.code}: cannot be found"


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
