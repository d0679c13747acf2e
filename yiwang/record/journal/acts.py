"""The transaction of a verb, and the locks of a matter within it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.points import AFTER_COMMIT, BEFORE_COMMIT, passing


class NotInAct(RuntimeError):
    """Something was to be recorded or locked outside :func:`act`: a bug."""


class RefusedOnRecord(Refused):
    """A refusal that leaves its own entry behind: the acts that it passes are not undone."""


class _Undone(Exception):
    """Ends a trial."""


class _Depth(threading.local):
    value = 0
    scratch: dict[str, bytes] | None = None


_depth = _Depth()


@contextmanager
def act() -> Iterator[None]:
    """One transaction, durable when the outermost block ends; whatever leaves a block undoes all it did.

    Only RefusedOnRecord does not: what was done before it stays, then it is raised further.
    On SQLite writers queue in the order of arrival (see ``sqlite.base``). An inner act joins the outer one.
    RuntimeError inside a transaction that is no act: its commit would not be ours.
    """
    outermost, refused = _depth.value == 0, None
    with transaction.atomic(durable=outermost):
        _depth.value += 1
        try:
            yield
        except RefusedOnRecord as error:
            if _depth.scratch is not None:
                raise
            refused = error
        finally:
            _depth.value -= 1
        if outermost:
            passing(BEFORE_COMMIT)
    if outermost:
        passing(AFTER_COMMIT)
    if refused is not None:
        raise refused


@contextmanager
def trial() -> Iterator[None]:
    """An act of which nothing stays, not even what a RefusedOnRecord would leave: to see what a verb would do or refuse.

    It waits for the locks of the verb and holds them until it is undone; hooks of a commit do not run. What would be put
    anywhere but into the database goes into :func:`scratch`.
    """
    outer = _depth.scratch
    _depth.scratch = {} if outer is None else outer
    try:
        with act():
            yield
            raise _Undone
    except _Undone:
        pass
    finally:
        _depth.scratch = outer


def scratch() -> dict[str, bytes] | None:
    """Contents by name for as long as a trial lasts; None outside of one."""
    return _depth.scratch


def require_act() -> None:
    """Raises NotInAct outside an act."""
    if _depth.value == 0:
        raise NotInAct("journal.record, locks and verbs of the journal belong inside `with act():`")


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def lock_number(name: str) -> int:
    """The 64-bit number of an advisory lock of PostgreSQL."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def advisory_lock(*alone: str, shared: Sequence[str] = ()) -> None:
    """Waits for the locks until the end of the transaction, ``shared`` before ``alone``, each in the order given.

    One statement, so one way to the server and back. SQLite's one writer needs none.
    """
    require_act()
    if is_postgres():
        asked = ["pg_advisory_xact_lock_shared(%s)"] * len(shared) + ["pg_advisory_xact_lock(%s)"] * len(
            alone
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(asked)}", [lock_number(each) for each in (*shared, *alone)])


def try_lock(name: str) -> bool:
    """Takes the lock ``name`` until the end of the transaction, unless somebody has it. SQLite's one writer has all."""
    require_act()
    if not is_postgres():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(name)])
        return bool(cursor.fetchone()[0])


def share_lock(matter: Ref, *, alone: Ref | None = None) -> None:
    """Holds ``matter`` together with others until the act ends; waits while somebody holds it alone.

    Then ``alone``, where given, as :func:`hold_lock` does. Take it before reading what the decision needs, and never ask for more than a shared lock later in the
    same act: two that both do so wait for each other.
    """
    advisory_lock(*([] if alone is None else [f"matter:{alone}"]), shared=[f"matter:{matter}"])


def hold_lock(matter: Ref) -> None:
    """Holds ``matter`` alone until the act ends."""
    advisory_lock(f"matter:{matter}")
