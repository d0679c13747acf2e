"""Path validation (RFC 5280, 6), reduced to what double certificates need, with one verdict code for each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.sm.errors import BadSignature, Malformed
from yiwang.pure.sm.x509.certificates import ENCRYPT, SIGN, Certificate
from yiwang.pure.sm.x509.revocation import RevocationList

MAX_DEPTH = 6  # certificates between the leaf and the anchor, both counted
MAX_TRIED = 256  # chains looked at before the search is given up

OK = "ok"
CODES = (
    OK,
    "no-path",  # no chain of names leads to an anchor
    "signature",  # a certificate was not signed by the one above it
    "not-yet",  # not valid yet
    "expired",  # not valid any more
    "not-authority",  # a certificate above the leaf may not issue certificates
    "too-long",  # more authorities below one than it allows
    "usage",  # the leaf may not be used for this
    "critical",  # a critical extension is not understood
    "revoked",  # revoked by its issuer
    "list-missing",  # no revocation list of an issuer is at hand though one is required
    "list-stale",  # the revocation list is not of this time
)

# what a leaf is used for → (key usages of which it needs one, purpose that it must have)
USES: Mapping[str, tuple[frozenset[str], str | None]] = {
    "sign": (SIGN, None),
    "encrypt": (ENCRYPT, None),
    "timestamp": (SIGN, "time_stamping"),
}


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """The verdict on a leaf: ``code`` from CODES; ``depth`` counts from the leaf (0); ``subject`` is whose fault it is;
    ``chain`` is the accepted chain from leaf to anchor, empty unless the code is ok."""

    code: str
    depth: int
    subject: str
    chain: tuple[Certificate, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the leaf is accepted."""
        return self.code == OK

    @property
    def finding(self) -> Finding:
        """The verdict as a finding with a sentence in this package's sentences.toml. ValueError where it is good."""
        if self.good:
            raise ValueError("a good certificate is no finding")
        return Finding(
            f"certificate-{self.code}", "RFC 5280, 6", {"subject": self.subject, "depth": self.depth}
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of a path: the instant, the use (a key of USES), the lists at hand by issuer name (DER), and
    whether every certificate below the anchor must be covered by a list of its issuer."""

    at: datetime
    use: str
    lists: Mapping[bytes, RevocationList]
    need_lists: bool = False


def path_verdict(
    leaf: Certificate, others: Sequence[Certificate], anchors: Sequence[Certificate], policy: Policy
) -> PathVerdict:
    """The verdict on ``leaf`` by any chain through ``others`` to one of ``anchors``.

    Of several chains a good one counts; where none is good, the verdict is that of the chain that came furthest.
    """
    worst: PathVerdict | None = None
    tried = 0
    waiting: list[tuple[Certificate, ...]] = [(leaf,)]
    while waiting and tried < MAX_TRIED:
        chain = waiting.pop()
        tried += 1
        top = chain[-1]
        for anchor in anchors:
            if anchor.octets == top.octets or _may_issue(anchor, top):
                whole = chain if anchor.octets == top.octets else (*chain, anchor)
                verdict = _judged(whole, policy)
                if verdict.good:
                    return verdict
                worst = worst if worst is not None and worst.depth > verdict.depth else verdict
        if len(chain) < MAX_DEPTH:
            held = {each.octets for each in chain}
            waiting += [
                (*chain, each) for each in others if each.octets not in held and _may_issue(each, top)
            ]
    return worst or PathVerdict("no-path", 0, leaf.subject_text)


def _may_issue(issuer: Certificate, below: Certificate) -> bool:
    if issuer.subject != below.issuer:
        return False
    named = below.issuer_key
    return named is None or issuer.subject_key is None or named == issuer.subject_key


def _judged(chain: tuple[Certificate, ...], policy: Policy) -> PathVerdict:
    """The verdict on one chain, from the anchor down; the anchor itself is trusted but must be valid now."""
    for depth in range(len(chain) - 1, -1, -1):
        certificate = chain[depth]
        issuer = chain[depth + 1] if depth + 1 < len(chain) else None
        code = _code(certificate, issuer, depth, policy)
        if code != OK:
            return PathVerdict(code, depth, certificate.subject_text)
    return PathVerdict(OK, 0, chain[0].subject_text, chain)


def _code(certificate: Certificate, issuer: Certificate | None, depth: int, policy: Policy) -> str:
    if issuer is not None:
        try:
            certificate.check_issued_by(issuer)
        except (BadSignature, Malformed):
            return "signature"
    if policy.at < certificate.begins_at:
        return "not-yet"
    if policy.at > certificate.ends_at:
        return "expired"
    if certificate.unknown_critical:
        return "critical"
    if depth:
        if not certificate.is_authority or "key_cert_sign" not in (certificate.usages or {"key_cert_sign"}):
            return "not-authority"
        if certificate.path_length is not None and depth - 1 > certificate.path_length:
            return "too-long"
    elif not _fits(certificate, policy.use):
        return "usage"
    return OK if issuer is None else _revocation(certificate, issuer, policy)


def _fits(leaf: Certificate, use: str) -> bool:
    usages, purpose = USES[use]
    if leaf.usages is not None and not leaf.usages & usages:
        return False
    if purpose is None:  # a certificate for stamps or status alone signs nothing else
        return leaf.purposes is None or not leaf.purposes <= {"time_stamping", "ocsp_signing"}
    return leaf.purposes == frozenset({purpose})


def _revocation(certificate: Certificate, issuer: Certificate, policy: Policy) -> str:
    found = policy.lists.get(issuer.subject)
    if found is None:
        return "list-missing" if policy.need_lists else OK
    entry = found.entries.get(certificate.serial)
    if entry is not None and entry.at <= policy.at:
        return "revoked"
    if not found.from_at <= policy.at <= found.until_at:
        return "list-stale" if policy.need_lists else OK
    return OK
