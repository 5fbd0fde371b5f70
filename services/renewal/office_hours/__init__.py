"""Office hours: the week's rule from a data file, the calendar of days that differ from it, and when a review is due."""
