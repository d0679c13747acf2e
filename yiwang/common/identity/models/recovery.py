"""Storage of what opens a login whose second step was lost: recovery codes, and resets that two people decide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yiwang.common.identity.rules.recovery import ASKED, RESET_STATUSES


class RecoveryCode(models.Model):
    """A code that replaces the second step once. Only the SHA-256 is kept: it has 80 random bits.

    It opens nothing any more once ``used_at`` or ``voided_at`` is set.
    """

    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="recovery_codes")
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_recovery_code"

    def __str__(self) -> str:
        return f"{self.person_id}:{self.sha256[:8]}"


class AdministratorRequest(models.Model):
    """An organisation's administrator is gone: one of the centre asks for a new one, a second one allows or declines.

    ``asked_by`` and ``decided_by`` are codes of persons.
    """

    code = models.CharField(max_length=16, unique=True)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.PROTECT, related_name="administrator_requests"
    )
    person = models.ForeignKey(
        "identity.Person", on_delete=models.PROTECT, related_name="administrator_requests"
    )
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=[(each, each) for each in RESET_STATUSES], default=ASKED)
    asked_by = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=16, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_administrator_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(status=ASKED), name="identity_administrator_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("asked_by")),
                name="identity_administrator_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LoginReset(models.Model):
    """Somebody asked for a person's login to be reset; a second one allows or refuses it.

    ``asked_by`` and ``decided_by`` are codes of persons; ``organisation`` is that in whose name it was asked.
    ``sha256`` is the digest of the code that the person enters (80 random bits), good until ``good_until`` in
    real time.
    """

    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="resets")
    organisation = models.CharField(max_length=18)
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=[(each, each) for each in RESET_STATUSES], default=ASKED)
    asked_by = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=16, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    good_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_login_reset"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status=ASKED), name="identity_reset_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("asked_by")),
                name="identity_reset_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.code
