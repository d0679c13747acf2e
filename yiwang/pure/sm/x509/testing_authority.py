"""The embedded test authority. Every certificate that it issues says, in its subject, that it is for tests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import x509

from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.days import from_iso, iso
from yiwang.pure.sm.errors import Malformed
from yiwang.pure.sm.keys import SigningKey
from yiwang.pure.sm.x509 import revocation, timestamps
from yiwang.pure.sm.x509.certificates import (
    AUTHORITY,
    ENCRYPT,
    SIGN,
    Certificate,
    extension,
    key_identifier,
    make_certificate,
    read_certificate,
)
from yiwang.pure.sm.x509.requests import name, read_request
from yiwang.pure.sm.x509.revocation import Revoked, Status
from yiwang.pure.sm.x509.signing import KeySigner, Signer

MARK = "仅供测试 FOR TESTS ONLY"
LIFE = timedelta(days=3652)  # ten years
LIST_LIFE = timedelta(days=7)
STATUS_LIFE = timedelta(hours=1)


def marked(subject: bytes) -> bytes:
    """``subject`` (a name in DER) with the mark of the test authority as its last organisational unit."""
    parsed = x509.Name.load(subject, strict=True)
    sequence = [each.copy() for each in parsed.chosen]
    mark = x509.Name.build({"organizational_unit_name": MARK}).chosen[0]
    return bytes(x509.Name("", x509.RDNSequence([*sequence, mark])).dump())


def is_test(certificate: Certificate) -> bool:
    """Whether ``certificate`` says that it is for tests: shown wherever a signature is shown."""
    parsed = x509.Name.load(certificate.subject, strict=True)
    return any(
        pair["type"].native == "organizational_unit_name" and pair["value"].native == MARK
        for group in parsed.chosen
        for pair in group
    )


@dataclass
class _Issuer:
    """A certificate and what signs for it."""

    certificate: Certificate
    signer: Signer


def _serial() -> int:
    return secrets.randbits(126) | 1 << 126  # 16 bytes, positive, no leading zero


def _usage(names: frozenset[str]) -> x509.Extension:
    return extension("key_usage", set(names), critical=True)


@dataclass
class TestAuthority:
    """A root and an issuing authority on SM2 keys, with revocation, online status and time stamps.

    ``birth_at`` is when it begins to be valid; instants are always given, never read from a clock.
    """

    __test__ = False  # no test case, whatever its name says to pytest

    birth_at: datetime
    root: Certificate
    issuing: Certificate
    responder: Certificate
    stamping: Certificate
    _issuing: _Issuer
    _responder: _Issuer
    _stamping: _Issuer
    _revoked: dict[int, Revoked] = field(default_factory=dict)
    _issued: set[int] = field(default_factory=set)
    _lists: int = 0

    @classmethod
    def create(cls, birth_at: datetime, stamping: Signer | None = None) -> TestAuthority:
        """A fresh authority; ``stamping`` signs its time stamps (a fresh SM2 key where none is given)."""
        ends_at = birth_at + LIFE
        root = _self_signed("Yiwang Test Root CA", KeySigner(SigningKey.generate()), birth_at, ends_at)
        issuing_signer = KeySigner(SigningKey.generate())
        issuing = _made(
            root,
            "Yiwang Test Issuing CA",
            issuing_signer,
            (birth_at, ends_at),
            [extension("basic_constraints", {"ca": True, "path_len_constraint": 0}, True), _usage(AUTHORITY)],
        )
        responder = _made(
            issuing,
            "Yiwang Test OCSP",
            KeySigner(SigningKey.generate()),
            (birth_at, ends_at),
            [_usage(SIGN), extension("extended_key_usage", ["ocsp_signing"])],
        )
        stamps = _made(
            issuing,
            "Yiwang Test TSA",
            stamping or KeySigner(SigningKey.generate()),
            (birth_at, ends_at),
            [_usage(SIGN), extension("extended_key_usage", ["time_stamping"], True)],
        )
        return cls(
            birth_at,
            root.certificate,
            issuing.certificate,
            responder.certificate,
            stamps.certificate,
            issuing,
            responder,
            stamps,
        )

    def export_secret(self) -> bytes:
        """Everything in canonical JSON, private keys in clear: they are for tests. ValueError where the time stamps are
        signed by a signer from outside."""
        signers = {"issuing": self._issuing, "responder": self._responder, "stamping": self._stamping}
        keys: dict[str, str] = {}
        for place, issuer in signers.items():
            if not isinstance(issuer.signer, KeySigner):
                raise ValueError(f"the signer of {place} is not a key of the authority")
            keys[place] = issuer.signer.export_secret().decode()
        certificates = {"root": self.root, **{place: each.certificate for place, each in signers.items()}}
        return canonical.dumps(
            {
                "birth_at": iso(self.birth_at),
                "certificates": {place: each.octets.hex() for place, each in certificates.items()},
                "keys": keys,
                "issued": [f"{serial:x}" for serial in sorted(self._issued)],
                "revoked": [
                    [f"{each.serial:x}", iso(each.at), each.reason] for each in self._revoked.values()
                ],
                "lists": self._lists,
            }
        )

    @classmethod
    def restore(cls, text: bytes) -> TestAuthority:
        """The authority of :meth:`export_secret`. The text is the authority's own: it is not guarded against malice."""
        value = canonical.loads(text)
        held = {place: read_certificate(bytes.fromhex(each)) for place, each in value["certificates"].items()}
        issuers = {
            place: _Issuer(held[place], KeySigner(SigningKey.from_pem(key.encode())))
            for place, key in value["keys"].items()
        }
        revoked = [Revoked(int(serial, 16), from_iso(at), reason) for serial, at, reason in value["revoked"]]
        return cls(
            birth_at=from_iso(value["birth_at"]),
            **held,
            _issuing=issuers["issuing"],
            _responder=issuers["responder"],
            _stamping=issuers["stamping"],
            _revoked={each.serial: each for each in revoked},
            _issued={int(serial, 16) for serial in value["issued"]},
            _lists=value["lists"],
        )

    def issue(self, request: bytes, use: str, begins_at: datetime, days: int) -> Certificate:
        """A certificate for a request in DER; ``use`` is ``sign`` or ``encrypt``; valid for ``days`` days.

        Raises Malformed, BadKey or BadSignature where the request is not in order.
        """
        asked = read_request(request)
        return self._issue(asked.subject, asked.public_info, use, begins_at, days)

    def issue_double(
        self, request: bytes, encryption_key: bytes, begins_at: datetime, days: int
    ) -> tuple[Certificate, Certificate]:
        """The two certificates usual in China: for the request's key to sign with, and for ``encryption_key``
        (SubjectPublicKeyInfo in DER) to encrypt to. Raises Malformed where both are the same key."""
        asked = read_request(request)
        if asked.public_info == encryption_key:
            raise Malformed("double certificates are for two keys")
        return (
            self._issue(asked.subject, asked.public_info, "sign", begins_at, days),
            self._issue(asked.subject, encryption_key, "encrypt", begins_at, days),
        )

    def _issue(
        self, subject: bytes, public_info: bytes, use: str, begins_at: datetime, days: int
    ) -> Certificate:
        usages = {"sign": SIGN, "encrypt": ENCRYPT}[use]
        if not 0 < days <= 366 * 5:
            raise ValueError("a certificate is valid for 1 day to 5 years")
        made = make_certificate(
            issuer=self.issuing.subject,
            subject=marked(subject),
            public_info=public_info,
            serial=_serial(),
            begins_at=begins_at,
            ends_at=begins_at + timedelta(days=days),
            extensions=[
                extension("basic_constraints", {"ca": False}, True),
                _usage(usages),
                *_identifiers(public_info, self.issuing.public_info),
            ],
            signer=self._issuing.signer,
        )
        self._issued.add(made.serial)
        return made

    def revoke(self, serial: int, at: datetime, reason: str = "") -> None:
        """Revokes from ``at`` on. ValueError for an unknown serial number or reason; a second time changes nothing."""
        if serial not in self._issued:
            raise ValueError("the authority issued no certificate with this serial number")
        if reason and reason not in revocation.REASONS:
            raise ValueError(f"not a reason: {reason}")
        self._revoked.setdefault(serial, Revoked(serial, at, reason))

    def revocation_list(self, at: datetime) -> bytes:
        """The revocation list as of ``at``, in DER, valid for a week."""
        self._lists += 1
        entries = [each for each in self._revoked.values() if each.at <= at]
        return revocation.make_list(
            self.issuing, self._issuing.signer, self._lists, at, at + LIST_LIFE, entries
        )

    def status(self, question: bytes, at: datetime) -> bytes:
        """The answer (OCSP) to a question in DER as of ``at``, valid for an hour. Raises Malformed."""
        asked = revocation.read_question(question, self.issuing)
        revoked = self._revoked.get(asked.serial)
        if revoked is not None and revoked.at <= at:
            status = Status(revocation.REVOKED, at, at + STATUS_LIFE, revoked)
        else:
            state = revocation.GOOD if asked.serial in self._issued else revocation.UNKNOWN
            status = Status(state, at, at + STATUS_LIFE)
        return revocation.make_answer(asked, self.issuing, self.responder, self._responder.signer, status, at)

    def timestamp(self, question: bytes, at: datetime) -> bytes:
        """The time stamp (RFC 3161) for a request in DER. Raises Malformed."""
        asked = timestamps.read_time_question(question)
        return timestamps.make_time_answer(asked, self.stamping, self._stamping.signer, _serial(), at)


