"""The worked cases of law/cases: who may do what in which stage, run against the rules as the verbs ask them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.law.copies import changed, copy_of_the_law
from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.facts import BidFacts, MemberFacts, PartnerFacts, SheetFacts, StepFacts
from yiwang.business.trading.rules.guards import step_findings
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere, PanelFacts
from yiwang.business.trading.rules.review_facts import ApplicationFacts, ReviewFacts
from yiwang.business.trading.rules.sitting_facts import MotionFacts, SittingFacts, VoteFacts
from yiwang.business.trading.rules.standing import Standstill
from yiwang.law import api as law
from yiwang.law.cases import Case, case_objections, cites, read_cases
from yiwang.pure.kernel.actors import ROLES, Actor
from yiwang.pure.kernel.codes import uscc_of
from yiwang.pure.kernel.days import SHANGHAI
from yiwang.pure.kernel.findings import REFUSAL, WARNING
from yiwang.pure.kernel.words import Words

from .test_rules_properties import LOT

CASES = read_cases(law.DIRECTORY)
OWN, OTHER = uscc_of("91620502MA0000077"), "91620502MA00000009"
ON = date(2026, 3, 4)
CONSORTIUM = (
    PartnerFacts(code=OWN, name="牵头单位", work="主体结构", percent=70),
    PartnerFacts(code=uscc_of("91620502MA0000099"), name="成员单位", work="机电安装", percent=30),
)
APPLIED_WITH = {"": (), "same": (CONSORTIUM[1].code,), "other": (OTHER,)}
INSTANTS = {
    "documents_from": "documents_from_at",
    "deadline": "deadline_at",
    "report_received": "report_received_at",
    "publicity_until": "publicity_until_at",
}


def instant(text: str) -> datetime:
    """An instant of Asia/Shanghai; 24:00 is the end of its day."""
    if text.endswith("T24:00"):
        return datetime.fromisoformat(text[:10]).replace(tzinfo=SHANGHAI) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def lot_of(case: Case, given: dict[str, str]) -> Any:
    fields: dict[str, Any] = {
        INSTANTS[key]: instant(given.pop(key)) for key in list(given) if key in INSTANTS
    }
    if "documents_until" in given:
        fields["documents_until_on"] = date.fromisoformat(given.pop("documents_until"))
    for name in ("deposit_fen", "attempt", "panel", "validity_days"):
        if name in given:
            fields[name] = int(given.pop(name))
    fields["suspended"] = given.pop("suspended", "no") == "yes"
    if "stood_still" in given:
        ordered, lifted = given.pop("stood_still").split("/")
        fields["standstills"] = (Standstill(date.fromisoformat(ordered), date.fromisoformat(lifted)),)
    fields["stopped"] = given.pop("stopped", "no") == "yes"
    fields["state_funded"] = given.pop("state_funded", "yes") == "yes"
    fields["outcome"] = given.pop("outcome", "")
    fields["consortium_allowed"] = given.pop("consortia", "no") == "yes"
    return replace(LOT, stage=case.stage, **fields)


def bids_of(given: dict[str, str]) -> tuple[BidFacts, ...]:
    """Ranked bids B1, B2 …, of which the first ``passed`` were passed over; each at a million yuan."""
    ranked, passed = int(given.pop("ranked", "0")), int(given.pop("passed", "0"))
    return tuple(
        BidFacts(
            bidder=f"B{n}", price_fen=100_000_000, status="valid", evaluated_fen=n, rank=n, passed=n <= passed
        )
        for n in range(1, ranked + 1)
    )


def review_of(case: Case, given: dict[str, str]) -> ReviewFacts:
    """The prequalification of a case: by method "qualified", with its criteria, a consortium accepted, nobody seated."""
    qualified, waiting = int(given.pop("qualified", "0")), int(given.pop("waiting", "0"))
    applications = [ApplicationFacts(applicant=f"Q{n}", passed=True) for n in range(qualified)]
    applications += [ApplicationFacts(applicant=f"W{n}") for n in range(waiting)]
    seats = {"none": (), "paper": ("",) * 5, "online": ("P-1", "P-2", "P-3", "P-4", "P-5")}
    points = given.pop("points", "")
    return ReviewFacts(
        method=given.pop("method", "qualified"),
        most=int(given.pop("most", "0")),
        criteria="" if given.pop("criteria", "") == "none" else "资质、业绩均合格。",
        consortium_allowed=given.pop("consortium", "accepted") == "accepted",
        own=given.pop("own_application", "no") == "yes",
        members=(*given.pop("members", "").split(), *APPLIED_WITH[given.pop("applied_with", "")]),
        applications=tuple(applications),
        reviewers=seats[given.pop("committee", "none")],
        passes=given.pop("found", "passes") == "passes",
        points=Decimal(points) if points else None,
        decided=given.pop("decided", "no") == "yes",
        qualified={"self": (OWN,), "others": (OTHER,), "": ()}[given.pop("passed_to", "")],
    )


def pauses_of(text: str) -> tuple[tuple[law.Pause, ...], bool]:
    """A span "from/to" as what does not count; whether its end is open."""
    begun, _, ended = text.partition("/")
    if not begun or not ended:
        return (), bool(begun)
    return (
        law.Pause(date.fromisoformat(begun), date.fromisoformat(ended), Words("不计", "left out")),
    ), False


def complaint_of(case: Case, given: dict[str, str], lot: Any) -> ComplaintFacts:
    """The complaint of a case, of which all that is not given is in order."""
    objected = given.pop("objected", "")
    answers, awaited = pauses_of(objected)
    appraisals, _ = pauses_of(given.pop("appraised", ""))
    accepted = given.pop("accepted", "")
    learnt = given.pop("learnt", "")
    return ComplaintFacts(
        stage=case.stage,
        matter=given.pop("matter", "other"),
        request="" if given.pop("request", "") == "none" else "责令改正。",
        learnt_on=date.fromisoformat(learnt) if learnt else None,
        concerned=given.pop("concerned", "yes") == "yes",
        objected=bool(objected),
        answers=answers,
        awaited=awaited,
        respondents=(lot.tenderee, lot.agency, OWN, OTHER),
        own=given.pop("own", "yes") == "yes",
        ours=given.pop("ours", "yes") == "yes",
        asked=given.pop("asked", "no") == "yes",
        accepted_at=instant(accepted) if accepted else None,
        appraisals=appraisals,
        appraising=given.pop("appraising", "no") == "yes",
        ordered=given.pop("ordered", "no") == "yes",
        outcome=given.pop("outcome", ""),
        correction=given.pop("correction", ""),
        corrects=given.pop("corrects", "no") == "yes",
        corrected=given.pop("corrected", "no") == "yes",
    )


def complaint_facts(case: Case) -> StepFacts:
    """The facts of a case about a complaint; raises where it gives something that is not known here."""
    given = dict(case.given)
    lot = replace(LOT, stage=given.pop("lot_stage", "bidding"), stopped=given.pop("stopped", "no") == "yes")
    who = {"tenderee": lot.tenderee, "agency": lot.agency}.get(case.by, OWN)
    respondents = {"tenderee": lot.tenderee, "agency": lot.agency, "bidder": OTHER, "self": who}
    complaint = complaint_of(case, given, lot)
    made = StepFacts(
        at=instant(given.pop("at", "2026-03-20T10:00")),
        by=Actor("P-CASE", who, case.by),
        lot=lot,
        received_at=instant(given.pop("made")) if "made" in given else None,
        subject=respondents[given.pop("respondent", "tenderee")],
        text="" if given.pop("text", "") == "none" else "招标文件第三章限制外地企业。",
        interest=given.pop("interest", ""),
        papers=int(given.pop("papers", "1")),
        ground=given.pop("ground", ""),
        reason=given.pop("reason", ""),
        complaint=complaint,
    )
    assert not given, f"{case.place}: unknown facts {given}"
    return made


def facts_of(case: Case) -> StepFacts:
    """The facts of a case; raises where it gives something that is not known here."""
    if case.procedure == "works-complaint":
        return complaint_facts(case)
    given = dict(case.given)
    lot = lot_of(case, given)
    at = instant(given.pop("at", "2026-03-20T10:00"))
    organisation = {"tenderee": lot.tenderee, "agency": lot.agency}.get(case.by, OWN)
    price = given.pop("price_fen", "")
    subject = given.pop("subject", "")
    opened = {"": (), "self": (OWN, OTHER), "others": (OTHER,)}[given.pop("opened", "")]
    committee = [
        MemberFacts(name=f"专家{n}", kind="technical") for n in range(int(given.pop("experts", "0")))
    ]
    others = int(given.pop("representatives", "0"))
    if given.pop("who", "") == "agency":
        organisation = lot.agency
    committee += [MemberFacts(name=f"代表{n}", kind="representative") for n in range(others)]
    joint = price and (given.pop("members", "no") == "yes" or given.pop("bids_as", "") == "consortium")
    made = StepFacts(
        at=at,
        by=Actor("P-CASE", organisation, case.by),
        lot=lot,
        received_at=instant(given.pop("raised")) if "raised" in given else at,
        envelopes=int(given.pop("applicants", given.pop("bidders", "0"))),
        own_envelopes=int(given.pop("own_bids", "0")),
        sheet=SheetFacts(
            price_fen=int(price),
            period_days=90,
            deposit_fen=0,
            quality="合格",
            manager="李雷",
            manager_certificate="甘1",
            consortium=CONSORTIUM if joint else (),
        )
        if price
        else None,
        papers=int(given.pop("papers", "0")),
        agreement=given.pop("agreement", "no") == "yes",
        taken=given.pop("taken", "no") == "yes",
        affects_bids=given.pop("affects", "no") == "yes",
        new_deadline_at=instant(given.pop("new_deadline")) if "new_deadline" in given else None,
        interest=given.pop("interest", ""),
        reexamining=given.pop("reexamining", "no") == "yes",
        remedy=given.pop("remedy", ""),
        ordered=given.pop("ordered", ""),
        committee_due=given.pop("committee_due", "no") == "yes",
        bids=bids_of(given),
        bidders=opened,
        committee=tuple(committee),
        panel=PanelFacts(
            direct=given.pop("special", "no") == "yes",
            held=given.pop("drawn_here", "no") == "yes",
            elsewhere=DrawnElsewhere(pool="省综合评标专家库", record="2026-1")
            if given.pop("drawn", "yes") == "yes"
            else None,
        ),
        review=review_of(case, given) if case.procedure == "works-open-prequalified" else None,
        subject=f"B{subject}" if subject else "",
        ground=given.pop("ground", ""),
        reason=given.pop("reason", ""),
        notice_status=given.pop("notice", "published"),
        publish_at=at,
        publicity_until_at=lot.publicity_until_at,
        amount_fen=int(given.pop("amount_fen", "0")),
        bond_fen=int(given.pop("bond_fen", "0")),
        signed_on=date.fromisoformat(given.pop("signed_on")) if "signed_on" in given else None,
    )
    assert not given, f"{case.place}: unknown facts {given}"
    return made


def test_there_are_at_least_sixty_worked_cases_of_works_written_by_hand():
    assert len(CASES) >= 60
    assert len({each.title for each in CASES}) == len(CASES)
    assert list(case_objections(law.current(), CASES)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_worked_case_holds(case: Case):
    step = law.procedure(case.procedure, on=ON).step(case.step)
    found = step_findings(step, facts_of(case))
    assert [each.rule for each in found if each.level == REFUSAL] == list(case.refused)
    assert [each.rule for each in found if each.level == WARNING] == list(case.warned)
    sources = [each.source for each in found if each.source]
    assert all(cites(each, case.article) for each in sources), sources


def test_every_step_that_a_person_takes_before_and_after_the_evaluation_has_a_case():
    tried = {each.step for each in CASES}
    steps = law.procedure("works-open", on=ON).steps
    wanted = {each.id for each in steps if "evaluating" not in (*each.from_stages, each.to_stage)}
    untried = {
        "return-notice",
        "answer-opening-objection",
        "publicise-again",
        "annul",
        "conclude-reexamination",
        "propose-conclusion",
        "vote-on-conclusion",
    }
    assert wanted - tried == {*untried, "archive", "retender"}


@pytest.mark.parametrize(
    ("before", "after", "objection"),
    [
        ('step = "close"\nstage = "bidding"\nby = "system"\ngiven = ["at = 2026-03-24T09:30", "deadline = 2026-03-24T09:30", "bidders = 3"]',
         'step = "dance"\nstage = "bidding"\nby = "system"', "dance"),
        ('article = "《工程建设项目施工招标投标办法》第三十八条"\n\n[[case]]\ntitle = "第二次失败，审批项目经批准不再招标"',
         'article = "第一条"\n\n[[case]]\ntitle = "第二次失败，审批项目经批准不再招标"', "nothing in forgo-tender cites"),
    ],
)  # fmt: skip
def test_a_case_about_nothing_is_an_objection(tmp_path: Path, before: str, after: str, objection: str):
    folder = copy_of_the_law(tmp_path)
    path = folder / "cases" / "works-open.toml"
    changed(path, before, after)
    assert any(objection in each for each in case_objections(law.current(), read_cases(folder)))


# Who may take which step from which stages, written down once more by hand, with the article that says so.
SPEC: Mapping[str, tuple[str, str, str]] = {
    "draft-notice": ("tenderee agency", "registered", "第十六条"),
    "return-notice": ("centre tenderee agency system", "announcing", "第十五条"),
    "announce": ("system", "announcing", "第二十四条"),
    "take-documents": ("bidder", "bidding", "第二十二条"),
    "submit-bid": ("bidder", "bidding", "第二十八条"),
    "replace-bid": ("bidder", "bidding", "第二十九条"),
    "withdraw-bid": ("bidder", "bidding", "第三十五条"),
    "clarify": ("system", "bidding", "第二十一条"),
    "postpone": ("system", "bidding", "第三十四条"),
    "object": ("bidder", "bidding", "第二十二条"),
    "answer-objection": ("tenderee agency", "bidding", "第二十二条"),
    "close": ("system", "bidding", "第三十四条"),
    "fail": ("system", "bidding", "第四十四条"),
    "open": ("centre tenderee agency", "closed", "第三十四条"),
    "object-to-opening": ("bidder", "opened", "第四十四条"),
    "answer-opening-objection": ("tenderee agency", "opened", "第四十四条"),
    "enter-committee": ("centre", "opened", "第三十七条"),
    "publicise": ("system", "reported", "第五十四条"),
    "object-to-result": ("bidder", "publicity", "第五十四条"),
    "answer-result-objection": ("tenderee agency", "publicity", "第五十四条"),
    "evaluate-again": ("tenderee agency system", "publicity", "第八十一条"),
    "evaluate-again-by-order": (
        "tenderee",
        "evaluating reported publicity publicity-ended awarded",
        "第八十一条",
    ),
    "evaluate-anew-by-order": (
        "tenderee",
        "evaluating reported publicity publicity-ended awarded",
        "第七十条",
    ),
    "publicise-again": ("tenderee agency system", "publicity", "第五十四条"),
    "annul": ("tenderee agency system", "publicity", "第六十四条"),
    "end-publicity": ("system", "publicity", "第五十四条"),
    "pass-over": ("tenderee agency", "publicity-ended", "第五十五条"),
    "withdraw-award": ("tenderee agency", "awarded", "第五十五条"),
    "declare-no-winner": ("tenderee agency", "publicity-ended", "第五十五条"),
    "order-reexamination": ("tenderee agency", "publicity-ended", "第五十六条"),
    "propose-conclusion": ("expert", "publicity-ended", "第五十六条"),
    "vote-on-conclusion": ("expert", "publicity-ended", "第四十四条"),
    "conclude-reexamination": ("centre expert", "publicity-ended", "第五十六条"),
    "award": ("tenderee agency", "publicity-ended", "第五十五条"),
    "contract": ("tenderee agency", "awarded", "第四十六条"),
    "report-award": ("tenderee agency", "awarded", "第四十七条"),
    "report-after-contract": ("tenderee agency", "contracted", "第四十七条"),
    "archive": ("centre", "contracted", "第三十六条"),
    "retender": ("tenderee agency", "failed", "第四十四条"),
    "forgo-tender": ("tenderee", "failed", "第三十八条"),
    "annul-by-order": (
        "tenderee",
        "bidding closed opened evaluating reported publicity publicity-ended awarded",
        "第六十四条",
    ),
    "annul-documents": (
        "tenderee",
        "bidding closed opened evaluating reported publicity publicity-ended",
        "第二十三条",
    ),
    "terminate": (
        "tenderee",
        "registered announcing bidding closed opened evaluating reported publicity publicity-ended",
        "第三十一条",
    ),
}


def test_every_step_but_those_of_the_evaluation_is_written_down():
    steps = law.procedure("works-open", on=ON).steps
    inside = {each.id for each in steps if "evaluating" in each.from_stages and each.id not in SPEC}
    assert {each.id for each in steps} - inside == set(SPEC)


SITTING = SittingFacts(
    online=True,
    motion=MotionFacts(matter="re-examine", basis="stands"),
    vote=VoteFacts(in_favour=True),
)


@pytest.mark.parametrize("name", SPEC)
def test_every_role_in_every_stage_may_take_a_step_only_as_the_table_says(name: str):
    procedure = law.procedure("works-open", on=ON)
    step, (roles, stages, article) = procedure.step(name), SPEC[name]
    assert article in step.source
    for role in ROLES:
        for stage in procedure.stages:
            lot = replace(LOT, stage=stage.id)
            facts = StepFacts(
                at=instant("2026-03-20T10:00"), by=Actor("P", OWN, role), lot=lot, sitting=SITTING
            )
            found = {each.rule for each in step_findings(step, facts)} & {"wrong-stage", "wrong-role"}
            wanted = {"wrong-stage"} if stage.id not in stages.split() else set()
            wanted |= {"wrong-role"} if role not in roles.split() else set()
            assert found == wanted, (role, stage.id)
