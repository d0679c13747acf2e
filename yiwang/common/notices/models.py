"""Storage of notices. What must never break is repeated by the database itself (see triggers.py)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiwang.common.notices import shapes
from yiwang.pure.kernel.canonical import loads
from yiwang.pure.kernel.refs import Ref

FIXED = (shapes.CONFIRMED, shapes.SCHEDULED, shapes.PUBLISHED)


class StoredNotice(models.Model):
    """One notice. ``about`` is a Ref in text; organisations and people stand as their public codes."""

    code = models.CharField(max_length=64, unique=True)
    serial = models.PositiveIntegerField()  # gapless within about
    form = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    field_values = models.TextField()  # canonical JSON
    region = models.CharField(max_length=6)
    law_on = models.DateField()
    tenderee = models.CharField(max_length=18)
    drafted_for = models.CharField(max_length=18)
    drafted_by = models.CharField(max_length=40)
    authors = models.TextField()  # canonical JSON: everybody who wrote in it
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    status = models.CharField(max_length=12, default=shapes.DRAFT)
    return_reasons = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=40, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    parts = models.TextField(blank=True, default="")  # canonical JSON; "" for a notice of one matter
    body = models.TextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                # few point to another: of the index of the key itself SQLite learns that most rows have the same (none)
                fields=("corrects",),
                name="notice_points_to",
                condition=models.Q(corrects__isnull=False),
            ),
            models.Index(fields=["about", "serial"], name="notice_about"),
            models.Index(fields=["status", "publish_at"], name="notice_status"),
            models.Index(fields=["tenderee", "status"], name="notice_tenderee"),
            models.Index(fields=["tenderee", "created_at"], name="notice_of_tenderee"),
            models.Index(fields=["drafted_for", "created_at"], name="notice_drafted_for"),
            models.Index(fields=["created_at", "id", "code"], name="notice_created"),
            models.Index(fields=["form", "created_at"], name="notice_form"),
            models.Index(fields=["code", "created_at"], name="notice_code_created"),
            models.Index(fields=["tenderee", "code", "created_at"], name="notice_tenderee_code"),
            models.Index(fields=["region", "created_at"], name="notice_region"),
            models.Index(fields=["status", "created_at"], name="notice_status_created"),
            models.Index(fields=["title"], name="notice_title"),
            models.Index(fields=["published_at"], name="notice_published"),
            models.Index(fields=["publish_at"], name="notice_publish"),
            models.Index(fields=["region", "id"], name="notice_region_in_order"),
            models.Index(fields=["status", "id"], name="notice_status_in_order"),
            models.Index(fields=["tenderee", "id"], name="notice_tenderee_in_order"),
            # Every order and filter of a party's own list; with "id" where many rows are alike.
            models.Index(fields=["tenderee", "created_at", "id"], name="notice_tenderee_by_created"),
            models.Index(fields=["tenderee", "publish_at"], name="notice_tenderee_by_due"),
            models.Index(fields=["tenderee", "published_at"], name="notice_tenderee_by_published"),
            models.Index(fields=["tenderee", "title"], name="notice_tenderee_by_title"),
            models.Index(fields=["tenderee", "region", "id"], name="notice_tenderee_by_region"),
            models.Index(fields=["tenderee", "form", "id"], name="notice_tenderee_by_form"),
            models.Index(fields=["drafted_for", "created_at", "id"], name="notice_drafted_by_created"),
            models.Index(fields=["drafted_for", "publish_at"], name="notice_drafted_by_due"),
            models.Index(fields=["drafted_for", "published_at"], name="notice_drafted_by_published"),
            models.Index(fields=["drafted_for", "title"], name="notice_drafted_by_title"),
            models.Index(fields=["drafted_for", "region", "id"], name="notice_drafted_by_region"),
            models.Index(fields=["drafted_for", "form", "id"], name="notice_drafted_by_form"),
            models.Index(fields=["drafted_for", "status", "id"], name="notice_drafted_by_status"),
            models.Index(fields=["drafted_for", "tenderee", "id"], name="notice_drafted_by_tenderee"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["about", "serial"], name="notice_serial_unique"),
            models.CheckConstraint(condition=Q(status__in=shapes.STATUSES), name="notice_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=FIXED)
                | (~Q(body="") & ~Q(sha256="") & ~Q(confirmed_by="") & Q(publish_at__isnull=False)),
                name="notice_fixed_has_body",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("drafted_by")), name="notice_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(publish_at__gt=F("confirmed_at")),
                name="notice_publish_after_confirm",
            ),
            models.CheckConstraint(
                condition=~Q(status=shapes.PUBLISHED) | Q(published_at__gte=F("publish_at")),
                name="notice_never_early",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(shapes.SCHEDULED, shapes.PUBLISHED)) | ~Q(checked_by=""),
                name="notice_checked",
            ),
        ]

    def facts(self, corrects: str | None = None) -> shapes.Notice:
        """The frozen record that rules and other rooms see; ``corrects`` is the code of the notice that it corrects, if read."""
        if corrects is None:
            corrects = self.corrects.code if self.corrects else ""
        return shapes.Notice(
            code=self.code,
            form=self.form,
            category=self.category,
            about=Ref.parse(self.about),
            title=self.title,
            values=loads(self.field_values),
            region=self.region,
            law_on=self.law_on,
            tenderee=self.tenderee,
            drafted_for=self.drafted_for,
            authors=tuple(loads(self.authors)),
            corrects=corrects,
            status=self.status,
            return_reasons=self.return_reasons,
            created_at=self.created_at,
            confirmed_at=self.confirmed_at,
            publish_at=self.publish_at,
            checked_at=self.checked_at,
            published_at=self.published_at,
            body=self.body,
            sha256=self.sha256,
            parts=self.told_parts(),
        )

    def told_parts(self) -> tuple[shapes.Part, ...]:
        """What a notice of several matters says of each of them; () for one matter."""
        return shapes.parts_from_json(loads(self.parts)) if self.parts else ()


class NoticeMatter(models.Model):
    """One of the matters (lots) of a notice that is about several of them: how it is found from each."""

    notice = models.ForeignKey(StoredNotice, models.CASCADE, related_name="matters")
    about = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "about"], name="notice_matter_once")]
        indexes = [models.Index(fields=["about", "notice"], name="notice_matter_about")]


class NoticeWords(models.Model):
    """Title and code of a notice, folded (``kernel.bigrams``), as lists search them."""

    notice = models.OneToOneField(StoredNotice, models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField()
