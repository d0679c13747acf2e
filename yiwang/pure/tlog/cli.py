"""``yiwang tlog …`` and ``yiwang verify``: the parsers. What the commands do stands in ``commands`` and ``verifying``.

Exit status: 0 all is well or the proof holds, 1 something was found or it does not hold, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog import commands, verifying
from yiwang.pure.tlog.keys import Scheme
from yiwang.pure.tlog.saying import said

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
type Command = Callable[[argparse.Namespace], int]

HASHES = ("sha256", "sm3")


def add_commands(subparsers: Subparsers, schemes: Sequence[Scheme] = ()) -> None:
    """Adds ``tlog`` with keygen, append, checkpoint, prove, check and audit, and ``verify``.

    Each sets ``run`` to a callable that gives the exit status. ``schemes`` check kinds of signatures whose
    mathematics is not here (the SM2 line); without them such lines are named and not counted.
    """
    tlog = subparsers.add_parser(
        "tlog",
        help="透明日志：追加、签名、证明、审计 / transparency log: append, sign, prove, audit",
        description="透明日志（C2SP tlog-tiles）/ A transparency log in a folder, by the C2SP formats.",
    )
    leaves = tlog.add_subparsers(dest="tlog_command", metavar="命令/COMMAND", required=True)
    _add_keygen(leaves)
    _add_append(leaves)
    _add_checkpoint(leaves)
    _add_prove(leaves)
    _add_checks(leaves)
    _add_verify(subparsers, schemes)


def _run(command: Command) -> Command:
    """The command, with refusals and disk errors turned into sentences on standard error and exit status 2."""

    def run(args: argparse.Namespace) -> int:
        try:
            return command(args)
        except Refused as refusal:
            print(*said(refusal.findings), sep="\n", file=sys.stderr)
        except OSError as error:
            print(f"{error.filename or ''}: {error.strerror}", file=sys.stderr)
        return 2

    return run


def _add_keygen(leaves: Subparsers) -> None:
    keygen = leaves.add_parser("keygen", help="生成密钥，输出公钥 / make a key file, print its verifier key")
    keygen.add_argument(
        "file", type=Path, help="新密钥文件（仅本人可读）/ new secret file, for its owner alone"
    )
    keygen.add_argument(
        "--name", required=True, help="密钥名称；日志密钥即日志来源 / key name; of a log: its origin"
    )
    keygen.add_argument(
        "--kind",
        choices=sorted(commands.KINDS),
        default="ed25519",
        help="ed25519 签检查点，cosigner 作见证 / ed25519 signs checkpoints, cosigner witnesses (default ed25519)",
    )
    keygen.set_defaults(run=_run(commands.keygen))


def _add_append(leaves: Subparsers) -> None:
    append = leaves.add_parser("append", help="追加记录 / add entries, durable when it returns")
    append.add_argument("log", type=Path, help="日志目录 / folder of the log")
    append.add_argument("files", type=Path, nargs="*", help="每个文件为一条记录 / each file is one entry")
    append.add_argument(
        "--lines",
        type=Path,
        metavar="FILE",
        help="每行一条记录，- 为标准输入 / each line is one entry, - for standard input",
    )
    append.add_argument("--batch", type=int, default=256, help="每批条数 / entries a batch (default 256)")
    append.add_argument(
        "--begin", metavar="ORIGIN", help="在空目录新建日志 / begin a log in the empty folder first"
    )
    append.add_argument(
        "--hash", choices=HASHES, default="sha256", help="新日志的散列 / hash of a new log (default sha256)"
    )
    append.set_defaults(run=_run(commands.append))


def _add_checkpoint(leaves: Subparsers) -> None:
    checkpoint = leaves.add_parser("checkpoint", help="签署检查点 / sign the head, keep it and print it")
    checkpoint.add_argument("log", type=Path, help="日志目录 / folder of the log")
    checkpoint.add_argument(
        "--key",
        type=Path,
        action="append",
        required=True,
        help="密钥文件，可多次 / key file; may be repeated",
    )
    _add_known(checkpoint)
    checkpoint.set_defaults(run=_run(commands.checkpoint))


def _add_prove(leaves: Subparsers) -> None:
    prove = leaves.add_parser("prove", help="出具证明文件 / write a proof file")
    prove.add_argument("log", type=Path, help="日志目录 / folder of the log")
    what = prove.add_mutually_exclusive_group(required=True)
    what.add_argument("--index", type=int, metavar="N", help="第 N 条在日志中 / that entry N is in the log")
    what.add_argument(
        "--from",
        dest="old",
        type=int,
        metavar="SIZE",
        help="日志是旧规模的延续 / that the log continues this size",
    )
    prove.add_argument(
        "--checkpoint", type=Path, help="检查点文件，默认最近一份 / signed checkpoint (default: the newest)"
    )
    prove.add_argument(
        "--with-entry", action="store_true", help="附上记录内容 / put the entry into the proof"
    )
    prove.add_argument(
        "--out", type=Path, help="写入文件，默认标准输出 / file to write (default: standard output)"
    )
    prove.set_defaults(run=_run(commands.prove))


def _add_checks(leaves: Subparsers) -> None:
    check = leaves.add_parser("check", help="核对树根与检查点 / compare the root with checkpoints")
    audit = leaves.add_parser("audit", help="重算全部记录与瓦片 / hash every entry and compare every tile")
    for parser, command in ((check, commands.check), (audit, commands.audit)):
        parser.add_argument("log", type=Path, help="日志目录 / folder of the log")
        _add_known(parser)
        parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
        parser.set_defaults(run=_run(command))


def _add_known(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--known",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="别处保存的检查点，日志须为其延续 / checkpoint kept elsewhere that the log must continue",
    )


def _add_verify(subparsers: Subparsers, schemes: Sequence[Scheme]) -> None:
    verify = subparsers.add_parser(
        "verify",
        help="离线验证证明文件 / verify a proof file, offline",
        description="验证 .tlog-proof、检查点或延续证明 / Verifies a .tlog-proof, a checkpoint or a consistency proof.",
    )
    verify.add_argument("file", type=Path, help="要验证的文件 / the file to verify")
    verify.add_argument(
        "--policy", type=Path, required=True, help="信任策略文件 / trust policy (C2SP tlog-policy)"
    )
    verify.add_argument(
        "--entry", type=Path, help="记录内容，默认取自证明 / the entry (default: the one inside the proof)"
    )
    verify.add_argument(
        "--older", type=Path, help="旧检查点，用于延续证明 / older checkpoint, for a consistency proof"
    )
    verify.add_argument(
        "--hash", choices=HASHES, default="sha256", help="该日志的散列 / hash of the log (default sha256)"
    )
    verify.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    verify.set_defaults(run=_run(lambda args: verifying.verify(args, schemes)))
