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


def public_menu(path: str, language: str) -> tuple[tuple[str, Words, bool], ...]:
    """The menu of the public pages: address, words, and whether it is the active item, which ``path`` marks."""
    prefix = "" if language.startswith("zh") else "/en"
    bare = path.removeprefix("/en") if prefix else path
    return tuple(
        (f"{prefix}{url}", label, bare == url or (url != "/" and bare.startswith(url)))
        for url, label in PUBLIC_MENU
    )
