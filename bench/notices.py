"""So many invented notices and lots, straight into the tables that lists and search read.

Only for a process whose environment names an empty database; loads Django when it is imported.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - only after Django is set up
from django.db import connection, transaction  # noqa: E402

from yiwang.doors.website import index  # noqa: E402
from yiwang.doors.website.models import LOT, NOTICE, SearchEntry, place_of  # noqa: E402
from yiwang.pure.kernel.codes import REGIONS  # noqa: E402
from yiwang.record.journal.api import found, real_now  # noqa: E402
from yiwang.site.simulation.city import TENDEREES, WORKS  # noqa: E402
from yiwang.site.simulation.running import FOUNDED_AT  # noqa: E402

BATCH = 2_000
FORMS = ("tender-notice", "clarification", "candidates-publicity", "result-notice", "correction")
STAGES = ("bidding", "closed", "evaluating", "publicity", "awarded", "archived")
CHARACTERS = "水电路桥渠坝站房校院园林厂区街道村镇河湖山川东西南北中新旧大小上下前后左右天地人和平安康乐福寿春夏秋冬梅兰竹菊"
PHRASES = (
    "本项目已由主管部门批准建设",
    "资金来源为财政预算",
    "现进行公开招标",
    "工期",
    "质量标准合格",
    "投标保证金",
    "评标办法",
)


def found_empty() -> None:
    """Migrates and founds the database."""
    call_command("migrate", verbosity=0)
    found("rehearsal", FOUNDED_AT, centre="压测中心", centre_en="Bench centre", region="620500")


def _text(rng: random.Random, title: str, code: str, tenderee: str) -> str:
    place = "".join(rng.choices(CHARACTERS, k=rng.randrange(4, 12)))
    words = rng.sample(PHRASES, 4)
    body = f"{words[0]}，{words[1]}；建设地点：{place}。{words[2]}{rng.randrange(30, 900)}日历天，{words[3]}（{rng.randrange(1, 9999)}万元）。"
    return "\n".join([title, code, tenderee, body * rng.randrange(1, 4)])


def fill(count: int, seed: int, lots: bool = False) -> dict[str, str]:
    """Writes ``count`` notices (and, asked to, as many lots) and their index; gives each notice's text by its code."""
    found_empty()
    rng = random.Random(seed)
    newest = real_now()
    texts: dict[str, str] = {}
    regions = sorted(REGIONS)
    for first in range(0, count, BATCH):
        rows = []
        for number in range(first, min(count, first + BATCH)):
            region, (name, content) = rng.choice(regions), rng.choice(WORKS)
            project = f"C6205000001{number // 10_000 + 20:02d}{number % 10_000:04d}"
            title = (
                f"{REGIONS[region][0]}{''.join(rng.choices(CHARACTERS, k=3))}{name}（{number}标段）招标公告"
            )
            tenderee = rng.choice(TENDEREES)[0]
            shared = {"region": region, "stage": rng.choice(STAGES), "project": project, "lot": f"{project}001001",
                      "title": title, "tenderee": tenderee, "category": "works",
                      "shown_at": newest - timedelta(minutes=37 * (count - number))}  # fmt: skip
            code = f"{project}001001-01"
            place = place_of(newest - timedelta(minutes=37 * (count - number)))
            texts[code] = _text(rng, title, code, tenderee)
            rows.append(
                SearchEntry(
                    id=place, kind=NOTICE, code=code, form=rng.choice(FORMS), text=texts[code], **shared
                )
            )
            if lots:
                deadline_at = shared["shown_at"] + timedelta(days=30)
                rows.append(SearchEntry(id=place + 1, kind=LOT, code=f"{project}001001", deadline_at=deadline_at,
                                        text=f"{title}\n{content}", **shared))  # fmt: skip
        write_entries(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return texts


def write_entries(rows: list[SearchEntry]) -> None:
    """Rows and their index in one transaction, many at a time."""
    with transaction.atomic():
        written = SearchEntry.objects.bulk_create(rows)
        index.put_new((row.pk, index.marks_of(row.kind, row.form, row.region), row.text) for row in written)
