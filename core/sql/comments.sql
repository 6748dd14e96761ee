-- name: add  (a comment, and the state it leaves its ticket in)
WITH ticket AS (
    UPDATE tickets
       SET status = $13, resolved_at = $14, closed_at = $15, first_response_at = $16, requester_spoke_at = $17, staff_spoke_at = $18,
           updated_at = $19, version = version + 1
     WHERE id = $1
)
INSERT INTO comments (ticket_id, author_id, public, automatic, flagged, via, body, full_body, html, message_id, send_after, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id
