"""Words that several papers of a lot share."""

from __future__ import annotations

from datetime import date, datetime

from yiwang.business.trading.models import Lot
from yiwang.business.trading.parties import names
from yiwang.pure.kernel.days import local_day, shown
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Block, Small
from yiwang.record.journal.api import birth, timeline

REHEARSAL = Words("演练环境生成，不具有法律效力。", "Made in a rehearsal: without legal effect.")


def day_words(day: date) -> Words:
    """A day as official papers write it."""
    return Words(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def day_of(instant: datetime) -> Words:
    """The Shanghai day of an instant as official papers write it."""
    return day_words(local_day(instant))


def instant_words(instant: datetime) -> Words:
    """An instant to the second, with its zone."""
    said = shown(instant, seconds=True)
    return Words(f"{said}（北京时间）", f"{said} (Beijing time)")


def head_fields(lot: Lot, language: str) -> list[tuple[str, str]]:
    """What says which lot a paper is about."""
    known = names((lot.project.tenderee, lot.project.agency))
    rows = [
        (Words("项目名称", "Project"), lot.project.name),
        (Words("项目编号", "Project code"), lot.project.code),
        (Words("标段名称", "Lot"), lot.name),
        (Words("标段编号", "Lot code"), lot.code),
        (Words("招标人", "Tenderee"), known[lot.project.tenderee]),
        (Words("招标代理机构", "Agency"), known.get(lot.project.agency, "")),
    ]
    return [(label.in_language(language), value) for label, value in rows if value]


def end_notes(notes: list[str], language: str) -> Block:
    """The small print of a paper; a rehearsal's says that it is one."""
    mark = [REHEARSAL.in_language(language)] if birth().rehearsal else []
    return Small("\n".join([*notes, *mark]))


class NoSuchPaper(LookupError):
    """The lot has not come to where this paper exists."""


def instant_of(lot: Lot, kind: str) -> datetime:
    """When an entry of that kind was recorded about the lot. Raises NoSuchPaper."""
    found = [each for each in timeline(lot.ref, public_only=False) if each.kind == kind]
    if not found:
        raise NoSuchPaper(kind)
    return found[-1].at
