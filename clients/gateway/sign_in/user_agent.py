"""The family of browser and operating system in a User-Agent header: two words, never the whole header, which may identify a person."""

BROWSERS = {
    "samsungbrowser": "samsung",
    "edg": "edge",
    "opr": "opera",
    "firefox": "firefox",
    "fxios": "firefox",
    "chrome": "chrome",
    "crios": "chrome",
    "safari": "safari",
}
"""A word of the header by the browser that has it; the first that fits, since each names those before it as well."""
SYSTEMS = {
    "android": "android",
    "iphone": "ios",
    "ipad": "ios",
    "windows": "windows",
    "mac os": "macos",
    "cros": "chromeos",
    "linux": "linux",
}


def device(header: str) -> str:
    """Such as `firefox-android`; `other` for what is not known."""
    text = header.lower()
    browser = next((name for word, name in BROWSERS.items() if f"{word}/" in text), "other")
    system = next((name for word, name in SYSTEMS.items() if word in text), "")
    return f"{browser}-{system}" if system else browser
