"""Quicker compilers say what Django's own say: the same SQL, the same columns, the same conversions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql import compiler as of_postgres
from django.db.backends.sqlite3 import base as of_sqlite
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.db.models.sql import compiler as of_django
from hypothesis import given
from hypothesis import strategies as st

from yiwang.business.trading.models import Bid, Envelope, Lot, Project
from yiwang.record.journal.models import Due, Entry
from yiwang.record.journal.sqlite.base import DatabaseOperations

SHAPES: dict[str, Callable[[], Any]] = {
    "by its model's order": lambda: Lot.objects.all(),
    "joined": lambda: Lot.objects.select_related("project").filter(project__region="620500"),
    "joined backwards": lambda: Envelope.objects.select_related("withdrawal", "lot__project").order_by("-id"),
    "by a joined field": lambda: Lot.objects.order_by("-project__registered_at", "id"),
    "by an expression": lambda: Lot.objects.order_by(Lower("name").desc(nulls_last=True), F("id").asc()),
    "by a selected value": lambda: Lot.objects.values_list("stage", "code").order_by("stage"),
    "annotated": lambda: Lot.objects.annotate(n=Count("envelopes")).order_by("-n", "id"),
    "an annotation alone": lambda: Lot.objects.values("stage").annotate(n=Count("id")).order_by("n"),
    "only": lambda: Lot.objects.only("code", "project__name").select_related("project"),
    "defer": lambda: Lot.objects.defer("content"),
    "distinct": lambda: Lot.objects.filter(bids__rank=1).distinct().order_by("code"),
    "a subquery": lambda: Project.objects.filter(
        pk__in=Lot.objects.filter(bids__in=Bid.objects.all()).values("project_id")
    ),
    "an outer reference": lambda: Project.objects.annotate(
        first=Subquery(Lot.objects.filter(project=OuterRef("pk")).order_by("id").values("code")[:1])
    ).order_by("first"),
    "united": lambda: Lot.objects.order_by().filter(stage="a").union(Lot.objects.order_by()).order_by("code"),
    "random": lambda: Lot.objects.order_by("?"),
    "extra": lambda: Lot.objects.extra(select={"one": "1"}).order_by("one", "id"),
    "reversed": lambda: (
        Due.objects.filter(Q(retry_at=None) | Q(attempts=0)).order_by("due_at", "id").reverse()
    ),
    "a slice": lambda: Entry.objects.filter(about="x").order_by("-n")[:1],
    "grouped": lambda: Lot.objects.values("project__region").annotate(latest=Max("deadline_at")),
    "to itself": lambda: Lot.objects.filter(project__lots__stage="x").order_by("project__lots__code"),
}


def both(rows: Any) -> tuple[Any, Any]:
    """Our compiler and Django's for the same query."""
    django = of_postgres if connection.vendor == "postgresql" else of_django
    ours = rows.query.clone().get_compiler("default")
    assert type(ours).__module__.startswith("yiwang.record.journal")
    return ours, django.SQLCompiler(rows.query.clone(), connection, "default")


def said(compiler: Any) -> Any:
    """The statement, and what becomes of its columns."""
    statement = compiler.as_sql()
    columns = [each[0] for each in compiler.select]
    converters = {
        place: [getattr(each, "__qualname__", repr(each)) for each in found]
        for place, (found, _) in compiler.get_converters(columns).items()
    }
    names = [(alias, getattr(column, "alias", None)) for column, _, alias in compiler.select]
    info = compiler.klass_info
    model = (info["model"], info["select_fields"]) if info else None
    return statement, names, converters, model, compiler.annotation_col_map


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_a_query_of_every_shape_is_compiled_as_django_compiles_it(shape: str) -> None:
    for _ in range(2):  # the second time from what was kept
        ours, django = both(SHAPES[shape]())
        assert said(ours) == said(django)


