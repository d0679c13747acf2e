"""The result notice of a prequalification (资格预审结果通知书): one for every applicant, with the reasons."""

from __future__ import annotations

from yiwang.business.trading.models import Application
from yiwang.business.trading.papers.words import NoSuchPaper, day_of, end_notes
from yiwang.business.trading.parties import names
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Addressee, Closing, Fields, Paper, Prose


def prequalification_paper(code: str, language: str) -> Paper:
    """The result notice of an application as sent (招标条例 19). Raises NoSuchPaper before."""
    row = (
        Application.objects.select_related("lot__project", "lot__prequalification").filter(code=code).first()
    )
    sent_at = row.lot.prequalification.notified_at if row is not None and row.letter else None
    if row is None or sent_at is None:
        raise NoSuchPaper("prequalification")
    lot = row.lot
    known = names((row.applicant, lot.project.tenderee, lot.project.agency))
    tenderee, source = (
        known[lot.project.tenderee],
        law.rule("W-prequalification-result", on=lot.law_on or local_day(sent_at)).source,
    )
    text = (
        Words(
            f"贵方递交的{lot.project.name}（{lot.name}）资格预审申请文件已经审查，贵方通过资格预审，具有投标资格。\n投标邀请书将另行发出。联合体通过的，投标前不得增减、更换成员。",
            f"Your application to prequalify for {lot.project.name} ({lot.name}) was reviewed: you passed and may bid.\nThe invitation to bid follows. A consortium that passed keeps its members.",
        )
        if row.qualified
        else Words(
            f"贵方递交的{lot.project.name}（{lot.name}）资格预审申请文件已经审查，贵方未通过资格预审，不具有投标资格。\n理由：{row.reasons}",
            f"Your application to prequalify for {lot.project.name} ({lot.name}) was reviewed: you did not pass and may not bid.\nReason: {row.reasons}",
        )
    )
    rows = [
        (Words("项目名称", "Project"), lot.project.name),
        (Words("标段名称", "Lot"), lot.name),
        (Words("标段编号", "Lot code"), lot.code),
        (Words("联合体成员", "Consortium"), "、".join(name for _, name in row.members)),
        (Words("结果", "Result"), Words("通过" if row.qualified else "未通过", "passed" if row.qualified else "not passed").in_language(language)),
    ]  # fmt: skip
    return Paper(
        language=language,
        title=Words("资格预审结果通知书", "Result of the prequalification").in_language(language),
        number=f"ZGYS-{row.code}",
        dated_at=sent_at,
        issuer=tenderee,
        blocks=(
            Addressee(Words(f"{known[row.applicant]}：", f"To {known[row.applicant]}:").in_language(language)),
            Prose(text.in_language(language)),
            Fields(Words("申请", "The application").in_language(language), tuple((label.in_language(language), said) for label, said in rows if said)),
            Closing((*(f"{each}{Words('（盖章）', ' (seal)').in_language(language)}" for each in (tenderee, known.get(lot.project.agency, "")) if each), day_of(sent_at).in_language(language))),
            end_notes([Words(f"依据：{source}", f"Source: {source}").in_language(language)], language),
        ),
    )  # fmt: skip
