"""What other rooms may call of trading: the verbs, the pages, the to-dos. Frozen dataclasses in and out."""

from yiwang.business.trading import permissions
from yiwang.business.trading.calendar import EVENT_WORDS, Event, events
from yiwang.business.trading.dialogue import (
    clarification_of,
    objection_of,
    objection_paper,
    objections_of,
    question_paper,
    questions_of,
)
from yiwang.business.trading.duties import DUTIES
from yiwang.business.trading.evaluations import draw_shown
from yiwang.business.trading.kinds import KIND_WORDS, KINDS
from yiwang.business.trading.papers import (
    NoSuchPaper,
    contract_paper,
    evaluation_workbook,
    letter_paper,
    opening_paper,
    opening_workbook,
    receipt_paper,
    report_paper,
)
from yiwang.business.trading.queries import (
    UnknownProject,
    documents_of,
    find_lot,
    lot_page,
    lots_for,
    may_read_bid_document,
    may_read_tender_document,
    messages_for,
    my_lots,
    opening_objections,
    opening_rows,
    project_page,
    urgent_first,
)
from yiwang.business.trading.readers import READER
from yiwang.business.trading.recomputing import calculation_of, lots_of, recomputed
from yiwang.business.trading.reports import EvaluationReport, calculation_now
from yiwang.business.trading.reports import report_from as evaluation_report_of
from yiwang.business.trading.rules.calculation import Calculation, Line, Section
from yiwang.business.trading.rules.clarifying import earliest_deadline_on
from yiwang.business.trading.rules.facts import MemberFacts, SheetFacts
from yiwang.business.trading.rules.method_terms import CriterionTerms, MethodTerms
from yiwang.business.trading.rules.methods import coefficient_options, is_drawn, terms_from_json
from yiwang.business.trading.rules.scoring import VARIANTS
from yiwang.business.trading.services.announcing import (
    Terms,
    confirm_notice,
    draft_failure_notice,
    draft_publicity,
    draft_result_notice,
    draft_tender_notice,
    pass_notice,
    return_notice,
)
from yiwang.business.trading.services.asking import ask, has_taken
from yiwang.business.trading.services.awarding import archive, award, sign_contract, terminate
from yiwang.business.trading.services.bidding import (
    Receipt,
    own_envelope,
    receipt_of,
    submit_bid,
    take_documents,
    withdraw_bid,
)
from yiwang.business.trading.services.clarifying import NewClarification, amendment_due, draft_clarification
from yiwang.business.trading.services.committee import ask_time, end_review, extend_time, replace_member
from yiwang.business.trading.services.correcting import draft_correction, draft_postponement
from yiwang.business.trading.services.evaluating import (
    enter_committee,
    evaluate_bid,
    receive_report,
    reject_all,
    reject_bid,
)
from yiwang.business.trading.services.filing import export_archive
from yiwang.business.trading.services.inquiring import answer_committee, ask_bidder
from yiwang.business.trading.services.motions import cast_vote, propose_correction, propose_rejection
from yiwang.business.trading.services.objecting import (
    answer_objection,
    object_to_documents,
    object_to_opening,
    object_to_result,
)
from yiwang.business.trading.services.opening import open_bids
from yiwang.business.trading.services.passing import declare_no_winner, pass_over, passing_paper
from yiwang.business.trading.services.projects import NewLot, NewProject, register_project, retender
from yiwang.business.trading.services.reading import (
    ToldLine,
    export_timeline,
    mark_message,
    mark_messages_read,
    note_copied,
    note_reading,
    uncopied,
)
from yiwang.business.trading.services.reexamining import conclude_reexamination, order_reexamination
from yiwang.business.trading.services.refunding import note_refund, refunds_for
from yiwang.business.trading.services.reporting import deem_signed, dissent, draw_up_report, sign_report
from yiwang.business.trading.services.scoring import hand_in_sheet, save_sheet
from yiwang.business.trading.services.taking_back import take_back_notice
from yiwang.business.trading.shapes import (
    ClarificationLine,
    DocumentLine,
    LotPage,
    ObjectionLine,
    ObjectionMark,
    OpeningObjection,
    OpeningRow,
    PaperLine,
    PassingLine,
    ProgressPart,
    ProjectPage,
    QuestionLine,
    ToDo,
)
from yiwang.business.trading.sitting_pages import (
    CORRECTION_WORDS,
    HOW_WORDS,
    REPLACED_WORDS,
    UNCLEAR_WORDS,
    InquiryLine,
    MotionLine,
    SittingPage,
    inquiries_to,
    sitting_page,
)
from yiwang.business.trading.todos import STEP_WORDS, todos

