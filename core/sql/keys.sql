-- name: known: the marks of the keys that this database was used with, or no row
SELECT value AS marks FROM settings WHERE name = 'keys'

-- name: remember  ($1 marks of the keys there are, $2 now): all known ones; others are added to them only beside one that is known
INSERT INTO settings (name, value, updated_at) VALUES ('keys', to_jsonb($1::text[]), $2)
    ON CONFLICT (name) DO UPDATE
   SET updated_at = excluded.updated_at,
       value = CASE WHEN settings.value ?| $1::text[]
                    THEN (SELECT jsonb_agg(DISTINCT mark) FROM jsonb_array_elements(settings.value || excluded.value) AS mark)
                    ELSE settings.value END
RETURNING value AS marks

-- name: adopt  ($1 marks of the keys there are, $2 now)
INSERT INTO settings (name, value, updated_at) VALUES ('keys', to_jsonb($1::text[]), $2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
