"""The contracts between floors and rooms, generated so that a new room cannot be forgotten.

``python -m yiwang.site.structure`` checks them with import-linter; the tests plant a violation of each kind.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
FLOORS = ("site", "doors", "readers", "business", "common", "record", "law", "pure")
FOLDERS_OF_ROOMS = ("doors", "readers", "business", "common", "record")


def rooms(floor: str) -> list[str]:
    """The rooms of a floor, as module paths below ``yiwang``."""
    folder = PACKAGE / floor
    if not folder.is_dir():
        return []
    return sorted(f"{floor}.{each.name}" for each in folder.iterdir() if (each / "__init__.py").exists())


def _contract(identifier: str, lines: dict[str, object]) -> str:
    text = [f"[importlinter:contract:{identifier}]"]
    for key, value in lines.items():
        if isinstance(value, list):
            text.append(f"{key} =")
            text += [f"    {each}" for each in value]
        else:
            text.append(f"{key} = {value}")
    return "\n".join(text)


def _rules_modules(root: str) -> list[str]:
    found = []
    for floor in FOLDERS_OF_ROOMS:
        for room in rooms(floor):
            folder = PACKAGE / Path(*room.split("."))
            if (folder / "rules.py").exists() or (folder / "rules").is_dir():
                found.append(f"{root}.{room}.rules")
    return found


def contracts(root: str = "yiwang") -> Iterator[str]:
    """Every contract as a section of an ``.importlinter`` file."""
    present = [each for each in FLOORS if (PACKAGE / each).is_dir()]
    yield _contract(
        "floors",
        {
            "name": "A room imports only from floors below its own",
            "type": "layers",
            "containers": [root],
            "layers": present,
            "exhaustive": "true",
        },
    )
    yield from _fixed_orders(root)
    yield _contract(
        "django-free",
        {
            "name": "No Django in pure, law and any rules",
            "type": "forbidden",
            "source_modules": [f"{root}.pure", f"{root}.law", *_rules_modules(root)],
            "forbidden_modules": ["django", "granian", "ninja"],
            "allow_indirect_imports": "true",
        },
    )
    yield from _protected(root)


def _fixed_orders(root: str) -> Iterator[str]:
    """The floors whose rooms may use each other in one order, and those whose rooms are strangers."""
    yield _contract(
        "common",
        {
            "name": "The rooms of common stand in this order",
            "type": "layers",
            "containers": [f"{root}.common"],
            "layers": [
                each
                for each in ("funds", "notices", "identity", "shell")
                if (PACKAGE / "common" / each).is_dir()
            ],
            "exhaustive": "true",
        },
    )
    yield _contract(
        "record",
        {
            "name": "files may use the journal, never the other way round",
            "type": "layers",
            "containers": [f"{root}.record"],
            "layers": ["files", "journal"],
            "exhaustive": "true",
        },
    )
    yield _contract(
        "pure",
        {
            "name": "The leaves do not know each other; all may use the kernel",
            "type": "layers",
            "containers": [f"{root}.pure"],
            "layers": ["papers | sm | tlog", "kernel"],
            "exhaustive": "true",
        },
    )
    for floor in ("doors", "business", "readers"):
        if len(rooms(floor)) > 1:
            yield _contract(
                f"siblings-{floor}",
                {
                    "name": f"The rooms of {floor} do not know each other",
                    "type": "independence",
                    "modules": [f"{root}.{each}" for each in rooms(floor)],
                },
            )


def _protected(root: str) -> Iterator[str]:
    """One contract a room: from outside only ``api`` (``urls`` and ``rest`` from site)."""
    every = [room for floor in FOLDERS_OF_ROOMS for room in rooms(floor)] + [
        "law",
        "pure.papers",
        "pure.sm",
        "pure.tlog",
    ]
    for room in every:
        folder = PACKAGE / Path(*room.split("."))
        modules = sorted(
            each.stem if each.is_file() else each.name
            for each in folder.iterdir()
            if (each.suffix == ".py" or (each / "__init__.py").exists()) and each.stem != "__init__"
        )
        for_site = {"urls", "rest", "cli", "kinds", "apps", "middleware"}
        inner = [each for each in modules if each != "api" and each not in for_site]
        if inner:
            yield _contract(
                f"inside-{room}",
                {
                    "name": f"From outside {room} only its api",
                    "type": "protected",
                    "protected_modules": [f"{root}.{room}.{each}" for each in inner],
                    "allowed_importers": [f"{root}.{room}"],
                },
            )
        doors = [each for each in modules if each in for_site]
        if doors:
            yield _contract(
                f"edge-{room}",
                {
                    "name": f"The edges of {room} are put together in site",
                    "type": "protected",
                    "protected_modules": [f"{root}.{room}.{each}" for each in doors],
                    "allowed_importers": [f"{root}.{room}", f"{root}.site"],
                },
            )


def configuration(root: str = "yiwang") -> str:
    """The whole ``.importlinter`` file for the package ``root``."""
    head = f"[importlinter]\nroot_package = {root}\ninclude_external_packages = True\n"
    return "\n\n".join([head, *contracts(root)]) + "\n"


def main() -> int:
    """Runs import-linter over the generated contracts; its exit status."""
    from importlinter.cli import lint_imports  # only here: a tool of development, not of the product

    with tempfile.NamedTemporaryFile("w", suffix=".importlinter", encoding="utf-8") as file:
        file.write(configuration())
        file.flush()
        return int(lint_imports(config_filename=file.name, no_cache=True) or 0)


if __name__ == "__main__":
    sys.exit(main())
