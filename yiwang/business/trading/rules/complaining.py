"""Complaints to the supervisor (招标条例 60-62): made, accepted or not, inquired into, decided.

Whether a complaint is late, or lacks the objection that had to come first, is for the supervisor to decide
(招标条例 61): here both are warnings, shown to complainant and supervisor, and the complaint is received.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yiwang.business.trading.rules.asking import MAX_PAPERS, MAX_TEXT
from yiwang.business.trading.rules.complaint_facts import ComplaintFacts
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.law import api as law
from yiwang.pure.kernel.actors import TENDEREE
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import WARNING, Finding

OTHER = "other"
OBJECTED_FIRST = ("documents", "opening", "result")
MATTERS = (*OBJECTED_FIRST, OTHER)
UPHELD, DISMISSED, BAD_FAITH = "upheld", "dismissed", "bad-faith"
OUTCOMES = (UPHELD, DISMISSED, BAD_FAITH)
ORDER = "order"  # why a round of the evaluation was undone
BY_ORDER = "by-order"  # why a tender failed
EVALUATE_AGAIN, TENDER_AGAIN = "evaluate-again", "tender-again"  # of W28-correction
NEW_COMMITTEE = "evaluate-new-committee"  # of W28-correction
NOTHING = "none"  # of W28-correction: upheld, and nothing has to be corrected
# While a tender goes on: it was announced, and there is no contract and no end of it yet.
RUNNING = (
    "applying",
    "reviewing",
    "prequalified",
    "announcing",
    "bidding",
    "closed",
    "opened",
    "evaluating",
    "reported",
    "publicity",
    "publicity-ended",
    "awarded",
)


def _about(facts: StepFacts) -> ComplaintFacts:
    assert facts.complaint is not None  # the steps of a complaint are asked with one
    return facts.complaint


def _source(facts: StepFacts, rule: str) -> str:
    return law.rule(rule, on=facts.lot.law_on).source


def _article_60(facts: StepFacts) -> str:
    return law.limit("W27", on=facts.lot.law_on).source


def _long(text: str) -> bool:
    return not text.strip() or len(text) > MAX_TEXT


def concerned_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 60: bidders, and others whom the tender concerns, who say how."""
    if not _about(facts).concerned and (facts.by.role == TENDEREE or not facts.interest.strip()):
        yield Finding("complaint-interest-missing", _article_60(facts), field="interest")


def complete_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 60: something definite is asked for, and there is the proof that it needs."""
    complaint, source = _about(facts), _article_60(facts)
    if complaint.matter not in MATTERS:
        yield Finding("complaint-matter-unknown", field="matter")
    if complaint.learnt_on is None:
        yield Finding("complaint-learnt-missing", source, field="learnt_on")
    elif complaint.learnt_on > local_day(facts.at):
        yield Finding("complaint-learnt-later", field="learnt_on")
    if _long(facts.text):
        yield Finding("complaint-facts-missing", source, {"at_most": MAX_TEXT}, field="text")
    if _long(complaint.request):
        yield Finding("complaint-request-missing", source, {"at_most": MAX_TEXT}, field="request")
    if facts.papers < 1:
        yield Finding("complaint-proof-missing", source, field="papers")
    elif facts.papers > MAX_PAPERS:
        yield Finding("too-many-papers", params={"at_most": MAX_PAPERS}, field="papers")


def respondent_findings(facts: StepFacts) -> Iterator[Finding]:
    """A complaint is about somebody of this lot: who runs it, or whose bid was opened; never about oneself."""
    others = set(_about(facts).respondents) - {facts.by.organisation}
    if facts.subject not in others:
        yield Finding("respondent-unknown", _article_60(facts), field="respondent")


def made_in_time_clock(facts: StepFacts) -> law.Clock | None:
    """W27: until when to complain. None while an objection waits for its answer: that time does not count.

    None too for a day that lies ahead, which is refused.
    """
    complaint = _about(facts)
    if complaint.learnt_on is None or complaint.awaited or complaint.learnt_on > local_day(facts.at):
        return None
    return law.clock("W27", complaint.learnt_on, on=facts.lot.law_on, pauses=complaint.answers)


def made_in_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W27, as a warning: what is late is received, and the supervisor decides about it."""
    clock = made_in_time_clock(facts)
    if clock is not None and facts.at >= clock.result_at:
        params = {"at_most_days": clock.limit.at_most, "latest_on": clock.result_on.isoformat()}
        yield Finding("W27", clock.limit.source, params, field="learnt_on", level=WARNING)


