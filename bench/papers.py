"""``python -m bench.papers``: official papers, 12 Chinese pages as PDF, Word and Excel, in a process of its own.

Promised: 12 pages of PDF in a second, fonts loaded, machine shared. Wall and CPU time, medians; the first paper of a
process also loads the fonts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.verdicts import Verdicts
from yiwang.pure.papers.api import (
    Closing,
    Fields,
    Grid,
    Heading,
    Paper,
    Prose,
    Sheet,
    pdf,
    pictures,
    word,
    workbook,
)

PAGES = 12
ROUNDS = 9
MOST_SECONDS = 1.0
DATED_AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
TEXT = (
    "招标人应当按照招标文件确定的时间和地点公开开标，所有投标人均可以派代表参加，开标过程应当记录并存档备查。"
)


def report(serial: int, pages: int = PAGES) -> Paper:
    """A report of ``pages`` pages, different for each ``serial`` so that nothing is remembered."""
    rows = tuple(
        (str(n), f"甘肃第{n + serial}建设集团有限公司", f"{n * 1234567 + serial:,}.00", str(200 + n), "合格")
        for n in range(1, 16)
    )
    blocks: list[object] = [
        Fields("基本情况", (("项目名称", f"教学楼第{serial}号工程"), ("校验值", f"{serial:064x}")))
    ]
    for part in range(1, pages + 1):
        blocks += [
            Heading(f"第{part}部分"),
            Prose("\n".join(f"{serial}.{part}.{n} {TEXT}" for n in range(6))),
            Grid(
                f"表{part}",
                ("序号", "投标人", "报价（元）", "工期", "质量"),
                rows,
                (True, False, True, True, False),
            ),
        ]
    blocks.append(Closing(("天水市公共资源交易中心", "2026年3月2日")))
    return Paper(
        language="zh-hans",
        title=f"评标报告（{serial}）",
        number=f"BG-{serial}",
        dated_at=DATED_AT,
        blocks=tuple(blocks),
    )  # type: ignore[arg-type]


def sheet(serial: int) -> bytes:
    """A sheet of 1,000 rows."""
    rows = [(n, f"公司{n + serial}", n * 100) for n in range(1000)]
    return workbook([Sheet("表", ("序号", "名称", "金额"), rows)], "zh-hans", DATED_AT)


def measured(make: Callable[[int], bytes]) -> tuple[float, float, int]:
    """Median wall seconds, median CPU seconds and the size of the last file."""
    walls, cpus, size = [], [], 0
    for serial in range(1, ROUNDS + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        size = len(make(serial))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus), size


def first() -> float:
    """Wall seconds from the start of a process to its first paper."""
    code = "from bench.papers import pdf, report; pdf(report(0, 1))"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> int:
    """Prints the table; 1 where twelve pages take longer than promised."""
    pages = len(pictures(report(0), 20))
    print(f"load average {os.getloadavg()[0]:.1f}")
    verdicts = Verdicts("papers")
    verdicts.note("a process and its first paper", f"{statistics.median(first() for _ in range(3)):.2f} s")
    makers: dict[str, Callable[[int], bytes]] = {
        f"PDF of {pages} pages": lambda serial: pdf(report(serial)),
        "PDF of one page": lambda serial: pdf(report(serial, 1)),
        f"Word of {pages} pages": lambda serial: word(report(serial)),
        "Excel of 1,000 rows": sheet,
    }
    for name, make in makers.items():
        wall, cpu, size = measured(make)
        if name.startswith("PDF"):
            verdicts.most(f"{name} ({size / 1024:,.0f} KB)", wall, MOST_SECONDS, "s")
        else:
            verdicts.note(f"{name} ({size / 1024:,.0f} KB)", f"{wall:.2f} s")
        verdicts.note(f"{name}, CPU", f"{cpu:.2f} s")
    verdicts.note(
        "memory of this process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main())
