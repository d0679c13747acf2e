"""``python -m yiwang.site``: the command line ``yiwang`` by the interpreter that runs it."""

import sys

from yiwang.site.cli import main

sys.exit(main())
