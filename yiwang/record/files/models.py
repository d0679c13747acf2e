"""Storage of the files room: what is known of each content. The content itself lies in the folder."""

from __future__ import annotations

from django.db import models


class StoredDocument(models.Model):
    """One content. ``name`` is what the first upload called it; owners keep the names of their own.

    ``older`` marks what was stored before entries noted their documents: it is never collected. ``author_mark`` and
    ``source_mark`` stand for who made it and from which source (see ``marks``; "": unknown). ``marked_by`` is the state of the art in which they were made, "" before any was noted.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    older = models.BooleanField(default=False)
    author_mark = models.CharField(max_length=64, blank=True, default="")
    source_mark = models.CharField(max_length=64, blank=True, default="")
    marked_by = models.CharField(max_length=16, blank=True, default="", db_index=True)


class Upload(models.Model):
    """An upload on its way: the file on the local disk is as long as what has arrived; nothing else says so.

    ``owner`` is who may go on with it, ``sha256`` set once it is whole, judged and stored. Size in bytes.
    """

    code = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=80, db_index=True)
    account = models.CharField(max_length=40, db_index=True)  # whose quota it counts against
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, blank=True)
