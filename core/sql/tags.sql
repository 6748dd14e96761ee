-- name: by_name  ($1 names)
SELECT id, name FROM tags WHERE name = ANY($1::text[])

-- name: replace  ($1 ticket, $2 tag ids): what was added and removed, by name
WITH removed AS (
    DELETE FROM ticket_tags WHERE ticket_id = $1 AND tag_id <> ALL($2::bigint[]) RETURNING tag_id
), added AS (
    INSERT INTO ticket_tags (ticket_id, tag_id) SELECT $1, id FROM unnest($2::bigint[]) AS wanted (id)
        ON CONFLICT DO NOTHING RETURNING tag_id
)
SELECT array(SELECT t.name FROM tags t JOIN added a ON a.tag_id = t.id) AS added,
       array(SELECT t.name FROM tags t JOIN removed r ON r.tag_id = t.id) AS removed

-- name: of_ticket  ($1 ticket)
SELECT g.name FROM ticket_tags x JOIN tags g ON g.id = x.tag_id WHERE x.ticket_id = $1 ORDER BY g.name
