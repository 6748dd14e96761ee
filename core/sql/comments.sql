-- name: is_said_on_live  ($1 comment): whether it was said on a ticket that goes on by itself
SELECT t.merged_into_id IS NULL FROM comments c JOIN tickets t ON t.id = c.ticket_id WHERE c.id = $1

-- name: add  (a comment on $1, and the state it leaves the ticket $20 in and those that were merged into it; $21 until when it sleeps)
WITH ticket AS (
    UPDATE tickets
       SET status = $13, resolved_at = $14, closed_at = $15, first_response_at = $16, requester_spoke_at = $17, staff_spoke_at = $18,
           updated_at = $19, version = version + 1, snoozed_until = $21, reminded_at = CASE WHEN $3 AND NOT $4 THEN NULL ELSE reminded_at END
     WHERE id = $20
), merged AS (
    UPDATE tickets SET status = $13, resolved_at = $14, closed_at = $15, updated_at = $19, version = version + 1 WHERE merged_into_id = $20
)
INSERT INTO comments (ticket_id, author_id, public, automatic, flagged, via, body, full_body, html, message_id, send_after, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id
