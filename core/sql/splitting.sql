-- name: comment  ($1 comment): what was said, whether its author asked it for himself, and whether he may be answered by a machine
SELECT c.id, c.ticket_id, c.public, c.author_id, c.body, c.full_body, c.html, c.automatic, c.flagged, t.requester_id,
       c.author_id IS NOT NULL
           AND (w.role = 'user' OR c.author_id = t.requester_id
                OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = c.author_id)) AS is_its_authors,
       NOT c.automatic AND NOT EXISTS (SELECT FROM events e WHERE e.ticket_id = c.ticket_id AND e.data ->> 'comment_id' = c.id::text
                                          AND e.data ->> 'answerable' = 'false') AS answerable
  FROM comments c
  JOIN tickets t ON t.id = c.ticket_id
  LEFT JOIN users w ON w.id = c.author_id
 WHERE c.id = $1 AND c.deleted_at IS NULL

-- name: files  ($1 comment)
SELECT blob, filename, content_type, size, content_id, inline FROM attachments WHERE comment_id = $1 ORDER BY id
