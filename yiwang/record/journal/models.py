"""Storage of the journal. Only this room reads or writes these tables.

Append-only, kept so by triggers (see ``triggers``): Entry, Index, PublicNumber, Birth.
May be deleted from: Opening, Pseudonym (``erase``), Pending and Waiting (queues of the sequencer), Due.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CASCADE, PROTECT

REF_LENGTH = 160


class Entry(models.Model):
    """One row of the record. ``n`` has no gaps within ``about``; ``leaf`` is what is proved, byte for byte."""

    kind = models.CharField(max_length=64)
    about = models.CharField(max_length=REF_LENGTH)
    within = models.CharField(max_length=REF_LENGTH, db_index=True)
    n = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=32)
    public = models.CharField(max_length=80)  # "now", "never" or "after:KIND"
    leaf = models.BinaryField()
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "n"], name="journal_entry_gapless")]


class EntryDocument(models.Model):
    """Which documents an entry names: for whoever asks whether a content is on record. Derived from the leaf."""

    entry = models.ForeignKey(Entry, PROTECT, related_name="named")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        db_table = "journal_document"


class Index(models.Model):
    """The order: position in the log, from 0 without gaps. Readers and the feed follow it, never row ids."""

    index = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, PROTECT, related_name="placed")

    class Meta:
        db_table = "journal_index"


class PublicNumber(models.Model):
    """The public feed's own numbers, from 1 without gaps."""

    number = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, PROTECT, related_name="numbered")

    class Meta:
        db_table = "journal_public"


class Pending(models.Model):
    """Entries that the sequencer (PostgreSQL) has not placed yet."""

    entry = models.OneToOneField(Entry, PROTECT, primary_key=True, related_name="pending")


class Waiting(models.Model):
    """Entries of kind ``after:KIND`` that wait for KIND to be recorded in their matter."""

    entry = models.OneToOneField(Entry, PROTECT, primary_key=True, related_name="waiting")
    matter = models.CharField(max_length=REF_LENGTH)
    kind = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["matter", "kind"], name="journal_waiting_for")]


class Opening(models.Model):
    """Values and salts behind the commitments of one leaf: canonical JSON ``[[slot, name, value, salt], …]``.

    ``hidden`` opens what an entry keeps back until it is public, ``private`` what it never shows.
    """

    entry = models.OneToOneField(Entry, PROTECT, primary_key=True, related_name="opening")
    hidden = models.TextField()
    private = models.TextField()


class Pseudonym(models.Model):
    """Who stands behind the random name that a leaf carries; one for each actor and subject."""

    pseudonym = models.CharField(max_length=32, primary_key=True)
    about = models.CharField(max_length=REF_LENGTH)
    person = models.CharField(max_length=64)
    organisation = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "person", "organisation", "role"], name="journal_pseudonym_of"
            )
        ]


class LastingKey(models.Model):
    """A secret of the house that outlives SECRET_KEY, sealed (see ``lasting``); the highest ``number`` is in use."""

    name = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    sealed = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="journal_lasting_key")]


class Once(models.Model):
    """The first result under an idempotency key of one actor, replayed to whoever repeats the request."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of actor and key
    request = models.CharField(max_length=64)  # SHA-256 of the canonical request
    result = models.TextField()


class Due(models.Model):
    """A duty that falls due at an instant of business time. Retries are in real time."""

    key = models.CharField(max_length=200, unique=True)
    duty = models.CharField(max_length=64)
    about = models.CharField(max_length=REF_LENGTH, db_index=True)
    due_at = models.DateTimeField()
    payload = models.TextField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="journal_due_next", condition=models.Q(done_at__isnull=True)
            )
        ]


class Cursor(models.Model):
    """Where a reader stands: the index of the next entry that it will see."""

    name = models.CharField(max_length=64, primary_key=True)
    next_index = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row, at next_index
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)


class Birth(models.Model):
    """What this database is, for ever: one row, written when it is founded."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=16)
    born_at = models.DateTimeField()
    code = models.CharField(max_length=32)
    centre = models.CharField(max_length=200, blank=True)
    centre_en = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=6, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="journal_birth_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["rehearsal", "real"]), name="journal_birth_kind"
            ),
        ]


class Clock(models.Model):
    """The rehearsal clock: ``shows`` at the real instant ``set_at``; it runs on from there or stands still."""

    birth = models.OneToOneField(Birth, CASCADE, primary_key=True, related_name="clock")
    shows = models.DateTimeField()
    set_at = models.DateTimeField()
    running = models.BooleanField(default=False)
