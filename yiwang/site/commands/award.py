"""``yiwang award recompute``: the whole calculation of an award from the journal, and whether the record agrees."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import OperationalError, ProgrammingError

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import say
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import Unborn, birth
from yiwang.site.stopping import Stop

NOT_AWARDED = "award-not-decided"
VERDICTS = {
    "equal": Words("与记录的定标结果一致", "equal to the recorded award"),
    "differs": Words("与记录的定标结果不同", "differs from the recorded award"),
    "cannot": Words("不能计算", "cannot be calculated"),
}
STOOD_DOWN = Words("为已按责令退出的评标委员会", "for the committee that was stood down by order")
EQUAL_DRAW = Words("抽取顺序和通知与记录一致", "order and calls equal the record")


@dataclass(frozen=True, slots=True)
class Made:
    """The calculation of a lot's award, and before it those of the rounds that were undone."""

    award: trading.Calculation
    rounds: tuple[tuple[int, trading.Calculation], ...] = ()
    draws: tuple[trading.DrawAgain, ...] = ()

    @property
    def verdicts(self) -> set[str]:
        drawn = {"differs" if each.findings else "equal" for each in self.draws}
        return {self.award.verdict, *(each.verdict for _, each in self.rounds), *drawn}


def _made(lot: str) -> Made:
    try:
        award = trading.recomputed(lot, public_only=False)
        if award is not None:
            rounds = trading.recomputed_rounds(lot, public_only=False)
            return Made(award, rounds, trading.draws_again(lot, public_only=False))
    except Refused as refused:
        return Made(trading.Calculation(lot=lot, findings=refused.findings))
    return Made(trading.Calculation(lot=lot, findings=(Finding(NOT_AWARDED, params={"code": lot}),)))


def recompute(args: argparse.Namespace) -> int:
    """Prints the calculation of every lot asked for; 0 where it equals the record, 1 one differs, 2 one cannot be made.

    In a project, lots that were not (yet) awarded are listed and do not count unless there is no other. Where an
    evaluation was done again, each of its rounds is calculated and compared.
    """
    try:
        birth()
    except (Unborn, OperationalError, ProgrammingError) as error:
        raise Stop(
            "数据库尚未建立：请检查 YIWANG_HOME 或者运行 yiwang setup"
            " / the database is not founded: check YIWANG_HOME or run yiwang setup"
        ) from error
    made = [_made(lot) for lot in trading.lots_of(args.code.strip())]
    if args.json:
        print(json.dumps([_as_json(each) for each in made], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(_printed(each)) for each in made))
    return _status(made)


def _status(made: Sequence[Made]) -> int:
    undecided = [each for each in made if any(why.rule == NOT_AWARDED for why in each.award.findings)]
    verdicts = {verdict for each in made if each not in undecided for verdict in each.verdicts} or {"cannot"}
    if "differs" in verdicts:
        return 1
    return 2 if "cannot" in verdicts else 0


def _both(words: Words) -> str:
    return f"{words.zh} / {words.en}" if words.zh != words.en else words.zh


def _printed(made: Made) -> Iterator[str]:
    for number, each in made.rounds:
        yield f"第 {number} 次评审（已撤销） round {number} of the evaluation (undone)"
        yield from _calculation(each)
        yield ""
    yield from _calculation(made.award)
    for draw in made.draws:
        yield ""
        yield from _draw(draw)


def _draw(draw: trading.DrawAgain) -> Iterator[str]:
    """A draw of experts, done again: what gave the order, who was called, whether it equals the record."""
    whose = f"（{_both(STOOD_DOWN)}）" if draw.stood_down else ""
    yield f"第 {draw.number} 次专家抽取 draw of experts {draw.number}{whose}"
    if draw.secret:
        yield f"  秘密值 secret {draw.secret} · 摘要 digest {draw.commitment[:16]}… · 开标记录 opening {draw.opening[:16]}…"
    for each in draw.called:
        why = f"（{_both(each.why)}）" if each.why else ""
        yield f"  {each.turn}. {each.code} {_both(each.what)}：{_both(each.answer)}{why}"
    verdict = Words("与记录不同", "differs from the record") if draw.findings else EQUAL_DRAW
    yield f"结论 result: {_both(verdict)}"
    yield from _sentences(draw.findings)


def _draw_json(draw: trading.DrawAgain) -> dict[str, object]:
    return {
        "draw": draw.number,
        "stood_down": draw.stood_down,
        "verdict": "differs" if draw.findings else "equal",
        "secret": draw.secret,
        "commitment": draw.commitment,
        "opening": draw.opening,
        "called": [
            {
                "ticket": each.code,
                "what": each.what.zh,
                "answer": each.answer.en,
                "why": each.why.en if each.why else "",
            }
            for each in draw.called
        ],
        "findings": [each.as_json() for each in draw.findings],
    }


def _calculation(made: trading.Calculation) -> Iterator[str]:
    title = f" · {_both(made.method.words)}（{made.method.source}）" if made.method else ""
    yield f"标段 lot {made.lot}{title}"
    for section in made.sections:
        yield ""
        yield _both(section.title)
        for line in section.lines:
            yield from _line(line)
    yield ""
    yield f"结论 result: {_both(VERDICTS[made.verdict])}"
    yield from _sentences((*made.findings, *made.differences))


def _line(line: trading.Line) -> Iterator[str]:
    head = f"{line.name}：" if line.name else ""
    yield f"  {head}{_both(line.words)}"
    if line.said:
        yield f"      “{line.said}”"
    if line.value is not None:
        working = f"{line.working} " if line.working else ""
        yield f"      {working}= {_both(line.figure)}"


def _sentences(findings: Iterable[Finding]) -> Iterator[str]:
    for each in findings:
        yield f"  {say(each, 'zh-hans')}"
        yield f"  {say(each, 'en')}"


def _as_json(made: Made) -> dict[str, object]:
    rounds = [{"round": number, **_calculation_json(each)} for number, each in made.rounds]
    drawn = [_draw_json(each) for each in made.draws]
    return {**_calculation_json(made.award), "rounds": rounds, "expert_draws": drawn}


def _calculation_json(made: trading.Calculation) -> dict[str, object]:
    return {
        "lot": made.lot,
        "method": made.method.id if made.method else "",
        "verdict": made.verdict,
        "steps": [
            {
                "zh": section.title.zh,
                "en": section.title.en,
                "lines": [_line_json(each) for each in section.lines],
            }
            for section in made.sections
        ],
        "order": [
            {"rank": each.rank, "bidder": each.bidder, "name": each.name, "value": str(each.value)}
            for each in made.order
        ],
        "awardable": list(made.awardable),
        "recorded": {
            "ranking": list(made.recorded.ranking),
            "awarded": made.recorded.awarded,
            "price_fen": made.recorded.price_fen,
        }
        if made.recorded
        else None,
        "findings": [each.as_json() for each in made.findings],
        "differences": [each.as_json() for each in made.differences],
    }


def _line_json(line: trading.Line) -> dict[str, object]:
    return {
        "zh": line.words.zh,
        "en": line.words.en,
        "bidder": line.name,
        "said": line.said,
        "working": line.working,
        "value": None if line.value is None else str(line.value),
        "unit": line.unit,
    }
