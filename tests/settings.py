"""Settings of the tests: the portal's own, with cheap passwords and everything kept apart."""

from profmin.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
