"""Several lots of a project in one act of a bidder: documents taken; bids handed in, replaced, withdrawn; the receipts."""

from __future__ import annotations

from dataclasses import replace as dataclass_replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisation, usable_credentials
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import REFUSED_STATUS, Guide, new_key, rehearsed, render, said
from yiwang.doors.hall.forms.together import BidsForm, BidsToWithdraw, LotBidForm, bid_fields
from yiwang.doors.hall.papers import KIND_SIGN, Paper, papers_of, with_credentials
from yiwang.doors.hall.sharing import open_yet, to_bid_for
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.files.api import BID_TYPES
from yiwang.record.journal.api import business_now, once


@route(permissions.TAKE_DOCUMENTS)
@require_http_methods(["GET", "POST"])
def take_documents(request: HttpRequest, code: str) -> HttpResponse:
    """The lots of a project that are open for bids: chosen together, taken all or none."""
    actor, now = request.actor, business_now()
    lots = _announced(actor, code)
    chosen = request.POST.getlist("lots")
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            taken = trading.take_documents_together(actor, chosen, now)
            count = len(taken)
            done = Words(f"已获取 {count} 个标段的招标文件", f"Documents of {count} lots were taken")
            messages.success(request, said(done))
            return redirect("hall:take-together", code=code)
        except Refused as refused:
            findings = refused.findings
    rows = [(lot, trading.has_taken(lot, actor.organisation), _of(findings, lot.code)) for lot in lots]
    context = {
        "project": lots[0].project,
        "rows": rows,
        "open": bool(findings) or any(lot.stage == "bidding" and not taken for lot, taken, _ in rows),
        "chosen": chosen or [lot.code for lot in lots if lot.stage == "bidding"],
        "findings": [
            each for each in findings if each.field.partition(".")[0] not in {lot.code for lot in lots}
        ],
        "may_bid": len(to_bid_for(actor, lots, now)[0]),
        "refused": bool(findings),
        "now": now,
    }
    status = REFUSED_STATUS if findings else 200
    return render(request, "hall/take_together.html", context, status=status)


