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
