"""Storage of projects, lots, envelopes, bids and what follows. Amounts in fen, instants with a zone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiwang.pure.kernel.refs import Ref

PREQUALIFIED_PROCEDURE = "works-open-prequalified"
PREQUALIFYING = ("pq-announcing", "applying", "reviewing", "prequalified")
TENDER_PHASE, PREQUALIFICATION_PHASE = "", "prequalification"


def phase_of(procedure: str, stage: str, tender_notice: str) -> str:
    """The phase of a lot of that procedure in that stage, with the code of its tender notice ("" none): see Lot.phase."""
    ended = stage in ("failed", "terminated") and not tender_notice
    early = stage in ("registered", *PREQUALIFYING) or ended
    return PREQUALIFICATION_PHASE if procedure == PREQUALIFIED_PROCEDURE and early else TENDER_PHASE


class Project(models.Model):
    """A registered works project of one tenderee."""

    code = models.CharField(max_length=17, unique=True)
    name = models.CharField(max_length=200)
    tenderee = models.CharField(max_length=18, db_index=True)
    agency = models.CharField(max_length=18, blank=True, db_index=True)
    region = models.CharField(max_length=6, db_index=True)
    funds = models.CharField(max_length=100)
    approval = models.CharField(max_length=100)
    state_funded = models.BooleanField()
    registered_by = models.CharField(max_length=20)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ("-registered_at", "-id")
        indexes = (
            models.Index(fields=("name",), name="project_name"),
            models.Index(fields=("registered_at",), name="project_registered"),
            models.Index(fields=("tenderee", "registered_at"), name="project_of_tenderee"),
            models.Index(fields=("agency", "registered_at"), name="project_of_agency"),
            models.Index(fields=("tenderee", "id"), name="project_tenderee_in_order"),
            models.Index(fields=("agency", "id"), name="project_agency_in_order"),
            # Every order and filter of a party's own list; with "id" where many rows are alike.
            models.Index(fields=("tenderee", "name"), name="project_tenderee_by_name"),
            models.Index(fields=("tenderee", "code"), name="project_tenderee_by_code"),
            models.Index(fields=("tenderee", "agency", "id"), name="project_tenderee_by_agency"),
            models.Index(fields=("tenderee", "region", "id"), name="project_tenderee_by_region"),
            models.Index(fields=("agency", "name"), name="project_agency_by_name"),
            models.Index(fields=("agency", "code"), name="project_agency_by_code"),
            models.Index(fields=("agency", "tenderee", "id"), name="project_agency_by_tenderee"),
            models.Index(fields=("agency", "region", "id"), name="project_agency_by_region"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def ref(self) -> Ref:
        return Ref("trading", "project", self.code)


class Lot(models.Model):
    """A lot (标段): it runs one procedure and is in one stage; ``law_on`` fixes the law that applies.

    Publication, documents and deadline are those of the phase that the lot is in: first of a prequalification, where
    there is one (which keeps its own), then of the tender.
    """

    code = models.CharField(max_length=23, unique=True)
    project = models.ForeignKey("trading.Project", models.PROTECT, related_name="lots")
    # Those of the project, which never change: a purchaser's lots are found and ordered by one index.
    tenderee = models.CharField(max_length=18, blank=True, default="")
    agency = models.CharField(max_length=18, blank=True, default="")
    region = models.CharField(max_length=6, blank=True, default="")
    name = models.CharField(max_length=200)
    content = models.TextField()
    estimate_fen = models.BigIntegerField()
    procedure = models.CharField(max_length=40)
    stage = models.CharField(max_length=40, db_index=True)
    stage_since_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=1)
    retender_of = models.CharField(max_length=23, blank=True)
    law_on = models.DateField(null=True, blank=True)

    publish_at = models.DateTimeField(null=True, blank=True)
    documents_from_at = models.DateTimeField(null=True, blank=True)
    documents_until_on = models.DateField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True, db_index=True)
    opening_place = models.CharField(max_length=200, blank=True)
    qualification = models.TextField(blank=True)
    consortium_allowed = models.BooleanField(default=False)
    ceiling_fen = models.BigIntegerField(null=True, blank=True)
    deposit_fen = models.BigIntegerField(default=0)
    validity_days = models.PositiveIntegerField(default=90)
    period_days = models.PositiveIntegerField(default=0)
    tender_notice = models.CharField(max_length=40, blank=True)

    # The method of evaluation with its parameters ({}: lowest evaluated price), and the draw of its coefficients:
    # the secret is told at the opening, until then only its digest is.
    method = models.JSONField(default=dict)
    draw_secret = models.CharField(max_length=80, blank=True)
    draw_commitment = models.CharField(max_length=64, blank=True)
    draw = models.JSONField(default=dict)

    # Since when it stands still, for an objection or by order of the supervisor; ``stopped_at``: since when by order.
    suspended_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    postponed_at = models.DateTimeField(null=True, blank=True)

    round = models.PositiveSmallIntegerField(default=1)  # of the evaluation: it may be done again
    panel = models.PositiveSmallIntegerField(default=1)  # of committees: a new one may be ordered
    evaluation_until_at = models.DateTimeField(null=True, blank=True)
    time_extended_at = models.DateTimeField(null=True, blank=True)
    review_ended_at = models.DateTimeField(null=True, blank=True)
    report_received_at = models.DateTimeField(null=True, blank=True)
    publicity_notice = models.CharField(max_length=40, blank=True)
    publicity_from_at = models.DateTimeField(null=True, blank=True)
    publicity_until_at = models.DateTimeField(null=True, blank=True)
    result_notice = models.CharField(max_length=40, blank=True)
    outcome = models.TextField(blank=True)
    ending = models.TextField(blank=True)

    class Meta:
        ordering = ("-stage_since_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(estimate_fen__gt=0), name="lot_estimate_positive"),
            models.CheckConstraint(condition=Q(deposit_fen__gte=0), name="lot_deposit_not_negative"),
        )
        indexes = (
            models.Index(fields=("stage", "stage_since_at"), name="lot_stage"),
            models.Index(fields=("tenderee", "stage_since_at"), name="lot_of_tenderee"),
            models.Index(fields=("tenderee", "stage"), name="lot_of_tenderee_in_stage"),
            models.Index(fields=("agency", "stage_since_at"), name="lot_of_agency"),
            models.Index(fields=("agency", "stage"), name="lot_of_agency_in_stage"),
            models.Index(fields=("region", "stage_since_at"), name="lot_of_region"),
            models.Index(fields=("tenderee", "id", "law_on", "project"), name="lot_tenderee_in_order"),
            models.Index(fields=("agency", "id", "law_on", "project"), name="lot_agency_in_order"),
            models.Index(fields=("region", "id", "law_on"), name="lot_region_in_order"),
            # Every order and filter of a party's own list; with "id" where many rows are alike.
            models.Index(fields=("tenderee", "code"), name="lot_tenderee_by_code"),
            models.Index(fields=("tenderee", "estimate_fen"), name="lot_tenderee_by_estimate"),
            models.Index(fields=("tenderee", "deadline_at"), name="lot_tenderee_by_deadline"),
            models.Index(fields=("tenderee", "agency", "id"), name="lot_tenderee_by_agency"),
            models.Index(fields=("tenderee", "region", "id"), name="lot_tenderee_by_region"),
            models.Index(fields=("agency", "code"), name="lot_agency_by_code"),
            models.Index(fields=("agency", "estimate_fen"), name="lot_agency_by_estimate"),
            models.Index(fields=("agency", "deadline_at"), name="lot_agency_by_deadline"),
            models.Index(fields=("agency", "tenderee", "id"), name="lot_agency_by_tenderee"),
            models.Index(fields=("agency", "region", "id"), name="lot_agency_by_region"),
            models.Index(fields=("region", "law_on"), name="lot_region_announced"),
            models.Index(fields=("project",), name="lot_unannounced", condition=Q(law_on__isnull=True)),
            models.Index(fields=("stage", "law_on"), name="lot_stage_announced"),
            models.Index(fields=("stage", "id"), name="lot_stage_in_order"),
            models.Index(fields=("publicity_until_at",), name="lot_publicity_until"),
            models.Index(fields=("retender_of",), name="lot_retender_of", condition=~Q(retender_of="")),
            models.Index(fields=("stage_since_at",), name="lot_since"),
            models.Index(fields=("estimate_fen",), name="lot_estimate"),
            models.Index(fields=("name",), name="lot_name"),
            models.Index(
                fields=("suspended_at",), name="lot_suspended", condition=Q(suspended_at__isnull=False)
            ),
            models.Index(
                fields=("postponed_at",), name="lot_postponed", condition=Q(postponed_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def ref(self) -> Ref:
        return Ref("trading", "lot", self.code)

    @property
    def prequalifies(self) -> bool:
        """Whether only those bid who passed a prequalification."""
        return self.procedure == PREQUALIFIED_PROCEDURE

    @property
    def phase(self) -> str:
        """To which phase documents, takers and questions belong now; a lot that ended stays in the one it ended in."""
        return phase_of(self.procedure, self.stage, self.tender_notice)


class Worded(models.Model):
    """A folded text (``kernel.bigrams``) as lists search it; beside it what they are ordered by while they do."""

    text = models.TextField()
    tenderee = models.CharField(max_length=18, default="")
    agency = models.CharField(max_length=18, blank=True, default="")
    region = models.CharField(max_length=6, default="")

    class Meta:
        abstract = True


class ProjectWords(Worded):
    """Name and code of a project."""

    project = models.OneToOneField("trading.Project", models.CASCADE, primary_key=True, related_name="words")


class LotWords(Worded):
    """The same of a lot, with the name of its project."""

    lot = models.OneToOneField("trading.Lot", models.CASCADE, primary_key=True, related_name="words")


class LotDocument(models.Model):
    """A tender document of a lot (or one of its prequalification: ``phase``), by its content."""

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="documents")
    phase = models.CharField(max_length=16, blank=True, default=TENDER_PHASE)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("lot", "phase", "sha256"), name="lot_document_once"),)


class Taking(models.Model):
    """Who took the documents of a ``phase``: names and number are secret (招标投标法 22)."""

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="takings")
    phase = models.CharField(max_length=16, blank=True, default=TENDER_PHASE)
    organisation = models.CharField(max_length=18)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("lot", "organisation", "phase"), name="taken_once"),)
        indexes = (models.Index(fields=("organisation", "lot"), name="taken_by"),)


class Question(models.Model):
    """What a taker of the documents asked about them. Who asked is told to nobody, not to the tenderee either."""

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="questions")
    phase = models.CharField(max_length=16, blank=True, default=TENDER_PHASE)
    asker = models.CharField(max_length=18)
    text = models.TextField()
    papers = models.JSONField()
    asked_at = models.DateTimeField()
    answered_in = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("asked_at", "id")

    @property
    def ref(self) -> Ref:
        return Ref("trading", "question", self.code)


class Clarification(models.Model):
    """A clarification or amendment of the documents (招标投标法 23): what its notice does to a lot when it appears.

    ``new_deadline_at`` is set where it moves the deadline, ``answers`` are the codes of the questions it answers.
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="clarifications")
    notice = models.CharField(max_length=40, db_index=True)
    content = models.TextField()
    affects_bids = models.BooleanField()
    planned_at = models.DateTimeField()
    deadline_before_at = models.DateTimeField()
    new_deadline_at = models.DateTimeField(null=True, blank=True)
    papers = models.JSONField()
    answers = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("lot", "notice"), name="notice_does_it_once_a_lot"),
            models.CheckConstraint(
                condition=Q(new_deadline_at__isnull=True) | Q(new_deadline_at__gt=F("deadline_before_at")),
                name="deadline_moves_forward",
            ),
        )


