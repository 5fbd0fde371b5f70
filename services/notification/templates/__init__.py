"""Templates: the texts of notices by kind from a folder's `fa.toml`, checked when loaded, and filled with the values of a notice."""

from services.notification.templates.rendering import Rendered, Texts
from services.notification.templates.text_file import load

__all__ = ["Rendered", "Texts", "load"]
