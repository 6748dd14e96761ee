-- name: record
INSERT INTO attachments (blob, filename, content_type, size, content_id, inline, uploader_id, created_at)
SELECT file.blob, file.filename, file.content_type, file.size, file.content_id, file.inline, $7, $8
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bool[])
       WITH ORDINALITY AS file (blob, filename, content_type, size, content_id, inline, position)
 ORDER BY file.position
RETURNING id

-- name: attach  ($1 ids, $2 ticket, $3 comment, $4 uploader, NULL for the desk itself)
UPDATE attachments SET ticket_id = $2, comment_id = $3
 WHERE id = ANY($1::bigint[]) AND comment_id IS NULL AND uploader_id IS NOT DISTINCT FROM $4
RETURNING id

-- name: get  ($1 attachment)
SELECT a.id, a.ticket_id, a.uploader_id, a.blob, a.filename, a.content_type, a.size, a.inline, NOT coalesce(c.public, true) AS internal
  FROM attachments a
  LEFT JOIN comments c ON c.id = a.comment_id
 WHERE a.id = $1 AND c.deleted_at IS NULL
