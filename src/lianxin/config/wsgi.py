"""The WSGI application that granian serves."""

import gc
import os
import signal
import threading

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from lianxin.config import lean

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
# Each thread keeps its own connection: a page reads little, and the system caches the file for all of them.
os.environ.setdefault("LIANXIN_SQLITE_CACHE_KB", "500")

# A worker of granian is born with its parent's way of hearing signals, by which it would miss a stop while it loads.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

# What is loaded now stays for good: to look through it for garbage over and over would only delay the start.
gc.disable()
application = get_wsgi_application()
# Loads every page now, and not while the first visitor waits; and makes the table of addresses by name once, where the
# first requests of several threads would each make their own.
get_resolver().reverse_dict  # noqa: B018
lean.share_generated_methods(lean.loaded_dataclasses())
gc.collect()
gc.freeze()
# What is frozen is not looked through again: to look sooner costs next to nothing and keeps less garbage of pages.
gc.set_threshold(700, 5, 2)
gc.enable()
