"""From the journal and its documents to the calculation of an award; no table of this room is read.

Of the entries that became public later every fact is checked against the commitment in its leaf, and every document
against its digest: whoever changed one of them afterwards is found out, not believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from yiwang.business.trading import kinds
from yiwang.business.trading.rules.calculation import (
    BidInput,
    Calculation,
    Inputs,
    Recorded,
    compared,
    lowest_price,
)
from yiwang.business.trading.rules.drawing import Draw, draw_findings
from yiwang.business.trading.rules.methods import (
    coefficient_options,
    is_drawn,
    scheme_of,
    terms_from_json,
)
from yiwang.business.trading.rules.scoring import Score, ScoringInputs, comprehensive
from yiwang.pure.kernel.canonical import NotCanonical, loads
from yiwang.pure.kernel.codes import PROJECT_CODE_LENGTH
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.files import api as files
from yiwang.record.journal.api import Entry, Kind, leaf_hash, openings, opens, public_digest, timeline

OF_AN_AWARD = {
    each.name
    for each in (
        kinds.LOT_ANNOUNCED,
        kinds.LOT_INVITED,
        kinds.DEADLINE_REACHED,
        kinds.BIDS_OPENED,
        kinds.MEMBER_REPLACED,
        kinds.SCORES_HANDED_IN,
        kinds.BID_EVALUATED,
        kinds.BID_REJECTED,
        kinds.REPORT_RECEIVED,
        kinds.RESULT_UNDONE,
        kinds.RESULT_ANNULLED,
        kinds.EVALUATION_ANNULLED,
        kinds.LOT_FAILED,
        kinds.AWARD_DECIDED,
        kinds.CANDIDATE_PASSED,
        kinds.AWARD_WITHDRAWN,
        kinds.REEXAMINATION_CONCLUDED,
    )
}
PASSING = (kinds.CANDIDATE_PASSED.name, kinds.AWARD_WITHDRAWN.name, kinds.REEXAMINATION_CONCLUDED.name)


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, once it has been checked."""

    kind: str
    facts: Mapping[str, Any]
    documents: tuple[str, ...]


@dataclass
class Record:
    """The award of one lot as the entries tell it, in their order; ``undone`` are the rounds before the present one."""

    round: int = 1
    undone: list[Record] = field(default_factory=list)
    opened: dict[str, BidInput] = field(default_factory=dict)
    bids: dict[str, BidInput] = field(default_factory=dict)
    law_on: date | None = None
    ranking: tuple[str, ...] = ()
    tie_break: str = ""
    awarded: str = ""
    price_fen: int = 0
    passed: list[str] = field(default_factory=list)
    method: Mapping[str, Any] = field(default_factory=dict)
    ceiling_fen: int | None = None
    commitment: str = ""
    closing: str = ""
    draw: Draw | None = None
    sheets: dict[int, tuple[Score, ...]] = field(default_factory=dict)


def entry_said(entry: Entry) -> Said:
    """Raises Refused where the entry was erased or what is told of it does not open its leaf."""
    told = openings(entry.id)
    if leaf_hash(entry.leaf) != entry.leaf_hash or any(not opens(entry.leaf, each) for each in told):
        raise Refused([Finding("entry-does-not-open", params={"entry": entry.id, "kind": entry.kind})])
    if entry.public:
        facts, documents = entry.facts, entry.documents
    else:
        facts = {each.name: each.value for each in told if each.slot != each.name}
        documents = tuple(
            digest["sha256"] for each in told if each.slot == "digests" for digest in each.value
        )
    if not facts:
        raise Refused([Finding("entry-erased", params={"entry": entry.id, "kind": entry.kind})])
    return Said(entry.kind, facts, documents)


def document_said(sha256: str) -> Mapping[str, Any]:
    """A document of the record. Raises Refused where it is gone or has not its digest."""
    try:
        if files.intact(sha256):
            with files.open_document(sha256) as stream:
                content: Mapping[str, Any] = loads(stream.read())
                return content
    except (files.NoDocument, NotCanonical) as error:
        raise Refused([Finding("record-document-lost", params={"sha256": sha256})]) from error
    raise Refused([Finding("record-document-changed", params={"sha256": sha256})])


def _opened(opening: Mapping[str, Any]) -> dict[str, BidInput]:
    rows: Sequence[Mapping[str, Any]] = opening["bids"]
    return {
        row["bidder"]: BidInput(
            bidder=row["bidder"], name=row["name"], place=row["place"], price_fen=row["price_fen"]
        )
        for row in rows
    }


def _decided(record: Record, said: Said) -> BidInput:
    """A bid after a decision of the committee; the last decision counts."""
    bid = record.bids.get(said.facts["bidder"])
    if bid is None:
        raise Refused([Finding("bidder-not-in-record", params={"bidder": said.facts["bidder"]})])
    if said.kind == kinds.BID_REJECTED.name:
        return replace(bid, evaluated_fen=None, note="", ground=said.facts["ground"])
    note = str(document_said(said.documents[0])["note"]) if said.documents else ""
    return replace(bid, evaluated_fen=said.facts["evaluated_fen"], note=note, ground="")


