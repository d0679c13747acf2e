"""Storage of people, organisations, memberships and of the counters that slow down guessing."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from yiwang.common.identity.rules.people import INVITATION_STATUSES, OPEN
from yiwang.common.identity.rules.register import MEMBERSHIP_ROLES, ORGANISATION_STATUSES, login_name
from yiwang.pure.kernel.refs import random_code


def new_person_code() -> str:
    """``P-`` and twelve characters that cannot be guessed."""
    return random_code("P")


class PersonManager(BaseUserManager["Person"]):
    """What Django's login needs to find a person. People are made by the verb ``create_person``."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this login name, however wide its signs were typed. Raises DoesNotExist.

        Exactly as typed comes first: two that differed by width alone, from before that was refused, both stay reachable.
        """
        exact = (username or "").strip()
        plain = login_name(exact)
        rows = {each.username: each for each in self.filter(username__in={exact, plain})}
        found = rows.get(exact) or rows.get(plain)
        if found is None:
            raise self.model.DoesNotExist
        return found


class Person(AbstractBaseUser, PermissionsMixin):
    """A natural person with a login. ``code`` is public, ``username`` (a name or a phone number) is not.

    ``totp_sealed`` is the secret of the one-time codes, sealed with the key of the house ("" before
    enrolment); ``totp_step`` is the last step (of 30 seconds) whose code was used, so none works twice.
    Every session is of one ``session_epoch``; ``untold`` is what its owner has not heard yet; ``entered_at`` is the
    last login.
    """

    code = models.CharField(max_length=16, unique=True, default=new_person_code, editable=False)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    totp_sealed = models.CharField(max_length=255, blank=True, default="")
    totp_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    session_epoch = models.PositiveIntegerField(default=0)
    untold: Any = models.JSONField(default=list, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        db_table = "identity_person"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to be this person's: it changes with the password and with the epoch."""
        salt = "yiwang.common.identity.models.Person.session"
        value = f"{self.password}\0{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.code


class Organisation(models.Model):
    """A party on the register, or on its way there; ``code`` is its 统一社会信用代码.

    ``roles`` are those asked for (before admission) or held (after it); ``reasons`` are the centre's
    words of the last return.
    """

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=6)
    address = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=60)
    contact_phone = models.CharField(max_length=20)
    roles: Any = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=[(each, each) for each in ORGANISATION_STATUSES])
    reasons: Any = models.JSONField(default=list, blank=True)
    registered_by = models.CharField(max_length=16)
    reviewed_by = models.CharField(max_length=16, blank=True, default="")
    registered_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_organisation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ORGANISATION_STATUSES), name="identity_organisation_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="admitted") | Q(reviewed_at__isnull=False),
                name="identity_organisation_admitted_by_review",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "submitted_at"], name="identity_org_status")]

    def __str__(self) -> str:
        return self.code


class Membership(models.Model):
    """A person acts for an organisation in one role, from ``since_at`` until ``until_at`` (null: still).

    ``ends_at`` is when it is planned to end (a duty ends it then), ``suspended_at`` since when nobody acts by it,
    ``delegated_by`` the code of the colleague who delegated it ("": granted).
    """

    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=[(each, each) for each in MEMBERSHIP_ROLES])
    administrator = models.BooleanField(default=False)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    delegated_by = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        db_table = "identity_membership"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until_at__isnull=True),
                name="identity_membership_once",
            ),
            models.CheckConstraint(condition=Q(role__in=MEMBERSHIP_ROLES), name="identity_membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.organisation_id}:{self.role}"


class Invitation(models.Model):
    """An administrator asks somebody to act for the organisation in ``roles``; good once, until ``good_until`` (real).

    ``name`` is what the administrator calls them, ``ends_at`` when the roles are to end, ``sha256`` the digest of
    the code that they were handed.
    """

    code = models.CharField(max_length=16, unique=True)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.PROTECT, related_name="invitations"
    )
    name = models.CharField(max_length=60)
    roles: Any = models.JSONField(default=list)
    administrator = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    status = models.CharField(
        max_length=9, choices=[(each, each) for each in INVITATION_STATUSES], default=OPEN
    )
    made_by = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    good_until = models.DateTimeField()
    accepted_by = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        db_table = "identity_invitation"

    def __str__(self) -> str:
        return self.code


class ApiKey(models.Model):
    """A key with which a program acts as one membership. Only the SHA-256 of the key is kept.

    The key has 256 random bits, so a fast hash without a salt gives nothing to guess. ``code`` is public,
    ``beginning`` the first characters, by which its owner tells it from others.
    """

    code = models.CharField(max_length=16, unique=True)
    membership = models.ForeignKey("identity.Membership", on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    beginning = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_api_key"

    def __str__(self) -> str:
        return self.code


class Attempt(models.Model):
    """How often something was tried under one key (a hash, never a name or an address), in real time.

    The window begins at ``since_at``; while ``locked_until_at`` lies ahead, nothing under the key is tried.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since_at = models.DateTimeField()
    locked_until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "identity_attempt"
        indexes: ClassVar = [models.Index(fields=["since_at"], name="identity_attempt_since")]

    def __str__(self) -> str:
        return self.key
