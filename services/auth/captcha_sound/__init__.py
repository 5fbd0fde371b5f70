"""The security phrase as sound (audio captcha): Persian digits from recordings of several voices, changed and mixed with babble."""
