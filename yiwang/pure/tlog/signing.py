"""Signing the head of a log. Never before the last signed head has been found again in what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.keys import Signer, Verifier
from yiwang.pure.tlog.log import Log
from yiwang.pure.tlog.notes import Note, open_note, parse_note, parse_signature_line, sign_note
from yiwang.pure.tlog.proof_files import ConsistencyFile, ProofFile
from yiwang.pure.tlog.refusals import CHECKPOINT, refused


def sign_checkpoint(
    log: Log, signers: Sequence[Signer], at: datetime, known: Iterable[Checkpoint] = ()
) -> Note:
    """The signed head of ``log``, kept in its storage before it is given away.

    First the log must continue its last checkpoint and every one in ``known`` (Refused ``log-shorter``,
    ``log-forked``, ``log-foreign``): a log restored from an old copy signs nothing. Every signer is called as
    the log's origin (Refused ``signer-foreign``).
    """
    for signer in signers:
        if signer.vkey.name != log.origin:
            refused("signer-foreign", CHECKPOINT, name=signer.vkey.name, origin=log.origin)
    last = log.last_checkpoint()
    for checkpoint in (*known, *([last] if last else [])):
        log.check_known(checkpoint)
    note = sign_note(log.head().text, signers, at)
    log.storage.keep_checkpoint(note.raw)
    return note


def add_cosignatures(note: Note, lines: bytes, witnesses: Sequence[Verifier]) -> Note:
    """The note with those ``lines`` (a witness's answer) that are by ``witnesses``, each verified; others are left.

    Refused where a line is malformed, a known witness's does not verify, or none is by a known witness.
    """
    answered = [
        parse_signature_line(line, place)
        for place, line in enumerate(lines.decode("utf-8", "replace").removesuffix("\n").split("\n"), 1)
    ]
    opened = open_note(Note(note.text, tuple(answered)), witnesses)
    present = {(line.name, line.key_id) for line in note.lines}
    added = [line for _, line in opened.known if (line.name, line.key_id) not in present]
    return Note(note.text, (*note.lines, *added))


def inclusion_file(log: Log, index: int, note: Note, with_entry: bool = False) -> ProofFile:
    """The tlog-proof of entry ``index`` under a signed checkpoint of ``log``; the entry in ``extra`` if wanted.

    Refused where the checkpoint is not one of this log (``log-shorter``, ``log-forked``, ``log-foreign``).
    """
    head = Checkpoint.parse(note.text)
    log.check_known(head)
    hashes = log.inclusion_proof(index, head.size)
    return ProofFile(index, tuple(hashes), note, log.entry(index) if with_entry else None)


def consistency_file(log: Log, old: int, note: Note) -> ConsistencyFile:
    """The proof from ``old`` entries to a signed checkpoint of ``log``, as a witness takes it."""
    head = Checkpoint.parse(note.text)
    log.check_known(head)
    return ConsistencyFile(old, tuple(log.consistency_proof(old, head.size)), note)


def keep_cosigned(log: Log, note: Note) -> None:
    """Keeps a checkpoint with the cosignatures it has got, in place of the same checkpoint without them.

    Refused (``checkpoint-other``) where the newest checkpoint is not this one: an older never takes its place.
    """
    if kept_note(log).text != note.text:
        refused("checkpoint-other", CHECKPOINT)
    log.storage.keep_checkpoint(note.raw)


def kept_note(log: Log) -> Note:
    """The newest signed checkpoint that the log keeps. Refused (``checkpoint-missing``) where it has none."""
    signed = log.storage.checkpoint()
    if signed is None:
        refused("checkpoint-missing", CHECKPOINT)
    return parse_note(signed)
