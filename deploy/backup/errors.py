"""Why a backup can't be made, read or restored, as a code of the catalogue with its values."""


class BackupError(Exception):
    """The code of a sentence in the group `command_line_text`, and what it names."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, *values.values())
        self.code = code
        self.values = values
