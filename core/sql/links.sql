-- name: is_below  ($1 ticket, $2 another): whether the first is a child of the second, or a child's child, merges followed
WITH RECURSIVE above AS (
    SELECT $1::bigint AS id
    UNION
    SELECT coalesce(s.merged_into_id, s.id)
      FROM above
      JOIN tickets own ON own.id = above.id OR own.merged_into_id = above.id
      JOIN ticket_links l ON l.target_id = own.id AND l.kind = 'parent'
      JOIN tickets s ON s.id = l.source_id
)
SELECT true FROM above WHERE id = $2 AND id <> $1

-- name: leads_to  ($1 from, $2 to, $3 kind): whether links of this kind lead from one ticket to another, merges followed
WITH RECURSIVE reached AS (
    SELECT $1::bigint AS id
    UNION
    SELECT coalesce(g.merged_into_id, g.id)
      FROM reached
      JOIN tickets own ON own.id = reached.id OR own.merged_into_id = reached.id
      JOIN ticket_links l ON l.source_id = own.id AND l.kind = $3
      JOIN tickets g ON g.id = l.target_id
)
SELECT true FROM reached WHERE id = $2 AND id <> $1

-- name: add  ($1 source, $2 target, $3 kind, $4 now): nothing when it is there
INSERT INTO ticket_links (source_id, target_id, kind, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id

-- name: remove  ($1 source, $2 target, $3 kind)
DELETE FROM ticket_links WHERE source_id = $1 AND target_id = $2 AND kind = $3 RETURNING id
