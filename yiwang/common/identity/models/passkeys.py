"""Storage of passkeys (WebAuthn): public keys only, the private ones never leave the person's device."""

from __future__ import annotations

from typing import Any

from django.db import models


class Passkey(models.Model):
    """A passkey of a person, from ``made_at`` until ``revoked_at`` (null: still).

    ``credential`` is the credential's id and ``public_key`` its COSE key, both in base64url; ``sign_count`` is
    the authenticator's counter at its last use (0 throughout where it has none).
    """

    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    transports: Any = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_passkey"

    def __str__(self) -> str:
        return self.code