class Objection(models.Model):
    """An objection to documents (招标条例 22; of the prequalification too), opening (44) or result (54). Until its answer the lot is suspended.

    ``amends`` says that by the answer the documents change; ``settled_in`` is the notice that changed them.
    ``interest`` is why the result concerns somebody who did not bid; ``remedy`` what an upheld objection to the
    result leads to ("" where it was not upheld).
    """

    DOCUMENTS, OPENING, RESULT = "documents", "opening", "result"
    PREQUALIFICATION = "prequalification"  # its documents

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="objections")
    matter = models.CharField(max_length=16, default=DOCUMENTS)
    objector = models.CharField(max_length=18)
    interest = models.TextField(blank=True)
    text = models.TextField()
    papers = models.JSONField()
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answer_papers = models.JSONField(default=list)
    amends = models.BooleanField(default=False)
    remedy = models.CharField(max_length=16, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_in = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("raised_at", "id")
        indexes = (
            models.Index(fields=("raised_at",), name="objection_raised"),
            models.Index(fields=("answered_at",), name="objection_answered"),
            models.Index(fields=("objector",), name="objection_of"),
        )

    @property
    def ref(self) -> Ref:
        return Ref("trading", "objection", self.code)


class Complaint(models.Model):
    """A complaint to a supervisory body about a tender (招标条例 60): for complainant, body and respondent alone.

    ``complainant``, ``respondent`` and ``authority`` are organisations. ``stage`` is that of the procedure
    works-complaint. ``warnings`` are what the law notes of its steps: made late, without an objection, decided late.
    ``ground`` is that of a refusal, or of a rejection for bad faith; ``reason`` the text of either, or of the decision.
    ``correction`` is what an upheld one orders (W28-correction); ``corrector`` the tenderee who has to ("" where nothing
    has to be done), ``corrected_by`` the step of the tender that did it ("" where the tenderee stated it: ``corrected_how``).
    """

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="complaints")
    matter = models.CharField(max_length=16)
    complainant = models.CharField(max_length=18)
    respondent = models.CharField(max_length=18)
    authority = models.CharField(max_length=18)
    interest = models.TextField(blank=True)
    learnt_on = models.DateField()
    text = models.TextField()
    request = models.TextField()
    papers = models.JSONField()
    made_at = models.DateTimeField()
    stage = models.CharField(max_length=16, default="received")
    warnings = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    ground = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    decision_papers = models.JSONField(default=list)
    correction = models.CharField(max_length=24, blank=True, default="")
    corrector = models.CharField(max_length=18, blank=True, default="")
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.CharField(max_length=24, blank=True, default="")
    corrected_how = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("made_at", "id")
        indexes = (
            models.Index(fields=("authority", "stage", "made_at"), name="complaint_to"),
            models.Index(fields=("authority", "made_at"), name="complaint_to_in_order"),
            models.Index(fields=("complainant", "made_at"), name="complaint_by"),
            models.Index(fields=("respondent", "made_at"), name="complaint_of"),
            models.Index(fields=("corrector", "corrected_at"), name="complaint_corrected"),
        )

    @property
    def ref(self) -> Ref:
        return Ref("trading", "complaint", self.code)


