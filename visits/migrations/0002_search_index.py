"""The full-text index of SearchRow, kept by the database itself whoever writes the rows.

The words come folded by `visits.text.fold`, a single space between them, so neither database may fold or parse again:
PostgreSQL's own parser depends on the locale and would lose Arabic and Chinese under "C".

Rebuilding the table of SearchRow on SQLite, as Django does for most changes of a model, drops the triggers: such a
migration must create them again and end with `INSERT INTO visits_searchtext (visits_searchtext) VALUES ('rebuild')`.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE visits_searchtext USING fts5(
        title, body, content='visits_searchrow', content_rowid='visit_id', columnsize=0,
        tokenize='unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TRIGGER visits_searchtext_insert AFTER INSERT ON visits_searchrow BEGIN
        INSERT INTO visits_searchtext (rowid, title, body) VALUES (new.visit_id, new.title, new.body);
    END
    """,
    """
    CREATE TRIGGER visits_searchtext_delete AFTER DELETE ON visits_searchrow BEGIN
        INSERT INTO visits_searchtext (visits_searchtext, rowid, title, body)
            VALUES ('delete', old.visit_id, old.title, old.body);
    END
    """,
    """
    CREATE TRIGGER visits_searchtext_update AFTER UPDATE ON visits_searchrow BEGIN
        INSERT INTO visits_searchtext (visits_searchtext, rowid, title, body)
            VALUES ('delete', old.visit_id, old.title, old.body);
        INSERT INTO visits_searchtext (rowid, title, body) VALUES (new.visit_id, new.title, new.body);
    END
    """,
    "INSERT INTO visits_searchtext (visits_searchtext) VALUES ('rebuild')",
]
SQLITE_BACK = [
    *(f"DROP TRIGGER visits_searchtext_{event}" for event in ("insert", "delete", "update")),
    "DROP TABLE visits_searchtext",
]

# Between the last word of the title and the first of the body lies a gap that no phrase can cross.
POSTGRESQL = [
    """
    CREATE FUNCTION visits_searchvector(title text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(quote_literal(word) || ':' || least(place, 16383) || weight, ' '), '')::tsvector
        FROM (
            SELECT word, place, 'A' AS weight
            FROM unnest(string_to_array(title, ' ')) WITH ORDINALITY AS t (word, place)
            UNION ALL
            SELECT word, place + 1000, 'D'
            FROM unnest(string_to_array(body, ' ')) WITH ORDINALITY AS b (word, place)
        ) AS words
        WHERE word <> ''
    $$
    """,
    """
    ALTER TABLE visits_searchrow
        ADD COLUMN vector tsvector GENERATED ALWAYS AS (visits_searchvector(title, body)) STORED
    """,
    "CREATE INDEX visits_searchrow_vector ON visits_searchrow USING gin (vector)",
]
POSTGRESQL_BACK = [
    "ALTER TABLE visits_searchrow DROP COLUMN vector",
    "DROP FUNCTION visits_searchvector(text, text)",
]


def run(statements):
    def of_vendor(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return of_vendor


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [
        migrations.RunPython(
            run({"sqlite": SQLITE, "postgresql": POSTGRESQL}),
            run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}),
        )
    ]
