"""Invitations name their mailbox; changes of an address can be cancelled."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def name_mailboxes(apps, schema_editor):
    """Open invitations were sent to the present address. Changes end: their letters hold no link
    that cancels."""
    user = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("user_id"))
    invitations = apps.get_model("accounts", "Invitation").objects
    invitations.update(email=Subquery(user.values("email")[:1]))
    changes = apps.get_model("accounts", "EmailChange").objects
    changes.filter(used_at=None).update(expires_at=F("created_at"))
    changes.update(cancel_hash=F("token_hash"))
    # PostgreSQL alters no table whose checks of keys still wait for the end of the transaction.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_letters_and_addresses")]

    operations = [
        migrations.AddField(
            "invitation",
            "email",
            models.EmailField(default="", max_length=254, verbose_name="куда послано"),
            preserve_default=False,
        ),
        migrations.AddField(
            "emailchange", "cancel_hash", models.CharField(max_length=64, null=True)
        ),
        migrations.RunPython(name_mailboxes, migrations.RunPython.noop),
        migrations.AlterField(
            "emailchange", "cancel_hash", models.CharField(max_length=64)
        ),
        migrations.AddConstraint(
            "emailchange",
            models.UniqueConstraint(fields=["cancel_hash"], name="email_change_cancel_unique"),
        ),
    ]
