-- name: comment  ($1 comment)
SELECT c.id, c.ticket_id, c.author_id, c.public, c.via, c.body, c.send_after, c.created_at,
       c.id = (SELECT min(o.id) FROM comments o WHERE o.ticket_id = c.ticket_id) AS opened_it
  FROM comments c
 WHERE c.id = $1 AND c.deleted_at IS NULL

-- name: alone  ($1 the locks of mail, $2 ticket): whether no worker is at the ticket's mail, nor will be before we are done
SELECT pg_try_advisory_xact_lock($1, ($2::bigint & 2147483647)::int)

-- name: has_left  ($1 comment): whether its mail was written, and may have left
SELECT EXISTS (SELECT FROM outbound_messages m WHERE m.comment_id = $1 AND NOT m.automatic)

-- name: touched  (a piece; $1 comment, $2 now): who has read the ticket, or the one it goes on in, has to read it again
UPDATE tickets t SET version = t.version + 1, updated_at = $2
  FROM comments c JOIN tickets said_on ON said_on.id = c.ticket_id
 WHERE c.id = $1 AND t.id IN (said_on.id, said_on.merged_into_id)

-- name: edit  ($1 comment, $2 now, $3 editor, $4 new words)
WITH before AS (
    INSERT INTO comment_revisions (comment_id, editor_id, body, created_at) SELECT id, $3, body, $2 FROM comments WHERE id = $1
), ticket AS (
    {{second_thoughts.touched}}
)
UPDATE comments SET body = $4, edited_at = $2, full_body = NULL, html = NULL WHERE id = $1

-- name: retract  ($1 comment, $2 now, $3 editor)
WITH before AS (
    INSERT INTO comment_revisions (comment_id, editor_id, body, created_at) SELECT id, $3, body, $2 FROM comments WHERE id = $1
), ticket AS (
    {{second_thoughts.touched}}
)
UPDATE comments SET deleted_at = $2 WHERE id = $1

-- name: revisions  ($1 viewer, $2 comment): what it said before, for those who work on the ticket and for its author
SELECT found.json
  FROM users v
  LEFT JOIN LATERAL (
    SELECT convert_to((SELECT coalesce(json_agg(json_build_object(
               'id', r.id, 'body', r.body, 'created_at', r.created_at,
               'editor', CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'name', coalesce(nullif(e.name, ''), split_part(e.email, '@', 1))) END)
               ORDER BY r.id), '[]')::text
               FROM comment_revisions r LEFT JOIN users e ON e.id = r.editor_id WHERE r.comment_id = c.id), 'UTF8') AS json
      FROM comments c
      JOIN tickets said_on ON said_on.id = c.ticket_id
      JOIN {{reads.ticket_from}} ON t.id = said_on.id OR t.id = said_on.merged_into_id
     WHERE c.id = $2
       AND CASE WHEN standing = 'staff' THEN said_on.merged_into_id IS NULL OR t.id <> said_on.id
                WHEN standing IS NOT NULL THEN c.public AND c.author_id = v.id AND t.id = said_on.id ELSE false END
     LIMIT 1
  ) AS found ON true
 WHERE v.id = $1 AND v.active
