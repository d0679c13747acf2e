"""The procedure and this room agree: every guard is implemented, every implementation is used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

import yiwang.business.trading as room
from yiwang.business.trading.progress import LINE, PREQUALIFIED_LINE
from yiwang.business.trading.rules.guards import GUARDS, step_findings
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Sentences

from .test_rules_properties import HOST, LOT, step

ON = date(2026, 3, 4)


def test_every_guard_of_the_procedure_is_a_function_here_and_every_function_is_named_there():
    named = {guard for each in law.procedures(ON) for step in each.steps for guard in step.guards}
    assert named == {guard.id for each in law.procedures(ON) for guard in each.guards} == set(GUARDS)


def test_the_progress_line_names_only_stages_of_the_procedure():
    stages = {each.id for each in law.procedure("works-open", on=ON).stages}
    assert set(LINE) | {"failed", "terminated"} == stages
    stages = {each.id for each in law.procedure("works-open-prequalified", on=ON).stages}
    assert set(PREQUALIFIED_LINE) | {"failed", "terminated"} == stages


def test_a_step_from_the_wrong_stage_or_by_the_wrong_role_is_refused_before_its_guards():
    procedure = law.procedure("works-open", on=ON)
    found = step_findings(procedure.step("award"), step(LOT, by=Actor("P-C", "X", "centre")))
    assert [each.rule for each in found] == ["wrong-stage", "wrong-role"]


def test_every_rule_that_the_room_can_name_has_a_sentence_in_both_languages():
    source = Path(room.__file__).parent
    sentences = Sentences(settings.SENTENCES)
    text = "".join(path.read_text("utf-8") for path in source.rglob("*.py"))
    named = {part.split('"')[1] for part in text.split("Finding(")[1:] if part.lstrip().startswith('"')}
    assert named <= sentences.rules() | {f"{field}-not-admitted" for field in ("tenderee", "agency")}
    assert HOST.role == "tenderee"