def _identifiers(own: bytes, issuer: bytes) -> list[x509.Extension]:
    return [
        extension("key_identifier", key_identifier(own)),
        extension("authority_key_identifier", {"key_identifier": key_identifier(issuer)}),
    ]


def _subject(common: str) -> bytes:
    parts: Mapping[str, str] = {"country_name": "CN", "organization_name": "Yiwang", "common_name": common}
    return marked(name(parts).dump())


def _self_signed(common: str, signer: Signer, begins_at: datetime, ends_at: datetime) -> _Issuer:
    made = make_certificate(
        issuer=_subject(common),
        subject=_subject(common),
        public_info=signer.public_info,
        serial=_serial(),
        begins_at=begins_at,
        ends_at=ends_at,
        extensions=[
            extension("basic_constraints", {"ca": True, "path_len_constraint": 1}, True),
            _usage(AUTHORITY),
            *_identifiers(signer.public_info, signer.public_info),
        ],
        signer=signer,
    )
    return _Issuer(made, signer)


def _made(
    issuer: _Issuer,
    common: str,
    signer: Signer,
    life: tuple[datetime, datetime],
    extensions: list[x509.Extension],
) -> _Issuer:
    made = make_certificate(
        issuer=issuer.certificate.subject,
        subject=_subject(common),
        public_info=signer.public_info,
        serial=_serial(),
        begins_at=life[0],
        ends_at=life[1],
        extensions=[*extensions, *_identifiers(signer.public_info, issuer.certificate.public_info)],
        signer=issuer.signer,
    )
    return _Issuer(made, signer)
