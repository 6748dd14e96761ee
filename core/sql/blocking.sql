-- name: page  ($1 how many)
SELECT convert_to(coalesce(json_agg(row_to_json(shown)), '[]')::text, 'UTF8') AS items
  FROM (SELECT pattern, reason, created_at FROM blocked_senders ORDER BY pattern LIMIT $1) AS shown
