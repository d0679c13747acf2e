"""What only papers need is loaded with the first of them: a server that makes none stays small."""

from __future__ import annotations

import subprocess
import sys

LIBRARIES = ("openpyxl", "docx", "typst")
ASK = """
import sys
import django
django.setup()
from django.urls import get_resolver
assert get_resolver().url_patterns
print(*sorted({each.partition(".")[0] for each in sys.modules} & {names}))
"""


def test_the_pages_of_the_site_load_no_library_of_papers(tmp_path: object) -> None:
    code = ASK.replace("{names}", repr(set(LIBRARIES)))
    environment = {"YIWANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yiwang.site.settings", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr[-2000:]