def objection_first_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 60: about documents, opening and result an objection comes first; as a warning, the supervisor decides."""
    complaint = _about(facts)
    if complaint.matter in OBJECTED_FIRST and not complaint.objected:
        yield Finding("W27-objection", _source(facts, "W27-objection"), field="matter", level=WARNING)


def own_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who complained withdraws the complaint."""
    if not _about(facts).own:
        yield Finding("no-such-complaint")


def ours_findings(facts: StepFacts) -> Iterator[Finding]:
    """A complaint is handled by the body that it was made to; to all others there is none."""
    if not _about(facts).ours:
        yield Finding("no-such-complaint")


def _late(rule: str, clock: law.Clock, at: datetime) -> Iterator[Finding]:
    if at >= clock.result_at:
        params = {"at_most_days": clock.limit.at_most, "latest_on": clock.result_on.isoformat()}
        yield Finding(rule, clock.limit.source, params, level=WARNING)


def accepted_in_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W28-accept, as a warning: a late answer is better than none. ``facts.received_at``: the complaint's receipt."""
    if facts.received_at is not None:
        clock = law.clock("W28-accept", facts.received_at, on=facts.lot.law_on)
        yield from _late("W28-accept", clock, facts.at)


def decided_in_time_clock(facts: StepFacts) -> law.Clock | None:
    """W28: until when to decide. None before acceptance and while something is appraised: that time does not count."""
    complaint = _about(facts)
    if complaint.accepted_at is None or complaint.appraising:
        return None
    return law.clock("W28", complaint.accepted_at, on=facts.lot.law_on, pauses=complaint.appraisals)


def decided_in_time_findings(facts: StepFacts) -> Iterator[Finding]:
    """W28, as a warning: a late decision is given all the same."""
    clock = decided_in_time_clock(facts)
    if clock is not None:
        yield from _late("W28", clock, facts.at)


def refusal_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 60, 61: a complaint is not accepted on a ground of the law, with the reason."""
    rule = law.rule("W27-refusal", on=facts.lot.law_on)
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("refusal-ground-missing", rule.source, field="ground")
    if _long(facts.reason):
        yield Finding("refusal-reason-missing", rule.source, {"at_most": MAX_TEXT}, field="reason")


def asking_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 62: who is asked has to know what about; one inquiry is answered before the next."""
    if _long(facts.text):
        yield Finding("inquiry-missing", _source(facts, "W28-inquiry"), {"at_most": MAX_TEXT}, field="text")
    if _about(facts).asked:
        yield Finding("inquiry-open", _source(facts, "W28-inquiry"))


def asked_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 62: who was asked answers; nobody else learns that there is anything to answer."""
    if not _about(facts).asked:
        yield Finding("no-such-complaint")


def answered_findings(facts: StepFacts) -> Iterator[Finding]:
    """An answer says something; papers beside it are few."""
    if _long(facts.text):
        yield Finding("answer-missing", _source(facts, "W28-inquiry"), {"at_most": MAX_TEXT}, field="text")
    if facts.papers > MAX_PAPERS:
        yield Finding("too-many-papers", params={"at_most": MAX_PAPERS}, field="papers")


def needed_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 62: where needed, and while there is a tender that could go on."""
    source = _source(facts, "W28-suspend")
    if facts.lot.stage not in RUNNING:
        yield Finding("nothing-to-suspend", source)
    if facts.lot.stopped:
        yield Finding("stopped-already", source)
    if _long(facts.reason):
        yield Finding("order-reason-missing", source, {"at_most": MAX_TEXT}, field="reason")


def order_stands_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only the suspension that was ordered for a complaint is lifted by it."""
    if not _about(facts).ordered:
        yield Finding("no-order-stands", _source(facts, "W28-suspend"))


def not_stopped_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 62: what the supervisor has suspended does not go on."""
    if facts.lot.stopped:
        yield Finding("stopped-by-order", _source(facts, "W28-suspend"))