class ComplaintInquiry(models.Model):
    """What the supervisor asked the respondent of a complaint (招标条例 62), by when, and the answer."""

    complaint = models.ForeignKey("trading.Complaint", models.PROTECT, related_name="inquiries")
    organisation = models.CharField(max_length=18)
    text = models.TextField()
    until_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answer_papers = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint",), condition=Q(answered_at__isnull=True), name="one_open_inquiry"
            ),
        )
        indexes = (models.Index(fields=("organisation", "answered_at"), name="inquiry_to"),)


class Appraisal(models.Model):
    """Inspection, testing, appraisal or expert review in a complaint, whose time does not count (招标条例 61)."""

    complaint = models.ForeignKey("trading.Complaint", models.PROTECT, related_name="appraisals")
    text = models.TextField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("begun_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint",), condition=Q(ended_at__isnull=True), name="one_open_appraisal"
            ),
        )


class StopOrder(models.Model):
    """A suspension of a tender that a supervisory body ordered while it handles a complaint (招标条例 62)."""

    complaint = models.ForeignKey("trading.Complaint", models.PROTECT, related_name="orders")
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="orders")
    reason = models.TextField()
    ordered_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("ordered_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("lot",), condition=Q(lifted_at__isnull=True), name="one_order_stands"
            ),
        )


