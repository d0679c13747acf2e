"""What goes into the archive of a project (一标一档): by lot and stage, each document under a name of its own.

Secrets stay out for as long as they are secrets: nothing of a bid before its opening, names of the committee and of
those who took the documents not before the award, who asked or objected never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from yiwang.business.trading.dialogue import objections_of, questions_of
from yiwang.business.trading.kinds import KIND_WORDS
from yiwang.business.trading.models import (
    Award,
    Clarification,
    Lot,
    LotDocument,
    Objection,
    Project,
    Question,
    Taking,
)
from yiwang.business.trading.papers.letters import contract_paper, letter_paper
from yiwang.business.trading.papers.receipts import receipt_paper
from yiwang.business.trading.papers.records import (
    evaluation_workbook,
    opening_paper,
    opening_workbook,
    report_paper,
)
from yiwang.business.trading.papers.words import NoSuchPaper, head_fields
from yiwang.business.trading.parties import names
from yiwang.business.trading.queries import OPENED, may_read_bid_document
from yiwang.business.trading.services.bidding import current_envelopes, receipt_of
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import SYSTEM, Actor
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Fields, Grid, Member, Paper, Sheet, made, pdf, safe_name, workbook
from yiwang.record.files import api as files
from yiwang.record.journal.api import EntryView, timeline

LANGUAGE = "zh-hans"  # archives are kept in Chinese; the index names everything in both languages
REGISTERED, ANNOUNCED, BIDS, OPENING, EVALUATION, AWARD, CONTRACT, RECORD = (
    "01-项目登记", "02-公告与招标文件", "03-投标", "04-开标", "05-评标", "06-公示与定标", "07-合同", "08-流水记录",
)  # fmt: skip
STAGE_OF_FORM = {"candidates-publicity": AWARD, "result-notice": AWARD}
CHUNK = 1 << 20
TAKERS_TOLD_FROM = ("awarded", "contracted", "archived")


def project_members(by: Actor, project: Project) -> Iterator[Member]:
    """Every document of the project that ``by`` may take away, in the order of the archive."""
    lots = list(project.lots.select_related("project").order_by("code"))
    yield made(
        f"{REGISTERED}/项目登记表.pdf", Words("项目登记表", "Registration"), project.registered_at,
        pdf(_registration(project, lots)),
    )  # fmt: skip
    for lot in lots:
        folder = safe_name(f"{lot.code[-6:]}-{lot.name}") + "/"
        for part in (_announced, _dialogue, _bids, _opening, _evaluation, _award, _contract):
            for each in part(by, lot):
                yield _below(folder, each)
    yield from _journal(project, lots)


def _below(folder: str, each: Member) -> Member:
    return Member(folder + each.path, each.words, each.dated_at, each.sha256, each.size, each.read)


def _stored(path: str, words: Words, dated_at: datetime, sha256: str) -> Iterator[Member]:
    """A stored document; one that is not here any more is left out (the index then says so by its absence)."""
    try:
        size = files.describe(sha256).size
    except files.NoDocument:
        return

    def read() -> Iterator[bytes]:
        with files.open_document(sha256) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    yield Member(path, words, dated_at, sha256, size, read)


def _papers(
    lot: Lot, path: str, words: Words, make: Callable[[Lot, str], Paper], dated_at: datetime | None = None
) -> Iterator[Member]:
    """A paper made from the record, where the lot has come to it."""
    try:
        paper = make(lot, LANGUAGE)
    except NoSuchPaper:
        return
    yield made(path, words, dated_at or paper.dated_at, pdf(paper))


def _registration(project: Project, lots: list[Lot]) -> Paper:
    rows = [*head_fields(lots[0], LANGUAGE)] if lots else []
    fields = [row for row in rows if not row[0].startswith("标段")]
    fields += [
        ("地区", Words(*REGIONS.get(project.region, (project.region, project.region))).zh),
        ("资金来源", project.funds),
        ("批准文件", project.approval),
        ("国有资金", "是" if project.state_funded else "否"),
    ]
    grid = tuple((each.code, each.name, each.content) for each in lots)
    return Paper(
        language=LANGUAGE,
        title="项目登记表",
        number=project.code,
        dated_at=project.registered_at,
        blocks=(
            Fields("项目", tuple(fields)),
            Grid("标段", ("标段编号", "名称", "内容"), grid, (False, False, False)),
        ),
    )


def _announced(by: Actor, lot: Lot) -> Iterator[Member]:
    """Published notices as paper and as their fixed text; the tender documents."""
    published = notices.notices(about=lot.ref, status="published")
    for number, each in enumerate(sorted(published, key=lambda each: (each.published_at, each.code)), 1):
        assert each.published_at is not None  # it is published
        stage = STAGE_OF_FORM.get(each.form, ANNOUNCED)
        form = law.notice_form(each.form, each.law_on).words
        path = f"{stage}/{number:02}-{safe_name(form.zh)}-{each.code}"
        paper = pdf(notices.notice_paper(each, LANGUAGE))
        yield made(f"{path}.pdf", form, each.published_at, paper)
        fixed = Words(f"{form.zh}（固定文本）", f"{form.en} (fixed text)")
        yield made(f"{path}.json", fixed, each.published_at, each.body.encode())
    at = lot.publish_at or lot.stage_since_at
    for each in LotDocument.objects.filter(lot=lot) if lot.law_on else ():
        path = f"{ANNOUNCED}/招标文件/{safe_name(each.name)}"
        yield from _stored(
            path, Words(f"招标文件：{each.name}", f"Tender document: {each.name}"), at, each.sha256
        )
    if lot.stage in TAKERS_TOLD_FROM:
        yield from _takers(lot)


def _takers(lot: Lot) -> Iterator[Member]:
    """Who took the documents: a secret until long after the opening (招标投标法 22)."""
    taken = list(Taking.objects.filter(lot=lot).order_by("taken_at", "id"))
    if not taken:
        return
    known = names(each.organisation for each in taken)
    rows = [
        (n, known[each.organisation], each.organisation, each.taken_at) for n, each in enumerate(taken, 1)
    ]
    heads = ("序号", "单位", "统一社会信用代码", "获取时间（北京时间）")
    at = taken[-1].taken_at
    content = workbook(
        [Sheet("获取登记", heads, rows, ("招标文件获取登记表", lot.code), (8, 40, 24, 20))], LANGUAGE, at
    )
    words = Words("招标文件获取登记表", "Who took the documents")
    yield made(f"{ANNOUNCED}/招标文件获取登记表.xlsx", words, at, content)


def _dialogue(by: Actor, lot: Lot) -> Iterator[Member]:
    """Questions, clarifications, objections and answers, with their papers; never who asked or objected."""
    folder = f"{ANNOUNCED}/澄清与异议"
    for clarification in Clarification.objects.filter(lot=lot, published_at__isnull=False):
        assert clarification.published_at is not None
        for sha256, name in clarification.papers:
            words = Words(f"澄清、修改文件：{name}", f"Clarification: {name}")
            path = f"{folder}/{safe_name(clarification.notice)}/{safe_name(name)}"
            yield from _stored(path, words, clarification.published_at, sha256)
    for question in Question.objects.filter(lot=lot, code__in=_codes(by, Question, lot)):
        said = {"code": question.code, "asked_at": iso(question.asked_at), "text": question.text,
                "answered_in": question.answered_in}  # fmt: skip
        yield _text(f"{folder}/提问-{question.code}.json", Words("提问", "Question"), question.asked_at, said)
    for objection in Objection.objects.filter(lot=lot, code__in=_codes(by, Objection, lot)):
        answered = objection.answered_at
        said = {"code": objection.code, "raised_at": iso(objection.raised_at), "text": objection.text,
                "answer": objection.answer, "answered_at": iso(answered) if answered else ""}  # fmt: skip
        words = Words("异议及答复", "Objection and answer")
        yield _text(f"{folder}/异议-{objection.code}.json", words, objection.raised_at, said)
        for number, (sha256, name) in enumerate(objection.answer_papers, 1):
            path = f"{folder}/异议-{objection.code}-答复{number}-{safe_name(name)}"
            yield from _stored(path, Words(f"异议答复：{name}", f"Answer: {name}"), answered or objection.raised_at, sha256)  # fmt: skip


def _codes(by: Actor, kind: type[Question] | type[Objection], lot: Lot) -> list[str]:
    """Those that ``by`` may read in the hall; the system itself reads all."""
    if by.role == SYSTEM:
        return list(kind.objects.filter(lot=lot).values_list("code", flat=True))
    return [each.code for each in (questions_of if kind is Question else objections_of)(by, lot)]


def _text(path: str, words: Words, dated_at: datetime, said: dict[str, object]) -> Member:
    return made(path, words, dated_at, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


def _bids(by: Actor, lot: Lot) -> Iterator[Member]:
    """Receipts and papers of the bids that were opened, for those who may read them; before the opening nothing."""
    if lot.stage not in OPENED and not lot.bids.exists():
        return
    known = names(each.bidder for each in current_envelopes(lot))
    for number, envelope in enumerate(current_envelopes(lot), 1):
        if by.role != SYSTEM and not may_read_bid_document(by, envelope):
            continue
        folder = f"{BIDS}/{number:02}-{safe_name(known[envelope.bidder])}"
        receipt = pdf(receipt_paper(lot, receipt_of(envelope), LANGUAGE))
        words = Words(f"{known[envelope.bidder]}：递交回执", f"{known[envelope.bidder]}: receipt")
        yield made(f"{folder}/递交回执.pdf", words, envelope.received_at, receipt)
        for sha256, name in envelope.papers:
            words = Words(f"{known[envelope.bidder]}：{name}", f"{known[envelope.bidder]}: {name}")
            yield from _stored(f"{folder}/{safe_name(name)}", words, envelope.received_at, sha256)


def _opening(by: Actor, lot: Lot) -> Iterator[Member]:
    words = Words("开标记录", "Opening record")
    for each in _papers(lot, f"{OPENING}/开标记录.pdf", words, opening_paper):
        yield each
        yield made(f"{OPENING}/开标记录.xlsx", words, each.dated_at, opening_workbook(lot, LANGUAGE))


def _evaluation(by: Actor, lot: Lot) -> Iterator[Member]:
    words = Words("评标报告", "Evaluation report")
    for each in _papers(lot, f"{EVALUATION}/评标报告.pdf", words, report_paper):
        yield each
        result = Words("评审结果", "Results of the evaluation")
        yield made(f"{EVALUATION}/评审结果.xlsx", result, each.dated_at, evaluation_workbook(lot, LANGUAGE))


def _award(by: Actor, lot: Lot) -> Iterator[Member]:
    yield from _papers(lot, f"{AWARD}/中标通知书.pdf", Words("中标通知书", "Award letter"), letter_paper)
    for decided in Award.objects.filter(lot=lot):
        words = Words("中标通知书（固定文本）", "Award letter (fixed text)")
        yield from _stored(f"{AWARD}/中标通知书.json", words, decided.sent_at, decided.letter)


def _contract(by: Actor, lot: Lot) -> Iterator[Member]:
    yield from _papers(lot, f"{CONTRACT}/合同.pdf", Words("合同", "Contract"), contract_paper)


def _entry(each: EntryView) -> dict[str, object]:
    return {
        "at": iso(each.at),
        "kind": each.kind,
        "words": KIND_WORDS.get(each.kind, Words(each.kind, each.kind)).zh,
        "about": str(each.about),
        "n": each.n,
        "number": each.number,
        "facts": dict(each.facts),
        "documents": list(each.documents),
        "leaf_hash": each.leaf_hash,
    }


def _journal(project: Project, lots: list[Lot]) -> Iterator[Member]:
    """The public record of the project and its lots, and the documents whose digests stand in it."""
    matters = [project.ref, *(each.ref for each in lots)]
    found = {each.id: each for matter in matters for each in timeline(matter)}
    entries = [found[key] for key in sorted(found)]
    if not entries:
        return
    words = Words("流水账摘录", "Extract of the journal")
    said: dict[str, object] = {"v": 1, "project": project.code, "entries": [_entry(each) for each in entries]}
    yield _text(f"{RECORD}/流水账摘录.json", words, entries[-1].at, said)
    heads = ("时间（北京时间）", "事项", "对象", "序号", "内容", "文件摘要", "记录散列")
    rows = [
        (each.at, KIND_WORDS.get(each.kind, Words(each.kind, each.kind)), str(each.about), each.n,
         json.dumps(dict(each.facts), ensure_ascii=False, sort_keys=True), " ".join(each.documents), each.leaf_hash)
        for each in entries
    ]  # fmt: skip
    sheet = Sheet("流水账", heads, rows, ("流水账摘录", project.code), (20, 24, 44, 8, 80, 68, 68))
    yield made(
        f"{RECORD}/流水账摘录.xlsx", words, entries[-1].at, workbook([sheet], LANGUAGE, entries[-1].at)
    )
    for each in entries:
        if each.kind != "bid-submitted":  # papers of bids stand with the bids, for those who may read them
            yield from _recorded(each)


def _recorded(entry: EntryView) -> Iterator[Member]:
    words = KIND_WORDS.get(entry.kind, Words(entry.kind, entry.kind))
    for sha256 in entry.documents:
        yield from _stored(f"{RECORD}/原件/{entry.kind}-{sha256[:16]}.json", words, entry.at, sha256)
