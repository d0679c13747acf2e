"""The command line ``yiwang``: one entry for the operator and the developer.

Django and the rooms are imported by each command when it runs, after ``YIWANG_HOME`` is known: ``--help``
answers at once and a command that needs no database starts none.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from yiwang import __version__
from yiwang.pure.kernel.findings import Refused
from yiwang.site.stopping import Stop

DESCRIPTION = (
    "一网：公共资源交易中心的开放平台 / Yiwang: the open platform of a public resource trading centre"
)
Command = Callable[[argparse.Namespace], int]
# Rooms that bring commands of their own; a leaf that is not there brings none.
ROOMS_WITH_COMMANDS = ("law", "pure.sm", "pure.tlog")


def _later(module: str, function: str, *, scratch: bool = False, django: bool = True) -> Command:
    """A command that is imported when it runs, with Django set up; with ``scratch`` in a home that goes away."""

    def run(args: argparse.Namespace) -> int:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
        with contextlib.ExitStack() as stack:
            if scratch:
                os.environ["YIWANG_HOME"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="yiwang-"))
                os.environ.pop("YIWANG_DATABASE", None)
            if django:
                importlib.import_module("django").setup()
            command: Command = getattr(importlib.import_module(f"yiwang.site.commands.{module}"), function)
            return command(args)

    return run


def parser(asked: str = "") -> argparse.ArgumentParser:
    """The whole parser, with every command and option explained.

    Where ``asked`` is a command of the site itself, the other rooms' commands are left out and not even loaded.
    """
    root = argparse.ArgumentParser(
        prog="yiwang",
        description=DESCRIPTION,
        epilog="YIWANG_HOME 指明全部数据所在文件夹（默认 ./home）/ YIWANG_HOME names the folder of all state (default ./home)",
    )
    root.add_argument("--version", action="version", version=f"yiwang {__version__}")
    commands = root.add_subparsers(dest="command", metavar="命令/COMMAND", required=True)
    _add_site_commands(commands)
    if asked not in commands.choices:
        for room in ROOMS_WITH_COMMANDS:
            if Path(__file__).parent.parent.joinpath(*room.split("."), "cli.py").exists():
                importlib.import_module(f"yiwang.{room}.cli").add_commands(commands)
    return root


def _add_site_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    setup = commands.add_parser("setup", help="首次启动一个真实的交易中心 / first start of a real centre")
    setup.add_argument("--name", required=True, help="中心名称 / name of the centre in Chinese")
    setup.add_argument("--name-en", required=True, help="中心英文名称 / name of the centre in English")
    setup.add_argument(
        "--code", required=True, help="中心的统一社会信用代码 / 18-character code of the centre"
    )
    setup.add_argument("--region", required=True, help="行政区划代码，如 620500 / region code, e.g. 620500")
    setup.add_argument("--address", required=True, help="中心地址 / address of the centre")
    setup.add_argument("--phone", required=True, help="中心电话 / phone of the centre")
    setup.add_argument("--owner", required=True, help="首位管理人员姓名 / name of the first person")
    setup.add_argument(
        "--username", required=True, help="其登录名 / login name (password: YIWANG_OWNER_PASSWORD or asked)"
    )
    setup.set_defaults(run=_later("setup", "setup"))

    serve = commands.add_parser("serve", help="启动网站和后台任务 / run the site and the worker")
    serve.add_argument(
        "--host", default="127.0.0.1", help="监听地址 / address to listen on (default 127.0.0.1)"
    )
    serve.add_argument("--port", type=int, default=8000, help="端口 / port (default 8000)")
    serve.add_argument(
        "--processes", type=int, default=1, help="进程数，仅 PostgreSQL / processes, PostgreSQL only"
    )
    serve.add_argument("--threads", type=int, default=8, help="每进程线程数 / threads a process (default 8)")
    serve.set_defaults(run=_later("serve", "serve", django=False))

    worker = commands.add_parser(
        "worker", help="只运行后台任务（PostgreSQL）/ run only the worker (PostgreSQL)"
    )
    worker.add_argument("--once", action="store_true", help="做完到期事项即退出 / stop when nothing is due")
    worker.set_defaults(run=_later("worker", "worker"))

    demo = commands.add_parser("demo", help="建一座演示城市并启动 / build a demo city and serve it")
    demo.add_argument(
        "--seed", type=int, default=1, help="同一种子，同一城市 / same seed, same city (default 1)"
    )
    demo.add_argument("--host", default="127.0.0.1", help="监听地址 / address to listen on")
    demo.add_argument("--port", type=int, default=8000, help="端口 / port (default 8000)")
    demo.add_argument("--fresh", action="store_true", help="重建演示城市 / build the city anew")
    demo.add_argument("--no-serve", action="store_true", help="只建不启动 / build only")
    demo.set_defaults(run=_later("demo", "demo"))

    _add_tool_commands(commands)


def _add_tool_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    replay = commands.add_parser(
        "replay", help="用真实合同走一遍流程 / take real contracts through the verbs"
    )
    replay.add_argument(
        "file", nargs="?", type=Path, help="CSV 文件；不给则用内置小样 / CSV file; default: a small sample"
    )
    replay.add_argument("--country", help="只取某国 / only contracts of this country")
    replay.add_argument("--limit", type=int, help="最多几份合同 / at most so many contracts")
    replay.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    replay.set_defaults(run=_later("replay", "replay", scratch=True))

    award = commands.add_parser("award", help="核对定标结果 / look into awards")
    leaves = award.add_subparsers(dest="award_command", metavar="命令/COMMAND", required=True)
    recompute = leaves.add_parser(
        "recompute",
        help="由流水账重新计算定标结果，一致 0，不同 1，不能 2 / award again from the journal: 0 equal, 1 differs, 2 cannot",
    )
    recompute.add_argument(
        "code",
        metavar="项目或标段/PROJECT_OR_LOT",
        help="项目（17 位）或标段（23 位）编号 / code of a project or a lot",
    )
    recompute.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    recompute.set_defaults(run=_later("award", "recompute"))

    _add_archive_commands(commands)

    check = commands.add_parser("check", help="检查是否可以正式使用 / what is unsafe for production")
    check.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    check.set_defaults(run=_later("check", "check"))

    backup = commands.add_parser("backup", help="备份到一个文件 / back everything up into one file")
    backup.add_argument("file", type=Path, help="目标文件（.tar.gz）/ target file (.tar.gz)")
    backup.set_defaults(run=_later("backup", "backup"))

    restore = commands.add_parser("restore", help="从备份恢复到空的文件夹 / restore into an empty home")
    restore.add_argument("file", type=Path, help="备份文件 / backup file")
    restore.set_defaults(run=_later("backup", "restore"))

    manage = commands.add_parser(
        "manage", help="Django 管理命令（开发用）/ Django's own commands (for developers)"
    )
    manage.add_argument("rest", nargs=argparse.REMAINDER, help="命令及参数 / command and arguments")
    manage.set_defaults(run=_later("manage", "manage"))


def _add_archive_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    archive = commands.add_parser("archive", help="项目档案（一标一档）/ archives of projects")
    leaves = archive.add_subparsers(dest="archive_command", metavar="命令/COMMAND", required=True)
    export = leaves.add_parser(
        "export", help="把一个项目的档案导出为文件夹 / export a project as a folder with an index"
    )
    export.add_argument("code", metavar="项目/PROJECT", help="项目编号（17 位）/ code of the project")
    export.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="文件夹/FOLDER",
        help="在此文件夹中新建 / made inside this folder",
    )
    export.add_argument(
        "--language",
        choices=("zh-hans", "en"),
        default="",
        help="档案语言，默认按 YIWANG_ARCHIVE_LANGUAGE / language of the archive, YIWANG_ARCHIVE_LANGUAGE by default",
    )
    export.set_defaults(run=_later("archive", "export"))
    check = leaves.add_parser(
        "check",
        help="重新计算每个文件的校验值，一致 0，不符 1 / compute every digest again: 0 as filed, 1 not",
    )
    check.add_argument("folder", type=Path, metavar="文件夹/FOLDER", help="档案文件夹 / the archive's folder")
    check.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    check.set_defaults(run=_later("archive", "check"))


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when all is well, 1 when it found something, 2 when it could not be done."""
    words = sys.argv[1:] if argv is None else list(argv)
    args = parser(words[0] if words else "").parse_args(words)
    command: Command = args.run
    try:
        return command(args)
    except Stop as stop:
        print(f"yiwang: {stop}", file=sys.stderr)
    except Refused as refused:
        from yiwang.site.commands.saying import said  # Django is set up where a verb has refused

        for line in said(refused):
            print(f"yiwang: {line}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
