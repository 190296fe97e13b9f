"""The WSGI application that granian serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
# Each thread keeps its own connection: a page reads little, and the system caches the file for all of them.
os.environ.setdefault("LIANXIN_SQLITE_CACHE_KB", "1000")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
