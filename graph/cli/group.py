"""The group of commands: each is imported when it is called, and all failures are printed in one form."""

import importlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.markup import escape

from graph.core.errors import Fault, UtsagaError
from graph.core.storage_errors import is_storage_error, storage_fault

out = Console()
err = Console(stderr=True)


class Commands(click.Group):
    """A group that prints each fault on a line and ends with status 1, without a traceback."""

    def __init__(self, modules: Mapping[str, str], **attributes: Any) -> None:
        """Take the name of the module that defines each command, under the command's own name."""
        super().__init__(**attributes)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order they were given."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None if there is none."""
        if cmd_name not in self._modules:
            return None
        module = importlib.import_module(self._modules[cmd_name])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def make_context(self, *words: Any, **more: Any) -> click.Context:
        """Read the options; print on standard error what is wrong with one, or with what stands in for it."""
        try:
            return super().make_context(*words, **more)
        except UtsagaError as error:
            _fail(error.faults)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print on standard error what went wrong, where, and what to do."""
        try:
            return super().invoke(ctx)
        except UtsagaError as error:
            _fail(error.faults)
        except BrokenPipeError:
            raise  # which click ends quietly
        except Exception as error:
            if not is_storage_error(error):
                raise
            _fail([storage_fault(error, str(ctx.invoked_subcommand))])


def _fail(faults: Iterable[Fault]) -> NoReturn:
    for fault in faults:
        err.print(f"[bold red]✗[/] {escape(str(fault))}", soft_wrap=True, highlight=False)
    sys.exit(1)
