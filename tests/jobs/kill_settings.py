"""Settings of the processes that `test_kills` kills."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.jobs.apps.LedgerConfig"]
