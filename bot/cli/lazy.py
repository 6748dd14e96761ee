"""A group of commands whose modules are imported when one is asked for: `helpdesk up` waits for nothing that only `helpdesk mail` needs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """`places` says where each command is defined: name → (module, attribute)."""

    def __init__(self, places: Mapping[str, tuple[str, str]], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # they are click's
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        module, attribute = self._places[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command
