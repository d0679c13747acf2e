"""Search finds all that it should and nothing else, on whichever database the tests run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.doors.website import index, queries, services
from yiwang.doors.website.models import LOT, NOTICE, FurtherLot, SearchEntry
from yiwang.doors.website.queries import Wanted
from yiwang.pure.kernel.bigrams import QUERY_LIMIT, Phrase, contains, phrases, runs, tokens
from yiwang.pure.kernel.days import SHANGHAI

MARCH = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)

TITLES = (
    "秦州区滨河路改造工程招标公告",
    "麦积区河滨公园照明工程招标公告",
    "秦安县中心小学教学楼中标候选人公示",
    "清水县医院门诊楼（二标段）中标结果公示",
    "武山县2026年农村公路养护工程",
    "甘谷县污水处理厂A区设备采购",
    "张家川回族自治县供热管网改造（EPC）",
    "天水市轨道交通1号线监理",
    "路",
    "滨 河 路 改造",
    "滨河、路灯维修",
    'He said "AND" OR NOT near/3 (x*)',
    "CAFÉ 咖啡馆装修 ½ ①",
    "ＡＢＣ全角字母ｘｙｚ",
    "𠮷野家改造工程",
    "工程工程工程",
    "编号C6205000001260001001001-01，A620502",
    "620502 0001",
)

QUERIES = (
    "路",
    "河",
    "滨河",
    "河滨",
    "滨河路",
    "滨河路改造工程招标公告",
    "工程",
    "工程工程",
    "中标",
    "中标 公示",
    "公示中标",
    "2026",
    "26年",
    "A区",
    "a区",
    "abc",
    "ABC全角",
    "epc",
    "(EPC)",
    '"滨河路"',
    "滨河 AND 路灯",
    "NOT",
    "near/3",
    "x*",
    "-工程",
    "滨河、路",
    "café",
    "cafe",
    "1/2",
    "1",
    "𠮷",
    "𠮷野",
    "野家",
    "不存在的字",
    "路灯维修工程",
    "1号线",
    "号",
    "c62050000012",
    "260001001001",
    "001001-01",
    "号C62050",
    "6205020001",
    "620502",
    "205020",
)


def put(code: str, text: str, **changes: Any) -> SearchEntry:
    values: dict[str, Any] = {
        "kind": NOTICE,
        "form": "tender-notice",
        "region": "620502",
        "stage": "bidding",
        "project": "E62050000012600" + "01",
        "lot": code,
        "title": text[:60],
        "shown_at": MARCH,
        "text": text,
    }
    given = {**values, **changes}
    entry = SearchEntry.objects.create(id=services._free_place(given["shown_at"]), code=code, **given)
    index.put(entry.pk, index.marks_of(entry.kind, entry.form, entry.region), text, None)
    return entry


def found(query: str, **changes: Any) -> set[str]:
    return {entry.code for entry in queries.matching(Wanted(query=query, **changes))}


@pytest.fixture
def library(db: None) -> dict[str, str]:
    texts = {f"S{number}": title for number, title in enumerate(TITLES)}
    for code, text in texts.items():
        put(code, text)
    return texts


@pytest.mark.parametrize("query", QUERIES)
def test_recall_and_precision_are_one(library: dict[str, str], query: str) -> None:
    expected = {code for code, text in library.items() if contains(text, query)}
    assert found(query) == expected


def test_the_samples_are_found_where_a_reader_would_look(library: dict[str, str]) -> None:
    assert found("滨河路") == {"S0"}  # neither 河滨, nor 滨 河 路 apart, nor 滨河、路灯
    assert found("路") == {"S0", "S4", "S8", "S9", "S10"}
    assert found("工程 招标") == {"S0", "S1"}
    assert found("EPC") == {"S6"}
    assert found("全角字母XYZ") == {"S13"}


@pytest.mark.parametrize("query", ['"', "*", "()", "——", "'", "、。", "\\"])
def test_a_query_without_a_letter_or_digit_finds_nothing_and_breaks_nothing(
    library: dict[str, str], query: str
) -> None:
    assert found(query) == set()


def test_an_empty_query_lists_everything(library: dict[str, str]) -> None:
    assert found("") == found("  ") == set(library)


CHARACTERS = "滨河路工程甲乙1aAé"
CODES = st.text("ab1滨 ", max_size=16)
NASTY = CHARACTERS + " \"'*():&|!<->^-\\，。\x00"


@given(
    texts=st.lists(st.text(NASTY, max_size=12) | CODES, min_size=1, max_size=6),
    query=st.text(NASTY, max_size=5) | CODES,
)
def test_search_agrees_with_looking_through_every_text(
    transactional_search: Any, texts: list[str], query: str
) -> None:
    with transactional_search():
        for number, text in enumerate(texts):
            put(f"H{number}", text.replace("\x00", ""))
        expected = {
            f"H{number}"
            for number, text in enumerate(texts)
            if contains(text.replace("\x00", ""), query) and (phrases(query) or not query.strip())
        }
        assert found(query) == expected


def test_a_thousand_random_texts_are_searched_exactly(db: None) -> None:
    random = Random(7)
    texts = {f"R{n}": "".join(random.choices("天水市滨河路改造工程一二三", k=20)) for n in range(1000)}
    for code, text in texts.items():
        put(code, text)
    for length in (1, 2, 3, 4):
        for _ in range(5):
            text = random.choice(list(texts.values()))
            start = random.randrange(20 - length)
            query = text[start : start + length]
            assert found(query) == {code for code, each in texts.items() if query in each}


def test_a_kind_is_found_by_its_mark_and_no_text_is_taken_for_one(db: None) -> None:
    put("N1", "kindlot kindnotice regionx 滨河路")
    put("L1", "滨河路", kind=LOT, form="")
    assert found("滨河", kind=LOT) == found("滨河", kind=LOT, sort="oldest") == {"L1"}
    assert found("滨河", kind=NOTICE) == {"N1"}
    assert found("kindlot") == found("kindnotice") == {"N1"}
    assert found("kindlot", kind=LOT) == set()


def test_a_text_with_form_and_district_finds_those_of_both_whatever_was_asked_for(db: None) -> None:
    put("A", "滨河路", region="620502", form="tender-notice")
    put("B", "滨河路", region="620503", form="tender-notice")
    put("C", "滨河路", region="620502", form="bid-invitation")
    assert found("滨河", region="620502") == {"A", "C"}
    assert found("滨河", form="tender-notice") == {"A", "B"}
    assert found("滨河", region="620502", form="bid-invitation") == {"C"}
    assert found("regionx") == found("region620502") == set()
    for strange in ('" OR "', "' | '", "-", "620502*", "区"):
        assert found("滨河", region=strange) == found("滨河", form=strange) == set()


def test_an_entry_whose_district_changes_is_found_by_the_new_one_only(db: None) -> None:
    facts = {"title": "滨河路", "project": "P", "lot": "L", "shown_at": MARCH, "text": "滨河路"}
    for region in ("620502", "620503"):
        services.put_entry(LOT, "L", region=region, **facts)
    assert found("滨河", region="620503") == {"L"}
    assert found("滨河", region="620502") == set()
    wanted = (*phrases("滨河"), *(Phrase((each,)) for each in index.marks_of(region="620502")))
    assert index.INDEX.held(wanted, 10) == 0


def test_codes_that_end_alike_are_told_apart_by_their_beginnings(db: None) -> None:
    end = "01500001001001-01"
    for code in ("C6205000", "C6205001", "Ｃ6205002", "AC6205003"):
        put(code, f"滨河路 {code}{end}")
    for code in ("C6205000", "C6205001", "C6205002"):
        kept = code.replace("C6205002", "Ｃ6205002")
        assert found(f"{code}{end}") == found(f"滨河 {code.lower()}{end}") == {kept}
        assert found(f"{code}{end} {code[:7]}9{end}") == set()
    assert found(f"C6205003{end}") == {"AC6205003"}
    assert found(f"C6205004{end}") == found(f"X{end}") == set()
    assert found(f"00{end}") == {"C6205000"}


def test_a_changed_text_is_no_longer_found_by_what_it_said_before(db: None) -> None:
    entry = put("C1", "滨河路改造工程")
    marks = index.marks_of(entry.kind, entry.form, entry.region)
    index.put(entry.pk, marks, "污水处理厂", (marks, "滨河路改造工程"))
    assert found("滨河") == set()
    assert found("污水") == {"C1"}


def test_filters_narrow_and_days_are_days_of_shanghai(db: None) -> None:
    late = datetime(2026, 3, 2, 23, 59, tzinfo=SHANGHAI)
    put("A", "工程甲", region="620502", form="tender-notice", stage="bidding", shown_at=late)
    put(
        "B",
        "工程乙",
        region="620503",
        form="result-notice",
        stage="awarded",
        shown_at=late + timedelta(minutes=1),
    )
    put("C", "工程丙", kind=LOT, form="", region="620502", stage="bidding", shown_at=late, deadline_at=MARCH)
    assert found("工程", region="620502") == {"A", "C"}
    assert found("工程", form="result-notice") == {"B"}
    assert found("工程", stage="bidding", kind=NOTICE) == {"A"}
    assert found("", last_on=late.date()) == {"A", "C"}
    assert found("", first_on=late.date() + timedelta(days=1)) == {"B"}
    assert found("", first_on=late.date(), last_on=late.date()) == {"A", "C"}
    assert found("工程", sort="deadline") == {"C"}


@pytest.mark.parametrize("day", [date.min, date.max])
def test_days_at_the_ends_of_the_calendar_are_asked_for_like_any_other(db: None, day: date) -> None:
    put("A", "工程甲")
    assert found("工程", first_on=date.min, last_on=day) == ({"A"} if day == date.max else set())
    assert found("工程", first_on=day, last_on=date.max) == ({"A"} if day == date.min else set())


def test_newest_come_first_and_pages_follow_each_other_without_gap_or_repetition(db: None) -> None:
    for number in range(45):
        put(f"P{number:02d}", "工程", shown_at=MARCH + timedelta(minutes=number))
    pages = [queries.search(Wanted(query="工程", page=number)) for number in (1, 2, 3)]
    codes = [entry.code for page in pages for entry in page.entries]
    assert codes == [f"P{number:02d}" for number in reversed(range(45))]
    assert [(page.count, page.pages) for page in pages] == [(45, 3)] * 3
    assert queries.search(Wanted(query="工程", page=99)).page == 3


def test_counting_stops_at_its_cap(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_CAP", 40)
    for number in range(41):
        put(f"P{number:02d}", "工程")
    result = queries.search(Wanted(query="工程", page=5))
    assert (result.count, result.capped, result.page, result.pages) == (40, True, 2, 2)


@given(st.text(max_size=30))
def test_tokens_are_letters_and_digits_only_whatever_the_text(text: str) -> None:
    assert all(token.isalnum() and len(token) in (1, 2, 6) for token in tokens(text))


@given(st.text(max_size=200))
def test_a_query_is_cut_before_it_costs_anything(query: str) -> None:
    wanted = phrases(query)
    assert sum(len(phrase.tokens) for phrase in wanted) <= QUERY_LIMIT * 18  # a ligature may unfold
    assert len(wanted) <= 12


@given(st.text("ab滨河 ，", min_size=1, max_size=8))
def test_every_text_is_found_by_each_of_its_own_runs(text: str) -> None:
    assert all(contains(text, run) for run in runs(text))


class Board:
    """Entries of notices one minute apart, each with the stages of its lots; cleared and filled again by one test."""

    def clear(self) -> None:
        SearchEntry.objects.all().delete()
        self.at = MARCH

    def put(self, code: str, stage: str, further: list[str], kind: str = NOTICE) -> SearchEntry:
        self.at += timedelta(minutes=1)
        entry = put(code, "工程", kind=kind, stage=stage, shown_at=self.at)
        for number, each in enumerate(further):
            FurtherLot.objects.create(entry=entry, lot=f"{code}-{number}", stage=each)
        return entry


@pytest.fixture
def board(db: None, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    monkeypatch.setattr(index, "put", lambda *given: None)
    return Board()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 2), max_size=2)), max_size=14),
    st.sampled_from(["newest", "oldest"]),
    st.sampled_from(["", NOTICE, LOT]),
)
def test_a_notice_for_several_lots_is_listed_by_the_stage_of_any_of_them_in_its_place(
    board, drawn, sort, kind
) -> None:
    """``drawn``: whether the first lot of a notice is open, and in which stages (2: open) its further lots are."""
    board.clear()
    stages = ("announcing", "closed", "bidding")
    expected = []
    for number, (is_open, further) in enumerate(drawn):
        entry = board.put(
            f"N{number}", "bidding" if is_open else "closed", [stages[each] for each in sorted(further)]
        )
        if is_open or 2 in further:
            expected.append(entry.code)
    board.put("L", "bidding", [], kind=LOT)
    expected = {"": [*expected, "L"], NOTICE: expected, LOT: ["L"]}[kind]
    expected = expected if sort == "oldest" else expected[::-1]
    wanted = Wanted(stage="bidding", sort=sort, kind=kind)
    assert [each.code for each in queries.listed(wanted, 100)] == expected
    assert [each.code for each in queries.listed(wanted, 2)] == expected[:2]
    pages = [queries.search(replace(wanted, page=page)) for page in range(1, 9)]
    assert {each.count for each in pages} == {len(expected)}
    read = [each.code for found in pages[: pages[0].pages] for each in found.entries]
    assert read == expected
    assert queries.listed(replace(wanted, sort="deadline"), 9) == []
