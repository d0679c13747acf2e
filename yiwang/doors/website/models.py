"""What search looks through, and which pages are to be written. All of it can be rebuilt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Q

NOTICE = "notice"
LOT = "lot"
SUPPLIER = "supplier"


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
PLACES_AN_INSTANT = 1024


def place_of(shown_at: datetime) -> int:
    """The first number of an entry shown at an instant: numbers follow the order in which lists show entries."""
    return (shown_at - EPOCH) // timedelta(microseconds=1) * PLACES_AN_INSTANT


class SearchEntry(models.Model):
    """A published notice, a lot or a supplier, as lists and search show it. Written by the journal reader only.

    ``form`` is the form of a notice ("" for a lot), ``category`` the family of the trade, ``stage`` the stage
    of the lot (of a shared notice: of its first one, see ``FurtherLot``), ``text`` what is searched (see ``index``), ``shown_at`` when it became public, ``changed_at``
    when its page last changed (None: never since), ``standing`` what became of a notice ("": it counts as it
    appeared; see ``trading.standings``). ``id`` comes from ``place_of``: the order by ``id`` is that
    by ``shown_at``, and the index of words can be walked in it.
    """

    id = models.BigAutoField(primary_key=True)  # always given, never counted by the database

    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=64)
    form = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=6)
    stage = models.CharField(max_length=40, blank=True)
    project = models.CharField(max_length=64)
    lot = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    tenderee = models.CharField(max_length=200, blank=True)
    shown_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    standing = models.CharField(max_length=16, blank=True, default="")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["shown_at"], name="search_shown"),
            models.Index(fields=["kind", "form", "id"], name="search_form"),
            models.Index(fields=["kind", "region", "id"], name="search_region"),
            models.Index(fields=["kind", "stage", "id"], name="search_stage"),
            models.Index(fields=["kind", "category", "id"], name="search_category"),
            models.Index(fields=["region", "stage", "id"], name="search_region_stage"),
            models.Index(fields=["stage", "id"], name="search_of_stage"),
            models.Index(fields=["region", "id"], name="search_of_region"),
            models.Index(fields=["kind", "deadline_at"], name="search_by_deadline"),
            models.Index(
                fields=["deadline_at", "-id"], name="search_deadlines", condition=Q(deadline_at__isnull=False)
            ),
            models.Index(fields=["lot"], name="search_of_lot"),
        ]


class FurtherLot(models.Model):
    """A lot that shares a published notice with the one of its search entry, and its stage. Written by the journal reader only."""

    entry = models.ForeignKey("website.SearchEntry", models.CASCADE, related_name="further_lots")
    lot = models.CharField(max_length=64)
    stage = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "lot"], name="further_lot_once")]
        indexes = [
            models.Index(fields=["stage", "entry"], name="further_lot_stage"),
            models.Index(fields=["lot"], name="further_lot_code"),
        ]


class SupplierLine(models.Model):
    """An organisation that bids, as the public list of suppliers shows it. Written by the journal reader only.

    ``qualifications`` holds those verified, one a line; ``awards`` counts the lots awarded and not taken back.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=400)
    region = models.CharField(max_length=6)
    qualifications = models.TextField(blank=True)
    performance = models.PositiveIntegerField(default=0)
    awards = models.PositiveIntegerField(default=0)
    last_awarded_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="supplier_by_name"),
            models.Index(fields=["-awards"], name="supplier_by_awards"),
            models.Index(fields=["-admitted_at"], name="supplier_by_admission"),
        ]


class DatedMatter(models.Model):
    """Something of a lot that stands in the calendar: its opening, the end of a period (``kind``: see ``dates``).

    ``at`` is an instant (24:00 of a day where a period ends with it), ``changes`` counts how often it was moved
    or called off, so that calendars that hold it already take the newer one.
    """

    lot = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    project = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    region = models.CharField(max_length=6)
    place = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    off = models.BooleanField(default=False)
    changes = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "kind"], name="dated_matter_once")]
        indexes = [
            models.Index(fields=["at", "id"], name="dated_matter_by_time"),
            models.Index(fields=["kind", "at"], name="dated_matter_by_kind"),
        ]


class Subscription(models.Model):
    """Somebody's wish to be told by mail of new notices that fit a search; nothing goes out before ``confirmed_at``.

    ``""`` stands for any form or region. Instants are business time. Ending it deletes the row and its letters:
    the address is kept nowhere else.
    """

    code = models.CharField(max_length=20, unique=True)
    address = models.EmailField()
    language = models.CharField(max_length=8)
    query = models.CharField(max_length=100, blank=True)
    form = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6, blank=True)
    daily = models.BooleanField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "query", "form", "region"], name="subscription_once")
        ]
        indexes = [models.Index(fields=["form", "region"], name="subscription_by_filter")]


class Letter(models.Model):
    """A notice that a subscriber is to be told of, until it was; ``notice`` "" asks to confirm the subscription.

    ``due_at`` is business time, ``retry_at`` real. The row stays after sending, so that a notice that is read
    again is not sent again.
    """

    subscription = models.ForeignKey("website.Subscription", models.CASCADE, related_name="letters")
    notice = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "notice"], name="subscriber_told_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="subscriber_letter_waiting",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]


class Page(models.Model):
    """A page of the site by its path without the language (or the refreshing that comes before a project's pages).

    ``stale`` means that a duty to write it is on the agenda; ``writings`` counts the duties that were done,
    so that each has a key of its own.
    """

    path = models.CharField(max_length=200, unique=True)
    stale = models.BooleanField(default=False)
    writings = models.PositiveBigIntegerField(default=0)
