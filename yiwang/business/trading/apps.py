from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _forget_words(using: str = "default", **_: Any) -> None:
    """Emptied tables leave no words behind: the indices are no tables that Django knows of."""
    from yiwang.business.trading import wordlists
    from yiwang.business.trading.models import LotWords, ProjectWords

    for index, model in ((wordlists.LOTS, LotWords), (wordlists.PROJECTS, ProjectWords)):
        if index.exists(using) and not model.objects.using(using).exists():
            index.empty(using)


class TradingConfig(AppConfig):
    name = "yiwang.business.trading"
    label = "trading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_forget_words, sender=self, dispatch_uid="trading-words")
