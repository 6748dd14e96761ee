-- name: open
WITH ticket AS (
    INSERT INTO tickets (subject, status, priority, queue_id, mailbox_id, requester_id, via, language, confirmed, spam, version,
                         requester_spoke_at, created_at, updated_at)
    VALUES ($1, 'new', $2, $3, $4, $5, $6, $7, true, false, 1, $8, $8, $8)
    RETURNING id
), comment AS (
    INSERT INTO comments (ticket_id, author_id, public, automatic, flagged, via, body, full_body, html, message_id, created_at)
    SELECT id, $9, true, $14, $15, $6, $10, $11, $12, $13, $16 FROM ticket
    RETURNING id
), cc AS (
    INSERT INTO ticket_participants (ticket_id, user_id, added_at)
    SELECT ticket.id, u.id, $8
      FROM ticket CROSS JOIN unnest($17::bigint[]) AS participant (id)
      JOIN users u ON u.id = participant.id JOIN queues q ON q.id = $3
     -- who works in the queue does not stop doing so because a sender put him in copy
     WHERE NOT (u.active AND u.role <> 'user' AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = u.id)))
)
SELECT ticket.id AS ticket_id, comment.id AS comment_id, (SELECT q.assignment FROM queues q WHERE q.id = $3) AS rule FROM ticket, comment

-- name: may_be_assigned  ($1 ticket, $2 user): who is, and the queue, stay as they are until the transaction ends
SELECT true
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users u ON u.id = $2 AND u.active
 WHERE t.id = $1 AND {{policy.works_on}}
   FOR SHARE OF u, q

-- name: drop_watchers_without_rights  ($1 ticket)
DELETE FROM ticket_watchers w
 USING tickets t, queues q
 WHERE w.ticket_id = $1 AND t.id = w.ticket_id AND q.id = t.queue_id AND q.private
   AND NOT EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = w.user_id)

-- name: held_by  ($1 user): what is not finished; who did what is finished stays known
SELECT id FROM tickets WHERE assignee_id = $1 AND status IN ('new', 'open', 'pending') AND merged_into_id IS NULL ORDER BY id

-- name: mirror  ($1 ticket): those that were merged into it stand where it stands
UPDATE tickets m SET status = t.status, resolved_at = t.resolved_at, closed_at = t.closed_at, updated_at = t.updated_at, version = m.version + 1
  FROM tickets t
 WHERE t.id = $1 AND m.merged_into_id = t.id

-- name: apart  ($1 ticket): those merged into it whose requesters do not see it
SELECT m.id FROM tickets m JOIN tickets t ON t.id = m.merged_into_id
 WHERE t.id = $1 AND m.requester_id <> t.requester_id
   AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = m.requester_id)
 ORDER BY m.id

-- name: touch  ($1 ticket, $2 now): something about it changed that stands in no column of its own
UPDATE tickets SET version = version + 1, updated_at = $2 WHERE id = $1 RETURNING version
