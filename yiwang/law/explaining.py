"""A clock in words: what stands beside each deadline, in Chinese and in English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from yiwang.law.limits import MOMENT_UNITS, Limit
from yiwang.pure.kernel.days import local, local_day, shown
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words

if TYPE_CHECKING:  # Clock.explanation calls this module
    from yiwang.law.clocks import Clock, DayLeftOut

COUNTING_SOURCE = "《中华人民共和国民法典》第二百零一条"
ROLL_SOURCE = "《中华人民共和国民法典》第二百零三条"
_COMPARED = {
    "at_least": Words("不少于", "at least"),
    "at_most": Words("不超过", "at most"),
    "exactly": Words("恰为", "exactly"),
    "more_than": Words("超过", "more than"),
    "less_than": Words("低于", "less than"),
}
UNIT_WORDS = {
    "calendar-day": (Words("日（日历日）", "calendar day"), "calendar days"),
    "working-day": (Words("个工作日", "working day"), "working days"),
    "second": (Words("秒", "second"), "seconds"),
    "minute": (Words("分钟", "minute"), "minutes"),
    "hour": (Words("小时", "hour"), "hours"),
    "month": (Words("个月", "month"), "months"),
    "year": (Words("年", "year"), "years"),
    "count": (Words("", ""), ""),
}
_GIVES = {
    "earliest-day": Words("最早为", "earliest"),
    "last-day": Words("期间末日为", "last day"),
    "latest-day": Words("最迟为", "latest"),
}


def value_words(limit: Limit) -> Words:
    """The number with its comparison and unit: 不少于20日（日历日） / at least 20 calendar days."""
    compared = _COMPARED[limit.comparator]
    if limit.unit == "fen":
        amount = shown_yuan(int(limit.value))
        return Words(f"{compared.zh}{amount}元", f"{compared.en} CNY {amount}")
    if limit.unit == "percent":
        return Words(f"{compared.zh}{limit.value}%", f"{compared.en} {limit.value}%")
    if limit.unit == "share":
        share = Fraction(limit.value)
        chinese = f"{share.denominator}分之{share.numerator}"
        return Words(f"{compared.zh}{chinese}", f"{compared.en} {share}")
    one, many = UNIT_WORDS[limit.unit]
    english = f"{compared.en} {limit.value} {one.en if limit.value == 1 else many}".rstrip()
    return Words(f"{compared.zh}{limit.value}{one.zh}", english)


def _anchor_shown(anchor: datetime | date, by_moment: bool) -> str:
    if not isinstance(anchor, datetime):
        return anchor.isoformat()
    return shown(anchor, seconds=True) if by_moment else local_day(anchor).isoformat()


def counting_words(limit: Limit) -> Words:
    """How the first day (or moment) is treated."""
    if limit.counting == "moment":
        return Words("自该时刻起连续计算", "runs from the moment, without a break")
    if limit.counting == "first-day-included":
        return Words("当日计入", "the day itself counts")
    return Words("当日不计入", "the day itself does not count")


def _grouped(days: tuple[DayLeftOut, ...]) -> list[tuple[date, date, Words]]:
    """Days left out, neighbours with the same reason put together, in the order of the calendar."""
    groups: list[tuple[date, date, Words]] = []
    for day, why in sorted(days, key=lambda each: each[0]):
        if groups and groups[-1][2] == why and day - groups[-1][1] == timedelta(days=1):
            groups[-1] = (groups[-1][0], day, why)
        else:
            groups.append((day, day, why))
    return groups


def left_out_words(clock: Clock) -> Words:
    """The days left out and why, in one line; both empty where none was."""
    groups = _grouped(clock.not_counted)
    spans = [f"{first}" if first == last else f"{first}…{last}" for first, last, _ in groups]
    chinese = "；".join(f"{span}（{group[2].zh}）" for span, group in zip(spans, groups, strict=True))
    english = "; ".join(f"{span} ({group[2].en})" for span, group in zip(spans, groups, strict=True))
    return Words(chinese, english)


def result_shown(clock: Clock) -> str:
    """The result as people read it: a day, or an instant of Asia/Shanghai for hours and minutes."""
    if clock.limit.unit in MOMENT_UNITS:
        return shown(clock.result_at, seconds=True)
    return clock.result_on.isoformat()


def _head(clock: Clock) -> Words:
    limit, value, counting = clock.limit, value_words(clock.limit), counting_words(clock.limit)
    moment = limit.unit in MOMENT_UNITS
    start = _anchor_shown(clock.anchor, moment)
    gives, result = _GIVES[limit.gives], result_shown(clock)
    whole_day = (
        Words("", "") if moment or limit.gives == "earliest-day" else Words("（至24时）", " (until 24:00)")
    )
    event = Words(f"{limit.anchor_words.zh}（{start}）", f"{limit.anchor_words.en} ({start})")
    if limit.direction == "backward":
        period = Words(f"在{event.zh}之前{value.zh}", f"{value.en} before {event.en}")
    else:
        after = "from" if limit.counting == "first-day-included" else "after"
        period = Words(f"自{event.zh}起{value.zh}", f"{value.en} {after} {event.en}")
    zh = f"{limit.title}：{period.zh}，{counting.zh}，{gives.zh}{result}{whole_day.zh}。依据：{limit.citation.zh}。"
    en = (
        f"{limit.title_en}: {period.en}, {counting.en}; "
        f"{gives.en} {result}{whole_day.en}. Source: {limit.citation.en}."
    )
    return Words(zh, en)


def _tail(clock: Clock) -> list[Words]:
    parts: list[Words] = []
    left_out = left_out_words(clock)
    if left_out.zh:
        parts.append(Words(f"不计入：{left_out.zh}。", f"Not counted: {left_out.en}."))
    if clock.strict_differs:
        parts.append(
            Words(
                f"当日计入是实践做法；严格按{COUNTING_SOURCE}为{clock.strict_on}。",
                f"Counting the first day is practice; strictly by {COUNTING_SOURCE} it is {clock.strict_on}.",
            )
        )
    if clock.rolled:
        parts.append(Words(f"末日顺延依据：{ROLL_SOURCE}。", f"Moved past days off by {ROLL_SOURCE}."))
    if clock.limit.notes:
        parts.append(Words(f"注：{clock.limit.notes}", f"Note: {clock.limit.notes_en}"))
    if clock.provisional:
        years = "、".join(str(year) for year in clock.unpublished_years)
        parts.append(
            Words(
                f"暂定：{years}年放假安排尚未公布，此结果不得作为依据。",
                f"Provisional: the official calendar of {years.replace('、', ', ')} is not yet published; do not rely on this.",
            )
        )
    return parts


def explanation(clock: Clock, language: str) -> str:
    """The clock in one paragraph: what, how counted, the result, the article, the days left out and why."""
    joint = "" if language.startswith("zh") else " "
    return joint.join(each.in_language(language) for each in (_head(clock), *_tail(clock)))


def as_json(clock: Clock) -> dict[str, object]:
    """The explanation as data, for programs: days ISO, instants RFC 3339 with the offset of Asia/Shanghai."""
    limit = clock.limit
    moment = limit.unit in MOMENT_UNITS
    answer: dict[str, object] = {
        "rule": limit.id,
        "title": limit.title,
        "title_en": limit.title_en,
        "comparator": limit.comparator.replace("_", " "),
        "value": int(limit.value),
        "unit": limit.unit,
        "direction": limit.direction,
        "anchor": limit.anchor,
        "counting": limit.counting,
        "source": limit.citation.zh,
        "sure": limit.sure,
        "from": local(clock.anchor).isoformat()
        if isinstance(clock.anchor, datetime)
        else clock.anchor.isoformat(),
        "gives": limit.gives,
        "result": clock.result_at.isoformat() if moment else clock.result_on.isoformat(),
        "result_at": clock.result_at.isoformat(),
        "not_counted": [
            {"day": day.isoformat(), "why": why.zh, "why_en": why.en} for day, why in clock.not_counted
        ],
        "provisional": clock.provisional,
    }
    if clock.strict_differs:
        answer["strict_result"] = clock.strict_on.isoformat()
    if clock.provisional:
        years = ", ".join(str(year) for year in clock.unpublished_years)
        answer["unpublished_years"] = list(clock.unpublished_years)
        answer["warning"] = f"{years}年放假安排尚未公布"
        answer["warning_en"] = f"calendar of {years} not yet published"
    return answer
