from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _forget_words(using: str = "default", **_: Any) -> None:
    """An emptied table leaves no words behind: the index is no table that Django knows of."""
    from yiwang.common.notices.models import NoticeWords
    from yiwang.common.notices.wordlists import NOTICES

    if NOTICES.exists(using) and not NoticeWords.objects.using(using).exists():
        NOTICES.empty(using)


class NoticesConfig(AppConfig):
    name = "yiwang.common.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from yiwang.common.notices.triggers import set_triggers

        post_migrate.connect(set_triggers, sender=self, dispatch_uid="notices-triggers")
        post_migrate.connect(_forget_words, sender=self, dispatch_uid="notices-words")
