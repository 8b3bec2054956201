"""The journal only grows: the database itself refuses to change or remove a row."""

from django.db import migrations

SQLITE = {
    "journal_no_update": "UPDATE",
    "journal_no_delete": "DELETE",
}


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'the journal is append-only'; END; $$ LANGUAGE plpgsql"
        )
        schema_editor.execute(
            "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE "
            "ON journal_journalentry FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()"
        )
        return
    for name, event in SQLITE.items():
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON journal_journalentry "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


def release(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_append_only ON journal_journalentry")
        schema_editor.execute("DROP FUNCTION journal_is_append_only()")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(protect, release)]
