"""What goes into the archive of a project (一标一档): by lot and stage, each document under a name of its own.

Secrets stay out for as long as they are secrets: nothing of a bid before its opening, names of the committee and of
those who took the documents not before the award, who asked or objected never. Complaints are there for whom they concern.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from yiwang.business.trading.applications import may_read_applications
from yiwang.business.trading.dialogue import objections_of, questions_of
from yiwang.business.trading.kinds import KIND_WORDS
from yiwang.business.trading.models import (
    PREQUALIFICATION_PHASE,
    TENDER_PHASE,
    Award,
    Clarification,
    Lot,
    LotDocument,
    Objection,
    Prequalification,
    Project,
    Question,
    Round,
    Taking,
)
from yiwang.business.trading.papers.complaining import complaint_members
from yiwang.business.trading.papers.letters import contract_paper, letter_paper
from yiwang.business.trading.papers.prequalifying import prequalification_paper
from yiwang.business.trading.papers.receipts import application_receipt_paper, receipt_paper
from yiwang.business.trading.papers.records import (
    evaluation_workbook,
    opening_paper,
    opening_workbook,
    report_paper,
)
from yiwang.business.trading.papers.reporting import written_report_paper
from yiwang.business.trading.papers.words import NoSuchPaper
from yiwang.business.trading.parties import names
from yiwang.business.trading.queries import OPENED, may_read_bid_document, terms_public
from yiwang.business.trading.services.bidding import current_envelopes, receipt_of
from yiwang.business.trading.services.prequalifying import standing_applications
from yiwang.common.notices import api as notices
from yiwang.law import api as law
from yiwang.pure.kernel.actors import CENTRE, SYSTEM, Actor
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Fields, Grid, Member, Paper, Sheet, made, pdf, safe_name, workbook
from yiwang.record.files import api as files
from yiwang.record.journal.api import EntryView, LogProofs, disclosed, log_proofs, timeline

CHINESE, ENGLISH = "zh-hans", "en"
PREQUALIFIED = Words("02a-资格预审", "02a-prequalification")
REGISTERED, ANNOUNCED, BIDS, OPENING, EVALUATION, AWARD, CONTRACT, RECORD = (
    Words("01-项目登记", "01-registration"),
    Words("02-公告与招标文件", "02-notices-and-documents"),
    Words("03-投标", "03-bids"),
    Words("04-开标", "04-opening"),
    Words("05-评标", "05-evaluation"),
    Words("06-公示与定标", "06-publicity-and-award"),
    Words("07-合同", "07-contract"),
    Words("08-流水记录", "08-record"),
)
STAGE_OF_FORM = {
    "prequalification-notice": PREQUALIFIED,
    "prequalification-clarification": PREQUALIFIED,
    "prequalification-postponement": PREQUALIFIED,
    "candidates-publicity": AWARD,
    "result-notice": AWARD,
}
CHUNK = 1 << 20
TAKERS_TOLD_FROM = ("awarded", "contracted", "archived")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where documents of one language are filed: names of folders and files, heads of tables, words."""

    language: str

    def say(self, zh: str, en: str) -> str:
        return Words(zh, en).in_language(self.language)

    def path(self, folder: Words, *rest: str) -> str:
        return "/".join((folder.in_language(self.language), *rest))


