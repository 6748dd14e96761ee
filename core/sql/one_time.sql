-- name: withdraw  ($1 purpose, $2 user, $3 address or NULL, $4 now)
UPDATE one_time_tokens SET used_at = $4
 WHERE purpose = $1 AND user_id = $2 AND used_at IS NULL AND ($3::text IS NULL OR data ->> 'email' = $3)
RETURNING 1

-- name: use  ($1 hash, $2 purpose, $3 now)
UPDATE one_time_tokens o SET used_at = $3
  FROM users u
 WHERE o.token_hash = $1 AND o.purpose = $2 AND o.used_at IS NULL AND o.expires_at > $3 AND u.id = o.user_id AND u.active
RETURNING o.user_id, o.data ->> 'email' AS email

-- name: letter  ($1 hashes, one for each of the desk's keys, $2 now): what the mail with a link is made from, while the link works
SELECT o.token_hash, o.purpose, o.data ->> 'email' AS email, o.expires_at, u.id AS user_id, u.name, coalesce(u.language, box.language, 'en') AS language,
       box.address, box.name AS desk, box.plus_addressing,
       (SELECT coalesce(nullif(i.name, ''), i.email) FROM users i WHERE i.id = (o.data ->> 'invited_by')::bigint) AS inviter
  FROM one_time_tokens o
  JOIN users u ON u.id = o.user_id
  JOIN LATERAL (SELECT * FROM mailboxes ORDER BY priority, id LIMIT 1) AS box ON true
 WHERE o.token_hash = ANY($1::text[]) AND o.used_at IS NULL AND o.expires_at > $2
