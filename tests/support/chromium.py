"""Finds the system's Chromium and says how the journeys start it."""

import os
import shutil

# Debian's starter of the first one is a script that stays in between: who kills it has not killed the browser.
BEHIND_STARTERS = "/usr/lib/chromium"
# The one without windows costs a third per page: the other one draws its own bars and menus for every visitor too.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
WHOLE = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NAMES = (*SHELLS, *WHOLE)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)


def find(*names: str) -> str | None:
    """Give the path of an installed Chromium (or of the first of these), or None."""
    folders = os.pathsep.join((BEHIND_STARTERS, os.environ.get("PATH", os.defpath)))
    for name in names or NAMES:
        path = shutil.which(name, path=folders if name in SHELLS else None)
        if path:
            return path
    return None
