-- name: accept  (a column each): ledger ids in the order given
INSERT INTO inbound_mails (blob, size, door, peer, envelope_from, envelope_to, mailbox_id, source_key, message_id, refers_to, trace, reads, received_at)
SELECT mail.blob, mail.size, mail.door, mail.peer, mail.sender, mail.recipients::jsonb, mail.mailbox_id, mail.source_key, mail.message_id,
       mail.refers_to::jsonb, '{}', 0, $11
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[])
       WITH ORDINALITY AS mail (blob, size, door, peer, sender, recipients, mailbox_id, source_key, message_id, refers_to, position)
 ORDER BY mail.position
RETURNING id

-- name: mailboxes
SELECT id, address FROM mailboxes ORDER BY priority, id

-- name: to_read  ($1 ledger id, $2 now): an unfiled mail, and whether one that it answers is still on its way; else it counts as read now
WITH mail AS (
    SELECT mail.*, mail.received_at > $2::timestamptz - interval '1 minute' AND mail.refers_to <> '[]' AND EXISTS (
               SELECT 1 FROM inbound_mails earlier
                WHERE earlier.disposition IS NULL AND earlier.id <> mail.id
                  AND earlier.message_id IN (SELECT jsonb_array_elements_text(mail.refers_to))
                  AND earlier.message_id <> coalesce(mail.message_id, '')
           ) AS original_is_unfiled
      FROM inbound_mails mail
     WHERE mail.id = $1 AND mail.disposition IS NULL
)
UPDATE inbound_mails row SET reads = row.reads + (NOT mail.original_is_unfiled)::int
  FROM mail
 WHERE row.id = mail.id AND row.disposition IS NULL
RETURNING mail.blob, mail.size, mail.message_id, mail.envelope_from, row.reads, array(SELECT address FROM mailboxes) AS own_addresses,
          mail.original_is_unfiled

-- name: not_filed  ($1 ledger id): its worker lives and will come again, so this reading does not count
UPDATE inbound_mails SET reads = greatest(reads - 1, 0) WHERE id = $1 AND disposition IS NULL

-- name: unfiled_locked  ($1 ledger id, $2 fingerprint): the mail, the one that came before with the same fingerprint, and whether its
-- Message-ID was another mail's
SELECT mail.id, mail.envelope_from, mail.envelope_to, mail.received_at, mail.mailbox_id, box.queue_id, box.language,
       array(SELECT address FROM mailboxes) AS own_addresses,
       (SELECT first.id FROM inbound_mails first WHERE first.fingerprint = $2 AND first.id <> mail.id) AS original,
       EXISTS (SELECT 1 FROM inbound_mails other
                WHERE other.message_id = mail.message_id AND other.id <> mail.id AND other.fingerprint IS NOT NULL) AS message_id_used
  FROM inbound_mails mail
  LEFT JOIN mailboxes box ON box.id = mail.mailbox_id
 WHERE mail.id = $1 AND mail.disposition IS NULL
   FOR UPDATE OF mail

-- name: tickets_named  ($1 numbers, $2 Message-IDs, $3 sender, $4 now, $5 days, $6 delivery ids): which tickets these lead to, merges followed
WITH named AS (
    SELECT 'ticket' AS by, number::text AS named, number AS ticket_id FROM unnest($1::bigint[]) AS number
    UNION ALL
    (SELECT DISTINCT ON (c.message_id) 'message', c.message_id, c.ticket_id
       FROM comments c WHERE c.message_id = ANY($2::text[]) ORDER BY c.message_id, c.id)
    UNION ALL
    SELECT 'delivery', d.id::text, d.ticket_id FROM deliveries d WHERE d.id = ANY($6::bigint[])
)
SELECT n.by, n.named, target.id AS ticket_id,
       coalesce(target.status = 'closed' AND target.closed_at < $4::timestamptz - make_interval(days => $5), false) AS closed_too_long,
       coalesce($3 IN (target.requester_id, t.requester_id), false)
           OR EXISTS (SELECT 1 FROM ticket_participants p WHERE p.ticket_id IN (target.id, t.id) AND p.user_id = $3) AS belongs
  FROM named n
  JOIN tickets t ON t.id = n.ticket_id
  JOIN tickets target ON target.id = coalesce(t.merged_into_id, t.id)

-- name: want_to_join  ($1 ticket, $2 own ticket, $3 user, $4 now)
INSERT INTO join_requests (ticket_id, own_ticket_id, user_id, state, created_at) VALUES ($1, $2, $3, 'open', $4) ON CONFLICT DO NOTHING

-- name: link_follow_up  ($1 new ticket, $2 closed ticket, $3 now)
INSERT INTO ticket_links (source_id, target_id, kind, created_at) VALUES ($1, $2, 'follow_up', $3) ON CONFLICT DO NOTHING

-- name: bounced_delivery  ($1 delivery ids by VERP, $2 the returned Message-ID)
SELECT d.id, d.ticket_id, d.recipient, coalesce(m.automatic, true) AS automatic
  FROM deliveries d LEFT JOIN outbound_messages m ON m.message_id = d.message_id
 WHERE d.id = ANY($1::bigint[]) OR d.message_id = $2
 ORDER BY (d.id = ANY($1::bigint[])) DESC, d.id
 LIMIT 1

-- name: mark_bounced  ($1 delivery, $2 now, $3 reason)
WITH failed AS (
    UPDATE deliveries SET state = 'failed', last_error = $3 WHERE id = $1 RETURNING message_id
)
UPDATE comments SET bounced_at = $2
 WHERE id = (SELECT m.comment_id FROM outbound_messages m JOIN failed f ON f.message_id = m.message_id WHERE NOT m.automatic)

-- name: filed
UPDATE inbound_mails
   SET disposition = $2, reason = $3, trace = $4::jsonb, ticket_id = $5, comment_id = $6, duplicate_of_id = $7, fingerprint = $8, filed_at = $9
 WHERE id = $1

-- name: newest  ($1 how many)
SELECT received_at, door, disposition, reason, ticket_id FROM inbound_mails ORDER BY id DESC LIMIT $1
