"""What search looks through, and which pages are to be written. All of it can be rebuilt."""

from __future__ import annotations

from django.db import models

NOTICE = "notice"
LOT = "lot"


class SearchEntry(models.Model):
    """A published notice or a lot, as lists and search show it. Written by the journal reader only.

    ``form`` is the form of a notice ("" for a lot), ``category`` the family of the trade, ``stage`` the stage
    of the lot, ``text`` what is searched (see ``index``), ``shown_at`` when it became public, ``changed_at``
    when its page last changed (None: never since).
    """

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
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["-shown_at", "-id"], name="search_newest"),
            models.Index(fields=["kind", "form", "-shown_at"], name="search_by_form"),
            models.Index(fields=["kind", "deadline_at"], name="search_by_deadline"),
            models.Index(fields=["lot"], name="search_of_lot"),
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


class Page(models.Model):
    """A page of the site by its path without the language (or the refreshing that comes before a project's pages).

    ``stale`` means that a duty to write it is on the agenda; ``writings`` counts the duties that were done,
    so that each has a key of its own.
    """

    path = models.CharField(max_length=200, unique=True)
    stale = models.BooleanField(default=False)
    writings = models.PositiveBigIntegerField(default=0)
