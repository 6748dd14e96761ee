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

-- name: plan  ($1 Message-ID, $2 template, $3 subject, $4 content, $5 sender, $6 user, $7 address, $8 now): its bytes and its delivery, once
WITH message AS (
    INSERT INTO outbound_messages (message_id, template, subject, automatic, content, created_at, sender)
    VALUES ($1, $2, $3, true, $4, $8, $5)
        ON CONFLICT (message_id) DO NOTHING
    RETURNING message_id
)
INSERT INTO deliveries (channel, message_id, user_id, recipient, state, attempts, created_at)
SELECT 'mail', message_id, $6, $7, 'pending', 0, $8 FROM message

-- name: try  ($1 Message-ID): the next try, if it has not left yet
UPDATE deliveries d SET state = 'sending', attempts = d.attempts + 1
  FROM outbound_messages m
 WHERE m.message_id = $1 AND d.message_id = m.message_id AND d.state IN ('pending', 'sending')
RETURNING d.id, m.content

-- name: settle  ($1 delivery, $2 state, $3 error, $4 now): the link is forgotten with the mail that carried it
WITH settled AS (
    UPDATE deliveries SET state = $2::text, last_error = $3, sent_at = CASE WHEN $2::text = 'sent' THEN $4::timestamptz END WHERE id = $1 RETURNING message_id
)
UPDATE outbound_messages SET content = NULL WHERE $2::text <> 'pending' AND message_id = (SELECT message_id FROM settled)