def _take(record: Record, said: Said) -> None:
    """Adds what one entry says."""
    facts = said.facts
    if said.kind in (kinds.LOT_ANNOUNCED.name, kinds.LOT_INVITED.name):
        record.law_on = date.fromisoformat(facts["law_on"])
        _take_method(record, said)
    elif said.kind == kinds.DEADLINE_REACHED.name:
        record.closing = said.documents[0]
    elif said.kind == kinds.BIDS_OPENED.name:
        opening = document_said(said.documents[0])
        record.opened = _opened(opening)
        record.bids = dict(record.opened)
        record.draw = Draw.from_json(opening["draw"]) if "draw" in opening else None
    elif said.kind == kinds.MEMBER_REPLACED.name:
        record.sheets.pop(facts["out"], None)  # what they concluded is void (招标条例 48)
    elif said.kind == kinds.SCORES_HANDED_IN.name:
        record.sheets[facts["member"]] = _sheet(facts["member"], document_said(said.documents[0]))
    elif said.kind in (kinds.BID_EVALUATED.name, kinds.BID_REJECTED.name):
        record.bids[facts["bidder"]] = _decided(record, said)
    elif said.kind == kinds.REPORT_RECEIVED.name:
        record.ranking, record.tie_break = tuple(facts["ranking"]), facts["tie_break"]
    elif said.kind == kinds.LOT_FAILED.name:
        record.awarded, record.price_fen = "", 0
    elif said.kind == kinds.RESULT_ANNULLED.name:
        anew = facts.get("committee") == "new"  # nothing that the committee concluded stays (招标条例 70)
        _begin_round(record, facts["round"], facts["online"] or anew)
        record.awarded, record.price_fen = "", 0
    elif said.kind == kinds.EVALUATION_ANNULLED.name:  # before there was a report
        record.round, record.bids, record.sheets = facts["round"] + 1, dict(record.opened), {}
    elif said.kind == kinds.RESULT_UNDONE.name:
        if "round" in facts:
            _begin_round(record, facts["round"], facts["online"])
    elif said.kind in PASSING:
        if not facts.get("stands", False):
            record.passed.append(facts["bidder"])
        if said.kind == kinds.AWARD_WITHDRAWN.name:
            record.awarded = ""
    else:
        record.awarded, record.price_fen = facts["bidder"], facts["price_fen"]


def _begin_round(record: Record, undone: int, online: bool) -> None:
    """Keeps what the round came to; a committee that works online decides every bid and scores anew."""
    kept = replace(record, round=undone, undone=[], bids=dict(record.bids), sheets=dict(record.sheets))
    record.undone.append(kept)
    record.round, record.ranking, record.tie_break = undone + 1, (), ""
    if online:
        record.bids, record.sheets = dict(record.opened), {}


def _take_method(record: Record, said: Said) -> None:
    """The method that was published; a lot without a document of it goes by the lowest price."""
    if said.documents:
        published = document_said(said.documents[0])
        record.method, record.ceiling_fen = published["method"], published["ceiling_fen"]
        record.commitment = said.facts["draw_commitment"]


def _sheet(member: int, sheet: Mapping[str, Any]) -> tuple[Score, ...]:
    return tuple(
        Score(str(member), each["bidder"], each["criterion"], Decimal(each["points"]))
        for each in sheet["scores"]
    )


def _scoring(record: Record, inputs: Inputs) -> Inputs:
    """The inputs with scheme and scores where the method scores. Raises Refused where the draw does not verify."""
    terms = terms_from_json(record.method)
    if not terms.scores:
        return inputs
    options = coefficient_options(terms)
    values = {name: each[0] for name, each in options.items()}
    if is_drawn(terms):
        if record.draw is None:
            raise Refused([Finding("draw-missing")])
        found = list(draw_findings(inputs.lot, record.draw, record.commitment, record.closing, options))
        if found:
            raise Refused(found)
        values = dict(record.draw.values)
    standing = {each.bidder for each in inputs.bids if not each.ground}
    known = {each.id for each in terms.criteria}
    return ScoringInputs(
        **{each.name: getattr(inputs, each.name) for each in fields(Inputs)},
        scheme=scheme_of(terms, values, record.ceiling_fen),
        scores=tuple(
            each
            for _, sheet in sorted(record.sheets.items())
            for each in sheet
            if each.bidder in standing and each.criterion in known
        ),
        draw=record.draw,
    )


def calculated(inputs: Inputs) -> Calculation:
    """The calculation that the inputs ask for: by score where there is a scheme, else by the lowest price."""
    return comprehensive(inputs) if isinstance(inputs, ScoringInputs) else lowest_price(inputs)


def _state_funded(lot_code: str) -> bool:
    """What the registration says; one that does not say is held to the stricter rule (W22)."""
    project = Ref("trading", "project", lot_code[:PROJECT_CODE_LENGTH])
    registered = [each for each in timeline(project) if each.kind == kinds.PROJECT_REGISTERED.name]
    return all(each.facts.get("state_funded", True) for each in registered)


