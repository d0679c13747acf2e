from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _forget_words(using: str = "default", **_: Any) -> None:
    """An emptied table of entries leaves no words behind: the index is no table that Django knows of."""
    from yiwang.doors.website import index
    from yiwang.doors.website.models import SearchEntry

    if index.exists(using) and not SearchEntry.objects.using(using).exists():
        index.empty(using)


class WebsiteConfig(AppConfig):
    name = "yiwang.doors.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_forget_words, sender=self, dispatch_uid="website-words")
