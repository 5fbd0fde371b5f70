"""Fakes of the SMS providers' HTTP interfaces, each in its own dialect under the path of its name."""
