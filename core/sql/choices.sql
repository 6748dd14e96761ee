-- name: all
SELECT coalesce(json_object_agg(name, value), '{}')::text AS values FROM settings

-- name: choose  ($1 names, $2 values as JSON, $3 now)
INSERT INTO settings (name, value, updated_at)
SELECT chosen.name, chosen.value::jsonb, $3 FROM unnest($1::text[], $2::text[]) AS chosen (name, value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
