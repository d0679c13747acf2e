"""Sessions and who is behind them, read with kept queries: every page asks both.

The session engine (``SESSION_ENGINE``) and the authentication backend are Django's own but for that.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS

from yiwang.common.identity.models import Person
from yiwang.record.journal.api import KeptQuery, real_now

_OF_SESSION = [each.attname for each in Session._meta.concrete_fields]
_OF_PERSON = [each.attname for each in Person._meta.concrete_fields]
_SESSION = KeptQuery(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(*_OF_SESSION)
)
_PERSON = KeptQuery(lambda number: Person.objects.filter(pk=number).values_list(*_OF_PERSON))


class SessionStore(DatabaseStore):
    """Sessions in the database."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what we hand out is looked up: a cookie can hold anything (PostgreSQL refuses a zero byte in a text)."""
        ours = key is not None and key.isascii() and key.isalnum()  # no empty one either
        return ours and bool(super()._validate_session_key(key))

    def _get_session_from_db(self) -> Session | None:
        row = _SESSION.first(self.session_key or "", real_now())
        if row is None:
            self._session_key = None
            return None
        return Session.from_db(DEFAULT_DB_ALIAS, _OF_SESSION, row)


class PersonBackend(ModelBackend):
    """A person by number, as the register stands now."""

    def get_user(self, user_id: int) -> Person | None:
        """The person, None where they are unknown or may not log in any more."""
        row = _PERSON.first(int(user_id))
        if row is None:
            return None
        person = Person.from_db(DEFAULT_DB_ALIAS, _OF_PERSON, row)
        return person if self.user_can_authenticate(person) else None
