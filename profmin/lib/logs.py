"""Lines of the log: without the secrets that stand in addresses."""

import logging
import re

HIDDEN = "…"
# What follows is a key: only who has the letter may have it.
_TOKENS = re.compile(r"(/invitations/|/email/|/reset/key/)[^/\s\"'?&>]+", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without tokens of addresses."""
    return _TOKENS.sub(rf"\1{HIDDEN}", text)


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, its traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