def project_members(by: Actor, project: Project, language: str = CHINESE) -> Iterator[Member]:
    """Every document of the project that ``by`` may take away, in the order of the archive.

    ``language``: that of the papers made from the record, of folders and of names; stored documents are as they are.
    """
    shelf = Shelf(language)
    lots = list(project.lots.select_related("project").order_by("code"))
    words = Words("项目登记表", "Registration")
    path = shelf.path(REGISTERED, f"{words.in_language(language)}.pdf")
    yield made(path, words, project.registered_at, pdf(_registration(shelf, project, lots)))
    for lot in lots:
        folder = safe_name(f"{lot.code[-6:]}-{lot.name}") + "/"
        for part in (
            _announced,
            _dialogue,
            _prequalification,
            _bids,
            _opening,
            _evaluation,
            _award,
            _contract,
        ):
            for each in part(shelf, by, lot):
                yield _below(folder, each)
        for each in complaint_members(by, lot, language, _stored):
            yield _below(folder, each)
    yield from _journal(shelf, project, lots)


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
    shelf: Shelf,
    lot: Lot,
    path: str,
    words: Words,
    make: Callable[[Lot, str], Paper],
    dated_at: datetime | None = None,
) -> Iterator[Member]:
    """A paper made from the record, where the lot has come to it."""
    try:
        paper = make(lot, shelf.language)
    except NoSuchPaper:
        return
    yield made(path, words, dated_at or paper.dated_at, pdf(paper))


def _registration(shelf: Shelf, project: Project, lots: list[Lot]) -> Paper:
    say, known = shelf.say, names((project.tenderee, project.agency))
    region = Words(*REGIONS.get(project.region, (project.region, project.region)))
    rows = [
        (say("项目名称", "Project"), project.name),
        (say("项目编号", "Project code"), project.code),
        (say("招标人", "Tenderee"), known[project.tenderee]),
        (say("招标代理机构", "Agency"), known.get(project.agency, "")),
        (say("地区", "Region"), region.in_language(shelf.language)),
        (say("资金来源", "Source of funds"), project.funds),
        (say("批准文件", "Approval"), project.approval),
        (
            say("国有资金", "State funds control"),
            say("是", "yes") if project.state_funded else say("否", "no"),
        ),
    ]
    grid = tuple((each.code, each.name, each.content) for each in lots)
    heads = (say("标段编号", "Lot code"), say("名称", "Name"), say("内容", "Content"))
    return Paper(
        language=shelf.language,
        title=say("项目登记表", "Registration of the project"),
        number=project.code,
        dated_at=project.registered_at,
        blocks=(
            Fields(say("项目", "Project"), tuple(row for row in rows if row[1])),
            Grid(say("标段", "Lots"), heads, grid, (False, False, False)),
        ),
    )


