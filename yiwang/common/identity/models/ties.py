"""Storage of who heads an organisation and who controls or manages it: every version is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yiwang.common.identity.rules.credentials import SUBMITTED, VERSION_STATUSES


class Ties(models.Model):
    """What an organisation declared as version ``number``: its head, and who controls or manages it (招标条例 34).

    ``head_mark`` stands for the head's identity number, which is not kept: the same person gives the same mark.
    ``controllers`` and ``managers`` are lists of {code, name} of organisations. The newest verified one counts.
    """

    organisation = models.ForeignKey("identity.Organisation", on_delete=models.PROTECT, related_name="ties")
    number = models.PositiveIntegerField()
    head_name = models.CharField(max_length=60)
    head_mark = models.CharField(max_length=64, db_index=True)
    controllers: Any = models.JSONField(default=list)
    managers: Any = models.JSONField(default=list)
    status = models.CharField(
        max_length=9, choices=[(each, each) for each in VERSION_STATUSES], default=SUBMITTED
    )
    reason = models.CharField(max_length=500, blank=True, default="")
    submitted_by = models.CharField(max_length=16)
    submitted_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=16, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_ties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="identity_ties_number"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(status=SUBMITTED), name="identity_ties_one_open"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="") | ~Q(reviewed_by=F("submitted_by")),
                name="identity_ties_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}:{self.number}"
