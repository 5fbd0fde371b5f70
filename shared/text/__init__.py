"""Text as people type it: Persian letters, digits and Jalali dates, cleaning of stored text, and the grammar of numbers."""
