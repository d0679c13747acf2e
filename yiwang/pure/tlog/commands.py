"""The commands of ``yiwang tlog``. Here the clock is read, once a command."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.tlog.audit import audit_log
from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.folder import FolderStorage
from yiwang.pure.tlog.key_files import make_key, read_key
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519
from yiwang.pure.tlog.lines import base64_text
from yiwang.pure.tlog.log import Log, begin_log
from yiwang.pure.tlog.notes import parse_note
from yiwang.pure.tlog.saying import said
from yiwang.pure.tlog.signing import consistency_file, inclusion_file, kept_note, sign_checkpoint
from yiwang.pure.tlog.tiles import WIDTH

KINDS = {"ed25519": ED25519, "cosigner": COSIGNATURE_ED25519, "ml-dsa-44": COSIGNATURE_MLDSA44}
_PROGRESS = 100_000  # entries between two lines of progress


def now() -> datetime:
    """The instant at which a command runs."""
    return datetime.now(UTC)  # noqa: TID251 - a command reads the clock


def keygen(args: argparse.Namespace) -> int:
    """Makes a key file; prints its verifier key."""
    print(make_key(args.file, args.name, KINDS[args.kind]).vkey.text)
    return 0


def append(args: argparse.Namespace) -> int:
    """Adds entries in batches; prints how many and the new size."""
    with FolderStorage(args.log, writer=True) as storage:
        if args.begin is not None:
            begin_log(storage, args.begin, now(), args.hash)
        log = Log(storage, writer=True)
        first = log.size
        for batch in batched(_entries(args), max(1, args.batch)):
            log.append(batch)
            _progress(log.size - len(batch), log.size)
        added = log.size - first
    print(f"追加 {added} 条，日志共 {log.size} 条 / {added} entries added, {log.size} in the log")
    return 0


def checkpoint(args: argparse.Namespace) -> int:
    """Signs the head of the log, keeps it and prints it."""
    signers = [read_key(each) for each in args.key]
    with FolderStorage(args.log, writer=True) as storage:
        note = sign_checkpoint(Log(storage, writer=True, known=known_heads(args.known)), signers, now())
    print(note.raw.decode(), end="")
    return 0


def prove(args: argparse.Namespace) -> int:
    """Writes a proof of inclusion or of consistency under a signed checkpoint."""
    log = Log(FolderStorage(args.log))
    note = parse_note(args.checkpoint.read_bytes()) if args.checkpoint else kept_note(log)
    if args.index is not None:
        raw = inclusion_file(log, args.index, note, args.with_entry).raw
    else:
        raw = consistency_file(log, args.old, note).raw
    if args.out:
        args.out.write_bytes(raw)
    else:
        print(raw.decode(), end="")
    return 0


def check(args: argparse.Namespace) -> int:
    """Opens the log, which recomputes the root and compares it with the checkpoints kept here and elsewhere."""
    return _report(args, thorough=False)


def audit(args: argparse.Namespace) -> int:
    """The same, and every entry hashed and every tile compared."""
    return _report(args, thorough=True)


def known_heads(paths: list[Path]) -> list[Checkpoint]:
    """The heads in files of signed checkpoints. Their signatures are not checked: they are the caller's own."""
    return [Checkpoint.parse(parse_note(each.read_bytes()).text) for each in paths]


def _report(args: argparse.Namespace, thorough: bool) -> int:
    findings: tuple[Finding, ...] = ()
    report: dict[str, object] = {}
    try:
        log = Log(FolderStorage(args.log), known=known_heads(args.known))
        report = {
            "origin": log.origin,
            "size": log.size,
            "root": base64_text(log.root()),
            "hash": log.tree.name,
        }
        if thorough:
            found = audit_log(log, lambda done, size: _progress(done - WIDTH, done, size))
            findings = found.findings
            report |= {"entries": found.entries, "tiles": found.tiles}
    except Refused as refusal:
        findings = refusal.findings
    report |= {"findings": [each.as_json() for each in findings]}
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_report(report)
        print(*said(findings), sep="\n", end="\n" if findings else "")
    return 1 if findings else 0


def _print_report(report: dict[str, object]) -> None:
    words = {
        "origin": "来源 / origin",
        "size": "规模 / size",
        "root": "树根 / root",
        "hash": "散列 / hash",
        "entries": "已核对记录 / entries checked",
        "tiles": "已核对瓦片 / tiles checked",
    }
    for key, word in words.items():
        if key in report:
            print(f"{word}: {report[key]}")


def _entries(args: argparse.Namespace) -> Iterator[bytes]:
    for path in args.files:
        yield path.read_bytes()
    if args.lines is None:
        return
    if str(args.lines) == "-":
        yield from (line.removesuffix(b"\n") for line in sys.stdin.buffer)
        return
    with args.lines.open("rb") as lines:
        yield from (line.removesuffix(b"\n") for line in lines)


def _progress(before: int, done: int, size: int | None = None) -> None:
    """A line of progress on standard error whenever another 100,000 entries are done."""
    if before // _PROGRESS != done // _PROGRESS:
        print(f"… {done}" + (f" / {size}" if size is not None else ""), file=sys.stderr)
