"""Where a thing of a room is to be seen: from references to addresses, and the menus of the doors."""

from __future__ import annotations

from django.urls import reverse

from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words

PUBLIC_MENU = (
    ("/", Words("首页", "Home")),
    ("/search/", Words("公告查询", "Notices")),
    ("/hall/", Words("服务大厅", "Service hall")),
)


def address(ref: Ref) -> str:
    """The page of a thing, "" where it has none."""
    if (ref.room, ref.kind) == ("trading", "lot"):
        return reverse("hall:lot", args=[ref.code])
    if (ref.room, ref.kind) == ("notices", "notice"):
        return f"/notices/{ref.code}/"
    if (ref.room, ref.kind) == ("trading", "project"):
        return f"/projects/{ref.code}/"
    return ""


def public_menu(path: str, language: str) -> list[dict[str, object]]:
    """The menu of the public pages; ``path`` marks the active item."""
    prefix = "" if language.startswith("zh") else "/en"
    bare = path.removeprefix("/en") if prefix else path
    return [
        {
            "url": f"{prefix}{url}",
            "label": label,
            "active": bare == url or (url != "/" and bare.startswith(url)),
        }
        for url, label in PUBLIC_MENU
    ]
