-- name: insert  ($1 tickets, $2 kinds, $3 data, $4 actors, $5 doors, a column each; $6 quiet, $7 now): rows in the order given
WITH added AS (
    INSERT INTO events (ticket_id, kind, data, actor_id, via, quiet, created_at)
    SELECT told.ticket_id, told.kind, told.data::jsonb, told.actor, told.via, $6, $7
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY AS told (ticket_id, kind, data, actor, via, position)
     ORDER BY told.position
    RETURNING id
)
SELECT added.id, pg_notify('helpdesk_events', '') FROM added ORDER BY added.id
