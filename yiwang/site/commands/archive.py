"""``yiwang archive``: the archive of a project as a folder, and whether such a folder is still what it was."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.db import OperationalError, ProgrammingError

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import say
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.papers.api import Altered, archive_findings, index_digest, written
from yiwang.record.journal.api import Unborn, birth, business_now
from yiwang.site.stopping import Stop


def export(args: argparse.Namespace) -> int:
    """Writes the whole archive of a project into a new folder; prints where and the digest of its index."""
    try:
        birth()
    except (Unborn, OperationalError, ProgrammingError) as error:
        raise Stop(
            "数据库尚未建立：请检查 YIWANG_HOME / the database is not founded: check YIWANG_HOME"
        ) from error
    try:
        whole = trading.export_archive(SYSTEM_ACTOR, args.code.strip(), business_now(), args.language)
        folder = written(whole, args.to)
    except trading.UnknownProject as error:
        raise Stop(f"没有这个项目 / no such project: {args.code}") from error
    except FileExistsError as error:
        raise Stop(f"文件夹已经存在 / the folder exists already: {error.filename}") from error
    except Altered as error:
        raise Stop(f"存储的文件已被改动 / a stored document was changed: {error}") from error
    except OSError as error:
        raise Stop(f"不能写入 / cannot write: {error}") from error
    print(f"已导出 / exported: {folder}（{len(whole.members)} 个文件 / files）")
    print(f"目录 SHA-256 / of the index: {whole.index.sha256}")
    return 0


def check(args: argparse.Namespace) -> int:
    """Computes every digest again, and every entry's way to the root of the journal, from the folder alone.

    0 where the folder is what its index says, 1 where not, 2 where it is no folder.
    """
    folder: Path = args.folder
    if not folder.is_dir():
        raise Stop(f"没有这个文件夹 / no such folder: {folder}")
    findings = [*archive_findings(folder), *trading.record_findings(folder)]
    head = trading.log_head(folder)
    digest = "" if any(each.rule == "archive-no-index" for each in findings) else index_digest(folder)
    if args.json:
        said = [
            {"rule": each.rule, **each.params, "zh": say(each, "zh-hans"), "en": say(each, "en")}
            for each in findings
        ]
        print(
            json.dumps(
                {
                    "intact": not findings,
                    "index_sha256": digest,
                    "log": {"size": head.size, "root": head.root, "entries": head.entries} if head else None,
                    "findings": said,
                },
                ensure_ascii=False,
            )
        )
        return int(bool(findings))
    for each in findings:
        print(f"{say(each, 'zh-hans')} / {say(each, 'en')}")
    if not findings:
        print("全部文件与目录一致 / every file is as the index says")
        if head:
            print(
                f"{head.entries} 条流水账均在存证树中 / {head.entries} entries stand in the tree of the journal"
            )
    if head:
        print(
            f"存证树 / tree: {head.size} {head.root}（与留存的检查点核对 / compare with a checkpoint that you keep）"
        )
    if digest:
        print(
            f"目录 SHA-256 / of the index: {digest}（与流水账 archive-exported 核对 / compare with the journal）"
        )
    return int(bool(findings))
