"""Routes of identity, below /account/."""

from __future__ import annotations

app_name = "identity"
urlpatterns: list[object] = []