FILTERS: tuple[Any, ...] = (
    Q(),
    Q(pk=3),
    Q(lot=3),
    Q(lot__code="x"),
    Q(lot__project=3),
    Q(lot__project__region="620500") | Q(pk__in=[1, 2]),
    ~Q(lot__stage="bidding"),
    Q(lot__in=Lot.objects.filter(project__lots__stage="x")),
    Q(bidder="b", lot__bids__rank=1),
)
ORDERS: tuple[tuple[str, ...], ...] = (
    (), ("pk",), ("-id", "bidder"), ("lot",), ("lot_id",), ("lot__project",), ("lot__code", "id"), ("bidder", "bidder"),
)  # fmt: skip
RELATED: tuple[tuple[str, ...], ...] = ((), ("lot",), ("lot__project",), ("lot", "lot__project"))


@pytest.mark.django_db
@given(
    asked=st.lists(
        st.tuples(
            st.sampled_from([Bid, Envelope]),
            st.lists(st.sampled_from(FILTERS), max_size=2),
            st.sampled_from(ORDERS),
            st.sampled_from(RELATED),
            st.sampled_from(["", "reversed", "first", "locked", "in another"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_was_asked_before_a_query_is_compiled_as_django_compiles_it(asked: list[Any]) -> None:
    connection.ops.kept_setups.clear()
    for model, filters, order, related, turn in asked:
        rows = model.objects.order_by(*order)
        for each in filters:
            rows = rows.filter(each)
        rows = rows.select_related(*related) if related else rows
        match turn:
            case "reversed":
                rows = rows.reverse()
            case "first":
                rows = rows[:1]
            case "locked":
                rows = rows.select_for_update(of=("self",))
            case "in another":
                rows = model.objects.filter(pk__in=rows)
        for _ in range(2):
            ours, django = both(rows)
            assert said(ours) == said(django)
            assert related_of(ours.klass_info) == related_of(django.klass_info)


def related_of(info: Any) -> Any:
    """Which columns make which models."""
    return info and (
        info["model"],
        list(info["select_fields"]),
        [related_of(each) for each in info.get("related_klass_infos", ())],
    )


@pytest.mark.django_db
def test_a_plain_query_is_set_up_once() -> None:
    connection.ops.kept_setups.clear()
    for code in ("a", "b"):
        assert list(Lot.objects.select_related("project").filter(code=code).order_by("-id")[:2]) == []
    assert len(connection.ops.kept_setups) == 1
    for rank in (1, 2):
        assert list(Lot.objects.filter(bids__rank=rank).select_related("project")) == []
    assert len(connection.ops.kept_setups) == 2


@pytest.mark.django_db
def test_every_model_is_selected_as_django_selects_it() -> None:
    for model in apps.get_models():
        keys = [each.name for each in model._meta.fields if each.many_to_one or each.one_to_one]
        joined = model._base_manager.order_by("-pk").select_related(*keys) if keys else model.objects.all()
        for rows in (model._base_manager.all(), joined):
            ours, django = both(rows)
            assert said(ours) == said(django), model


@pytest.mark.django_db
def test_values_come_back_as_they_were_written() -> None:
    project = Project.objects.create(
        code="P1", name="n", tenderee="t", region="620500", funds="f", approval="a", state_funded=True,
        registered_by="p", registered_at="2026-03-02T10:00:00.000001+08:00",
    )  # fmt: skip
    Lot.objects.create(
        code="L1", project=project, name="x", content="", estimate_fen=1, stage="registered", method={"a": [1]},
        stage_since_at=project.registered_at, law_on="2026-03-02", procedure="works-open",
    )  # fmt: skip
    lot = Lot.objects.select_related("project").get(code="L1")
    assert (lot.method, lot.project.state_funded, str(lot.law_on)) == ({"a": [1]}, True, "2026-03-02")
    assert lot.stage_since_at.isoformat() == lot.project.registered_at.isoformat()
    assert lot.stage_since_at.microsecond == 1


@pytest.mark.parametrize(
    "written", ["2026-11-27 09:00:00", "2026-11-27 09:00:00.000001", "1986-07-01 12:00:00+09:00"]
)
def test_an_instant_is_read_as_django_reads_it(written: str) -> None:
    ours, django = DatabaseOperations(connection), of_sqlite.DatabaseOperations(connection)
    for value in (None, written, datetime.fromisoformat(written)):
        read = ours.convert_datetimefield_value(value, None, connection)
        assert read == django.convert_datetimefield_value(value, None, connection)
        assert read is None or read.tzinfo is not None