class Envelope(models.Model):
    """One handed-in bid. Append-only: a replacement is a new row, a withdrawal is a row of its own.

    Until the opening nothing outside ``services/opening.py`` reads ``sheet`` and ``papers``.
    """

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="envelopes")
    bidder = models.CharField(max_length=18)
    number = models.PositiveIntegerField()
    sheet = models.JSONField()
    papers = models.JSONField()
    kinds = models.JSONField(default=dict)  # of papers, by their digest
    received_at = models.DateTimeField()
    entry = models.BigIntegerField()
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("lot", "bidder", "number"), name="envelope_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="envelope_number_positive"),
        )
        indexes = (models.Index(fields=("bidder", "lot"), name="envelope_of"),)

    @property
    def ref(self) -> Ref:
        return Ref("trading", "envelope", self.code)


class ConsortiumConsent(models.Model):
    """What a member of a consortium said by its own login: that it bids for a lot under ``leader`` (招标投标法 31).

    Not demanded by the law. ``over_at``: since when it stands no more. Nobody but member and leader reads it before the opening.
    """

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="consents")
    member = models.CharField(max_length=18)
    leader = models.CharField(max_length=18)
    given_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("lot", "member"), condition=Q(over_at__isnull=True), name="one_consortium_a_lot"
            ),
        )

    @property
    def ref(self) -> Ref:
        return Ref("trading", "consent", self.code)


