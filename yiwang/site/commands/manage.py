"""Django's own commands, for developers."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line


def manage(args: argparse.Namespace) -> int:
    """Runs a Django command in the home folder."""
    execute_from_command_line(["yiwang manage", *args.rest])
    return 0
