"""Storage of what an organisation has verified: every version is kept, none is changed after its decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yiwang.common.identity.rules.credentials import KINDS, SUBMITTED, VERSION_STATUSES


class Credential(models.Model):
    """A qualification, a performance or a certificate of somebody's, of one organisation; ``withdrawn_at``: no more."""

    code = models.CharField(max_length=16, unique=True)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.PROTECT, related_name="credentials"
    )
    kind = models.CharField(max_length=13, choices=[(each, each) for each in KINDS])
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_credential"

    def __str__(self) -> str:
        return self.code


class CredentialVersion(models.Model):
    """What was submitted as version ``number`` of a credential.

    ``facts`` are by the parts of its kind (days as ISO text, amounts in fen), ``documents`` a list of
    ``{sha256, name, size}``, ``certificate`` the key of the number (see
    ``rules.credentials.certificate_key``) by which duplicates are found, ``digest`` the SHA-256 of
    the canonical JSON of facts and documents.
    """

    credential = models.ForeignKey("identity.Credential", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    facts: Any = models.JSONField()
    documents: Any = models.JSONField(default=list)
    certificate = models.CharField(max_length=60, db_index=True)
    digest = models.CharField(max_length=64)
    valid_until = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=9, choices=[(each, each) for each in VERSION_STATUSES], default=SUBMITTED
    )
    reasons: Any = models.JSONField(default=list, blank=True)
    submitted_by = models.CharField(max_length=16)
    submitted_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=16, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_credential_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credential", "number"], name="identity_credential_number"),
            models.UniqueConstraint(
                fields=["credential"], condition=Q(status=SUBMITTED), name="identity_credential_one_open"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="") | ~Q(reviewed_by=models.F("submitted_by")),
                name="identity_credential_four_eyes",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "submitted_at"], name="identity_credential_open")]

    def __str__(self) -> str:
        return f"{self.credential_id}:{self.number}"
