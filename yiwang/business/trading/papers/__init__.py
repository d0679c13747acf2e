"""What a lot leaves on paper, from its records: opening record, evaluation report, letter, contract, written report, receipt."""

from yiwang.business.trading.papers.deciding import decision_paper
from yiwang.business.trading.papers.letters import contract_paper, letter_paper
from yiwang.business.trading.papers.prequalifying import prequalification_paper
from yiwang.business.trading.papers.proving import log_head, record_findings
from yiwang.business.trading.papers.receipts import application_receipt_paper, receipt_paper
from yiwang.business.trading.papers.records import (
    evaluation_workbook,
    opening_paper,
    opening_workbook,
    report_paper,
)
from yiwang.business.trading.papers.reporting import written_report_paper
from yiwang.business.trading.papers.words import NoSuchPaper

__all__ = [
    "NoSuchPaper",
    "application_receipt_paper",
    "contract_paper",
    "decision_paper",
    "evaluation_workbook",
    "letter_paper",
    "log_head",
    "opening_paper",
    "opening_workbook",
    "prequalification_paper",
    "receipt_paper",
    "record_findings",
    "report_paper",
    "written_report_paper",
]
