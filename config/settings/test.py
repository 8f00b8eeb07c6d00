"""Settings of the test suite: fast hashing, hashed static names off, no network."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import DATABASES, STORAGES

SECRET_KEY = "test"
# The threads of the live server would keep their connections, and the test
# database could not be dropped.
DATABASES = {"default": DATABASES["default"] | {"CONN_MAX_AGE": 0}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# Two users of one machine test beside each other.
VAR_DIR = Path(tempfile.gettempdir()) / f"tuanpei-test-{os.getuid()}"
PAPERS_ROOT = VAR_DIR / "papers"
PICTURES_ROOT = VAR_DIR / "pictures"
REPORTS_ROOT = VAR_DIR / "reports"
TRAVEL_CACHE_DIR = VAR_DIR / "travel"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
AXES_ENABLED = False
SOLVER_SECONDS = 1
