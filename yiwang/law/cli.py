"""``yiwang law``: show a rule, explain a deadline, check the rows, write the documents. Edge: sentences and exit codes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from yiwang.law import api, documents
from yiwang.law.cases import case_objections, days_objections, read_cases, read_days
from yiwang.law.checking import law_objections
from yiwang.law.examples import day_or_instant, read_examples
from yiwang.law.explaining import UNIT_WORDS, counting_words, value_words
from yiwang.law.limits import MOMENT_UNITS, Limit, NoSuchRule, Rule
from yiwang.law.reading import BadLaw
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused, Sentences

type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
type Command = Callable[[argparse.Namespace], int]

_INSTANT_HELP = (
    "day (2024-08-29) or instant (2024-08-29T09:00; without a zone it is time of Beijing) of the event"
)


def add_commands(subparsers: Subparsers) -> None:
    """Adds ``law`` with show, explain, check and docs; each sets ``run`` to a callable that gives the exit status."""
    law = subparsers.add_parser(
        "law",
        help="法规数据：查看、解释期限、检查 | the law as data: show, explain deadlines, check",
        description="The law as dated rows with their articles. Answers stand in Chinese and in English.",
    )
    leaves = law.add_subparsers(dest="law_command", metavar="COMMAND", required=True)

    show = leaves.add_parser("show", help="查看规则 | show a rule with its article, or list all rules")
    show.add_argument(
        "rule", nargs="?", metavar="RULE", help="id of the rule, for example W03; without it all are listed"
    )
    show.add_argument("--on", metavar="DATE", help="only what is in force on this day")
    show.add_argument("--json", action="store_true", help="print JSON")
    show.set_defaults(run=_run(show_rule))

    explain = leaves.add_parser("explain", help="解释期限 | count a deadline and say how")
    explain.add_argument("rule", metavar="RULE", help="id of a period, for example W03")
    explain.add_argument("--from", dest="begins", metavar="INSTANT", required=True, help=_INSTANT_HELP)
    explain.add_argument(
        "--on", metavar="DATE", help="by the law of this day (default: the day of the event)"
    )
    explain.add_argument("--json", action="store_true", help="print JSON")
    explain.set_defaults(run=_run(explain_rule))

    check = leaves.add_parser(
        "check", help="检查法规数据 | check the rows, procedures, forms and worked cases"
    )
    check.set_defaults(run=_run(check_rows))

    docs = leaves.add_parser("docs", help="生成 docs/law | write docs/law from the rows and the tests")
    docs.add_argument("--root", metavar="DIR", default=".", help="the checkout (default: this folder)")
    docs.set_defaults(run=_run(write_documents))


def _run(command: Command) -> Command:
    """The command, with refusals turned into sentences on standard error and exit status 2."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except Refused as refused:
            sentences = Sentences([Path(__file__).with_name("sentences.toml")])
            for finding in refused.findings:
                print(sentences.say(finding, "zh"), sentences.say(finding, "en"), sep="\n", file=sys.stderr)
            return 2

    return run


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused([Finding("not-a-day", "", {"text": text})]) from error


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _current() -> api.Law:
    try:
        return api.current()
    except BadLaw as error:
        raise Refused([Finding("bad-law", "", {"objection": str(error)})]) from error


def _as_json(row: Limit | Rule) -> dict[str, object]:
    """A row as data; times only where they apply."""
    answer: dict[str, object] = {
        "rule": row.id,
        "title": row.title,
        "title_en": row.title_en,
        "family": row.family,
        "source": row.citation.zh,
        "sure": row.sure,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "use": row.use,
        "notes": row.notes,
        "notes_en": row.notes_en,
    }
    if isinstance(row, Rule):
        answer["choices"] = [
            {"id": each.id, "title": each.title, "title_en": each.title_en, "source": each.source}
            for each in row.choices
        ]
        return answer
    answer["comparator"] = row.comparator
    answer["value"] = row.value if isinstance(row.value, int) else str(row.value)
    answer["unit"] = row.unit
    answer["jurisdiction"] = row.jurisdiction
    answer["applies"] = row.applies
    if row.is_time:
        for name in ("anchor", "direction", "counting", "roll", "gives"):
            answer[name] = getattr(row, name)
    return answer


