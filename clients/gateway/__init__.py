"""The gateway: web pages for members and officers, and the JSON API."""