class Withdrawal(models.Model):
    """The withdrawal of an envelope before the deadline (招标投标法 29)."""

    envelope = models.OneToOneField("trading.Envelope", models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()


class Bid(models.Model):
    """What the opening read out, and what the committee decided about it."""

    VALID, REJECTED, OPEN = "valid", "rejected", "open"

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="bids")
    envelope = models.OneToOneField("trading.Envelope", models.PROTECT, related_name="bid")
    bidder = models.CharField(max_length=18)
    place = models.PositiveIntegerField()
    price_fen = models.BigIntegerField()
    period_days = models.PositiveIntegerField()
    deposit_fen = models.BigIntegerField()
    quality = models.CharField(max_length=100)
    manager = models.CharField(max_length=100)
    manager_certificate = models.CharField(max_length=100)
    consortium = models.JSONField(default=list)  # its members as in the sheet, the leader in front; []: alone
    status = models.CharField(max_length=10, default=OPEN)
    evaluated_fen = models.BigIntegerField(null=True, blank=True)
    evaluation_note = models.TextField(blank=True)
    ground = models.CharField(max_length=40, blank=True)
    ground_note = models.TextField(blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("lot", "bidder"), name="one_bid_a_bidder"),
            models.UniqueConstraint(fields=("lot", "rank"), name="one_bid_a_rank"),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__lte=3), name="at_most_three_ranked"
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(status="valid", evaluated_fen__isnull=False),
                name="ranked_is_valid",
            ),
        )

    @property
    def parties(self) -> list[str]:
        """Who takes part in it: the bidder, and with a consortium its other members."""
        return list(dict.fromkeys([self.bidder, *(each["code"] for each in self.consortium)]))


class DepositPayment(models.Model):
    """From whom the deposit of an opened bid came, as who received it noted: never public, compared among the bids.

    ``account_mark`` stands for the number of the account, of which the last characters alone are kept ("" unknown).
    """

    bid = models.OneToOneField("trading.Bid", models.CASCADE, related_name="payment")
    payer = models.CharField(max_length=120)
    account_mark = models.CharField(max_length=64, blank=True)
    account_tail = models.CharField(max_length=4, blank=True)
    noted_at = models.DateTimeField()


class CommitteeMember(models.Model):
    """A member of the evaluation committee; the name is secret until the result is fixed (招标投标法 37)."""

    TECHNICAL, ECONOMIC, REPRESENTATIVE = "technical", "economic", "representative"

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="committee")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    employer = models.CharField(max_length=200, blank=True)
    employer_code = models.CharField(max_length=18, blank=True)
    # By what a member on paper is known to be another person than who left with the same name; "" where nobody did.
    told_apart = models.CharField(max_length=200, blank=True)
    # Who logs in as this member ("" on a committee that works on paper), and the number under which the public
    # reads of them. A replaced member keeps row and number; what they decided is void (招标条例 48).
    person = models.CharField(max_length=16, blank=True, db_index=True)
    number = models.PositiveSmallIntegerField(default=0)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_why = models.CharField(max_length=40, blank=True)
    replaces = models.PositiveSmallIntegerField(default=0)
    # The scoring sheet: bidder → criterion → points as typed. Nobody else reads it before all have handed in.
    sheet = models.JSONField(default=dict)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    judged = models.BooleanField(
        default=False
    )  # handed in once: from then on only objective items may change
    asked_time_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("lot", "number"), condition=Q(number__gt=0), name="member_number_once"
            ),
            models.UniqueConstraint(
                fields=("lot", "person"),
                condition=Q(replaced_at__isnull=True) & ~Q(person=""),
                name="member_seated_once",
            ),
        )


