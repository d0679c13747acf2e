"""The public face of ``tlog``: what other rooms, and other programs, may call. The rest is internal.

Leaves and trees: ``SHA256``, ``tree_hash``, ``check_inclusion``, ``check_consistency`` and their ``…_findings``.
A log: ``begin_log``, ``Log``, over a ``Storage`` (``MemoryStorage``, ``FolderStorage``, or the journal's own);
``audit_log``. Signatures: ``Ed25519Signer``, ``MldsaSigner``, ``OwnSigner`` with ``SM2_SM3``, ``VKey``, ``Scheme``.
Evidence: ``sign_checkpoint``, ``add_cosignatures``, ``inclusion_file``, ``consistency_file``; ``parse_policy`` and
``proof_verdict``, ``checkpoint_verdict``, ``consistency_verdict``.
"""

from __future__ import annotations

from yiwang.pure.tlog.audit import Audit, audit_log
from yiwang.pure.tlog.checkpoints import Checkpoint
from yiwang.pure.tlog.cosignatures import cosigned_at
from yiwang.pure.tlog.ed25519 import Ed25519Signer, Ed25519Verifier
from yiwang.pure.tlog.folder import FolderStorage
from yiwang.pure.tlog.hashing import SHA256, TreeHash, tree_hash
from yiwang.pure.tlog.keys import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Scheme,
    Signer,
    Verifier,
    VKey,
    own_kind,
)
from yiwang.pure.tlog.log import Inception, Log, begin_log
from yiwang.pure.tlog.mldsa import MldsaSigner, MldsaVerifier, mldsa_offered
from yiwang.pure.tlog.notes import Note, SignatureLine, add_signatures, open_note, parse_note, sign_note
from yiwang.pure.tlog.own import SM2_SM3, OwnSigner, OwnVerifier
from yiwang.pure.tlog.policies import Group, Party, Policy, parse_policy
from yiwang.pure.tlog.proof_files import ConsistencyFile, ProofFile
from yiwang.pure.tlog.proofs import (
    check_consistency,
    check_inclusion,
    consistency_findings,
    inclusion_findings,
    inclusion_proof,
    range_root,
)
from yiwang.pure.tlog.refusals import sentences
from yiwang.pure.tlog.signing import (
    add_cosignatures,
    consistency_file,
    inclusion_file,
    keep_cosigned,
    kept_note,
    sign_checkpoint,
)
from yiwang.pure.tlog.storage import MemoryStorage, Storage
from yiwang.pure.tlog.tiles import ENTRIES, Tile, bundle, bundle_entries, tiles_of
from yiwang.pure.tlog.verdicts import (
    Cosigned,
    Verdict,
    checkpoint_verdict,
    consistency_verdict,
    proof_verdict,
)
from yiwang.pure.tlog.verifiers import verifier_of

__all__ = [
    # leaves and trees
    "SHA256", "TreeHash", "tree_hash", "check_inclusion", "check_consistency", "inclusion_findings", "inclusion_proof", "range_root",
    "consistency_findings", "ENTRIES", "Tile", "tiles_of", "bundle", "bundle_entries",
    # a log and where it is kept
    "Log", "Inception", "begin_log", "Storage", "MemoryStorage", "FolderStorage", "Audit", "audit_log",
    # keys and notes
    "ED25519", "COSIGNATURE_ED25519", "COSIGNATURE_MLDSA44", "SM2_SM3", "VKey", "own_kind", "Signer", "Verifier",
    "Scheme", "verifier_of", "Ed25519Signer", "Ed25519Verifier", "MldsaSigner", "MldsaVerifier", "mldsa_offered",
    "OwnSigner", "OwnVerifier", "Note", "SignatureLine", "parse_note", "sign_note", "add_signatures", "open_note",
    "cosigned_at",
    # evidence
    "Checkpoint", "sign_checkpoint", "kept_note", "add_cosignatures", "keep_cosigned", "ProofFile", "ConsistencyFile",
    "inclusion_file", "consistency_file", "Policy", "Party", "Group", "parse_policy", "Verdict", "Cosigned",
    "checkpoint_verdict", "proof_verdict", "consistency_verdict", "sentences",
]  # fmt: skip
