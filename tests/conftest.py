"""What every test may use: an instant, people in every role, a rehearsal database; and the rules of a test run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from yiwang.pure.kernel import actors as roles
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.codes import uscc_of
from yiwang.pure.kernel.days import SHANGHAI

# Properties that touch the database are slow beside pure ones; the two shared cores make deadlines meaningless.
hypothesis_settings.register_profile(
    "yiwang", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("yiwang")

ON_POSTGRES = bool(os.environ.get("YIWANG_DATABASE"))


def pytest_configure(config: pytest.Config) -> None:
    # Scrypt is slow on purpose; what is tested here is who may log in, not how long guessing takes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# What a test asks for when it touches the database of the run; ``database`` marks those that do so by a process.
DATABASE = {"db", "transactional_db", "live_server"}


def touches_the_database(item: pytest.Item) -> bool:
    """Whether a test can tell one database from another."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres", "database"))
    return marked or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the other database are no part of this run (deselected, not skipped); the second run, on PostgreSQL,
    does not repeat what touches none."""
    foreign = "sqlite" if ON_POSTGRES else "postgres"
    left_out = [
        item
        for item in items
        if item.get_closest_marker(foreign) or (ON_POSTGRES and not touches_the_database(item))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


_GUARDS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal",
}


def _drop_guards() -> None:
    """Takes away the triggers of all rooms (named ``…_no_…``) that keep tables from being emptied."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS[connection.vendor])
        for name, table in cursor.fetchall():
            if "_no_" in name:
                cursor.execute(
                    f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}")
                )


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """No test begins in the language of a page that another test asked for in the same thread."""
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied() -> None:
    """Tests with real transactions empty all tables at their end, which the triggers of the record forbid.

    They are lifted for that moment; emptying ends with post_migrate, which sets them again.
    """
    emptied = TransactionTestCase._fixture_teardown

    def without_triggers(self: TransactionTestCase) -> None:
        _drop_guards()
        emptied(self)

    TransactionTestCase._fixture_teardown = without_triggers


@pytest.fixture
def at() -> datetime:
    """Monday 2026-03-02 10:00 in Shanghai: a working morning with no holiday near."""
    return datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Actors:
    """One person in every role, and the further ones that a tender needs."""

    tenderee: Actor
    second_tenderee: Actor  # of the same organisation: confirms what the first drafted
    agency: Actor
    bidder: Actor
    bidders: tuple[Actor, ...]  # five, each of an organisation of its own; ``bidder`` is the first
    centre: Actor
    second_centre: Actor
    supervisor: Actor
    operator: Actor
    applicant: Actor
    visitor: Actor
    system: Actor


def _organisation(serial: int) -> str:
    return uscc_of(f"91620500MA{serial:07d}")


@pytest.fixture
def actors() -> Actors:
    """People who exist in no table: for verbs that ask only for the actor."""
    bidders = tuple(
        Actor(f"P-BDDER000000{serial}", _organisation(100 + serial), roles.BIDDER) for serial in range(1, 6)
    )
    return Actors(
        tenderee=Actor("P-TENDEREE0001", _organisation(1), roles.TENDEREE),
        second_tenderee=Actor("P-TENDEREE0002", _organisation(1), roles.TENDEREE),
        agency=Actor("P-AGENCY000001", _organisation(2), roles.AGENCY),
        bidder=bidders[0],
        bidders=bidders,
        centre=Actor("P-CENTRE000001", _organisation(3), roles.CENTRE),
        second_centre=Actor("P-CENTRE000002", _organisation(3), roles.CENTRE),
        supervisor=Actor("P-SPERVSR00001", _organisation(4), roles.SUPERVISOR),
        operator=Actor("P-PERATR000001", _organisation(3), roles.OPERATOR),
        applicant=Actor("P-APPCANT00001", "", roles.APPLICANT),
        visitor=roles.ANYONE,
        system=roles.SYSTEM_ACTOR,
    )


@pytest.fixture
def rehearsal(db: None, at: datetime) -> object:
    """A database born as a rehearsal at ``at``; its clock stands there until a test moves it."""
    from yiwang.record.journal.api import found

    return found("rehearsal", at)