def _of(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [each for each in findings if each.field.partition(".")[0] == code]


def _announced(actor: Actor, code: str) -> list[Any]:
    """The lots of a project that have been announced, by code. Http404 where there is none to see."""
    lots = list(trading.lots_for(actor).filter(project__code=code, law_on__isnull=False).order_by("code"))
    if not lots:
        raise Http404(code)
    return lots


@route(permissions.BID)
def bids(request: HttpRequest, code: str) -> HttpResponse:
    """Bids in several lots of the project: a sheet and papers each, handed in in one act, all or none."""
    return _bids(request, code, replace=False)


@route(permissions.BID)
def bids_replace(request: HttpRequest, code: str) -> HttpResponse:
    """Other bids in place of those that stand in several lots of the project, in one act, all or none."""
    return _bids(request, code, replace=True)


def _bids(request: HttpRequest, code: str, *, replace: bool) -> HttpResponse:
    # The body is read to its last byte before the clock is: received_at decides (招标投标法 28).
    uploads = request.FILES
    received_at, actor = business_now(), request.actor
    lots = _announced(actor, code)
    may_bid, done, untaken = to_bid_for(actor, lots, received_at)
    due = open_yet(done, received_at) if replace else may_bid
    sent = posted(request)
    chosen = sent.getlist("lots") if sent is not None else [each.code for each in due if not replace]
    offered = [each for each in lots if each in due or each.code in chosen]
    form = _bids_form(actor, sent, uploads, offered, chosen, received_at)
    kinds = bid_fields(each.code for each in offered)
    papers, findings = (
        papers_of(request, actor, BID_TYPES, kinds=kinds) if request.method == "POST" else ([], [])
    )
    also = set(sent.getlist("also")) if sent is not None else set()
    unknown = set(chosen) - {each.code for each in lots}
    form.refuse(
        [*findings, *(Finding("no-such-lot", params={"code": each[:40]}) for each in sorted(unknown))]
    )

    def handed_in() -> list[trading.LotBid]:
        members = form.consortium((actor.organisation, organisation(actor.organisation).name))
        bids = [(each, members if each.is_joint() else ()) for each in form.chosen]
        found = [
            _bid(actor, each, form, _papers(papers, also, each.lot.code, bool(joint)), joint, received_at)
            for each, joint in bids
        ]
        return [dataclass_replace(each, replace=replace) for each in found]

    return Guide(
        template="hall/bids.html",
        preview_template="hall/bids_preview.html",
        forms={"form": form},
        preview=lambda: _checked(actor, form, handed_in(), received_at),
        take=lambda: _take(actor, code, form, handed_in(), received_at),
        context={
            "project": lots[0].project,
            "lots": [(each, _own_papers(papers, also, each, form)) for each in form.lots],
            "papers": [each for each in papers if not each.place],
            "done": [] if replace else done,
            "untaken": [] if replace else untaken,
            "replace": replace,
            "standing": len(open_yet(done, received_at)),
            "deadline_at": min((each.deadline_at for each in offered), default=None),
            "now": received_at,
        },
        tokens=lambda: [each.token for each in papers],
    ).answer(request)


def _bids_form(
    actor: Actor, sent: Any, uploads: Any, offered: list[Any], chosen: list[str], at: datetime
) -> BidsForm:
    """The form of bids in the lots that are offered, with what is known of the bidder."""
    return BidsForm(
        sent,
        uploads or None,
        offered,
        chosen,
        key=new_key(),
        register=usable_credentials(actor.organisation, local_day(at)),
        prequalified={
            each.code: trading.prequalified_members(each, actor.organisation)
            for each in offered
            if each.prequalifies
        },
    )


def _papers(papers: list[Paper], also: set[str], code: str, joint: bool) -> list[Paper]:
    """The papers that go with the bid in a lot: those for all, its own, and those of other lots ticked for it; each once.

    The agreement for all goes with those of a consortium.
    """
    found = [each for each in papers if each.place in ("", code) or f"{code}{KIND_SIGN}{each.token}" in also]
    found = [each for each in found if joint or each.place or each.kind != trading.AGREEMENT]
    return list({each.sha256: each for each in reversed(found)}.values())[::-1]


def _own_papers(
    papers: list[Paper], also: set[str], form: LotBidForm, every: BidsForm
) -> list[tuple[Paper, list[tuple[Any, str, bool]]]]:
    """The papers uploaded for one lot, each with the other lots: their boxes, and whether they are ticked."""
    others = [each.lot for each in every.lots if each is not form]
    shown = []
    for paper in papers:
        if paper.place == form.lot.code:
            boxes = [(lot, f"{lot.code}{KIND_SIGN}{paper.token}") for lot in others]
            shown.append((paper, [(lot, value, value in also) for lot, value in boxes]))
    return shown


def _bid(
    actor: Actor,
    form: LotBidForm,
    every: BidsForm,
    papers: list[Paper],
    members: tuple[trading.PartnerFacts, ...],
    at: datetime,
) -> trading.LotBid:
    """The bid in one lot as typed, with the verified records that were chosen; of a consortium where there are ``members``.

    Raises Refused, naming the lot.
    """
    codes = {*every.common.chosen_credentials(), *form.chosen_credentials()}
    try:
        papers = with_credentials(actor, papers, sorted(codes), at) if codes else papers
    except Refused as refused:
        raise Refused(
            Finding(each.rule, each.source, each.params, form.lot.code) for each in refused.findings
        ) from refused
    kinds = {each.sha256: each.kind.rpartition(KIND_SIGN)[2] for each in papers if each.kind}
    return trading.LotBid(
        form.lot.code, form.sheet(members), [(each.sha256, each.name) for each in papers], kinds
    )


def _checked(actor: Actor, form: BidsForm, bids: list[trading.LotBid], at: datetime) -> dict[str, Any]:
    """What will be handed in. It is tried and undone, so that every refusal of every lot shows before it counts."""
    rehearsed(lambda: trading.submit_bids(actor, bids, at))
    return {"bids": [(form.by_lot[each.lot].lot, each.sheet, _listed(each)) for each in bids]}


def _listed(bid: trading.LotBid) -> list[tuple[str, str, Words | None]]:
    return [(sha256, name, trading.PAPER_KINDS.get(bid.kinds.get(sha256, ""))) for sha256, name in bid.papers]


def _take(actor: Actor, code: str, form: BidsForm, bids: list[trading.LotBid], at: datetime) -> str:
    """Hands all of them in under the key of the form, so that a repeated click gives the same receipts."""
    asked = [
        {"lot": each.lot, "sheet": each.sheet.as_json(), "papers": [list(one) for one in each.papers],
         "kinds": dict(each.kinds), "replace": each.replace}
        for each in bids
    ]  # fmt: skip

    def submit() -> dict[str, Any]:
        return {"envelopes": [each.envelope for each in trading.submit_bids(actor, bids, at)]}

    once(form.common.cleaned_data["key"], actor, {"project": code, "bids": asked}, submit)
    return reverse("hall:own-bids", args=[code])


@route(permissions.BID)
@require_GET
def own_bids(request: HttpRequest, code: str) -> HttpResponse:
    """The receipts of my standing bids in the lots of a project, on one page to print and keep."""
    actor, now = request.actor, business_now()
    lots = _announced(actor, code)
    envelopes = [(lot, trading.own_envelope(lot, actor.organisation)) for lot in lots]
    receipts = [(lot, trading.receipt_of(each)) for lot, each in envelopes if each is not None]
    if not receipts:
        raise Http404(code)
    may_bid, done, _ = to_bid_for(actor, lots, now)
    context = {
        "project": lots[0].project,
        "receipts": receipts,
        "more": len(may_bid),
        "standing": len(open_yet(done, now)),
        "now": now,
    }
    return render(request, "hall/own_bids.html", context)


@route(permissions.BID)
def bids_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraws the bids in the lots that are chosen, in one act, all or none; asked once."""
    received_at, actor = business_now(), request.actor
    lots = _announced(actor, code)
    standing = open_yet(to_bid_for(actor, lots, received_at)[1], received_at)
    form = BidsToWithdraw(standing, posted(request))

    def take() -> str:
        trading.withdraw_bids(actor, form.cleaned_data["lots"], received_at)
        return reverse("hall:project", args=[code])

    def chosen() -> dict[str, Any]:
        rehearsed(take)
        codes = form.cleaned_data["lots"]
        found = [(each, trading.own_envelope(each, actor.organisation)) for each in standing]
        return {"bids": [(lot, envelope) for lot, envelope in found if lot.code in codes]}

    return Guide(
        template="hall/bids_withdraw.html",
        preview_template="hall/bids_withdraw_preview.html",
        forms={"form": form},
        preview=chosen,
        take=take,
        context={"project": lots[0].project, "standing": standing, "now": received_at},
    ).answer(request)
