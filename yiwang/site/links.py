"""The menu of the public pages."""

from __future__ import annotations

from yiwang.pure.kernel.words import Words

PUBLIC_MENU = (
    ("/", Words("首页", "Home")),
    ("/search/", Words("公告查询", "Notices")),
    ("/suppliers/", Words("供应商", "Suppliers")),
    ("/calendar/", Words("交易日历", "Calendar")),
    ("/hall/", Words("服务大厅", "Service hall")),
)


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
