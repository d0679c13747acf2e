"""One file a command; each sets Django up before it touches a room."""

import django

django.setup()
