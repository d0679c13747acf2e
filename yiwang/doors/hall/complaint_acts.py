"""What may be done about a complaint, in words, and the two kinds of pages on which it is done: typed, or confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import say
from yiwang.doors.hall.edge import Guide, confirmed, note_warnings, rehearsed, said
from yiwang.doors.hall.papers import papers_of
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.words import Words
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now

Found = tuple[Any, trading.ComplaintPage]
Warnings = tuple[Finding, ...]
YES = Words("是", "yes")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a side may do: where, its words, what it rests on, what follows; and when it is open."""

    name: str
    words: Words
    about: Words
    consequence: Words
    open: Callable[[trading.ComplaintPage], bool]
    main: bool = False

    @property
    def dated(self) -> bool:
        """Whether the time that runs for the body is the time for this."""
        return self.name in ("accept", "refuse", "decide")

    @property
    def url_name(self) -> str:
        return f"hall:complaint-{self.name}"


def _body(*stages: str) -> Callable[[trading.ComplaintPage], bool]:
    return lambda page: page.side == "authority" and page.stage in stages


ACTS = (
    Act(
        "accept",
        Words("受理投诉", "Accept the complaint"),
        Words(
            "自收到投诉之日起三个工作日内决定是否受理；受理后三十个工作日内作出书面处理决定（招标投标法实施条例第六十一条）。",
            "Whether it is accepted is decided within three working days of its receipt; then thirty working days remain for the written decision (Implementing Regulations of the Bidding Law, art. 61).",
        ),
        Words(
            "受理后告知投诉人，处理期限随即起算。",
            "The complainant is told, and the time for the decision runs.",
        ),
        _body("received"),
        main=True,
    ),
    Act(
        "refuse",
        Words("不予受理", "Do not accept it"),
        Words(
            "只能依据法定情形不予受理，并说明理由（招标投标法实施条例第六十条、第六十一条）。",
            "Only on a ground of the law, and with the reason (Implementing Regulations of the Bidding Law, art. 60, 61).",
        ),
        Words(
            "决定不能更改，随即告知投诉人；本件投诉到此为止。",
            "It is not changed; the complainant is told, and the complaint ends here.",
        ),
        _body("received"),
    ),
    Act(
        "decide",
        Words("作出处理决定", "Decide the complaint"),
        Words(
            "自受理之日起三十个工作日内作出书面处理决定；检验、检测、鉴定、专家评审所需时间不计（招标投标法实施条例第六十一条）。",
            "Within thirty working days of acceptance, in writing; the time of inspection, testing, appraisal and expert review does not count (Implementing Regulations of the Bidding Law, art. 61).",
        ),
        Words(
            "决定不能更改，随即告知投诉人和被投诉人；责令改正的，同时告知招标人。因本投诉责令的暂停同时解除，选择继续暂停的除外。",
            "It is not changed; complainant and respondent are told, and the tenderee where it has to correct something. A suspension ordered for this complaint ends, unless you keep it.",
        ),
        lambda page: _body("accepted")(page) and not page.appraising,
        main=True,
    ),
    Act(
        "ask",
        Words("要求被投诉人说明", "Ask the respondent"),
        Words(
            "行政监督部门处理投诉，有权调查有关情况，相关单位应当予以配合（招标投标法实施条例第六十二条）。",
            "The supervisor may inquire, and those concerned have to help (Implementing Regulations of the Bidding Law, art. 62).",
        ),
        Words(
            "被投诉人将看到投诉的事实和请求，看不到投诉人名称和证明材料。",
            "The respondent will read facts and request of the complaint, not who made it, nor the proof.",
        ),
        lambda page: _body("accepted")(page) and all(each.answered_at for each in page.inquiries),
    ),
    Act(
        "suspend",
        Words("责令暂停招标投标活动", "Order a suspension"),
        Words(
            "必要时，行政监督部门可以责令暂停招标投标活动（招标投标法实施条例第六十二条）。",
            "Where needed the supervisor may order the tender to be suspended (Implementing Regulations of the Bidding Law, art. 62).",
        ),
        Words(
            "暂停立即生效并公开，暂停的理由和投诉内容不公开；恢复之前不截止、不开标、不评标、不定标、不订立合同。",
            "It takes effect at once and is public; reason and complaint are not. Until it is lifted nothing is closed, opened, evaluated, awarded or contracted.",
        ),
        lambda page: _body("accepted")(page) and page.ordered_at is None,
    ),
    Act(
        "lift",
        Words("恢复招标投标活动", "Let the tender go on"),
        Words(
            "暂停的必要消除后恢复（招标投标法实施条例第六十二条）。",
            "Once the need for it is gone (Implementing Regulations of the Bidding Law, art. 62).",
        ),
        Words(
            "恢复立即生效并公开；截止时间已过的，须重新确定。",
            "It takes effect at once and is public; where the deadline has passed, a new one is set.",
        ),
        lambda page: _body("accepted", "decided")(page) and page.ordered_at is not None,
        main=True,
    ),
    Act(
        "appraisal",
        Words("登记检验、检测、鉴定或者专家评审", "Enter an appraisal"),
        Words(
            "检验、检测、鉴定、专家评审所需时间不计入处理期限（招标投标法实施条例第六十一条）。",
            "The time of inspection, testing, appraisal and expert review does not count (Implementing Regulations of the Bidding Law, art. 61).",
        ),
        Words(
            "自次日起停止计算处理期限，直至登记结束之日。",
            "From the next day on no day counts, to the day on which its end is entered.",
        ),
        lambda page: _body("accepted")(page) and not page.appraising,
    ),
    Act(
        "appraised",
        Words("登记检验、检测、鉴定或者专家评审结束", "Enter the end of the appraisal"),
        Words("收到结论后登记。", "Once its result is there."),
        Words("处理期限自次日起继续计算。", "From the next day on the time for the decision runs again."),
        lambda page: _body("accepted")(page) and page.appraising,
        main=True,
    ),
    Act(
        "withdraw",
        Words("撤回投诉", "Withdraw the complaint"),
        Words("处理决定作出之前可以撤回。", "It can be withdrawn until it is decided."),
        Words(
            "撤回后本件投诉到此为止，因此责令的暂停同时解除；不能恢复，投诉期限不因此延长。",
            "The complaint ends here, and with it a suspension that was ordered for it. It does not come back to life, and the time for complaining is not extended.",
        ),
        lambda page: page.side == "complainant" and page.stage in ("received", "accepted"),
    ),
    Act(
        "answer",
        Words("向行政监督部门说明", "Answer the supervisor"),
        Words(
            "相关单位和人员应当配合调查（招标投标法实施条例第六十二条）。",
            "Those concerned have to help with the inquiry (Implementing Regulations of the Bidding Law, art. 62).",
        ),
        Words(
            "提交后不能更改，只有行政监督部门能够查阅。", "It is not changed; only the supervisor reads it."
        ),
        lambda page: page.answer_open,
        main=True,
    ),
    Act(
        "correction",
        Words("说明如何执行处理决定", "State how the decision was carried out"),
        Words(
            "处理决定责令改正的，由招标人执行；在平台上办理的改正会自动登记，其他方式的执行在此说明。",
            "What a decision orders is carried out by the tenderee. A step of the tender that does it is recorded by itself; state here what was done otherwise.",
        ),
        Words("提交后告知行政监督部门，不能更改。", "The supervisor is told; it is not changed."),
        lambda page: page.correction_open,
    ),
    Act(
        "evaluate-again",
        Words("按处理决定重新评标", "Evaluate again as ordered"),
        Words(
            "违法情形影响中标结果又无法补救的，原结果无效，重新评审（招标投标法实施条例第八十一条）。",
            "Where a breach affects the result and nothing else mends it, the result is void, and it is evaluated again (Implementing Regulations of the Bidding Law, art. 81).",
        ),
        Words(
            "已作出的评审结论和已有的排序、公示、中标通知书随即失效并公开注明，由原评标委员会重新评审，结果重新公示。责令重新评标的部门公开，投诉内容和投诉人不公开。原记录全部保留，此步骤不能撤销。",
            "What was concluded is void at once, and with it ranking, publicity and award letter where there are any, marked so in public; the same committee evaluates anew and the result is publicised again. Which body ordered it is public; the complaint and who made it are not. All records stay. This cannot be undone.",
        ),
        lambda page: False,  # the button of what the decision orders leads to it (mending_of)
    ),
    Act(
        "evaluate-anew",
        Words("按处理决定重新组建评标委员会", "Have a new committee evaluate as ordered"),
        Words(
            "评标委员会成员违法确定或者更换的，其评审结论无效，依法重新进行评审（招标投标法实施条例第七十条）。",
            "Where members of the committee were determined or replaced unlawfully, their conclusions are void and the bids are evaluated again (Implementing Regulations of the Bidding Law, art. 70).",
        ),
        Words(
            "原评标委员会成员全部退出，不能再参加；已作出的评审结论和已有的排序、公示、中标通知书随即失效并公开注明。随后依法另行抽取专家、委派招标人代表，由新的评标委员会从头评审，结果重新公示。责令部门公开，投诉内容和投诉人不公开。原记录全部保留，此步骤不能撤销。",
            "All members of the committee stand down and cannot sit again; what was concluded is void at once, and with it ranking, publicity and award letter where there are any, marked so in public. Then other experts are drawn and the tenderee names its representatives; the new committee evaluates from the beginning and the result is publicised again. Which body ordered it is public; the complaint and who made it are not. All records stay. This cannot be undone.",
        ),
        lambda page: False,
    ),
    Act(
        "tender-again",
        Words("按处理决定重新招标", "Tender again as ordered"),
        Words(
            "违法情形影响中标结果又无法补救的，原结果无效，重新招标（招标投标法第六十四条，招标投标法实施条例第八十一条）。",
            "Where a breach affects the result and nothing else mends it, it is void, and the tender is held again (Bidding Law, art. 64; Implementing Regulations, art. 81).",
        ),
        Words(
            "本次招标到此为止，公示和中标通知书失效并公开注明，保证金应当退还；随后发布招标失败公告，重新招标另行登记。责令重新招标的部门公开，投诉内容和投诉人不公开。此步骤不能撤销。",
            "This tender ends here. Publicity and award letter are void and marked so in public, deposits go back; the notice of the failed tender and the new tender come next. Which body ordered it is public; the complaint and who made it are not. This cannot be undone.",
        ),
        lambda page: False,
    ),
)
_BY_NAME = {each.name: each for each in ACTS}


