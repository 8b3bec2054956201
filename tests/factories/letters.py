"""Letters on their way, sent as a worker would: pages only write rows."""

from django.core import mail
from django.core.mail import EmailMessage

from profmin.accounts.models import Letter
from profmin.accounts.services import send_letter


def delivered() -> list[EmailMessage]:
    """Sends what waits, in the order of writing; all letters of this test."""
    for letter in Letter.objects.order_by("pk"):
        send_letter(letter_id=letter.pk, now=letter.created_at)
    return mail.outbox
