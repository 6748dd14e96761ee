-- name: failed  ($1 address, $2 reason, $3 now, $4 how bad, $5 what is bad enough, $6 for how long, $7 older than this is forgotten)
INSERT INTO suppressions AS s (email, reason, score, until, created_at)
VALUES ($1, $2, $4::int, CASE WHEN $4::int >= $5::int THEN $3::timestamptz + $6::interval END, $3::timestamptz)
    ON CONFLICT (email) DO UPDATE
   SET reason = excluded.reason, created_at = excluded.created_at,
       score = CASE WHEN s.created_at < $7 THEN excluded.score ELSE s.score + excluded.score END,
       until = CASE WHEN excluded.score + CASE WHEN s.created_at < $7 THEN 0 ELSE s.score END >= $5::int THEN $3::timestamptz + $6::interval ELSE s.until END

-- name: lift  ($1 address)
DELETE FROM suppressions WHERE email = $1 RETURNING true

-- name: heard_from  ($1 addresses)
DELETE FROM suppressions WHERE email = ANY($1::text[])

-- name: page  ($1 how many)
SELECT convert_to(coalesce(json_agg(row_to_json(shown)), '[]')::text, 'UTF8') AS items
  FROM (SELECT email, reason, score, until, created_at FROM suppressions ORDER BY created_at DESC, email LIMIT $1) AS shown