@dataclass(frozen=True, slots=True)
class Mending:
    """Where a tenderee does what a decision orders: the page of the step, or "" while it cannot be done, with why (``bars``)."""

    words: Words
    url: str
    bars: tuple[Finding, ...] = ()


_BEFORE_AWARD = ("bidding", "closed", "opened", "evaluating", "reported", "publicity", "publicity-ended")
# What is done by a step that others take without an order too: open in these stages.
_MENDING = {
    "amend-documents": (
        "hall:clarify",
        Words("改正招标文件", "Correct the documents"),
        ("applying", "bidding"),
    ),
    "amend-and-tender-again": (
        "hall:terminate",
        Words("认定招标文件违法，修改后重新招标", "Annul the documents, and tender again"),
        _BEFORE_AWARD,
    ),
    "award-from-others": (
        "hall:pass-over",
        Words("认定中标候选人不符合中标条件", "Pass over a shortlisted bidder"),
        ("publicity-ended", "awarded"),
    ),
}
# What only an order opens: which of the acts above does it.
_BY_ORDER = {
    "evaluate-again": "evaluate-again",
    "evaluate-new-committee": "evaluate-anew",
    "tender-again": "tender-again",
}
_PAGES = {"evaluate-anew": "hall:complaint-evaluate-again"}


