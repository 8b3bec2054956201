"""What 0002 leaves open: REPLACE of SQLite and TRUNCATE of PostgreSQL ask no trigger of rows."""

from django.db import migrations


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE "
            "ON journal_journalentry FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()"
        )
        return
    schema_editor.execute(
        "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal_journalentry "
        "WHEN EXISTS (SELECT 1 FROM journal_journalentry WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    )


def release(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_no_truncate ON journal_journalentry")
        return
    schema_editor.execute("DROP TRIGGER journal_no_replace")


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [migrations.RunPython(protect, release)]