class Motion(models.Model):
    """What a member of the committee proposes, decided by the votes of its members in one round of the evaluation.

    ``matter`` is reject (``ground`` of W30) or correct (arithmetic: ``basis``, from ``before_fen`` to
    ``evaluated_fen``) about a bid, reject-all about the lot (no ``bid``), or re-examine about a candidate
    (``basis`` says whether it stands); ``carried`` is null until it is decided.
    """

    REJECT, CORRECT, REJECT_ALL, REEXAMINE = "reject", "correct", "reject-all", "re-examine"

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="motions")
    round = models.PositiveSmallIntegerField(default=1)
    bid = models.ForeignKey("trading.Bid", models.PROTECT, null=True, blank=True, related_name="motions")
    proposer = models.ForeignKey("trading.CommitteeMember", models.PROTECT, related_name="motions")
    matter = models.CharField(max_length=10)
    ground = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=40, blank=True)
    before_fen = models.BigIntegerField(null=True, blank=True)
    evaluated_fen = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField()
    papers = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    carried = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(matter="correct", evaluated_fen__gt=0)
                | (~Q(matter="correct") & Q(evaluated_fen__isnull=True)),
                name="motion_says_what",
            ),
            models.CheckConstraint(
                condition=Q(matter="reject-all", bid__isnull=True)
                | (~Q(matter="reject-all") & Q(bid__isnull=False)),
                name="motion_says_about_whom",
            ),
        )

    @property
    def bidder(self) -> str:
        """Whom it is about; "" where it is about all of them."""
        return self.bid.bidder if self.bid is not None else ""


class Vote(models.Model):
    """A member's vote on a motion; ``void`` once the member was replaced."""

    motion = models.ForeignKey("trading.Motion", models.PROTECT, related_name="votes")
    member = models.ForeignKey("trading.CommitteeMember", models.PROTECT, related_name="votes")
    in_favour = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    cast_at = models.DateTimeField()
    void = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("motion", "member"), name="vote_once"),)


class Inquiry(models.Model):
    """What the committee asks a bidder in writing about unclear content, and the written answer (招标条例 52)."""

    code = models.CharField(max_length=40, unique=True)
    bid = models.ForeignKey("trading.Bid", models.PROTECT, related_name="inquiries")
    member = models.ForeignKey("trading.CommitteeMember", models.PROTECT, related_name="inquiries")
    unclear = models.CharField(max_length=20)
    text = models.TextField()
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    accepted = models.BooleanField(
        null=True, blank=True
    )  # the corrected price, where arithmetic was asked about
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)


class Report(models.Model):
    """The evaluation report as drawn up: the members sign this version, or say why not (招标条例 53)."""

    lot = models.OneToOneField("trading.Lot", models.PROTECT, related_name="report")
    version = models.PositiveSmallIntegerField(default=1)
    ranking = models.JSONField()
    tie_break = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    drawn_up_at = models.DateTimeField()


class Signature(models.Model):
    """What a member did with a version of the report: signed, dissent (with reasons), or deemed to agree."""

    SIGNED, DISSENT, DEEMED = "signed", "dissent", "deemed"

    report = models.ForeignKey("trading.Report", models.CASCADE, related_name="signatures")
    member = models.ForeignKey("trading.CommitteeMember", models.PROTECT, related_name="signatures")
    how = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("report", "member"), name="signed_once"),
            models.CheckConstraint(condition=~Q(how="dissent") | ~Q(text=""), name="dissent_says_why"),
        )


class Round(models.Model):
    """A round of the evaluation that was undone (招标条例 54): what it came to, as it was then.

    ``why`` is the remedy that undid it, or ``order`` (条例 81; ``kept.annulled`` names body and notices). ``kept`` holds the sheets by member, the bids as decided, the report with its
    ranking and what each member did with it; the votes stay where they are, under this ``number``.
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    kept = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("lot", "number"), name="round_once"),)


class Award(models.Model):
    """The award decision: the letter that was sent and to whom; ``withdrawn_at`` where it lost its force (W22).

    ``reported_at`` is when its written report was handed in: so the few that wait are found among very many.
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="awards")
    bid = models.ForeignKey("trading.Bid", models.PROTECT, related_name="awards")
    letter = models.CharField(max_length=64)
    letter_number = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("lot",), condition=Q(withdrawn_at__isnull=True), name="one_standing_award"
            ),
        )
        indexes = (
            models.Index(fields=("sent_at",), name="award_sent"),
            models.Index(
                fields=("sent_at",),
                condition=Q(withdrawn_at__isnull=True, reported_at__isnull=True),
                name="award_unreported",
            ),
        )


