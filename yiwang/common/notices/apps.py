from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NoticesConfig(AppConfig):
    name = "yiwang.common.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from yiwang.common.notices.triggers import set_triggers

        post_migrate.connect(set_triggers, sender=self, dispatch_uid="notices-triggers")
