"""The worked example of docs/formats: three entries, a log key, a witness, fixed seeds and a fixed time."""

from __future__ import annotations

from datetime import UTC, datetime

from yiwang.pure.tlog.api import (
    Ed25519Signer,
    Log,
    MemoryStorage,
    add_signatures,
    begin_log,
    consistency_file,
    inclusion_file,
    sign_checkpoint,
)
from yiwang.pure.tlog.tail import batch_record

AT = datetime(2026, 1, 1, tzinfo=UTC)
LOG_KEY = Ed25519Signer("example.com/log", b"\x01" * 32)
WITNESS = Ed25519Signer("witness.example", b"\x02" * 32, cosigner=True)
ENTRIES = [b"one", b"two", b"three"]


def blocks() -> dict[str, str]:
    """Name → text of every block of the worked example."""
    storage = MemoryStorage()
    begin_log(storage, "example.com/log", AT)
    log = Log(storage, writer=True)
    log.append(ENTRIES)
    note = add_signatures(sign_checkpoint(log, [LOG_KEY], AT), [WITNESS], AT)
    policy = (
        f"log {LOG_KEY.vkey.text}\nwitness W {WITNESS.vkey.text}\ngroup all-of-them 1 W\nquorum all-of-them\n"
    )
    return {
        "leaf hashes": "".join(f"{log.tree.leaf(entry).hex()}\n" for entry in ENTRIES),
        "root": f"{log.root().hex()}\n",
        "batch": f"{batch_record(0, ENTRIES).hex()}\n",
        "vkeys": f"{LOG_KEY.vkey.text}\n{WITNESS.vkey.text}\n",
        "checkpoint": note.raw.decode(),
        "proof": inclusion_file(log, 1, note, with_entry=True).raw.decode(),
        "consistency": consistency_file(log, 2, note).raw.decode(),
        "policy": policy,
    }
