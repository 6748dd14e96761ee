-- name: accept  (a column each): ledger ids in the order given
INSERT INTO inbound_mails (blob, size, door, peer, envelope_from, envelope_to, mailbox_id, source_key, message_id, refers_to, quiet, trace, reads, received_at)
SELECT mail.blob, mail.size, mail.door, mail.peer, mail.sender, mail.recipients::jsonb, mail.mailbox_id, mail.source_key, mail.message_id,
       mail.refers_to::jsonb, mail.quiet, '{}', 0, $12
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::bool[])
       WITH ORDINALITY AS mail (blob, size, door, peer, sender, recipients, mailbox_id, source_key, message_id, refers_to, quiet, position)
 ORDER BY mail.position
RETURNING id

-- name: mailboxes
SELECT id, address FROM mailboxes ORDER BY priority, id

-- name: to_read  ($1 ledger ids, $2 now, $3 those in our own hands): unfiled mails, and whether one that each answers is still on its way, or one
-- in other hands that came before and answers the same; else it counts as read now
WITH mail AS (
    SELECT mail.*, mail.refers_to <> '[]' AND (EXISTS (
               SELECT 1 FROM inbound_mails m
                WHERE m.disposition IS NULL AND m.id <> mail.id
                  AND m.message_id IN (SELECT jsonb_array_elements_text(mail.refers_to))
                  AND m.message_id <> coalesce(mail.message_id, '')
                  -- One that came before is waited for as long as somebody is going to file it; one that came after, for a minute: two that
                  -- name each other must not wait for ever.
                  AND CASE WHEN m.id < mail.id THEN {{ledger.has_job}} ELSE mail.received_at > $2::timestamptz - interval '1 minute' END
           ) OR mail.received_at > $2::timestamptz - interval '1 minute' AND EXISTS (
               SELECT 1 FROM inbound_mails m
                WHERE m.disposition IS NULL AND m.id < mail.id AND m.id <> ALL($3::bigint[]) AND m.refers_to <> '[]'
                  AND m.refers_to ?| array(SELECT jsonb_array_elements_text(mail.refers_to))
                  AND NOT m.refers_to ? coalesce(mail.message_id, '')  -- that one waits for this
           )) AS has_to_wait
      FROM inbound_mails mail
     WHERE mail.id = ANY($1::bigint[]) AND mail.disposition IS NULL
)
UPDATE inbound_mails row SET reads = row.reads + (NOT mail.has_to_wait)::int
  FROM mail
 WHERE row.id = mail.id AND row.disposition IS NULL
RETURNING mail.id, mail.blob, mail.size, mail.message_id, mail.envelope_from, mail.door, mail.peer, mail.quiet, row.reads, array(SELECT address FROM mailboxes) AS own_addresses,
          mail.has_to_wait, array(SELECT jsonb_array_elements_text(mail.refers_to)) AS refers_to,
          mail.received_at > $2::timestamptz - interval '1 minute' AS is_young

-- name: not_filed  ($1 ledger id): its worker lives and will come again, so this reading does not count
UPDATE inbound_mails SET reads = greatest(reads - 1, 0) WHERE id = $1 AND disposition IS NULL

-- name: for_filing  (a piece; $1 ledger ids, $2 their fingerprints, $3 the addresses in From, $4 as if it had just come): the mails, the
-- one that came before each with the same fingerprint, whether its Message-ID was another mail's, and what its sender is blocked by
SELECT mail.id, mail.envelope_from, mail.envelope_to, mail.received_at, mail.mailbox_id, box.queue_id, box.language,
       array(SELECT address FROM mailboxes) AS own_addresses,
       (SELECT first.id FROM inbound_mails first
         WHERE first.fingerprint = asked.fingerprint AND first.id <> mail.id AND (NOT $4 OR first.id < mail.id)) AS original,
       EXISTS (SELECT 1 FROM inbound_mails other
                WHERE other.message_id = mail.message_id AND other.id <> mail.id AND other.fingerprint IS NOT NULL
                  AND (NOT $4 OR other.id < mail.id)) AS message_id_used,
       (SELECT b.pattern FROM blocked_senders b
         WHERE b.pattern IN (asked.sender, lower(mail.envelope_from)) OR right('.' || substring(asked.sender from '[^@]*$'), length(b.pattern) + 1) = '.' || b.pattern
            OR right('.' || substring(lower(mail.envelope_from) from '[^@]*$'), length(b.pattern) + 1) = '.' || b.pattern
         LIMIT 1) AS blocked_by
  FROM unnest($1::bigint[], $2::text[], $3::text[]) AS asked (id, fingerprint, sender)
  JOIN inbound_mails mail ON mail.id = asked.id
  LEFT JOIN mailboxes box ON box.id = mail.mailbox_id

-- name: unfiled_locked  (as `for_filing`): those that have no place yet
{{mail.for_filing}}
 WHERE mail.disposition IS NULL
 ORDER BY mail.id
   FOR UPDATE OF mail

