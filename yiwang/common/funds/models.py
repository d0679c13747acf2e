"""Storage of refund duties. Amounts in fen; ``about`` is a Ref in text, organisations stand as their public codes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiwang.pure.kernel.refs import Ref


class RefundDuty(models.Model):
    """Principal that ``debtor`` owes ``creditor``, since when it was held, until when it is due (None: no article says).

    ``agent`` acts for the debtor ("": nobody does): it stands here so that one index finds and orders what is an agent's.
    ``paid_with`` tells deposits apart that one party paid for one matter, each with an envelope of its own ("": only one can be).
    ``words`` find the matter, folded (``kernel.bigrams``): a frequent text is looked for here, refund by refund.
    """

    code = models.CharField(max_length=40, unique=True)
    about = models.CharField(max_length=120, db_index=True)
    creditor = models.CharField(max_length=18, db_index=True)
    debtor = models.CharField(max_length=18, db_index=True)
    agent = models.CharField(max_length=18, blank=True, default="")
    words = models.TextField(blank=True, default="")
    paid_with = models.CharField(max_length=120, blank=True, default="", db_default="")
    cause = models.CharField(max_length=20)
    limit = models.CharField(max_length=40, blank=True)
    law_on = models.DateField()
    principal_fen = models.BigIntegerField()
    bears_interest = models.BooleanField()
    held_since_on = models.DateField()
    arose_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    done_on = models.DateField(null=True, blank=True)
    interest_fen = models.BigIntegerField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        indexes = (
            models.Index(fields=("about",), name="refund_open", condition=Q(done_on__isnull=True)),
            # Nearly all were paid long ago: those that wait have indices of their own.
            models.Index(fields=("due_at",), name="refund_open_by_due", condition=Q(done_on__isnull=True)),
            models.Index(
                fields=("debtor", "due_at"), name="refund_open_of_debtor", condition=Q(done_on__isnull=True)
            ),
            models.Index(
                fields=("agent", "due_at"), name="refund_open_of_agent", condition=Q(done_on__isnull=True)
            ),
            models.Index(
                fields=("creditor", "due_at"),
                name="refund_open_of_creditor",
                condition=Q(done_on__isnull=True),
            ),
            models.Index(fields=("done_on",), name="refund_by_day_paid"),
            models.Index(fields=("principal_fen",), name="refund_by_principal"),
            models.Index(fields=("debtor", "due_at", "id"), name="refund_debtor_by_due"),
            models.Index(fields=("debtor", "done_on"), name="refund_debtor_by_day_paid"),
            models.Index(fields=("debtor", "principal_fen"), name="refund_debtor_by_principal"),
            models.Index(fields=("agent", "due_at", "id"), name="refund_agent_by_due"),
            models.Index(fields=("agent", "done_on"), name="refund_agent_by_day_paid"),
            models.Index(fields=("agent", "principal_fen"), name="refund_agent_by_principal"),
            models.Index(fields=("creditor", "due_at", "id"), name="refund_creditor_by_due"),
            models.Index(fields=("debtor", "about"), name="refund_debtor_by_matter"),
            models.Index(fields=("debtor", "creditor"), name="refund_debtor_by_creditor"),
            models.Index(fields=("agent", "about"), name="refund_agent_by_matter"),
            models.Index(fields=("agent", "creditor"), name="refund_agent_by_creditor"),
            models.Index(fields=("agent", "debtor"), name="refund_agent_by_debtor"),
            models.Index(fields=("creditor", "about"), name="refund_creditor_by_matter"),
            models.Index(fields=("creditor", "debtor"), name="refund_creditor_by_debtor"),
            models.Index(fields=("cause",), name="refund_by_cause"),
            models.Index(fields=("debtor", "cause"), name="refund_debtor_by_cause"),
            models.Index(fields=("agent", "cause"), name="refund_agent_by_cause"),
            models.Index(fields=("creditor", "cause"), name="refund_creditor_by_cause"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("about", "creditor", "cause", "arose_on", "paid_with"), name="owed_once_a_deposit"
            ),
            models.CheckConstraint(condition=Q(principal_fen__gt=0), name="owed_something"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(interest_fen__gte=0), name="done_with_interest"
            ),
        )

    @property
    def ref(self) -> Ref:
        return Ref("funds", "refund", self.code)
