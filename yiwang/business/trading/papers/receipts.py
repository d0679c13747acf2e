"""The receipts of a bid and of an application: what a bidder keeps. Nothing of the price or the content stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.business.trading.models import Application, Lot
from yiwang.business.trading.papers.words import end_notes, head_fields, instant_words
from yiwang.business.trading.parties import names
from yiwang.business.trading.services.bidding import Receipt
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Fields, Grid, Paper

SECRET = Words(
    "报价等内容不写入回执，开标前保密。",
    "Price and content are not on the receipt: they are secret until the opening.",
)

SECRET_APPLICATION = Words(
    "申请截止前，除申请人外任何人都看不到申请文件。",
    "Until the deadline nobody but the applicant can see the papers of the application.",
)


def receipt_paper(lot: Lot, receipt: Receipt, language: str) -> Paper:
    """The receipt as a paper, at any time the same."""
    return _paper(
        lot,
        language,
        title=Words("投标文件递交回执", "Receipt of a bid"),
        number=receipt.envelope,
        who=Words("投标人", "Bidder"),
        code=receipt.bidder,
        received_at=receipt.received_at,
        submission=receipt.number,
        leaf_hash=receipt.leaf_hash,
        papers=receipt.listed,
        secret=SECRET,
    )


def application_receipt_paper(lot: Lot, application: Application, language: str) -> Paper:
    """The receipt of an application to prequalify as a paper, at any time the same."""
    members = "、".join(f"{name}（{code}）" for code, name in application.members)
    return _paper(
        lot,
        language,
        title=Words("资格预审申请递交回执", "Receipt of an application to prequalify"),
        number=application.code,
        who=Words("申请人", "Applicant"),
        code=application.applicant,
        received_at=application.received_at,
        submission=application.number,
        leaf_hash=application.leaf_hash,
        papers=[(sha256, name, None) for sha256, name in application.papers],
        secret=SECRET_APPLICATION,
        kinds=False,
        more=[(Words("联合体其他成员", "Other members of the consortium"), members)] if members else [],
    )


def _paper(
    lot: Lot,
    language: str,
    *,
    title: Words,
    number: str,
    who: Words,
    code: str,
    received_at: datetime,
    submission: int,
    leaf_hash: str,
    papers: Sequence[tuple[str, str, Words | None]],
    secret: Words,
    kinds: bool = True,
    more: Sequence[tuple[Words, str]] = (),
) -> Paper:
    rows = [
        (who, names([code])[code]),
        (Words("统一社会信用代码", "Code"), code),
        *more,
        (Words("送达时间", "Received"), instant_words(received_at).in_language(language)),
        (Words("第几次递交", "Submission"), str(submission)),
        (Words("记录散列", "Hash of the record"), leaf_hash),
    ]
    said = [*head_fields(lot, language), *((words.in_language(language), text) for words, text in rows)]
    heads = [Words("序号", "No."), *([Words("种类", "Kind")] if kinds else [])]
    heads += [Words("文件", "Paper"), Words("SHA-256", "SHA-256")]
    listed = tuple(
        (str(n), *((kind.in_language(language) if kind else "",) if kinds else ()), name, sha256)
        for n, (sha256, name, kind) in enumerate(papers, 1)
    )
    return Paper(
        language=language,
        title=title.in_language(language),
        number=number,
        dated_at=received_at,
        blocks=(
            Fields(Words("递交情况", "What was received").in_language(language), tuple(said)),
            Grid(
                Words("收到的文件及其校验值", "Papers received and their checksums").in_language(language),
                tuple(each.in_language(language) for each in heads),
                listed,
                (True, *(False for _ in heads[1:])),
            ),
            end_notes([secret.in_language(language)], language),
        ),
    )
