"""Storage of who may sit on evaluation committees."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yiwang.common.identity.rules.experts import EXPERT_KINDS


class Expert(models.Model):
    """A natural person who may sit on evaluation committees, from ``since_at`` until ``until_at`` (null: still).

    An expert acts for nobody. ``employer_code`` is the 统一社会信用代码 of the employer ("" where it has none): it is
    compared with the bidders. ``also`` are further specialties beside the first, ``city`` where they live;
    ``standing`` says on what they were admitted as of equal professional standing instead of a senior title; up to and
    with ``away_until_on`` they are not called.
    """

    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="expertises")
    kind = models.CharField(max_length=16, choices=[(each, each) for each in EXPERT_KINDS])
    specialty = models.CharField(max_length=60)
    also: Any = models.JSONField(default=list, blank=True)
    city = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=60, blank=True, default="")
    standing = models.CharField(max_length=200, blank=True, default="")
    years = models.PositiveSmallIntegerField(default=0)
    employer = models.CharField(max_length=120, blank=True, default="")
    employer_code = models.CharField(max_length=18, blank=True, default="")
    away_until_on = models.DateField(null=True, blank=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_expert"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_at__isnull=True), name="identity_expert_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=EXPERT_KINDS), name="identity_expert_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.kind}"


class Avoidance(models.Model):
    """An expert declares an interest in an organisation (回避, 招标条例 46): until ``ended_at`` they are not drawn for it."""

    expert = models.ForeignKey("identity.Expert", on_delete=models.PROTECT, related_name="avoidances")
    organisation = models.CharField(max_length=18)
    reason = models.CharField(max_length=200)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_avoidance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["expert", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="identity_avoidance_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}:{self.organisation}"
