"""Entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profmin.settings")
application = get_wsgi_application()

from profmin.journal.services import refuse_demo_data  # noqa: E402  needs the apps

refuse_demo_data()
