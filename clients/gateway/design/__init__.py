"""The look of all pages: tokens, styles, scripts, templates of components, and the versions of static files."""
