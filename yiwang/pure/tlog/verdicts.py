"""Is a checkpoint, or a proof, good by a trust policy? Verdicts with every reason, and with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import WARNING, Finding, Refused
from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.cosignatures import cosigned_at
from yiwang.pure.tlog.hashing import SHA256, TreeHash
from yiwang.pure.tlog.keys import Scheme, Verifier, VKey
from yiwang.pure.tlog.lines import base64_text
from yiwang.pure.tlog.notes import Note, Opened, open_note
from yiwang.pure.tlog.policies import Party, Policy
from yiwang.pure.tlog.proof_files import ConsistencyFile, ProofFile
from yiwang.pure.tlog.proofs import consistency_findings, inclusion_findings
from yiwang.pure.tlog.refusals import COSIGNATURE, NOTE, POLICY, PROOF, finding
from yiwang.pure.tlog.verifiers import verifier_of

SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness of the policy whose cosignature is good; ``at`` is the time it states, if it states one."""

    witness: str
    key_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a checkpoint and, where one was asked about, an entry.

    ``findings`` are empty, or warnings alone, where everything holds. ``log_keys`` are the names of the log's
    keys that verified (one per key), ``cosigned`` the witnesses of the policy, ``unchecked`` the names of keys
    of the policy whose kind cannot be checked in this installation; they count for nothing.
    """

    findings: tuple[Finding, ...]
    checkpoint: Checkpoint
    log_keys: tuple[str, ...] = ()
    cosigned: tuple[Cosigned, ...] = ()
    unchecked: tuple[str, ...] = ()
    quorum: str = ""
    index: int | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(each.level == WARNING for each in self.findings)

    def require(self) -> Verdict:
        """The verdict itself where everything holds; raises Refused with all findings otherwise."""
        if not self.holds:
            raise Refused(self.findings)
        return self

    def as_json(self) -> dict[str, object]:
        """The verdict for programs: instants in UTC, root in base64."""
        return {
            "holds": self.holds,
            "origin": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": base64_text(self.checkpoint.root),
            "index": self.index,
            "log_keys": list(self.log_keys),
            "quorum": self.quorum,
            "cosigned": [
                {"witness": each.witness, "key": each.key_name, "at": iso(each.at) if each.at else None}
                for each in self.cosigned
            ],
            "unchecked": list(self.unchecked),
            "findings": [each.as_json() for each in self.findings],
        }


def checkpoint_verdict(
    note: Note, policy: Policy, schemes: Sequence[Scheme] = (), now: datetime | None = None
) -> Verdict:
    """Whether a signed checkpoint is good by ``policy``: signed by a log of it under its own origin, cosigned by
    a quorum, no known key's line wrong or doubled. Refused where the text is no checkpoint at all.

    ``schemes`` check kinds of our own; with ``now``, cosignatures later than five minutes after it are refused.
    """
    checkpoint = Checkpoint.parse(note.text)
    logs = [each for each in policy.logs if each.vkey.name == checkpoint.origin]
    usable, unchecked = _verifiers([*logs, *policy.witnesses], note, schemes)
    findings: list[Finding] = []
    if not logs:
        findings.append(finding("origin-unknown", POLICY, origin=checkpoint.origin))
    opened = Opened(note, (), len(note.lines))
    try:
        opened = open_note(note, usable)
    except Refused as refusal:
        findings += refusal.findings
    good = {key for key, _ in opened.known}
    by_log = tuple(each.vkey.name for each in logs if each.vkey in good)
    cosigned = _cosigned(opened, policy)
    findings += _late_findings(cosigned, now)
    if not by_log and not findings:
        findings.append(finding("log-unsigned", NOTE, origin=checkpoint.origin))
    if not findings and not policy.met_by({each.name for each in policy.witnesses if each.vkey in good}):
        met = ", ".join(each.witness for each in cosigned) or "-"
        findings.append(finding("quorum-missing", POLICY, quorum=policy.sentence(), met=met))
    findings += [Finding("tlog.kind-unchecked", NOTE, {"name": name}, level=WARNING) for name in unchecked]
    return Verdict(tuple(findings), checkpoint, by_log, cosigned, tuple(unchecked), policy.sentence())


def _verifiers(
    parties: Sequence[Party], note: Note, schemes: Sequence[Scheme]
) -> tuple[list[Verifier], list[str]]:
    """Verifiers of the keys of ``parties``, and the names of those with a line that cannot be checked here."""
    usable: dict[VKey, Verifier] = {}
    unchecked = []
    for party in parties:
        verifier = verifier_of(party.vkey, schemes)
        if verifier is not None:
            usable[party.vkey] = verifier
        elif any(line.is_of(party.vkey) for line in note.lines):
            unchecked.append(party.vkey.name)
    return list(usable.values()), unchecked


def proof_verdict(
    proof: ProofFile,
    entry: bytes | None,
    policy: Policy,
    schemes: Sequence[Scheme] = (),
    now: datetime | None = None,
    tree: TreeHash = SHA256,
) -> Verdict:
    """Whether ``entry`` (or, where it is None, the entry in the proof's ``extra``) is in a log by ``policy``."""
    found = checkpoint_verdict(proof.note, policy, schemes, now)
    leaf = proof.extra if entry is None else entry
    if leaf is None:
        objections = [finding("entry-missing", PROOF)]
    else:
        size, root = found.checkpoint.size, found.checkpoint.root
        objections = inclusion_findings(tree, tree.leaf(leaf), proof.index, size, proof.hashes, root)
    return _with(found, objections, proof.index)


def consistency_verdict(
    older: Checkpoint,
    file: ConsistencyFile,
    policy: Policy,
    schemes: Sequence[Scheme] = (),
    now: datetime | None = None,
    tree: TreeHash = SHA256,
) -> Verdict:
    """Whether the checkpoint of ``file`` is good by ``policy`` and continues ``older``, a checkpoint known before."""
    found = checkpoint_verdict(file.note, policy, schemes, now)
    new = found.checkpoint
    objections = []
    if older.origin != new.origin:
        objections.append(finding("log-foreign", NOTE, origin=new.origin, own=older.origin))
    elif older.size != file.old:
        objections.append(finding("request-old", NOTE, text=f"old {file.old}"))
    else:
        objections += consistency_findings(tree, older.size, older.root, new.size, new.root, file.hashes)
    return _with(found, objections, None)


def _with(found: Verdict, objections: list[Finding], index: int | None) -> Verdict:
    return Verdict(
        (*found.findings, *objections),
        found.checkpoint,
        found.log_keys,
        found.cosigned,
        found.unchecked,
        found.quorum,
        index,
    )


def _cosigned(opened: Opened, policy: Policy) -> tuple[Cosigned, ...]:
    names = {each.vkey: each.name.decode("utf-8", "backslashreplace") for each in policy.witnesses}
    return tuple(
        Cosigned(names[key], key.name, cosigned_at(key, line.signature))
        for key, line in opened.known
        if key in names
    )


def _late_findings(cosigned: Sequence[Cosigned], now: datetime | None) -> list[Finding]:
    return [
        finding("cosigned-in-future", COSIGNATURE, name=each.key_name, at=iso(each.at))
        for each in cosigned
        if now is not None and each.at is not None and each.at > now + SKEW
    ]
