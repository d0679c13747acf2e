"""``yiwang check``: what is unsafe for production, each with what to do."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.pure.sm import api as sm
from yiwang.record.files import api as files
from yiwang.record.journal.api import Unborn, birth, lag, marks_keys_lost, real_now
from yiwang.site.commands.backup import stored_in
from yiwang.site.readers import READERS
from yiwang.site.ready import missing_guards

UNSAFE, NOTE = "unsafe", "note"
SMALLEST_FREE_BYTES = 5 * 1024**3
# SQLite 3.7 to 3.51.2 may lose commits when a WAL is reset under a concurrent checkpoint; fixed in 3.51.3.
SQLITE_FIXED = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found: ``level`` is unsafe or note."""

    level: str
    words: Words


def _house() -> Iterator[Remark]:
    try:
        born = birth()
    except (Unborn, OperationalError, ProgrammingError):
        yield Remark(
            UNSAFE,
            Words("数据库尚未建立：运行 yiwang setup", "The database is not founded: run yiwang setup"),
        )
        return
    if born.rehearsal:
        yield Remark(
            UNSAFE,
            Words(
                "这是演练数据库，永远不能用于真实业务：另设 YIWANG_HOME 运行 yiwang setup",
                "This is a rehearsal database and can never hold real business: run yiwang setup in another YIWANG_HOME",
            ),
        )
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Remark(
            UNSAFE,
            Words(
                "数据库结构不是最新：运行 yiwang manage migrate", "Migrations are due: yiwang manage migrate"
            ),
        )
    for each in missing_guards():
        yield Remark(
            UNSAFE,
            Words(
                f"缺少防改触发器 {each.params}：运行 yiwang manage migrate",
                f"A trigger that protects the record is missing {each.params}: run yiwang manage migrate",
            ),
        )
    for behind in lag(READERS):
        if behind.failures:
            yield Remark(
                UNSAFE,
                Words(
                    f"读取器 {behind.reader} 出错并在重试，见日志",
                    f"The reader {behind.reader} fails and retries: see the log",
                ),
            )


def _settings() -> Iterator[Remark]:
    if not settings.ORIGIN.startswith("https://"):
        yield Remark(
            UNSAFE,
            Words(
                f"YIWANG_ORIGIN 是 {settings.ORIGIN}：正式使用须为 https 地址",
                f"YIWANG_ORIGIN is {settings.ORIGIN}: production needs an https address",
            ),
        )
    if "YIWANG_SECRET_KEY" not in os.environ:
        yield Remark(
            NOTE,
            Words(
                "密钥保存在数据文件夹中；建议由环境变量 YIWANG_SECRET_KEY 提供",
                "The secret key lies in the home folder; better give it in YIWANG_SECRET_KEY",
            ),
        )
    if settings.HOME.exists() and stat.S_IMODE(settings.HOME.stat().st_mode) & 0o007:
        yield Remark(
            UNSAFE,
            Words(
                f"其他用户可以读取 {settings.HOME}：chmod 750", f"Others can read {settings.HOME}: chmod 750"
            ),
        )


def _keys() -> Iterator[Remark]:
    try:
        begun = marks_keys_lost()
    except (OperationalError, ProgrammingError):
        return  # said already: there is no house yet
    if begun:
        yield Remark(
            NOTE,
            Words(
                f"特征值专用密钥丢失过 {begun} 次：之前填报的单位负责人和付款账户不能与之后的比对",
                f"The key of marks was lost {'once' if begun == 1 else f'{begun} times'}: heads and accounts declared before are not compared with later ones",
            ),
        )


def _machine() -> Iterator[Remark]:
    if connection.vendor == "sqlite":
        version = sqlite3.sqlite_version_info
        if version < SQLITE_FIXED:
            yield Remark(
                NOTE,
                Words(
                    f"SQLite {sqlite3.sqlite_version} 有 WAL 重置缺陷（3.51.3 已修复）：请升级，或用 PostgreSQL",
                    f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug (fixed in 3.51.3): upgrade, or use PostgreSQL",
                ),
            )
        yield Remark(
            NOTE,
            Words(
                "SQLite 适合演练和小规模；正式使用建议 PostgreSQL",
                "SQLite suits rehearsals and small houses; use PostgreSQL in production",
            ),
        )
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else ".").free
    if free < SMALLEST_FREE_BYTES:
        yield Remark(
            UNSAFE, Words(f"磁盘只剩 {free // 1024**2} MiB", f"Only {free // 1024**2} MiB of disk are free")
        )
    year = local_day(real_now()).year
    for each in (year, year + 1):
        if not law.is_published(each):
            yield Remark(
                UNSAFE if each == year else NOTE,
                Words(
                    f"{each} 年工作日历尚未发布：跨入该年的期限只能暂定",
                    f"The calendar of {each} is not yet published: periods that reach into it are provisional",
                ),
            )


_STEPS = {
    "write": Words("写入", "writing"),
    "read": Words("读回", "reading back"),
    "delete": Words("删除", "deleting"),
}


def _documents() -> Iterator[Remark]:
    """Whether the storage of documents, where it speaks S3, does all that is asked of it."""
    if not settings.FILES_S3:
        return
    place = stored_in()
    try:
        with tempfile.TemporaryDirectory() as folder:
            files.probe(Path(folder))
    except files.ProbeFailed as failed:
        step = _STEPS[failed.step]
        yield Remark(
            UNSAFE,
            Words(
                f"文件存储 {place} {step.zh}失败：{failed.why}。请检查 YIWANG_S3_* 设置、网络和该账号的读、写、删除权限",
                f"The storage of documents {place} fails at {step.en}: {failed.why}. Check the YIWANG_S3_* settings, the network,"
                " and that the account may read, write and delete",
            ),
        )
    yield Remark(
        NOTE,
        Words(
            f"文件存放在 {place}：yiwang backup 不复制存储桶，请为其启用版本控制或者异地复制",
            f"Documents lie in {place}: yiwang backup does not copy the bucket; give it versioning or replication",
        ),
    )


def _cryptography() -> Iterator[Remark]:
    """Which library serves each primitive of national cryptography here, and how fast."""
    for each in sm.probe():
        yield Remark(NOTE, each.words)


def remarks() -> list[Remark]:
    """Everything found, the unsafe first."""
    return sorted(
        [*_house(), *_settings(), *_keys(), *_machine(), *_documents(), *_cryptography()],
        key=lambda each: each.level != UNSAFE,
    )


def check(args: argparse.Namespace) -> int:
    """Prints what was found; 1 where something is unsafe for production, else 0."""
    found = remarks()
    if args.json:
        print(
            json.dumps(
                [{"level": each.level, "zh": each.words.zh, "en": each.words.en} for each in found],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for each in found:
            mark = "不安全 UNSAFE" if each.level == UNSAFE else "提示 note"
            print(f"[{mark}] {each.words.zh}\n    {each.words.en}")
        if not any(each.level == UNSAFE for each in found):
            print("没有发现不安全之处 / nothing unsafe was found")
    return int(any(each.level == UNSAFE for each in found))