def _row_lines(row: Limit | Rule) -> list[str]:
    lines = [f"{row.id}  {row.title} | {row.title_en}"]
    if isinstance(row, Limit):
        value = value_words(row)
        lines.append(f"  {value.zh} | {value.en}")
        if row.is_time:
            counting = counting_words(row)
            lines.append(
                f"  自{row.anchor_words.zh}起，{counting.zh} | from {row.anchor_words.en}, {counting.en}"
            )
        if row.jurisdiction != "CN":
            lines.append(f"  {row.jurisdiction}")
    else:
        lines.extend(f"  · {each.title} | {each.title_en}（{each.source}）" for each in row.choices)
    lines.append(f"  依据 | Source: {row.citation.zh}")
    span = f"{row.since}…{row.until or ''}"
    lines.append(f"  施行 | In force: {span}" + ("  (data only)" if row.use else ""))
    if row.notes:
        lines.append(f"  注 | Note: {row.notes} | {row.notes_en}")
    return lines


def _rows(rule_id: str | None, on: date | None) -> list[Limit | Rule]:
    rows = _current().all_rows
    return [each for each in rows if rule_id in (None, each.id) and (on is None or each.in_force(on))]


def show_rule(arguments: argparse.Namespace) -> int:
    """Prints the rows of a rule (all dated rows without ``--on``), or a line for every rule."""
    on = _day(arguments.on) if arguments.on else None
    rows = _rows(arguments.rule, on)
    if not rows and arguments.rule:
        raise Refused([Finding("no-such-rule", "", {"rule": arguments.rule, "on": on or "—"})])
    if arguments.json:
        one = arguments.rule is not None and on is not None and len(rows) == 1
        _print_json(_as_json(rows[0]) if one else [_as_json(each) for each in rows])
        return 0
    for row in rows:
        print("\n".join(_row_lines(row)) if arguments.rule else f"{row.id}\t{row.title} | {row.title_en}")
    return 0


def _explained(arguments: argparse.Namespace) -> api.Clock:
    """The clock that the arguments ask for. Raises Refused."""
    try:
        begins = day_or_instant(arguments.begins)
        day = local_day(begins) if isinstance(begins, datetime) else begins
    except (ValueError, OverflowError) as error:
        raise Refused([Finding("not-an-instant", "", {"text": arguments.begins})]) from error
    on = _day(arguments.on) if arguments.on else day
    try:
        limit = _current().limit(arguments.rule, on)
    except NoSuchRule as error:
        known = any(each.id == arguments.rule for each in _current().all_rules)
        rule = "not-a-clock" if known else "no-such-rule"
        raise Refused([Finding(rule, "", {"rule": arguments.rule, "on": on})]) from error
    if not limit.is_time:
        raise Refused([Finding("not-a-clock", "", {"rule": limit.id})])
    if limit.unit in MOMENT_UNITS and not isinstance(begins, datetime):
        unit = UNIT_WORDS[limit.unit][0]
        raise Refused(
            [Finding("needs-an-instant", "", {"rule": limit.id, "unit_zh": unit.zh, "unit_en": unit.en})]
        )
    try:
        return _current().clock(arguments.rule, begins, on)
    except (OverflowError, ValueError) as error:
        raise Refused([Finding("out-of-range", "", {"text": arguments.begins})]) from error


def explain_rule(arguments: argparse.Namespace) -> int:
    """Prints the counted deadline: a paragraph in each language, or JSON."""
    clock = _explained(arguments)
    if arguments.json:
        _print_json(clock.as_json())
    else:
        print(clock.explanation("zh"))
        print(clock.explanation("en"))
    return 0


def check_rows(arguments: argparse.Namespace) -> int:
    """Prints every objection to the rows; exit status 1 where there is one."""
    law = _current()
    try:
        examples = read_examples(api.DIRECTORY)
        cases, days = read_cases(api.DIRECTORY), read_days(api.DIRECTORY)
    except BadLaw as error:
        raise Refused([Finding("bad-law", "", {"objection": str(error)})]) from error
    objections = [
        *law_objections(law, examples),
        *case_objections(law, cases),
        *days_objections(law, days),
    ]
    for objection in objections:
        print(objection)
    if objections:
        print(f"法规数据有{len(objections)}处问题。 | {len(objections)} objections to the rows of the law.")
        return 1
    counts = (
        len(law.all_limits),
        len(law.all_rules),
        len(law.all_procedures),
        len(law.all_forms),
        len(examples) + len(cases) + len(days),
    )
    print("法规数据无误：{}条限值、{}条规则、{}个程序、{}种公告、{}个算例。".format(*counts))
    print("The law is sound: {} limits, {} rules, {} procedures, {} forms, {} worked cases.".format(*counts))
    return 0


def write_documents(arguments: argparse.Namespace) -> int:
    """Writes docs/law under ``--root``."""
    root = Path(arguments.root).resolve()
    if not (root / "tests").is_dir():
        raise Refused([Finding("no-checkout", "", {"path": str(root)})])
    for path, text in documents.pages(_current(), root / "tests").items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        print(path)
    return 0
