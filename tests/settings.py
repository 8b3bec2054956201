"""Settings of the tests: the portal's own, with cheap passwords and everything kept apart."""

import atexit
import os
import shutil
import tempfile

if "PORTAL_VAR_DIR" not in os.environ:
    # Workers of one test run inherit the folder; whoever made it takes it away.
    os.environ["PORTAL_VAR_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_VAR_DIR"], ignore_errors=True)

from profmin.settings import *  # noqa: F403
from profmin.settings import INSTALLED_APPS, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Without `collectstatic` there are no hashed names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.flushing"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in the portal: several threads see one database and wait for each other.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; "
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"
    )
STATIC_ROOT.mkdir(exist_ok=True)  # the server of static files warns of a missing one
