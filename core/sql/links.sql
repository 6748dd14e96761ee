-- name: is_below  ($1 ticket, $2 another): whether the first is a child of the second, or a child's child
WITH RECURSIVE above AS (
    SELECT source_id AS id FROM ticket_links WHERE target_id = $1 AND kind = 'parent'
    UNION
    SELECT l.source_id FROM above JOIN ticket_links l ON l.target_id = above.id AND l.kind = 'parent'
)
SELECT true FROM above WHERE id = $2

-- name: leads_to  ($1 from, $2 to, $3 kind): whether links of this kind lead from one ticket to another
WITH RECURSIVE reached AS (
    SELECT target_id AS id FROM ticket_links WHERE source_id = $1 AND kind = $3
    UNION
    SELECT l.target_id FROM reached JOIN ticket_links l ON l.source_id = reached.id AND l.kind = $3
)
SELECT true FROM reached WHERE id = $2

-- name: add  ($1 source, $2 target, $3 kind, $4 now): nothing when it is there
INSERT INTO ticket_links (source_id, target_id, kind, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id

-- name: remove  ($1 source, $2 target, $3 kind)
DELETE FROM ticket_links WHERE source_id = $1 AND target_id = $2 AND kind = $3 RETURNING id
