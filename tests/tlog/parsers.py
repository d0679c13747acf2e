"""Every parser of the package as a function of bytes that either refuses or gives back what it read."""

from __future__ import annotations

from collections.abc import Callable

from tests.tlog.worlds import LOG_KEY, MLDSA_WITNESS, WITNESSES, entries, memory_log, signed
from yiwang.pure.tlog.api import (
    Checkpoint,
    ConsistencyFile,
    Inception,
    ProofFile,
    Tile,
    VKey,
    bundle,
    bundle_entries,
    checkpoint_verdict,
    consistency_file,
    inclusion_file,
    open_note,
    parse_note,
    parse_policy,
    verifier_of,
)
from yiwang.pure.tlog.key_files import parse_key
from yiwang.pure.tlog.tail import batch_record, read_tail

_LOG = memory_log(300)
_NOTE = signed(_LOG)
_POLICY = (
    f"log {LOG_KEY.vkey.text} https://log.example/\n"
    + "".join(f"witness W{place} {each.vkey.text}\n" for place, each in enumerate(WITNESSES))
    + "# comment\ngroup g 2 W0 W1 W2\n\tgroup h any  W3 g\nquorum h\n"
).encode()


def _note(raw: bytes) -> bytes:
    note = parse_note(raw)
    assert note.raw == raw
    open_note(note, [verifier_of(LOG_KEY.vkey)])
    return note.raw


def _vkey(raw: bytes) -> bytes:
    return VKey.parse(raw).text.encode()


def _checkpoint(raw: bytes) -> bytes:
    return Checkpoint.parse(raw).text


def _proof(raw: bytes) -> bytes:
    proof = ProofFile.parse(raw)
    checkpoint_verdict(proof.note, parse_policy(_POLICY))
    return proof.raw


def _request(raw: bytes) -> bytes:
    return ConsistencyFile.parse(raw).raw


def _policy(raw: bytes) -> bytes:
    policy = parse_policy(raw)
    assert policy.met_by({each.name for each in policy.witnesses})
    assert policy.sentence()
    return raw


def _tile(raw: bytes) -> bytes:
    return Tile.parse(raw.decode("latin-1")).path.encode("latin-1")


def _bundle(raw: bytes) -> bytes:
    return bundle(bundle_entries(raw))


def _tail(raw: bytes) -> bytes:
    tail = read_tail(raw, 0)
    assert raw.endswith(tail.torn)
    return raw


def _inception(raw: bytes) -> bytes:
    return Inception.parse(raw).record()


def _key(raw: bytes) -> bytes:
    assert parse_key(raw).vkey.text
    return raw


PARSERS: dict[str, tuple[Callable[[bytes], bytes], list[bytes]]] = {
    "note": (_note, [_NOTE.raw]),
    "vkey": (
        _vkey,
        [LOG_KEY.vkey.text.encode(), WITNESSES[0].vkey.text.encode(), MLDSA_WITNESS.vkey.text.encode()],
    ),
    "checkpoint": (_checkpoint, [_NOTE.text, Checkpoint("o", 2**63 - 1, bytes(32), ("x",)).text]),
    "proof": (_proof, [inclusion_file(_LOG, 7, _NOTE).raw, inclusion_file(_LOG, 299, _NOTE, True).raw]),
    "request": (_request, [consistency_file(_LOG, 7, _NOTE).raw]),
    "policy": (_policy, [_POLICY]),
    "tile": (_tile, [Tile(0, 1234067, 3).path.encode(), Tile(-1, 5).path.encode()]),
    "bundle": (_bundle, [bundle(entries(0, 5))]),
    "tail": (_tail, [batch_record(0, entries(0, 3)) + batch_record(3, entries(3, 9))]),
    "inception": (_inception, [_LOG.inception.record()]),
    "key": (_key, [b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"]),
}
"""Name → (what it reads and gives back, texts that it accepts)."""
