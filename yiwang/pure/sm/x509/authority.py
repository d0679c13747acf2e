"""What a certificate authority does for the house. The test authority implements it; a real one is chosen by configuration."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from yiwang.pure.sm.x509.certificates import Certificate


class CertificateAuthority(Protocol):
    """Issues double certificates, revokes, tells the status, stamps time. Instants are given, never read from a clock."""

    @property
    def root(self) -> Certificate: ...
    @property
    def issuing(self) -> Certificate: ...

    def issue(self, request: bytes, use: str, begins_at: datetime, days: int) -> Certificate:
        """A certificate for a request (PKCS#10 in DER); ``use`` is ``sign`` or ``encrypt``."""
        ...

    def issue_double(
        self, request: bytes, encryption_key: bytes, begins_at: datetime, days: int
    ) -> tuple[Certificate, Certificate]:
        """The signing and the encryption certificate; ``encryption_key`` is SubjectPublicKeyInfo in DER."""
        ...

    def revoke(self, serial: int, at: datetime, reason: str = "") -> None:
        """Revokes from ``at`` on."""
        ...

    def revocation_list(self, at: datetime) -> bytes:
        """The revocation list as of ``at`` in DER."""
        ...

    def status(self, question: bytes, at: datetime) -> bytes:
        """The OCSP answer to a question, both in DER."""
        ...

    def timestamp(self, question: bytes, at: datetime) -> bytes:
        """The RFC 3161 response to a request, both in DER."""
        ...
