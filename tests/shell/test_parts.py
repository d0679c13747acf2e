"""Words, amounts, instants, deadlines, forms, lists and Excel, without a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError, loader
from django.test import RequestFactory
from django.utils.html import escape
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.shell.samples import CHOICES, COLUMNS, LOTS, NOW_AT, SampleForm
from yiwang.common.shell import errors
from yiwang.common.shell.api import (
    PUBLIC,
    AmountField,
    Choice,
    Column,
    DayField,
    DocumentField,
    Head,
    HouseForm,
    InstantField,
    RefusalMiddleware,
    answer,
    excel,
    listing,
    long_answer,
    refusing,
    route,
    say,
    wants_excel,
)
from yiwang.common.shell.deadlines import time_left
from yiwang.common.shell.templatetags.shell import MOST_KEPT
from yiwang.law.api import clock
from yiwang.pure.kernel.actors import ANYONE, BIDDER, CENTRE, Actor, permission
from yiwang.pure.kernel.days import SHANGHAI, shown
from yiwang.pure.kernel.findings import WARNING, Finding, Refused, SentenceMissing
from yiwang.pure.kernel.words import Words

LANGUAGES = ["zh-hans", "en"]


def rendered(text: str, language: str = "zh-hans", **context: object) -> str:
    with override(language):
        return Template(text).render(Context(context))


class TestKeptParts:
    def test_a_part_is_made_once_for_each_language_and_set_of_values(self) -> None:
        template, asked = Template('{% kept who %}{% t "有" "has" %} {{ who }} {{ count }}{% endkept %}'), [0]

        def count() -> int:
            asked[0] += 1
            return asked[0]

        def page(language: str, who: object) -> str:
            with override(language):
                return template.render(Context({"who": who, "count": count}))

        assert page("en", "<a>") == page("en", "<a>") == "has &lt;a&gt; 1"
        assert page("zh-hans", "<a>") == "有 &lt;a&gt; 2"
        assert page("en", Words("甲", "b")) == page("en", Words("甲", "b"))
        for number in range(3 * MOST_KEPT):
            assert page("en", number) == page("en", number)

    @pytest.mark.parametrize("inside", ["{% block a %}{% endblock %}", "{% csrf_token %}"])
    def test_what_differs_from_page_to_page_cannot_be_kept(self, inside: str) -> None:
        with pytest.raises(TemplateSyntaxError):
            Template(f"{{% kept %}}{inside}{{% endkept %}}")


class TestWords:
    def test_each_language_gets_its_text(self) -> None:
        assert rendered('{% t "公告" "Notice" %}') == "公告"
        assert rendered('{% t "公告" "Notice" %}', "en") == "Notice"

    def test_values_are_put_in_escaped_and_in_the_language_of_the_page(self) -> None:
        text = '{% t "第%s个，%s" "no. %s, %s" x role %}'
        assert rendered(text, "en", x="<b>", role=Words("投标人", "Bidder")) == "no. &lt;b&gt;, Bidder"
        assert rendered(text, x=3, role=Words("投标人", "Bidder")) == "第3个，投标人"

    def test_a_text_can_be_kept_for_later(self) -> None:
        assert rendered('{% t "甲" "A" as x %}[{{ x }}]', "en") == "[A]"

    def test_one_text_alone_is_refused_when_the_template_is_read(self) -> None:
        with pytest.raises(TemplateSyntaxError):
            Template('{% t "公告" %}')

    @given(st.text(max_size=30))
    def test_no_value_can_become_markup(self, value: str) -> None:
        shown = rendered('{% t "%s" "%s" value %}', value=value)
        assert "<" not in shown
        assert '"' not in shown

    def test_a_finding_without_a_sentence_is_a_bug_that_rises(self) -> None:
        with pytest.raises(SentenceMissing):
            say(Finding("no-such-rule"), "en")

    def test_a_finding_names_its_article(self) -> None:
        finding = Finding("uscc", "GB 32100-2015", {"code": "X"})
        assert say(finding, "zh-hans").endswith("（依据：GB 32100-2015）")
        assert "(Source: GB 32100-2015)" in say(finding, "en")


class TestFigures:
    def test_amounts_show_yuan_with_separators_and_unit(self) -> None:
        assert "1,234,567.89 元" in rendered("{% amount 123456789 %}")
        assert "CNY 1,234,567.89" in rendered("{% amount 123456789 %}", "en")
        assert rendered("{% amount 123456789 unit=False %}") == '<span class="amount">1,234,567.89</span>'
        assert "123.456789 万元" in rendered("{% amount 123456789 wan=True %}")
        assert rendered("{% amount none %}", none=None) == "—"

    def test_an_instant_is_wall_clock_time_of_shanghai(self) -> None:
        at = datetime(2026, 3, 24, 23, 0, tzinfo=UTC)
        assert rendered("{% instant at zone=True %}", at=at) == (
            '<time datetime="2026-03-25T07:00:00+08:00">北京时间 2026-03-25 07:00</time>'
        )
        assert "2026-03-25 07:00 Beijing time" in rendered("{% instant at zone=True %}", "en", at=at)
        assert ">2026-03-25<" in rendered("{% instant day %}", day=date(2026, 3, 25))

    @pytest.mark.parametrize(
        ("seconds", "state", "words"),
        [
            (-1, "past", "Passed"),
            (0, "past", "Passed"),
            (1, "soon", "0 min 1 s left"),
            (3599, "soon", "59 min 59 s left"),
            (3600, "soon", "1 h 0 min left"),
            (86_399, "soon", "23 h 59 min left"),
            (86_400, "soon", "1 d 0 h left"),
            (3 * 86_400 - 1, "soon", "2 d 23 h left"),
            (3 * 86_400, "far", "3 d 0 h left"),
        ],
    )
    def test_time_left_at_its_boundaries(self, seconds: int, state: str, words: str) -> None:
        left = time_left(NOW_AT, NOW_AT + timedelta(seconds=seconds))
        assert (left["state"], left["words"].en) == (state, words)


class TestDeadline:
    CLOCK = clock("W03", NOW_AT, date(2026, 3, 2))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_shows_instant_article_and_what_was_not_counted(self, language: str) -> None:
        page = rendered("{% deadline clock %}", language, clock=self.CLOCK, house={"now": NOW_AT})
        assert "2026-03-2" in page
        assert self.CLOCK.limit.source in page
        for day, why in self.CLOCK.not_counted:
            assert day.isoformat() in page
            assert why.in_language(language) in page

    def test_a_published_file_holds_nothing_per_second(self) -> None:
        page = rendered("{% deadline clock %}", "en", clock=self.CLOCK, house={"now": NOW_AT}, as_file=True)
        assert " left<" not in page
        assert f'data-deadline="{self.CLOCK.result_at.astimezone(UTC):%Y-%m-%dT%H:%M}' in page

    @pytest.mark.parametrize(
        ("sure", "shown", "hidden"), [("setting", "本中心设置", "依据"), ("read", "依据", "本中心设置")]
    )
    def test_a_house_setting_is_never_shown_as_law(self, sure: str, shown: str, hidden: str) -> None:
        from dataclasses import replace

        setting = replace(self.CLOCK, limit=replace(self.CLOCK.limit, sure=sure))
        head = rendered("{% deadline clock %}", clock=setting).split("<details")[0]
        assert shown in head
        assert hidden not in head

    def test_a_period_ends_with_its_last_day_at_24_hours(self) -> None:
        """民法典 203; an earliest day begins at 00:00."""
        last = clock("W28", datetime(2026, 2, 10, 9, 0, tzinfo=SHANGHAI), date(2026, 2, 10))
        assert f"北京时间 {last.result_on.isoformat()} 24:00" in rendered("{% deadline c %}", c=last)
        assert f"{last.result_on.isoformat()} 24:00 Beijing time" in rendered(
            "{% deadline c %}", "en", c=last
        )
        assert f"北京时间 {self.CLOCK.result_on.isoformat()} 00:00" in rendered(
            "{% deadline c %}", c=self.CLOCK
        )

    def test_a_provisional_deadline_says_so(self) -> None:
        late = clock("W28", datetime(2026, 12, 20, 9, 0, tzinfo=SHANGHAI), date(2026, 12, 20))
        assert late.provisional
        assert "暂定" in rendered("{% deadline clock %}", clock=late)


class TestFindings:
    def test_all_are_shown_refusals_first_with_links_to_their_fields(self) -> None:
        found = [
            Finding("no-permission", level=WARNING),
            Finding("uscc", "GB 32100-2015", {"code": "<x>"}, "code"),
        ]
        page = rendered("{% findings found %}", found=found)
        assert page.index("refusal") < page.index("warning")
        assert '<a href="#id_code">' in page
        assert "<x>" not in page

    def test_none_shows_nothing(self) -> None:
        assert rendered("{% findings found %}", found=[]).strip() == ""


class TestForms:
    @given(st.integers(0, 10**14))
    def test_an_amount_survives_being_shown_and_typed_again(self, fen: int) -> None:
        field = AmountField()
        assert field.clean(field.widget.format_value(fen)) == fen

    @pytest.mark.parametrize("typed", ["1.005", "-1", "abc", "1e3000", "NaN", "0.99"])
    def test_what_is_no_amount_is_refused(self, typed: str) -> None:
        with pytest.raises(forms.ValidationError):
            AmountField(at_least_fen=100).clean(typed)

    @pytest.mark.parametrize(
        ("field", "first", "last", "before", "after"),
        [
            (InstantField(), "2000-01-01T00:00", "2099-12-31T23:59", "1999-12-31T23:59", "2100-01-01T00:00"),
            (DayField(), "1900-01-01", "2199-12-31", "1899-12-31", "2200-01-01"),
        ],
    )
    def test_a_year_that_nobody_can_mean_is_refused(self, field, first, last, before, after) -> None:
        assert field.clean(first)
        assert field.clean(last)
        for typed in (before, after, "0001-01-01", "9999-12-31T23:59"):
            with pytest.raises(forms.ValidationError):
                field.clean(typed)

    def test_an_instant_is_typed_in_shanghai(self) -> None:
        field = InstantField()
        typed = field.clean("2026-03-25T07:00")
        assert typed == datetime(2026, 3, 24, 23, 0, tzinfo=UTC)
        assert field.widget.format_value(typed) == "2026-03-25T07:00"
        with pytest.raises(forms.ValidationError):
            field.clean("tomorrow")

    @pytest.mark.parametrize(("size", "fits"), [(10, True), (11, False)])
    def test_a_file_over_the_limit_is_refused(self, size: int, fits: bool) -> None:
        field = DocumentField(max_bytes=10)
        file = SimpleUploadedFile("a.pdf", b"x" * size)
        if fits:
            assert field.clean(file) is file
        else:
            with pytest.raises(forms.ValidationError):
                field.clean(file)

    @pytest.mark.parametrize("sign", ["\x0b", "\x1f", "\ufffe"])
    def test_a_sign_that_no_file_can_carry_is_refused_with_its_place(self, sign: str) -> None:
        form = SampleForm({"title": f"藉河堤{sign}防工程", "note": f"一\r\n二\t{sign}三"})
        assert not form.is_valid()
        with override("zh-hans"):
            assert "第 4 个字符（“藉河堤…防工程”中间）" in str(form.errors["title"])
            assert "第 6 个字符" in str(form.errors["note"])
        with override("en"):
            assert "Character 4" in str(form.errors["title"])

    def test_lines_rare_characters_and_any_password_are_taken(self) -> None:
        class Form(HouseForm):
            name = forms.CharField()
            text = forms.CharField(widget=forms.Textarea)
            password = forms.CharField(widget=forms.PasswordInput, strip=False)

        form = Form({"name": "𠮷·买买提　１", "text": "一\r\n\t二", "password": "a\x0bb"})
        assert form.is_valid(), form.errors

    def test_a_refused_verb_becomes_errors_at_the_fields_and_nothing_typed_is_lost(self) -> None:
        form = SampleForm({"title": "藉河堤防", "price": "5", "bid_deadline_at": "2026-03-22T09:30"})
        form.is_valid()
        with refusing(form):
            raise Refused([Finding("uscc", "", {"code": "X"}, "title"), Finding("no-permission")])
        page = rendered("{% form form %}", form=form)
        assert 'value="藉河堤防"' in page
        assert '<a href="#id_title">' in page
        assert form.non_field_errors()
        assert 'aria-invalid="true" aria-describedby="id_title_error"' in page or (
            'aria-describedby="id_title_error" aria-invalid="true"' in page
        )

    def test_a_warning_is_no_error(self) -> None:
        form = HouseForm({})
        assert form.is_valid()
        form.take((Finding("no-permission", level=WARNING),))
        assert form.is_valid()


def listed(query: str = "") -> object:
    return listing(
        RequestFactory().get(f"/lots/{query}"), LOTS, COLUMNS, search=("any",), choices=CHOICES, per_page=2
    )


class TestLists:
    def test_the_address_holds_filter_order_search_and_page(self) -> None:
        assert [lot.stage for lot in listed("?stage=open").found] == ["open", "open"]
        assert [lot.price_fen for lot in listed("?order=-price").found] == sorted(
            (lot.price_fen for lot in LOTS), reverse=True
        )
        assert [lot.name for lot in listed("?q=堤防").found] == [LOTS[1].name]
        assert listed("?page=2").page.number == 2

    @pytest.mark.parametrize(
        "query", ["?stage=nonsense", "?order=nonsense", "?page=nonsense", "?page=999", ""]
    )
    def test_what_does_not_exist_is_ignored(self, query: str) -> None:
        assert len(listed(query).found) == len(LOTS)

    def test_addresses_keep_what_was_chosen(self) -> None:
        found = listed("?stage=open&order=price&q=第")
        assert found.excel_url == "?q=%E7%AC%AC&stage=open&order=price&format=excel"
        heads = {each["column"].name: each for each in found.heads}
        assert "order=-price" in heads["price"]["url"]
        assert heads["price"]["now"] == "ascending"

    def test_an_empty_list_says_why(self) -> None:
        assert "没有符合条件的记录" in rendered("{% listing found %}", found=listed("?q=zzz"))
        nothing = listing(RequestFactory().get("/"), [], COLUMNS)
        assert "目前没有记录" in rendered("{% listing found %}", found=nothing)

    def test_excel_is_asked_for_in_the_address(self) -> None:
        assert wants_excel(RequestFactory().get("/?format=excel"))
        assert not wants_excel(RequestFactory().get("/"))


class TestExcel:
    HEADS = (Head(Words("名称", "Name")), Head(Words("金额", "Amount"), amount=True))

    @staticmethod
    def sheet(response: HttpResponse):
        return load_workbook(BytesIO(response.content)).active

    @given(st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]), st.text(max_size=20))
    def test_no_text_becomes_a_formula(self, start: str, rest: str) -> None:
        cell = self.sheet(excel([[start + rest, 0]], self.HEADS, "x"))["A2"]
        assert cell.data_type != "f"
        if start == "=":
            assert cell.data_type == "s"
            assert cell.quotePrefix

    def test_values_keep_their_kind(self) -> None:
        heads = (*self.HEADS, Head(Words("时间", "At")), Head(Words("阶段", "Stage")))
        row = ["羲皇大道", 123_456_789, datetime(2026, 3, 24, 23, 0, tzinfo=UTC), Words("投标中", "Open")]
        with override("en"):
            response = excel([row], heads, "标段")
        sheet = self.sheet(response)
        assert [cell.value for cell in sheet[1]] == ["Name", "Amount (CNY)", "At", "Stage"]
        assert [cell.value for cell in sheet[2]] == ["羲皇大道", 1234567.89, datetime(2026, 3, 25, 7), "Open"]
        assert "filename*=UTF-8''%E6%A0%87%E6%AE%B5.xlsx" in response["Content-Disposition"]

    @given(st.integers(-2, 2), st.booleans())
    def test_an_instant_reads_as_on_the_page_and_midnight_that_ends_a_day_is_sorted_into_it(
        self, minutes: int, begins: bool
    ) -> None:
        """As Excel shows it: the format says the day, and 24:00 or the time."""
        midnight = datetime(2026, 3, 24, 16, 0, tzinfo=UTC)  # 24:00 of 24 March in Shanghai
        rows = [[midnight + timedelta(minutes=each)] for each in (minutes, minutes - 1)]
        sheet = self.sheet(excel(rows, [Head(Words("截止", "Deadline"), begins=begins)], "x"))
        for (at,), cell in zip(rows, (sheet["A2"], sheet["A3"]), strict=True):
            clock = "24:00" if cell.number_format.endswith('"24:00"') else f"{cell.value:%H:%M}"
            assert f"{cell.value:%Y-%m-%d} {clock}" == shown(at, begins=begins)
        assert sheet["A2"].value > sheet["A3"].value


class TestRoutes:
    BIDDERS = permission("bid", BIDDER)

    def asked(self, needed, actor: Actor) -> HttpResponse:
        request = RequestFactory().get("/hall/lots/?page=2")
        request.actor = actor
        view = route(needed)(lambda request: HttpResponse("in"))
        assert view.permission is needed
        return view(request)

    def test_the_permission_decides(self, rehearsal: object) -> None:
        assert self.asked(self.BIDDERS, Actor("P-1", "X", BIDDER)).content == b"in"
        assert self.asked(self.BIDDERS, Actor("P-1", "X", CENTRE)).status_code == 403
        assert self.asked(PUBLIC, ANYONE).content == b"in"

    def test_a_visitor_is_sent_to_the_login_and_comes_back(self) -> None:
        answer = self.asked(self.BIDDERS, ANYONE)
        assert answer.status_code == 302
        assert answer["Location"] == "/account/login/?next=/hall/lots/%3Fpage%3D2"


class TestErrorPages:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", ["bad_request", "forbidden", "not_found", "csrf_failure"])
    def test_pages_speak_both_languages(self, rehearsal: object, language: str, name: str) -> None:
        with override(language):
            page = getattr(errors, name)(RequestFactory().get("/x/"))
        assert page.status_code in (400, 403, 404)
        text = page.content.decode()
        assert ('<html lang="en"' in text) == (language == "en")

    def test_too_many_says_when_to_come_back(self, rehearsal: object) -> None:
        page = errors.too_many(RequestFactory().get("/x/"), 61)
        assert (page.status_code, page["Retry-After"]) == (429, "61")
        assert "2 分钟" in page.content.decode()

    @pytest.mark.parametrize(("path", "word"), [("/x/", "系统出错"), ("/en/x/", "Something broke")])
    def test_the_page_500_needs_no_database(self, path: str, word: str) -> None:
        # No `db` fixture: any query would fail this test.
        page = errors.server_error(RequestFactory().get(path)).content.decode()
        assert word in page
        assert '<header class="top">' in page, "it stands in the frame of the site"
        assert '<footer class="foot">' in page

    def test_an_uncaught_refusal_becomes_a_page_with_all_reasons(self, rehearsal: object) -> None:
        middleware = RefusalMiddleware(lambda request: HttpResponse())
        refused = Refused(
            [Finding("uscc", "GB 32100-2015", {"code": "A"}), Finding("uscc", "", {"code": "B"})]
        )
        page = middleware.process_exception(RequestFactory().get("/x/"), refused)
        assert page is not None
        assert page.status_code == 422
        assert all(f"“{code}”" in page.content.decode() for code in "AB")
        missing = Refused([Finding("no-permission")])
        forbidden = middleware.process_exception(RequestFactory().get("/x/"), missing)
        assert forbidden is not None
        assert forbidden.status_code == 403

    def test_any_other_error_rises(self) -> None:
        middleware = RefusalMiddleware(lambda request: HttpResponse())
        assert middleware.process_exception(RequestFactory().get("/x/"), ValueError("bug")) is None


class TestFrame:
    def test_public_pages_hold_nothing_per_user_and_nothing_per_second(self) -> None:
        text = Path(str(loader.get_template("shell/base.html").origin)).read_text("utf-8")
        for word in (
            "request.user",
            "request.chip",
            "request.actor",
            "csrf_token",
            "house.now",
            "messages }",
        ):
            assert word not in text

    @pytest.mark.parametrize(
        ("path", "other"),
        [
            ("/", "/en/"),
            ("/search/?q=桥", "/en/search/?q=桥"),
            ("/en/search/?q=1", "/search/?q=1"),
            ("/en/", "/"),
        ],
    )
    def test_the_language_switch_leads_to_the_same_page(self, path: str, other: str) -> None:
        text = "{% other_language as other %}{{ other.url|safe }}"
        assert rendered(text, page_path=path) == other


HOSTILE = """<script>alert("1")</script>'&amp;{0}%s"""


