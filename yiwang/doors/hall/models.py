"""What the hall keeps for its people: copies by mail, letters that are to go out, addresses of calendars."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class MailCopy(models.Model):
    """A person's wish to be told by mail that there are messages; ``confirmed_at``: the address is theirs.

    ``since_entry`` is the newest entry of the journal at that moment: what happened before is not written there.
    """

    person = models.CharField(max_length=16)
    organisation = models.CharField(max_length=18)
    address = models.EmailField()
    language = models.CharField(max_length=8)
    categories: Any = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    since_entry = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "organisation"], name="mail_copy_once")
        ]


class Letter(models.Model):
    """A letter that is to go out, until it has: ``told`` is the number of the message (null: asks to confirm).

    It holds no content: the text is made when it is sent, from the lot's code and the instant until which the
    message asks for an act. With an ``event`` it tells the owner of an account what happened to it at ``at``: such a
    letter knows its ``address`` from the moment of the event, so that a later change of address diverts nothing.
    """

    told = models.BigIntegerField(null=True, blank=True)
    person = models.CharField(max_length=16)
    organisation = models.CharField(max_length=18)
    lot = models.CharField(max_length=23, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    event = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField(null=True, blank=True)
    address = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["told", "person"], name="letter_once_a_message")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["retry_at"],
                name="letter_waiting",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]


class CalendarAddress(models.Model):
    """A secret address at which a program reads one person's calendar; only the SHA-256 of the secret is kept."""

    person = models.CharField(max_length=16)
    organisation = models.CharField(max_length=18)
    role = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        indexes: ClassVar = [models.Index(fields=["person", "organisation"], name="calendar_of")]


class SavedView(models.Model):
    """A list as somebody wants to find it again: the query string under a name of their own."""

    person = models.CharField(max_length=16)
    organisation = models.CharField(max_length=18)
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "page", "name"], name="saved_view_once_a_name"
            )
        ]
