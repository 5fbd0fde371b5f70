"""The capacity policies: a TOML file a Jalali year, and the record of each year's first text."""
