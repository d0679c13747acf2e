from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _set_triggers(using: str = "default", **kwargs: Any) -> None:
    from yiwang.record.journal.triggers import set_triggers  # models are ready only now

    if using == "default":
        set_triggers()


class JournalConfig(AppConfig):
    name = "yiwang.record.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A table rebuild drops triggers silently, so they are set again after every migrate.
        post_migrate.connect(_set_triggers, sender=self, dispatch_uid="journal-triggers")
