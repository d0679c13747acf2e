"""The receipt of a bid: what a bidder keeps. Nothing of the price or the content stands on it."""

from __future__ import annotations

from yiwang.business.trading.models import Lot
from yiwang.business.trading.papers.words import end_notes, head_fields, instant_words
from yiwang.business.trading.parties import names
from yiwang.business.trading.services.bidding import Receipt
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Fields, Grid, Paper

SECRET = Words(
    "报价等内容不写入回执，开标前保密。",
    "Price and content are not on the receipt: they are secret until the opening.",
)


def receipt_paper(lot: Lot, receipt: Receipt, language: str) -> Paper:
    """The receipt as a paper, at any time the same."""
    rows = [
        *head_fields(lot, language),
        (Words("投标人", "Bidder").in_language(language), names([receipt.bidder])[receipt.bidder]),
        (Words("统一社会信用代码", "Code").in_language(language), receipt.bidder),
        (
            Words("送达时间", "Received").in_language(language),
            instant_words(receipt.received_at).in_language(language),
        ),
        (Words("第几次递交", "Submission").in_language(language), str(receipt.number)),
        (Words("记录散列", "Hash of the record").in_language(language), receipt.leaf_hash),
    ]
    heads = (Words("序号", "No."), Words("种类", "Kind"), Words("文件", "Paper"), Words("SHA-256", "SHA-256"))
    papers = tuple(
        (str(n), kind.in_language(language), name, sha256)
        for n, (sha256, name, kind) in enumerate(receipt.listed, 1)
    )
    return Paper(
        language=language,
        title=Words("投标文件递交回执", "Receipt of a bid").in_language(language),
        number=receipt.envelope,
        dated_at=receipt.received_at,
        blocks=(
            Fields(Words("递交情况", "What was received").in_language(language), tuple(rows)),
            Grid(
                Words("收到的文件及其校验值", "Papers received and their checksums").in_language(language),
                tuple(each.in_language(language) for each in heads),
                papers,
                (True, False, False, False),
            ),
            end_notes([SECRET.in_language(language)], language),
        ),
    )
