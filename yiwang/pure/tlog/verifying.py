"""``yiwang verify``: a proof, a checkpoint or a consistency proof against a trust policy, with sentences."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from yiwang.pure.kernel.days import shown
from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.commands import now
from yiwang.pure.tlog.hashing import tree_hash
from yiwang.pure.tlog.keys import Scheme
from yiwang.pure.tlog.lines import base64_text
from yiwang.pure.tlog.notes import parse_note
from yiwang.pure.tlog.policies import Policy, parse_policy
from yiwang.pure.tlog.proof_files import HEADER, MAX_FILE, ConsistencyFile, ProofFile
from yiwang.pure.tlog.refusals import WITNESS, refused
from yiwang.pure.tlog.saying import said
from yiwang.pure.tlog.verdicts import Verdict, checkpoint_verdict, consistency_verdict, proof_verdict


def verify(args: argparse.Namespace, schemes: Sequence[Scheme]) -> int:
    """0 where the file holds by the policy, 1 where it does not; Refused where it cannot be read."""
    policy = parse_policy(args.policy.read_bytes())
    verdict = _verdict(args, policy, schemes)
    if args.json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False, indent=1))
    else:
        print(*_lines(verdict), sep="\n")
    return 0 if verdict.holds else 1


def _verdict(args: argparse.Namespace, policy: Policy, schemes: Sequence[Scheme]) -> Verdict:
    """What the file is, is seen from its first line."""
    with args.file.open("rb") as file:
        raw = file.read(MAX_FILE + 1)  # a longer one is refused by its parser
    tree = tree_hash(args.hash)
    if raw.startswith(HEADER.encode()):
        entry = args.entry.read_bytes() if args.entry else None
        return proof_verdict(ProofFile.parse(raw), entry, policy, schemes, now(), tree)
    if raw.startswith(b"old "):
        if args.older is None:
            refused("older-missing", WITNESS)
        older = Checkpoint.parse(parse_note(args.older.read_bytes()).text)
        return consistency_verdict(older, ConsistencyFile.parse(raw), policy, schemes, now(), tree)
    return checkpoint_verdict(parse_note(raw), policy, schemes, now())


def _lines(verdict: Verdict) -> list[str]:
    head = verdict.checkpoint
    lines = ["成立 / It holds" if verdict.holds else "不成立 / It does not hold"]
    lines.append(f"日志 / log: {head.origin}")
    if verdict.index is not None:
        lines.append(f"序号 / index: {verdict.index}")
    lines += [f"规模 / size: {head.size}", f"树根 / root: {base64_text(head.root)}"]
    lines.append(f"日志签名 / signed by the log: {', '.join(verdict.log_keys) or '-'}")
    lines.append(f"要求的见证 / witnesses wanted: {verdict.quorum}")
    for each in verdict.cosigned:
        at = f"{shown(each.at, seconds=True)} (UTC+8)" if each.at else "-"
        lines.append(f"见证 / cosigned: {each.witness} ({each.key_name}) {at}")
    return [*lines, *said(verdict.findings)]
