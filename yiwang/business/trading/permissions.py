"""What may be done in this room, and by which role. Whose lot it is, the rules check besides."""

from yiwang.pure.kernel.actors import (
    AGENCY,
    BIDDER,
    CENTRE,
    EXPERT,
    OPERATOR,
    SUPERVISOR,
    SYSTEM,
    TENDEREE,
    permission,
)

REGISTER_PROJECT = permission("trading.register-project", TENDEREE, AGENCY)
DRAFT_NOTICE = permission("trading.draft-notice", TENDEREE, AGENCY)
CONFIRM_NOTICE = permission("trading.confirm-notice", TENDEREE)
CHECK_NOTICE = permission("trading.check-notice", CENTRE)
TAKE_DOCUMENTS = permission("trading.take-documents", BIDDER)
ASK = permission("trading.ask", BIDDER)
OBJECT = permission("trading.object", BIDDER)
ANSWER = permission("trading.answer", TENDEREE, AGENCY)
COMPLAIN = permission("trading.complain", BIDDER, TENDEREE)
HANDLE_COMPLAINTS = permission("trading.handle-complaints", SUPERVISOR)
CARRY_OUT_DECISION = permission("trading.carry-out-decision", TENDEREE)
ANSWER_SUPERVISOR = permission("trading.answer-supervisor", BIDDER, TENDEREE, AGENCY)
READ_COMPLAINTS = permission("trading.read-complaints", BIDDER, TENDEREE, AGENCY, SUPERVISOR)
BID = permission("trading.bid", BIDDER)
APPLY = permission("trading.apply", BIDDER)
REVIEW = permission("trading.review", CENTRE, TENDEREE, AGENCY)
READ_APPLICATIONS = permission("trading.read-applications", TENDEREE, AGENCY, CENTRE, SUPERVISOR, EXPERT)
DECIDE_APPLICATIONS = permission("trading.decide-applications", CENTRE, TENDEREE, AGENCY, EXPERT)
REVIEW_VOTE = permission("trading.review-vote", EXPERT)
NOTIFY_APPLICANTS = permission("trading.notify-applicants", TENDEREE, AGENCY)
STORE_DOCUMENT = permission("trading.store-document", BIDDER, TENDEREE, AGENCY)
OPEN_BIDS = permission("trading.open-bids", CENTRE, TENDEREE, AGENCY)
EVALUATE = permission("trading.evaluate", CENTRE)
CHOOSE_EXPERTS = permission("trading.choose-experts", TENDEREE, AGENCY)
SIT = permission("trading.sit", EXPERT)
NOTE_PAYERS = permission("trading.note-payers", TENDEREE, AGENCY, CENTRE)
AWARD = permission("trading.award", TENDEREE, AGENCY)
CONTRACT = permission("trading.contract", TENDEREE, AGENCY)
ARCHIVE = permission("trading.archive", CENTRE)
TERMINATE = permission("trading.terminate", TENDEREE)
RETENDER = permission("trading.retender", TENDEREE, AGENCY)
READ_LOT = permission("trading.read-lot", TENDEREE, AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, OPERATOR)
DIVIDE_WORK = permission("trading.divide-work", TENDEREE, AGENCY, BIDDER, CENTRE)
READ_FINDINGS = permission("trading.read-findings", SUPERVISOR, CENTRE)
READ_MESSAGES = permission(
    "trading.read-messages", TENDEREE, AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, OPERATOR
)
WISH_COPIES = permission(
    "trading.wish-copies", TENDEREE, AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, OPERATOR
)
EXPORT_TIMELINE = permission("trading.export-timeline", SUPERVISOR, CENTRE)
EXPORT_ARCHIVE = permission("trading.export-archive", TENDEREE, AGENCY, CENTRE, SUPERVISOR, SYSTEM)
READ_WRITTEN_REPORTS = permission("trading.read-written-reports", TENDEREE, AGENCY, SUPERVISOR)
RUN_AGENDA = permission("trading.run-agenda", SYSTEM)
