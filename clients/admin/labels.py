"""The labels of the command line for the contract's codes and for its own headings; their texts are in `shared/translations`."""

from shared import translations

GROUPS = ("command_line", "member_class", "licence_field", "job_kind", "employment_status", "role")
"""Where a code is looked up, in this order."""


def label(code: str, language: str) -> str:
    """A code for a reader; one without a label is shown as it is, in English its underscores as blanks."""
    for group in GROUPS:
        if found := translations.group(group, language).get(code):
            return found
    return code.replace("_", " ") if language == "en" else code
