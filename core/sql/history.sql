-- name: names  (a piece): the names of people and queues that the event `e` refers to
(SELECT coalesce(json_object_agg(u.id, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1))), '{}')
   FROM users u
  WHERE u.id = ANY (CASE e.kind
        WHEN 'ticket.assigned' THEN ARRAY[(e.data ->> 'before')::bigint, (e.data ->> 'after')::bigint]
        WHEN 'comment.added' THEN ARRAY(SELECT jsonb_array_elements_text(coalesce(e.data -> 'mentioned', '[]'))::bigint)
        WHEN 'ticket.participant_added' THEN ARRAY[(e.data ->> 'user_id')::bigint]
        WHEN 'ticket.participant_removed' THEN ARRAY[(e.data ->> 'user_id')::bigint]
        WHEN 'ticket.join_requested' THEN ARRAY[(e.data ->> 'user_id')::bigint]
        WHEN 'ticket.join_decided' THEN ARRAY[(e.data ->> 'user_id')::bigint] END)) AS people,
CASE WHEN e.kind = 'ticket.queue'
     THEN (SELECT coalesce(json_object_agg(q.id, q.name), '{}') FROM queues q
            WHERE q.id IN ((e.data ->> 'before')::bigint, (e.data ->> 'after')::bigint)
              AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = v.id)))
     ELSE '{}' END AS queues

-- name: page  ($1 viewer, $2 ticket, $3 limit, $4 after this event, $5 kinds that everybody on the ticket may see): oldest first. Where a
-- ticket goes on is told only to who sees it there
SELECT found.merged_into_id, found.standing, page.items, page.more, page.last
  FROM users v
  LEFT JOIN LATERAL (SELECT {{reads.whole}} AS ids, t.merged_into_id, standing FROM {{reads.ticket_from}} WHERE t.id = $2) AS found ON true
  LEFT JOIN LATERAL (
    SELECT convert_to(coalesce(json_agg(told ORDER BY position) FILTER (WHERE position <= $3), '[]')::text, 'UTF8') AS items,
           coalesce(bool_or(position > $3), false) AS more, max((told).id) FILTER (WHERE position = $3) AS last
      FROM (SELECT told, row_number() OVER (ORDER BY told.id) AS position
              FROM (SELECT e.id, e.ticket_id, e.kind, e.data,
                           CASE WHEN w.id IS NOT NULL
                                THEN json_build_object('id', w.id, 'name', coalesce(nullif(w.name, ''), split_part(w.email, '@', 1))) END AS actor,
                           e.via, e.created_at, {{history.names}}
                      FROM events e
                      LEFT JOIN comments c ON c.id = (e.data ->> 'comment_id')::bigint AND (c.ticket_id = e.ticket_id OR found.standing = 'staff')
                      LEFT JOIN users w ON w.id = coalesce(e.actor_id, c.author_id)  -- doors such as mail speak for the writer
                     WHERE e.ticket_id = ANY(found.ids) AND e.id > $4
                       AND (found.standing = 'staff' AND NOT coalesce((e.data ->> 'mirrored')::boolean AND e.ticket_id <> $2, false)
                            OR (e.kind = ANY($5::text[]) AND coalesce((e.data->>'public')::boolean, true)
                                AND (e.kind <> 'ticket.merged' OR (e.data ->> 'into')::bigint = ANY(found.ids))))
                     ORDER BY e.id LIMIT $3 + 1) AS told) AS numbered (told, position)
  ) AS page ON found.standing IS NOT NULL
 WHERE v.id = $1 AND v.active
