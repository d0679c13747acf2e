"""Storage of the files room: what is known of each content. The content itself lies in the folder."""

from __future__ import annotations

from django.db import models


class StoredDocument(models.Model):
    """One content. ``name`` is what the first upload called it; owners keep the names of their own."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
