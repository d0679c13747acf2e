"""What pages call things: the centre, regions, forms of notices, stages."""

from __future__ import annotations

from datetime import date

from yiwang.law import api as law
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import Unborn, birth

SITE_WORDS = Words("公共资源交易中心", "Public Resource Trading Centre")


def site_name(language: str) -> str:
    """The centre's name as it was founded, else the general one."""
    try:
        born = birth()
    except Unborn:
        return SITE_WORDS.in_language(language)
    return Words(born.centre or SITE_WORDS.zh, born.centre_en or SITE_WORDS.en).in_language(language)


def region_words(code: str) -> Words:
    """The name of a region of the city; the code itself where it is none."""
    return Words(*REGIONS.get(code, (code, code)))


def form_words(form: str, on: date) -> Words:
    """The title of a form of notices by the law of ``on``."""
    return law.notice_form(form, on).words


def listed_forms(on: date) -> list[tuple[str, Words]]:
    """All forms of notices in force, as (id, title)."""
    return [(form.id, form.words) for form in law.notice_forms(on)]


def stage_words(on: date) -> dict[str, Words]:
    """The stages of all procedures that lots run, by id."""
    lots = [each for each in law.procedures(on) if each.runs == "lot"]
    return {stage.id: stage.words for each in lots for stage in each.stages}
