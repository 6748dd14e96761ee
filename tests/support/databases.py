"""The database that the tests of one worker use one after another, each finding it migrated and empty.

A copy of the template costs hundreds of files; deleting what the test before wrote costs a few milliseconds. What deleting does not
undo (a changed schema, a migration more or less) is noticed, and so is bloat, since nothing vacuums here: then the next test gets a copy.
"""

from __future__ import annotations

from contextlib import suppress

import asyncpg

from core.db import connect

TEMPLATE = "template_of_tests"
_BLOAT = 16 * 1024 * 1024  # bytes of dead rows, which PostgreSQL has to step over


class WorkersDatabase:
    """One worker's database on the server of the run; `template_url` is the URL of the migrated template."""

    def __init__(self, template_url: str, name: str) -> None:
        self.url = template_url.replace(TEMPLATE, name)
        self._admin_url = template_url.replace(TEMPLATE, "postgres")
        self._name = name
        self._schema: str | None = None

    async def make_empty(self) -> None:
        """As on the first day, whatever the test before did and left running."""
        if not await self._emptied():
            await self._copy()

    async def _emptied(self) -> bool:
        if self._schema is None:
            return False
        with suppress(asyncpg.PostgresError):
            connection = await connect(self.url)
            try:
                await connection.execute(_END_OTHERS)
                same = await connection.fetchval(_SCHEMA) == self._schema
                await connection.execute(_DELETE)
                return bool(same and await connection.fetchval(_SIZE) < _BLOAT)
            finally:
                await connection.close()
        return False

    async def _copy(self) -> None:
        admin = await connect(self._admin_url)
        try:
            await admin.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            await admin.execute(f"CREATE DATABASE {self._name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        finally:
            await admin.close()
        connection = await connect(self.url)
        try:
            self._schema = await connection.fetchval(_SCHEMA)
        finally:
            await connection.close()


async def refuse_writes(url: str, table: str, sqlstate: str = "53100") -> None:
    """From now on the database answers every write to a table as a server without room does (53100), or in other trouble."""
    connection = await connect(url)
    try:
        await connection.execute(_REFUSE.format(table=table, sqlstate=sqlstate))
    finally:
        await connection.close()


async def was_refused(url: str) -> bool:
    """Whether somebody has tried to write since."""
    connection = await connect(url)
    try:
        return bool(await connection.fetchval("SELECT is_called FROM refused_writes"))
    finally:
        await connection.close()


async def take_writes(url: str, table: str) -> None:
    """There is room again."""
    connection = await connect(url)
    try:
        await connection.execute(f"DROP TRIGGER without_room ON {table}")
    finally:
        await connection.close()


_REFUSE = """
CREATE OR REPLACE FUNCTION without_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM nextval('refused_writes'); RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{sqlstate}'; END $$;
CREATE SEQUENCE refused_writes;  -- a rollback leaves what it counted
CREATE TRIGGER without_room BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION without_room();
"""

_END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""

# Any row of the catalog that is added, changed or removed moves its sum; so does a migration that is applied or taken back.
_SCHEMA = "SELECT concat_ws(' '{})".format(
    "".join(
        f", (SELECT sum(xmin::text::bigint) FROM {catalog})"
        for catalog in ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type",
                        "pg_extension", "pg_db_role_setting", "aerich")
    )
)  # fmt: skip

# As a replica, so that foreign keys ask for no order. Sequences that were used begin again.
_DELETE = """
SET session_replication_role = replica;
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'aerich' LOOP
        EXECUTE 'DELETE FROM ' || one;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'aerich_id_seq';
END $$
"""

_SIZE = "SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
