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

-- name: settle  ($1 delivery, $2 state, $3 error, $4 now): what carried a secret is forgotten with it ($5)
WITH settled AS (
    UPDATE deliveries SET state = $2::text, last_error = $3, sent_at = CASE WHEN $2::text = 'sent' THEN $4::timestamptz END WHERE id = $1 RETURNING message_id
)
UPDATE outbound_messages SET content = NULL WHERE $5 AND $2::text <> 'pending' AND message_id = (SELECT message_id FROM settled)