class Passing(models.Model):
    """A shortlisted bidder that is not awarded (招标条例 55): on which ground, why, proved by which documents.

    ``ground`` is a choice of W22, or ``re-examination`` where the committee found so (56).
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="passings")
    bid = models.OneToOneField("trading.Bid", models.PROTECT, related_name="passing")
    ground = models.CharField(max_length=40)
    reason = models.TextField()
    papers = models.JSONField()
    after_letter = models.BooleanField(default=False)
    passed_at = models.DateTimeField()

    class Meta:
        ordering = ("passed_at", "id")


class Reexamination(models.Model):
    """What the original committee was asked about a candidate before the letter (招标条例 56), and what it found."""

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="reexaminations")
    bid = models.ForeignKey("trading.Bid", models.PROTECT, related_name="reexaminations")
    reason = models.TextField()
    papers = models.JSONField()
    ordered_at = models.DateTimeField()
    stands = models.BooleanField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    conclusion_papers = models.JSONField(default=list)
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("ordered_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("lot",), condition=Q(concluded_at__isnull=True), name="one_reexamination_open"
            ),
        )


class WrittenReport(models.Model):
    """The written report on an award that was handed in to the supervisor (招标投标法 47), by its digest."""

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="written_reports")
    award = models.OneToOneField("trading.Award", models.PROTECT, related_name="written_report")
    document = models.CharField(max_length=64)
    handed_in_at = models.DateTimeField()
    late = models.BooleanField()

    class Meta:
        ordering = ("handed_in_at", "id")


class Contract(models.Model):
    """The written contract of a lot."""

    lot = models.OneToOneField("trading.Lot", models.PROTECT, related_name="contract")
    number = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField()
    bond_fen = models.BigIntegerField(default=0)
    signed_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(bond_fen__gte=0, bond_fen__lte=F("amount_fen")), name="bond_within"
            ),
        )
        indexes = (models.Index(fields=("signed_on",), name="contract_signed"),)


class Told(models.Model):
    """Something an organisation was told about a lot: award letter, not chosen, failed, terminated.

    ``document`` is what it is about: the digest of a letter, the code of a notice or of an objection.
    ``due_at`` is the instant until which it asks for an act, as known when it was told. ``person`` is set where it
    is for one person alone. ``read_by`` read it first for the organisation; ``copied_at`` says that it was looked
    at for copies by mail.
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="told")
    organisation = models.CharField(max_length=18)
    matter = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    document = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    person = models.CharField(max_length=16, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.CharField(max_length=16, blank=True, default="")
    copied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-told_at", "-id")
        indexes = (
            models.Index(fields=("organisation", "read_at", "told_at"), name="told_to"),
            models.Index(fields=("id",), name="told_uncopied", condition=Q(copied_at__isnull=True)),
        )


class Charge(models.Model):
    """Who of an organisation is in charge of a lot: a division of work, no right of its own."""

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="charges")
    organisation = models.CharField(max_length=18)
    person = models.CharField(max_length=16)
    given_by = models.CharField(max_length=16)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("lot", "organisation"), name="one_in_charge"),)
        indexes = (models.Index(fields=("organisation", "person"), name="in_charge"),)


class Absence(models.Model):
    """Somebody is away from ``since_on`` to ``until_on`` (both included), and a colleague stands in for them."""

    organisation = models.CharField(max_length=18)
    person = models.CharField(max_length=16)
    deputy = models.CharField(max_length=16)
    since_on = models.DateField()
    until_on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("since_on", "id")
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gte=F("since_on")), name="absence_has_days"),
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="deputy_is_another"),
        )
        indexes = (models.Index(fields=("organisation", "until_on"), name="absences_of"),)


class Warned(models.Model):
    """A step that was taken although something was late or unusual: what :func:`take_step` warned of."""

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="warnings")
    step = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("at",), name="warned_at"),)


