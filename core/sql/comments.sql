-- name: insert
INSERT INTO comments (ticket_id, author_id, public, automatic, flagged, via, body, full_body, html, message_id, send_after, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id