def order_bars(actor: Actor, lot: Any, page: trading.ComplaintPage, act: str, at: datetime) -> list[Finding]:
    """Why the act that carries out the decision would be refused now, by the guards that refuse it."""
    ordered = page.correction_id if page.correction_open else ""
    asked = trading.new_tender_findings if act == "tender-again" else trading.evaluation_findings
    return asked(actor, lot, ordered, at)


def mending_of(actor: Actor, lot: Any, page: trading.ComplaintPage, at: datetime) -> Mending | None:
    """The step of the tender that does what the reader has to correct; None where no step does it, or nothing is open."""
    if not page.correction_open:
        return None
    act = _BY_NAME.get(_BY_ORDER.get(page.correction_id, ""))
    if act is not None:
        bars = tuple(order_bars(actor, lot, page, act.name, at))
        url = reverse(_PAGES.get(act.name, act.url_name), args=[page.code])
        return Mending(act.words, "" if bars else url, bars)
    if page.correction_id not in _MENDING:
        return None
    name, words, stages = _MENDING[page.correction_id]
    stands = lot.stopped_at is not None and name == "hall:pass-over"
    return Mending(words, reverse(name, args=[lot.code]) if lot.stage in stages and not stands else "")


def confirm_act(
    request: HttpRequest,
    name: str,
    found: Found,
    do: Callable[[], Warnings | None],
    moot: tuple[trading.OpenOrder, ...] = (),
) -> HttpResponse:
    """An act without anything to type: what will happen, with the orders that become ``moot``, and the button that does it."""
    lot, page = found
    back = reverse("hall:complaint", args=[page.code])

    def done(warnings: Warnings | None) -> str:
        note_warnings(request, warnings or ())
        return back

    context = {
        "lot": lot, "page": page, "act": _BY_NAME[name], "back": back, "moot": moot, "now": business_now(),
    }  # fmt: skip
    return confirmed(request, "hall/complaint_confirm.html", context, do, done)


def typed_act(
    request: HttpRequest,
    name: str,
    found: Found,
    form: Any,
    do: Callable[[dict[str, Any], list[tuple[str, str]]], Warnings | None],
) -> HttpResponse:
    """An act with a form: typed, looked at as it will be sent, done."""
    lot, page = found
    takes_papers = "papers" in form.fields
    posted = request.method == "POST" and takes_papers
    papers, findings = papers_of(request, request.actor, DOCUMENT_TYPES) if posted else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    back = reverse("hall:complaint", args=[page.code])

    def done() -> Warnings:
        return do(form.cleaned_data, [(each.sha256, each.name) for each in papers]) or ()

    def take() -> str:
        note_warnings(request, done())
        return back

    return Guide(
        template="hall/complaint_act.html",
        preview_template="hall/complaint_act_preview.html",
        forms={"form": form},
        preview=lambda: {"warnings": rehearsed(done), "rows": typed_rows(form)},
        take=take,
        context={
            "lot": lot, "page": page, "act": _BY_NAME[name], "back": back, "papers": papers,
            "takes_papers": takes_papers, "now": business_now(),
        },
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)  # fmt: skip


def typed_rows(form: Any) -> list[tuple[str, Any]]:
    """What was typed, as (label, value) for reading; choices in words, keys and files left out."""
    rows = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if name in ("key", "papers") or value in (None, "", False):
            continue
        if value is True:
            value = said(YES)
        choices = dict(getattr(field, "choices", ()) or ())
        rows.append((field.label, choices.get(value, value)))
    return rows
