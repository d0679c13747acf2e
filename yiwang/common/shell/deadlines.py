"""Instants and deadlines as pages show them, put together here: a list has a hundred, and a template takes ten times as long.

What stands under a deadline (article, count, days left out) depends on its clock and the language alone, and is made once.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from yiwang.common.shell.speech import language_now
from yiwang.pure.kernel.days import iso, local, shown, start_of
from yiwang.pure.kernel.words import Words

if TYPE_CHECKING:
    from yiwang.law.api import Clock

_PROVISIONAL = Words("暂定：工作日历尚未公布", "provisional: calendar not yet published")


def instant_html(
    value: datetime | date | None, zone: bool = False, seconds: bool = False, begins: bool = False
) -> str:
    """``<time>2026-11-23 14:00</time>`` of Asia/Shanghai; ``zone=True`` adds 北京时间; "—" for None.

    Midnight is 24:00 of the day that it ends, unless something ``begins`` then.
    """
    if value is None:
        return "—"
    if not isinstance(value, datetime):
        return _time(value.isoformat(), value.isoformat())
    text = shown(value, seconds, begins)
    if zone:
        text = f"北京时间 {text}" if language_now().startswith("zh") else f"{text} Beijing time"
    return _time(local(value).isoformat(timespec="seconds"), text)


def _time(at: str, text: str) -> SafeString:
    """Both are digits and words of the house: nothing in them has to be escaped."""
    return mark_safe(f'<time datetime="{at}">{text}</time>')  # noqa: S308 - see above


def time_left(now: datetime, at: datetime) -> dict[str, Words | str]:
    """``words`` of the time from ``now`` to ``at`` and ``state``: ``far``, ``soon`` (under three days) or ``past``."""
    seconds = int((at - now).total_seconds())
    if seconds <= 0:
        return {"words": Words("已到期", "Passed"), "state": "past"}
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        words = Words(f"还有 {days} 天 {hours} 小时", f"{days} d {hours} h left")
    elif hours:
        words = Words(f"还有 {hours} 小时 {minutes} 分", f"{hours} h {minutes} min left")
    else:
        words = Words(f"还有 {minutes} 分 {seconds % 60} 秒", f"{minutes} min {seconds % 60} s left")
    return {"words": words, "state": "soon" if seconds < 3 * 86_400 else "far"}


def until_html(at: datetime, now: datetime | None) -> SafeString:
    """An instant that is waited for, with the time left from ``now`` (None: not written)."""
    state, left = _left(at, now)
    return mark_safe(  # noqa: S308 - digits and words of the house
        f'<span class="until{state}">{instant_html(at, zone=True)} '
        f'<span class="deadline-left" data-deadline="{iso(at)}" aria-live="off">{left}</span></span>\n'
    )


def deadline_html(
    clock: Clock, now: datetime | None, title: Words | None = None, quiet: bool = False
) -> SafeString:
    """A deadline with its instant, the time left from ``now`` (None: not written), article, and how it was counted.

    ``title`` replaces the limit's title; ``quiet`` leaves out the time left.
    """
    language = language_now()
    state, left = _left(clock.result_at, None if quiet else now)
    words = title or Words(clock.limit.title, clock.limit.title_en)
    tag = ""
    if clock.provisional:
        tag = f' <span class="tag amber">{_PROVISIONAL.in_language(language)}</span>'
    result = instant_html(clock.result_at, zone=True, begins=clock.result_at == start_of(clock.result_on))
    runs = f'<div class="deadline-left" data-deadline="{iso(clock.result_at)}" aria-live="off">{left}</div>'
    return mark_safe(  # noqa: S308 - escaped parts
        f'<div class="deadline{state}">\n<div class="deadline-title">{escape(words.in_language(language))}</div>\n'
        f'<div class="deadline-instant">{result}{tag}</div>\n{"" if quiet else runs}\n'
        f"{_count_html(clock, language)}</div>\n"
    )


def _left(at: datetime, now: datetime | None) -> tuple[str, str]:
    """The class and the words of the time left; "" both without a now."""
    if now is None:
        return "", ""
    left = time_left(now, at)
    words = left["words"]
    return f" is-{left['state']}", words.in_language(language_now()) if isinstance(words, Words) else words


@lru_cache(maxsize=4096)
def _count_html(clock: Clock, language: str) -> str:
    """Article, strict count and how it was counted: what a clock says in a language, whoever reads it and when."""
    strict = ""
    if clock.strict_differs:
        begins = clock.strict_at == start_of(clock.strict_on)
        strict = instant_html(clock.strict_at, zone=True, begins=begins)
    return render_to_string(
        "shell/parts/deadline.html",
        {
            "clock": clock,
            "is_setting": clock.limit.sure == "setting",
            "is_law": clock.limit.sure == "read",
            "strict": strict,
            "explanation": clock.explanation(language).splitlines(),
        },
    )