def appraisal_begins_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 61: its time does not count, so it is said what is appraised; one after the other."""
    source = law.limit("W28", on=facts.lot.law_on).source
    if _long(facts.text):
        yield Finding("appraisal-missing", source, {"at_most": MAX_TEXT}, field="text")
    if _about(facts).appraising:
        yield Finding("appraisal-open", source)


def appraisal_ends_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only what was begun ends."""
    if not _about(facts).appraising:
        yield Finding("no-appraisal-open", law.limit("W28", on=facts.lot.law_on).source)


def appraisal_over_findings(facts: StepFacts) -> Iterator[Finding]:
    """Who asked for an appraisal waits for it before deciding."""
    if _about(facts).appraising:
        yield Finding("appraisal-open", law.limit("W28", on=facts.lot.law_on).source)


def decision_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 61: the decision is in writing, with its outcome and reasons."""
    source = law.limit("W28", on=facts.lot.law_on).source
    if _about(facts).outcome not in OUTCOMES:
        yield Finding("complaint-outcome-missing", source, field="outcome")
    if _long(facts.reason):
        yield Finding("complaint-decision-missing", source, {"at_most": MAX_TEXT}, field="reason")
    if facts.papers > MAX_PAPERS:
        yield Finding("too-many-papers", params={"at_most": MAX_PAPERS}, field="papers")


def bad_faith_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 61: invented facts, forged papers or unlawful proof; which of them is said."""
    rule = law.rule("W28-bad-faith", on=facts.lot.law_on)
    if facts.ground not in {each.id for each in rule.choices}:
        yield Finding("bad-faith-ground-missing", rule.source, field="ground")


def correction_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 51, 64, 招标条例 23, 81: an upheld complaint says what has to be corrected; no other one orders anything."""
    complaint, rule = _about(facts), law.rule("W28-correction", on=facts.lot.law_on)
    if complaint.outcome == UPHELD and complaint.correction not in {each.id for each in rule.choices}:
        yield Finding("correction-missing", rule.source, field="correction")
    if complaint.outcome in (DISMISSED, BAD_FAITH) and complaint.correction:
        yield Finding("correction-without-cause", rule.source, field="correction")


def evaluation_ordered_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 81: a result is undone and evaluated again where the supervisor ordered it, and once."""
    if facts.ordered != EVALUATE_AGAIN:
        yield Finding("evaluation-not-ordered", _source(facts, "W28-correction"))


def new_committee_ordered_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 70: a whole committee stands down only where the supervisor found it formed unlawfully and ordered a new one, once."""
    if facts.ordered != NEW_COMMITTEE:
        source = law.rule("W28-correction", on=facts.lot.law_on).choice(NEW_COMMITTEE).source
        yield Finding("new-committee-not-ordered", source)


def no_new_committee_due_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 70: what the committee concluded is void where it was formed unlawfully; it does not evaluate again."""
    if facts.committee_due:
        source = law.rule("W28-correction", on=facts.lot.law_on).choice(NEW_COMMITTEE).source
        yield Finding("new-committee-due", source)


def new_tender_ordered_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标投标法 64, 招标条例 81: a tender ends here only where the supervisor ordered to hold it again, and once."""
    if facts.ordered != TENDER_AGAIN:
        yield Finding("new-tender-not-ordered", _source(facts, "W28-correction"))


def correction_ours_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only the tenderee who was ordered to correct something carries it out; to all others there is no complaint."""
    if not _about(facts).corrects:
        yield Finding("no-such-complaint")


def correction_open_findings(facts: StepFacts) -> Iterator[Finding]:
    """What is carried out is carried out once."""
    if _about(facts).corrected:
        yield Finding("correction-done", _source(facts, "W28-correction"))


def correction_stated_findings(facts: StepFacts) -> Iterator[Finding]:
    """Where no step of the tender says it, the tenderee does."""
    if _long(facts.text):
        source = _source(facts, "W28-correction")
        yield Finding("correction-statement-missing", source, {"at_most": MAX_TEXT}, field="text")
