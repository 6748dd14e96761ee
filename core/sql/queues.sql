-- name: exists  ($1 queue)
SELECT true FROM queues WHERE id = $1 AND archived_at IS NULL

-- name: for_new_ticket  ($1 mailbox or NULL): the mailbox's queue, else the first open to everybody
SELECT id FROM (
    SELECT m.queue_id AS id, 0 AS rank, 0 AS position FROM mailboxes m WHERE m.id = $1
    UNION ALL
    SELECT q.id, 1, q.position FROM queues q WHERE q.archived_at IS NULL AND NOT q.private
) AS candidate
ORDER BY rank, position, id
LIMIT 1

-- name: reply_sets_pending  ($1 queue)
SELECT reply_sets_pending FROM queues WHERE id = $1
