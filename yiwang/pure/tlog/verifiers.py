"""From a vkey to something that verifies, by its kind."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.pure.tlog.ed25519 import Ed25519Verifier
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, ED25519, Scheme, Verifier, VKey
from yiwang.pure.tlog.mldsa import MldsaVerifier, mldsa_offered
from yiwang.pure.tlog.own import OwnVerifier


def verifier_of(key: VKey, schemes: Sequence[Scheme] = ()) -> Verifier | None:
    """The verifier of ``key``; None where its kind cannot be checked here (no ML-DSA-44, no such scheme)."""
    if key.kind in (ED25519, COSIGNATURE_ED25519):
        return Ed25519Verifier(key)
    if key.kind == COSIGNATURE_MLDSA44:
        return MldsaVerifier(key) if mldsa_offered() else None
    for scheme in schemes:
        if scheme.kind == key.kind:
            return OwnVerifier(key, scheme)
    return None