class ExpertDraw(models.Model):
    """A draw of experts for a lot: planned with a secret and tickets, held after the opening (招标条例 46).

    ``wanted`` are [kind, specialty, count], ``orders`` the tickets of each of them in their order once it was held
    (``opening`` is the digest of the opening record then). Another draw follows where an order is used up. ``panel`` is the
    committee of the lot that it is for.
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="expert_draws")
    number = models.PositiveSmallIntegerField()
    panel = models.PositiveSmallIntegerField(default=1)
    wanted = models.JSONField()
    representatives = models.JSONField(default=list)  # persons, named by the tenderee
    secret = models.CharField(max_length=80)
    commitment = models.CharField(max_length=64)
    planned_at = models.DateTimeField()
    opening = models.CharField(max_length=64, blank=True, default="")
    orders = models.JSONField(default=list)
    held_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("lot", "number"), name="expert_draw_once"),)

    @property
    def ref(self) -> Ref:
        return Ref("trading", "draw", f"{self.lot.code}-{self.number}")


class ExpertTicket(models.Model):
    """What stands for a person of the pool in a draw: its ``place`` is among what is wanted, ``turn`` counts the calls."""

    draw = models.ForeignKey("trading.ExpertDraw", models.CASCADE, related_name="tickets")
    code = models.CharField(max_length=20, unique=True)
    person = models.CharField(max_length=16, db_index=True)
    kind = models.CharField(max_length=20)
    specialties = models.JSONField()
    excluded = models.CharField(max_length=20, blank=True, default="")
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    turn = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, blank=True, default="")
    why = models.CharField(max_length=20, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    called_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("draw", "turn"), name="expert_turn_once"),
            models.UniqueConstraint(fields=("draw", "person"), name="expert_ticket_once"),
        )


class DirectNaming(models.Model):
    """The tenderee says that a lot is a special tender, whose experts it names directly (招标条例 47)."""

    lot = models.OneToOneField("trading.Lot", models.PROTECT, related_name="direct_naming")
    cause = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    said_at = models.DateTimeField()


class Prequalification(models.Model):
    """The prequalification of a lot (招标条例 15-19): method and criteria as published, and its own timetable.

    ``method`` is qualified (all who qualify pass) or limited (at most ``most`` of them, by points).
    """

    QUALIFIED, LIMITED = "qualified", "limited"

    lot = models.OneToOneField("trading.Lot", models.PROTECT, related_name="prequalification")
    method = models.CharField(max_length=12)
    most = models.PositiveSmallIntegerField(default=0)
    criteria = models.TextField()
    notice = models.CharField(max_length=40, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    documents_from_at = models.DateTimeField()
    documents_until_on = models.DateField()
    deadline_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(method="qualified") | Q(method="limited", most__gt=0),
                name="limited_says_how_many",
            ),
        )


class Application(models.Model):
    """One handed-in application. Append-only but for its end and its decision: a replacement is a new row.

    ``members`` are (code, name) of the other members of a consortium, which bids with the same ones (招标条例 37).
    Until the deadline nobody reads ``papers`` but the applicant.
    """

    code = models.CharField(max_length=40, unique=True)
    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="applications")
    applicant = models.CharField(max_length=18)
    number = models.PositiveIntegerField()
    members = models.JSONField(default=list)
    papers = models.JSONField()
    received_at = models.DateTimeField()
    leaf_hash = models.CharField(max_length=64)
    over_at = models.DateTimeField(null=True, blank=True)  # replaced or withdrawn before the deadline
    passed = models.BooleanField(null=True, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the result notice says in the end (limited number: not all who qualify pass), and the notice by its digest.
    qualified = models.BooleanField(null=True, blank=True)
    letter = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("lot", "applicant", "number"), name="application_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="application_number_positive"),
            models.UniqueConstraint(
                fields=("lot", "applicant"),
                condition=Q(over_at__isnull=True),
                name="one_standing_application",
            ),
        )
        indexes = (models.Index(fields=("applicant", "lot"), name="application_of"),)

    @property
    def ref(self) -> Ref:
        return Ref("trading", "application", self.code)


class Reviewer(models.Model):
    """A member of the committee that reviews applications (招标条例 18); ``person`` logs in ("" on paper).

    ``replaces`` is the number of whom this one follows; who was replaced (``replaced_at``) sits no more (48).
    """

    lot = models.ForeignKey("trading.Lot", models.PROTECT, related_name="reviewers")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    employer = models.CharField(max_length=200, blank=True)
    employer_code = models.CharField(max_length=18, blank=True)
    person = models.CharField(max_length=16, blank=True, db_index=True)
    number = models.PositiveSmallIntegerField()
    replaces = models.PositiveSmallIntegerField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_why = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("lot", "number"), name="reviewer_number_once"),)


class ReviewVote(models.Model):
    """What a reviewer finds about an application: passes or not, why not, and points where the number is limited."""

    application = models.ForeignKey("trading.Application", models.PROTECT, related_name="votes")
    reviewer = models.ForeignKey("trading.Reviewer", models.PROTECT, related_name="votes")
    passes = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    cast_at = models.DateTimeField()
    void = models.BooleanField(default=False)  # who cast it was replaced

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("application", "reviewer"), name="review_vote_once"),)
