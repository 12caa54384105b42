"""On PostgreSQL, searches read no more than what they ask for.

To tell a word of the title from one of the text, the index of both had to look into all words of every visit that has
it anywhere: titles get an index of their own. Where many visits have a word, PostgreSQL takes reading every row for
as fast as the index, as if their words lay in the row: they lie elsewhere, and it takes six times as long. And texts
lie outside of the rows too, so that the visits found are read quickly; those written before move there when they are
next written, or by VACUUM FULL.
"""

from django.db import migrations

SEARCH = """
    CREATE OR REPLACE FUNCTION {name}(asked tsquery) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off AS $$
        SELECT coalesce(json_agg(visit_id), '[]')::text FROM visits_searchrow WHERE {where} @@ asked
    $$
"""
# May be begun anew where it was broken off: none of it is taken back by then.
FORWARDS = [
    "DROP INDEX CONCURRENTLY IF EXISTS visits_searchrow_title",
    "CREATE INDEX CONCURRENTLY visits_searchrow_title ON visits_searchrow USING gin (visits_searchvector(title, ''))",
    SEARCH.format(name="visits_with_words", where="vector"),
    SEARCH.format(name="visits_with_title", where="visits_searchvector(title, '')"),
    "ALTER TABLE visits_searchrow SET (toast_tuple_target = 128)",
]
BACKWARDS = [
    "ALTER TABLE visits_searchrow RESET (toast_tuple_target)",
    "DROP FUNCTION IF EXISTS visits_with_title(tsquery)",
    "DROP FUNCTION IF EXISTS visits_with_words(tsquery)",
    "DROP INDEX CONCURRENTLY IF EXISTS visits_searchrow_title",
]


def run(statements):
    def of_vendor(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return of_vendor


class Migration(migrations.Migration):
    # Built while the register is written to.
    atomic = False
    stop_before = "The server goes on: an older version searches as before, and writes rows that fit."
    dependencies = [("visits", "0008_scheduling_withholding_redaction")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
