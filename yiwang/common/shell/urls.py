"""The one route of the shell, outside the languages."""

from __future__ import annotations

from django.urls import path

from yiwang.common.shell.clock import clock

app_name = "shell"
urlpatterns = [path("clock.json", clock, name="clock")]