-- name: filed_before  (as `for_filing`): those that have one
{{mail.for_filing}}
 WHERE mail.disposition IS NOT NULL
 ORDER BY mail.id

-- name: tickets_named  ($1 mails by number, $2 what names a ticket, $3 the name, $4 senders, $5 their ledger ids, a column each; $6 now, $7 days): which tickets
-- these lead to, merges followed
WITH clue AS (
    SELECT clue.*, CASE clue.by
               WHEN 'ticket' THEN clue.named::bigint
               WHEN 'message' THEN (SELECT c.ticket_id FROM comments c WHERE c.message_id = clue.named ORDER BY (c.author_id = clue.sender) DESC NULLS LAST, c.id LIMIT 1)
               WHEN 'answer' THEN (SELECT m.ticket_id FROM inbound_mails m WHERE m.refers_to ? clue.named AND m.refers_to <> '[]' AND m.id < clue.entry AND m.ticket_id IS NOT NULL
                                      AND m.disposition IN ('new_ticket', 'reply') AND m.received_at > $6::timestamptz - interval '7 days'
                                      -- Some devices give all their mail one id: only the first of it can have been answered.
                                      AND NOT EXISTS (SELECT FROM inbound_mails o WHERE o.message_id = clue.named AND o.id < clue.entry) ORDER BY m.id LIMIT 1)
               WHEN 'delivery' THEN (SELECT d.ticket_id FROM deliveries d WHERE d.id = clue.named::bigint)
           END AS ticket_id
      FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS clue (mail, by, named, sender, entry)
)
SELECT clue.mail, clue.by, clue.named, t.id AS named_id, live.id AS ticket_id,
       coalesce(live.status = 'closed' AND live.closed_at < $6::timestamptz - make_interval(days => $7), false) AS closed_too_long,
       clue.sender = t.requester_id
           OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = clue.sender) AS belongs_to_named,
       clue.sender = live.requester_id
           OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = live.id AND p.user_id = clue.sender) AS belongs_to_live,
       (SELECT j.own_ticket_id
          FROM join_requests j
          JOIN tickets own ON own.id = j.own_ticket_id
          JOIN tickets o ON o.id = coalesce(own.merged_into_id, own.id)
         WHERE j.ticket_id IN (t.id, live.id) AND j.user_id = clue.sender AND j.state = 'open'
           AND NOT coalesce(o.status = 'closed' AND o.closed_at < $6::timestamptz - make_interval(days => $7), false)
         ORDER BY j.id LIMIT 1) AS waits_in
  FROM clue
  JOIN tickets t ON t.id = clue.ticket_id
  JOIN tickets live ON live.id = coalesce(t.merged_into_id, t.id)

-- name: want_to_join  ($1 ticket, $2 own ticket, $3 user, $4 now)
INSERT INTO join_requests (ticket_id, own_ticket_id, user_id, state, created_at) VALUES ($1, $2, $3, 'open', $4) ON CONFLICT DO NOTHING

-- name: bounced_deliveries  ($1 mails, $2 delivery ids by VERP or NULL, $3 returned Message-IDs or NULL, $4 addresses or NULL, a column each): which of our
-- mails each reports on
SELECT DISTINCT ON (asked.mail) asked.mail, d.id, d.ticket_id, d.recipient, d.state, coalesce(m.automatic, true) AS automatic
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS asked (mail, delivery, message_id, address)
  CROSS JOIN LATERAL (SELECT * FROM deliveries WHERE id = asked.delivery UNION SELECT * FROM deliveries WHERE message_id = asked.message_id) AS d
  LEFT JOIN outbound_messages m ON m.message_id = d.message_id
 ORDER BY asked.mail, (d.id = asked.delivery) DESC NULLS LAST, (d.recipient = asked.address) DESC NULLS LAST, d.id

-- name: mark_bounced  ($1 delivery, $2 now, $3 reason)
WITH failed AS (
    UPDATE deliveries SET state = 'failed', last_error = $3 WHERE id = $1 RETURNING message_id
)
UPDATE comments SET bounced_at = $2
 WHERE id = (SELECT m.comment_id FROM outbound_messages m JOIN failed f ON f.message_id = m.message_id WHERE NOT m.automatic)

-- name: filed  (a column each; $9 now)
UPDATE inbound_mails mail
   SET disposition = filed.disposition, reason = filed.reason, trace = filed.trace::jsonb, ticket_id = filed.ticket_id,
       comment_id = filed.comment_id, duplicate_of_id = filed.duplicate_of, fingerprint = filed.fingerprint, filed_at = $9
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
       AS filed (id, disposition, reason, trace, ticket_id, comment_id, duplicate_of, fingerprint)
 WHERE mail.id = filed.id

-- name: newest  ($1 how many)
SELECT id, received_at, door, disposition, reason, ticket_id FROM inbound_mails ORDER BY id DESC LIMIT $1