__all__ = [
    "CORRECTION_WORDS",
    "Calculation",
    "ClarificationLine",
    "CriterionTerms",
    "DUTIES",
    "DocumentLine",
    "EVENT_WORDS",
    "EvaluationReport",
    "Event",
    "HOW_WORDS",
    "InquiryLine",
    "KINDS",
    "KIND_WORDS",
    "Line",
    "LotPage",
    "MemberFacts",
    "MethodTerms",
    "MotionLine",
    "NewClarification",
    "NewLot",
    "NewProject",
    "NoSuchPaper",
    "ObjectionLine",
    "ObjectionMark",
    "OpeningObjection",
    "OpeningRow",
    "PaperLine",
    "PassingLine",
    "ProgressPart",
    "ProjectPage",
    "QuestionLine",
    "READER",
    "REPLACED_WORDS",
    "Receipt",
    "STEP_WORDS",
    "Section",
    "SheetFacts",
    "SittingPage",
    "Terms",
    "ToDo",
    "ToldLine",
    "UNCLEAR_WORDS",
    "UnknownProject",
    "VARIANTS",
    "amendment_due",
    "answer_committee",
    "answer_objection",
    "archive",
    "ask",
    "ask_bidder",
    "ask_time",
    "award",
    "calculation_now",
    "calculation_of",
    "cast_vote",
    "clarification_of",
    "coefficient_options",
    "conclude_reexamination",
    "confirm_notice",
    "contract_paper",
    "declare_no_winner",
    "deem_signed",
    "dissent",
    "documents_of",
    "draft_clarification",
    "draft_correction",
    "draft_failure_notice",
    "draft_postponement",
    "draft_publicity",
    "draft_result_notice",
    "draft_tender_notice",
    "draw_shown",
    "draw_up_report",
    "earliest_deadline_on",
    "end_review",
    "enter_committee",
    "evaluate_bid",
    "evaluation_report_of",
    "evaluation_workbook",
    "events",
    "export_archive",
    "export_timeline",
    "extend_time",
    "find_lot",
    "hand_in_sheet",
    "has_taken",
    "inquiries_to",
    "is_drawn",
    "letter_paper",
    "lot_page",
    "lots_for",
    "lots_of",
    "mark_message",
    "mark_messages_read",
    "may_read_bid_document",
    "may_read_tender_document",
    "messages_for",
    "my_lots",
    "note_copied",
    "note_reading",
    "note_refund",
    "object_to_documents",
    "object_to_opening",
    "object_to_result",
    "objection_of",
    "objection_paper",
    "objections_of",
    "open_bids",
    "opening_objections",
    "opening_paper",
    "opening_rows",
    "opening_workbook",
    "order_reexamination",
    "own_envelope",
    "pass_notice",
    "pass_over",
    "passing_paper",
    "permissions",
    "project_page",
    "propose_correction",
    "propose_rejection",
    "question_paper",
    "questions_of",
    "receipt_of",
    "receipt_paper",
    "receive_report",
    "recomputed",
    "refunds_for",
    "register_project",
    "reject_all",
    "reject_bid",
    "replace_member",
    "report_paper",
    "retender",
    "return_notice",
    "save_sheet",
    "sign_contract",
    "sign_report",
    "sitting_page",
    "submit_bid",
    "take_back_notice",
    "take_documents",
    "terminate",
    "terms_from_json",
    "todos",
    "uncopied",
    "urgent_first",
    "withdraw_bid",
]
