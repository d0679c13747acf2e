"""A small world for the tests of the log: an instant, keys from fixed seeds, logs in memory and in folders."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.tlog.api import (
    Ed25519Signer,
    FolderStorage,
    Log,
    MemoryStorage,
    MldsaSigner,
    Note,
    Policy,
    TreeHash,
    add_signatures,
    begin_log,
    inclusion_file,
    parse_policy,
    sign_checkpoint,
)

AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
ORIGIN = "log.tianshui.example/journal"


def seed_of(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


LOG_KEY = Ed25519Signer(ORIGIN, seed_of("log"))
WITNESSES = [Ed25519Signer(f"w{n}.example", seed_of(f"witness {n}"), cosigner=True) for n in range(4)]
MLDSA_WITNESS = MldsaSigner("pq.example", seed_of("pq"))


def entries(first: int, last: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(first, last)]


def memory_log(size: int, hash_name: str = "sha256") -> Log:
    storage = MemoryStorage()
    begin_log(storage, ORIGIN, AT, hash_name)
    log = Log(storage, writer=True)
    log.append(entries(0, size))
    return log


def folder_log(path: Path, size: int = 0, tail_limit: int = 0) -> Log:
    """A log in a folder; with a ``tail_limit`` of 0 its tail holds no entry that a full bundle holds."""
    storage = FolderStorage(path, writer=True, tail_limit=tail_limit)
    begin_log(storage, ORIGIN, AT)
    log = Log(storage, writer=True)
    log.append(entries(0, size))
    return log


def policy(threshold: int = 3) -> Policy:
    lines = [f"log {LOG_KEY.vkey.text}"]
    lines += [f"witness W{place} {each.vkey.text}" for place, each in enumerate(WITNESSES)]
    lines += [f"group all-four {threshold} W0 W1 W2 W3", "quorum all-four"]
    return parse_policy("".join(f"{line}\n" for line in lines).encode())


def signed(log: Log, witnesses: int = 4) -> Note:
    return add_signatures(sign_checkpoint(log, [LOG_KEY], AT), WITNESSES[:witnesses], AT)


def proof_raw(log: Log, index: int, witnesses: int = 4) -> bytes:
    return inclusion_file(log, index, signed(log, witnesses)).raw


def rules_of(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.rule.removeprefix("tlog.") for each in refusal.value.findings]


def naive_root(tree: TreeHash, leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return tree.empty
    if len(leaves) == 1:
        return tree.leaf(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node(naive_root(tree, leaves[:split]) + naive_root(tree, leaves[split:]))
