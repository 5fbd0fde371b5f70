"""The password rule: length, common passwords, keyboard rows and repetitions, and words that everybody knows of the holder."""
