"""A group of commands, one of which is the group's own: `tamdid backup FILE` beside `tamdid backup check FILE`."""

from typing import Any

from typer.core import TyperGroup


class FileGroup(TyperGroup):
    """Takes what is no command of its own for the arguments of its first one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)
