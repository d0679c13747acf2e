"""The routes of the shell, outside the languages."""

from __future__ import annotations

from django.urls import path

from yiwang.common.shell.clock import clock
from yiwang.common.shell.look import look, look_sheet

app_name = "shell"
urlpatterns = [
    path("clock.json", clock, name="clock"),
    path("look/", look, name="look"),
    path("look.css", look_sheet, name="look-sheet"),
]
