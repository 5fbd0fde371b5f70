"""A group of commands, one of which is the group's own: `tamdid backup FILE` beside `tamdid backup check FILE`."""

from typing import Any

from typer.core import TyperGroup


class FileGroup(TyperGroup):
    """Takes what names no command of the group for the arguments of its own one, the first."""

    @property
    def own(self) -> Any:
        """The command of `tamdid backup FILE`."""
        return next(iter(self.commands.values()))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.own.name, *args]
        return super().parse_args(ctx, args)