def _announced(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    """Published notices as paper and as their fixed text; the tender documents."""
    published = notices.notices(about=lot.ref, status="published")
    for number, each in enumerate(sorted(published, key=lambda each: (each.published_at, each.code)), 1):
        assert each.published_at is not None  # it is published
        stage = STAGE_OF_FORM.get(each.form, ANNOUNCED)
        form = law.notice_form(each.form, each.law_on).words
        path = shelf.path(stage, f"{number:02}-{safe_name(form.in_language(shelf.language))}-{each.code}")
        paper = pdf(notices.notice_paper(each, shelf.language))
        yield made(f"{path}.pdf", form, each.published_at, paper)
        fixed = Words(f"{form.zh}（固定文本）", f"{form.en} (fixed text)")
        yield made(f"{path}.json", fixed, each.published_at, each.body.encode())
    at = lot.publish_at or lot.stage_since_at
    for each in LotDocument.objects.filter(lot=lot, phase=TENDER_PHASE) if terms_public(lot) else ():
        path = shelf.path(ANNOUNCED, shelf.say("招标文件", "tender-documents"), safe_name(each.name))
        yield from _stored(
            path, Words(f"招标文件：{each.name}", f"Tender document: {each.name}"), at, each.sha256
        )
    if lot.stage in TAKERS_TOLD_FROM:
        yield from _takers(shelf, lot)


def _takers(shelf: Shelf, lot: Lot) -> Iterator[Member]:
    """Who took the documents: a secret until long after the opening (招标投标法 22)."""
    taken = list(Taking.objects.filter(lot=lot, phase=TENDER_PHASE).order_by("taken_at", "id"))
    if not taken:
        return
    known = names(each.organisation for each in taken)
    rows = [
        (n, known[each.organisation], each.organisation, each.taken_at) for n, each in enumerate(taken, 1)
    ]
    say, words = shelf.say, Words("招标文件获取登记表", "Who took the documents")
    named = words.in_language(shelf.language)
    heads = (
        say("序号", "No."),
        say("单位", "Organisation"),
        say("统一社会信用代码", "Credit code"),
        say("获取时间（北京时间）", "Taken at (Beijing time)"),
    )
    at = taken[-1].taken_at
    content = workbook(
        [Sheet(say("获取登记", "Takers"), heads, rows, (named, lot.code), (8, 40, 24, 20))],
        shelf.language,
        at,
    )
    yield made(shelf.path(ANNOUNCED, f"{named}.xlsx"), words, at, content)


def _dialogue(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    """Questions, clarifications, objections and answers, with their papers; never who asked or objected."""
    say = shelf.say
    folder = shelf.path(ANNOUNCED, say("澄清与异议", "clarifications-and-objections"))
    for clarification in Clarification.objects.filter(lot=lot, published_at__isnull=False):
        assert clarification.published_at is not None
        for sha256, name in clarification.papers:
            words = Words(f"澄清、修改文件：{name}", f"Clarification: {name}")
            path = f"{folder}/{safe_name(clarification.notice)}/{safe_name(name)}"
            yield from _stored(path, words, clarification.published_at, sha256)
    for question in Question.objects.filter(lot=lot, code__in=_codes(by, Question, lot)):
        said = {"code": question.code, "asked_at": iso(question.asked_at), "text": question.text,
                "answered_in": question.answered_in}  # fmt: skip
        path = f"{folder}/{say('提问', 'question')}-{question.code}.json"
        yield _text(path, Words("提问", "Question"), question.asked_at, said)
    for objection in Objection.objects.filter(lot=lot, code__in=_codes(by, Objection, lot)):
        answered = objection.answered_at
        said = {"code": objection.code, "raised_at": iso(objection.raised_at), "text": objection.text,
                "answer": objection.answer, "answered_at": iso(answered) if answered else ""}  # fmt: skip
        words = Words("异议及答复", "Objection and answer")
        stem = f"{folder}/{say('异议', 'objection')}-{objection.code}"
        yield _text(f"{stem}.json", words, objection.raised_at, said)
        for number, (sha256, name) in enumerate(objection.answer_papers, 1):
            path = f"{stem}-{say('答复', 'answer')}{number}-{safe_name(name)}"
            yield from _stored(path, Words(f"异议答复：{name}", f"Answer: {name}"), answered or objection.raised_at, sha256)  # fmt: skip


def _codes(by: Actor, kind: type[Question] | type[Objection], lot: Lot) -> list[str]:
    """Those that ``by`` may read in the hall; the system itself reads all."""
    if by.role == SYSTEM:
        return list(kind.objects.filter(lot=lot).values_list("code", flat=True))
    return [each.code for each in (questions_of if kind is Question else objections_of)(by, lot)]


def _text(path: str, words: Words, dated_at: datetime, said: dict[str, object]) -> Member:
    return made(path, words, dated_at, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


def _prequalification(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    """Documents of the prequalification; after its deadline, for who may read them, applications and result notices."""
    row = Prequalification.objects.filter(lot=lot).first() if lot.prequalifies and lot.law_on else None
    if row is None:
        return
    say = shelf.say
    for each in LotDocument.objects.filter(lot=lot, phase=PREQUALIFICATION_PHASE):
        path = shelf.path(PREQUALIFIED, say("资格预审文件", "documents"), safe_name(each.name))
        words = Words(f"资格预审文件：{each.name}", f"Prequalification document: {each.name}")
        yield from _stored(path, words, row.publish_at or row.documents_from_at, each.sha256)
    if lot.stage == "applying" or (by.role != SYSTEM and not may_read_applications(by, lot)):
        return
    standing = standing_applications(lot)
    known = names(each.applicant for each in standing)
    for number, application in enumerate(standing, 1):
        name = known[application.applicant]
        folder = shelf.path(PREQUALIFIED, f"{number:02}-{safe_name(name)}")
        receipt = pdf(application_receipt_paper(lot, application, shelf.language))
        words = Words(f"{name}：申请递交回执", f"{name}: receipt of the application")
        yield made(f"{folder}/{say('递交回执', 'receipt')}.pdf", words, application.received_at, receipt)
        for sha256, paper in application.papers:
            words = Words(f"{name}：{paper}", f"{name}: {paper}")
            yield from _stored(f"{folder}/{safe_name(paper)}", words, application.received_at, sha256)
        if application.letter and row.notified_at:
            words = Words(f"{name}：资格预审结果通知书", f"{name}: result notice")
            stem = f"{folder}/{say('资格预审结果通知书', 'result-notice')}"
            notice = pdf(prequalification_paper(application.code, shelf.language))
            yield made(f"{stem}.pdf", words, row.notified_at, notice)
            fixed = Words(f"{words.zh}（固定文本）", f"{words.en} (fixed text)")
            yield from _stored(f"{stem}.json", fixed, row.notified_at, application.letter)


def _bids(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    """Receipts and papers of the bids that were opened, for those who may read them; before the opening nothing."""
    if lot.stage not in OPENED and not lot.bids.exists():
        return
    known = names(each.bidder for each in current_envelopes(lot))
    for number, envelope in enumerate(current_envelopes(lot), 1):
        if by.role != SYSTEM and not may_read_bid_document(by, envelope):
            continue
        folder = shelf.path(BIDS, f"{number:02}-{safe_name(known[envelope.bidder])}")
        receipt = pdf(receipt_paper(lot, receipt_of(envelope), shelf.language))
        words = Words(f"{known[envelope.bidder]}：递交回执", f"{known[envelope.bidder]}: receipt")
        yield made(f"{folder}/{shelf.say('递交回执', 'receipt')}.pdf", words, envelope.received_at, receipt)
        for sha256, name in envelope.papers:
            words = Words(f"{known[envelope.bidder]}：{name}", f"{known[envelope.bidder]}: {name}")
            yield from _stored(f"{folder}/{safe_name(name)}", words, envelope.received_at, sha256)


def _opening(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    words = Words("开标记录", "Opening record")
    stem = shelf.path(OPENING, words.in_language(shelf.language))
    for each in _papers(shelf, lot, f"{stem}.pdf", words, opening_paper):
        yield each
        yield made(f"{stem}.xlsx", words, each.dated_at, opening_workbook(lot, shelf.language))


def _evaluation(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    words = Words("评标报告", "Evaluation report")
    path = shelf.path(EVALUATION, f"{words.in_language(shelf.language)}.pdf")
    for each in _papers(shelf, lot, path, words, report_paper):
        yield each
        result = Words("评审结果", "Results of the evaluation")
        path = shelf.path(EVALUATION, f"{result.in_language(shelf.language)}.xlsx")
        yield made(path, result, each.dated_at, evaluation_workbook(lot, shelf.language))
        for row in lot.rounds.all():
            yield from _undone(shelf, row)


def _undone(shelf: Shelf, row: Round) -> Iterator[Member]:
    """The report of a round that was undone, as its members signed it: numbers, no names."""
    words = Words(
        f"第{row.number}次评标报告（已撤销，固定文本）", f"Report of round {row.number} (undone, fixed text)"
    )
    sha256 = row.kept["report"]["sha256"]
    if sha256:
        path = shelf.path(EVALUATION, f"{safe_name(words.in_language(shelf.language))}.json")
        yield from _stored(path, words, row.received_at, sha256)


def _award(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    letter = Words("中标通知书", "Award letter")
    stem = shelf.path(AWARD, letter.in_language(shelf.language))
    yield from _papers(shelf, lot, f"{stem}.pdf", letter, letter_paper)
    for decided in Award.objects.filter(lot=lot):
        words = Words("中标通知书（固定文本）", "Award letter (fixed text)")
        yield from _stored(f"{stem}.json", words, decided.sent_at, decided.letter)
    if by.role != CENTRE:  # it goes from the lot's side to the supervisor
        report = Words("招标投标情况书面报告", "Written report on the tender")
        path = shelf.path(AWARD, safe_name(report.in_language(shelf.language)))
        yield from _papers(shelf, lot, f"{path}.pdf", report, written_report_paper)


def _contract(shelf: Shelf, by: Actor, lot: Lot) -> Iterator[Member]:
    words = Words("合同", "Contract")
    path = shelf.path(CONTRACT, f"{words.in_language(shelf.language)}.pdf")
    yield from _papers(shelf, lot, path, words, contract_paper)


def _entry(shelf: Shelf, each: EntryView, proofs: LogProofs) -> dict[str, object]:
    """An entry with what proves it offline: its leaf, what opens the leaf, and the path to the root of the log."""
    return {
        "at": iso(each.at),
        "kind": each.kind,
        "words": KIND_WORDS.get(each.kind, Words(each.kind, each.kind)).in_language(shelf.language),
        "about": str(each.about),
        "n": each.n,
        "number": each.number,
        "facts": dict(each.facts),
        "documents": list(each.documents),
        "leaf_hash": each.leaf_hash,
        "leaf": each.leaf.decode(),
        "openings": disclosed(each),
        "index": each.index,
        "proof": proofs.path(each.index or 0),
    }


def _journal(shelf: Shelf, project: Project, lots: list[Lot]) -> Iterator[Member]:
    """The public record of the project and its lots, and the documents whose digests stand in it."""
    matters = [project.ref, *(each.ref for each in lots)]
    found = {each.index: each for matter in matters for each in timeline(matter) if each.index is not None}
    entries = [found[key] for key in sorted(found)]
    if not entries:
        return
    say, words = shelf.say, Words("流水账摘录", "Extract of the journal")
    stem = shelf.path(RECORD, words.in_language(shelf.language))
    proofs = log_proofs([each.index for each in entries if each.index is not None])
    said: dict[str, object] = {
        "v": 2,
        "project": project.code,
        "log": {"hash": "sha256", "size": proofs.size, "root": proofs.root},
        "entries": [_entry(shelf, each, proofs) for each in entries],
    }
    yield _text(f"{stem}.json", words, entries[-1].at, said)
    heads = (
        say("时间（北京时间）", "Instant (Beijing time)"),
        say("事项", "Matter"),
        say("对象", "About"),
        say("序号", "No."),
        say("内容", "Content"),
        say("文件摘要", "Digests"),
        say("记录散列", "Leaf hash"),
    )
    rows = [
        (each.at, KIND_WORDS.get(each.kind, Words(each.kind, each.kind)), str(each.about), each.n,
         json.dumps(dict(each.facts), ensure_ascii=False, sort_keys=True), " ".join(each.documents), each.leaf_hash)
        for each in entries
    ]  # fmt: skip
    named = words.in_language(shelf.language)
    sheet = Sheet(say("流水账", "Journal"), heads, rows, (named, project.code), (20, 24, 44, 8, 80, 68, 68))
    yield made(f"{stem}.xlsx", words, entries[-1].at, workbook([sheet], shelf.language, entries[-1].at))
    for each in entries:
        if each.kind != "bid-submitted":  # papers of bids stand with the bids, for those who may read them
            yield from _recorded(shelf, each)


def _recorded(shelf: Shelf, entry: EntryView) -> Iterator[Member]:
    words = KIND_WORDS.get(entry.kind, Words(entry.kind, entry.kind))
    for sha256 in entry.documents:
        path = shelf.path(RECORD, shelf.say("原件", "originals"), f"{entry.kind}-{sha256[:16]}.json")
        yield from _stored(path, words, entry.at, sha256)
