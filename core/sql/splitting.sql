-- name: comment  ($1 comment): what was said, and whether its author is the requester or a participant of the ticket it was said on
SELECT c.id, c.ticket_id, c.public, c.author_id, c.body, c.full_body, c.html, t.requester_id,
       c.author_id IS NOT NULL
           AND (c.author_id = t.requester_id OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = c.author_id)) AS belongs
  FROM comments c
  JOIN tickets t ON t.id = c.ticket_id
 WHERE c.id = $1 AND c.deleted_at IS NULL

-- name: files  ($1 comment)
SELECT blob, filename, content_type, size, content_id, inline FROM attachments WHERE comment_id = $1 ORDER BY id
