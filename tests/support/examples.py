"""The examples in a page of the documentation, so that a test runs them as they stand."""

import re
from pathlib import Path


def examples(page: Path, language: str) -> list[str]:
    """The page's examples of a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
