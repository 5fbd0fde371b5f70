"""Reads CSV and XLSX files as tables of texts: headings by the fields that they name, rows by the numbers that a spreadsheet shows."""

from shared.tabular.limits import Fault, Unreadable
from shared.tabular.table import Row, Table, has_lost_digits, read

__all__ = ["Fault", "Row", "Table", "Unreadable", "has_lost_digits", "read"]