def test_a_date_in_a_list_is_never_broken_and_an_instant_only_before_its_time() -> None:
    day, at = date(2026, 10, 28), datetime(2026, 10, 28, 17, 30, tzinfo=SHANGHAI)
    columns = [
        Column("day", Words("日期", "Day"), lambda row: row[0]),
        Column("at", Words("时间", "At"), lambda row: row[1]),
    ]
    request = RequestFactory().get("/")
    request.actor = ANYONE
    page = rendered("{% listing rows %}", "en", rows=listing(request, [(day, at)], columns))
    assert '<td data-label="Day"><span class="unbroken">2026-10-28</span></td>' in page
    assert '<td data-label="At"><span><span class="unbroken">2026-10-28</span> 17:30</span></td>' in page


def test_what_stands_in_a_list_is_text() -> None:
    columns = [
        Column("name", Words(HOSTILE, HOSTILE), lambda row: row, sort="self", link=lambda row: f'/?"{row}'),
        Column("under", Words("下", "under"), lambda row: Words(row, row), under="name"),
        Column("sum", Words("金额", "Sum"), lambda row: None, amount=True),
    ]
    choices = [Choice("kind", Words("类", "Kind"), [(HOSTILE, Words(HOSTILE, HOSTILE))], of=lambda row: row)]
    request = RequestFactory().get("/", {"q": HOSTILE, "kind": HOSTILE})
    request.actor = ANYONE
    page = rendered(
        "{% listing rows %}",
        "en",
        rows=listing(request, [HOSTILE], columns, search=("any",), choices=choices),
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#x27;&amp;amp;{0}%s") >= 7
    assert '<td data-label="Sum (CNY)" class="is-amount is-none">—</td>' in page
    assert f'<option value="{escape(HOSTILE)}" selected>' in page


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(PLAIN)
def test_much_data_is_written_letter_by_letter_as_little_data(value: object) -> None:
    assert long_answer({"x": value}).content == answer({"x": value}).content