def lots_of(code: str) -> tuple[str, ...]:
    """The codes of the lots of a project, or the code of a lot itself, as the journal has them, re-tendered ones too.

    Raises Refused where the journal knows neither.
    """
    unknown = Refused([Finding("no-such-project", params={"code": code[:40]})])
    try:
        project = Ref("trading", "project", code[:PROJECT_CODE_LENGTH])
    except ValueError as error:
        raise unknown from error
    known: list[str] = []
    for entry in timeline(project):
        if entry.kind == kinds.PROJECT_REGISTERED.name:
            known += entry.facts["lots"]
    for each in known:  # grows while it is walked: a lot names the one that followed it
        follows = timeline(Ref("trading", "lot", each))
        known += [entry.facts["lot"] for entry in follows if entry.kind == kinds.LOT_RETENDERED.name]
    if code == project.code and known:
        return tuple(known)
    if code in known:
        return (code,)
    raise unknown


def _missing(there: set[str]) -> list[Finding]:
    wanted: tuple[Kind, ...] = (kinds.LOT_ANNOUNCED, kinds.BIDS_OPENED, kinds.REPORT_RECEIVED)
    if kinds.LOT_INVITED.name in there:
        wanted = wanted[1:]
    return [
        Finding("entry-missing", params={"kind_zh": each.words.zh, "kind_en": each.words.en})
        for each in wanted
        if each.name not in there
    ]


def _record_of(lot_code: str, public_only: bool) -> Record | None:
    """The record of a lot's award; None before it, and after one that was withdrawn. Raises Refused."""
    entries = timeline(Ref("trading", "lot", lot_code), public_only)
    wanted = [each for each in entries if each.kind in OF_AN_AWARD]
    there = {each.kind for each in wanted}
    if kinds.AWARD_DECIDED.name not in there:
        return None
    record = Record()
    found = _missing(there)
    if found:
        raise Refused(found)
    for entry in wanted:
        _take(record, entry_said(entry))
    return record if record.awarded else None


def _inputs(lot_code: str, record: Record) -> Inputs:
    if record.law_on is None:
        raise ValueError(f"{lot_code} was announced without a day of law")
    inputs = Inputs(
        lot=lot_code,
        law_on=record.law_on,
        bids=tuple(sorted(record.bids.values(), key=lambda each: each.place)),
        tie_order=record.ranking,
        tie_break=record.tie_break,
        state_funded=_state_funded(lot_code),
        passed=tuple(record.passed),
    )
    return _scoring(record, inputs)


def recorded_award(lot_code: str, public_only: bool) -> tuple[Inputs, Recorded] | None:
    """The inputs of a lot's award and what the record says came of them; None before the award.

    With ``public_only`` from what everybody may see. Raises Refused where the record is not whole.
    """
    record = _record_of(lot_code, public_only)
    if record is None:
        return None
    return _inputs(lot_code, record), Recorded(record.ranking, record.awarded, record.price_fen)


def recomputed(lot_code: str, public_only: bool) -> Calculation | None:
    """The whole calculation of a lot's award beside the recorded one; None before the award. Raises Refused."""
    award = recorded_award(lot_code, public_only)
    if award is None:
        return None
    inputs, recorded = award
    return compared(calculated(inputs), recorded, inputs)


def recomputed_rounds(lot_code: str, public_only: bool) -> tuple[tuple[int, Calculation], ...]:
    """The rounds that were undone, each with its calculation beside the ranking of its report. Raises Refused.

    Empty before the award, and where the evaluation was never done again.
    """
    record = _record_of(lot_code, public_only)
    return tuple((each.round, _undone_round(lot_code, each)) for each in (record.undone if record else ()))


def _undone_round(lot_code: str, record: Record) -> Calculation:
    """One round: its order, and no award, for it came to none."""
    inputs = _inputs(lot_code, record)
    made = calculated(inputs)
    return compared(replace(made, sections=made.sections[:-1]), Recorded(record.ranking, "", 0), inputs)


def rounds_of(lot_code: str) -> tuple[tuple[int, Calculation], ...]:
    """The undone rounds of an award from public entries alone; none where the record is not whole."""
    try:
        return recomputed_rounds(lot_code, public_only=True)
    except Refused:
        return ()


def calculation_digest(lot_code: str) -> str:
    """What :func:`calculation_of` depends on, as a digest: as long as it is the same, so is the calculation."""
    lot = Ref("trading", "lot", lot_code)
    project = Ref("trading", "project", lot_code[:PROJECT_CODE_LENGTH])
    of_lot = public_digest([lot], OF_AN_AWARD)
    return f"{of_lot}{public_digest([project], [kinds.PROJECT_REGISTERED.name])}"


def calculation_of(lot_code: str) -> Calculation | None:
    """How the award of a lot came about, from public entries alone; None before the award is public.

    A record that is not whole gives a calculation without sections, whose ``findings`` say what is wrong.
    """
    try:
        return recomputed(lot_code, public_only=True)
    except Refused as refused:
        return Calculation(lot=lot_code, findings=refused.findings)
