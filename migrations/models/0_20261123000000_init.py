from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "email" VARCHAR(320) NOT NULL UNIQUE,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "role" VARCHAR(10) NOT NULL DEFAULT 'user',
    "active" BOOL NOT NULL DEFAULT True,
    "password_hash" VARCHAR(200),
    "language" VARCHAR(20),
    "time_zone" VARCHAR(64) NOT NULL DEFAULT 'UTC',
    "quiet_from" VARCHAR(5),
    "quiet_until" VARCHAR(5),
    "digest" VARCHAR(10) NOT NULL DEFAULT 'off',
    "version" INT NOT NULL DEFAULT 1,
    "last_login_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "merged_into_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "users"."role" IS 'USER: user\nSTAFF: staff\nADMIN: admin';
COMMENT ON TABLE "users" IS 'A person. `email` is the address the desk writes to, lower-case; further addresses are in `UserAddress`. Quiet hours are `HH:MM`.';
CREATE TABLE "faqs" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "question" VARCHAR(300) NOT NULL,
    "answer" TEXT NOT NULL,
    "keywords" JSONB NOT NULL DEFAULT '[]',
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "published" BOOL NOT NULL DEFAULT True,
    "position" INT NOT NULL DEFAULT 100,
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "author_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "faqs" IS 'A question people ask and its answer, in one language.';
CREATE TABLE "faq_votes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "voter" VARCHAR(64) NOT NULL,
    "helpful" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "faq_id" BIGINT NOT NULL REFERENCES "faqs" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_faq_votes_faq_id_93b5a6" UNIQUE ("faq_id", "voter")
);
COMMENT ON TABLE "faq_votes" IS 'Whether an answer helped; `voter` is a user''s id or a hash of an anonymous reader, so that each counts once.';
CREATE TABLE "idempotency_keys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(200) NOT NULL,
    "request_hash" VARCHAR(64) NOT NULL,
    "status" INT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_idempotency_user_id_bc4599" UNIQUE ("user_id", "key")
);
COMMENT ON TABLE "idempotency_keys" IS 'An answer given once under a client''s `Idempotency-Key`, given again for the same body.';
CREATE TABLE "settings" (
    "name" VARCHAR(100) NOT NULL PRIMARY KEY,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "settings" IS 'A choice an admin makes while the desk runs; what is not set has its default in code.';
CREATE TABLE "webhooks" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "url" VARCHAR(2000) NOT NULL,
    "description" VARCHAR(200) NOT NULL DEFAULT '',
    "secret" BYTEA NOT NULL,
    "event_kinds" JSONB NOT NULL DEFAULT '[]',
    "active" BOOL NOT NULL DEFAULT True,
    "switched_off_reason" VARCHAR(300),
    "failing_since" TIMESTAMPTZ,
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "webhooks" IS 'A URL that is called about events; `secret` is encrypted. Lasting failure switches it off with a reason.';
CREATE TABLE "suppressions" (
    "email" VARCHAR(320) NOT NULL PRIMARY KEY,
    "reason" VARCHAR(300) NOT NULL,
    "score" INT NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "suppressions" IS 'An address that bounced for good: nothing is sent to it until `until`, unless a person lifts it.';
CREATE TABLE "api_tokens" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "scopes" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "last_used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "api_tokens" IS 'A named token for programs: shown once, stored hashed, limited to `scopes`.';
CREATE TABLE "identities" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "issuer" VARCHAR(300) NOT NULL,
    "subject" VARCHAR(300) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_identities_issuer_1dda2d" UNIQUE ("issuer", "subject")
);
COMMENT ON TABLE "identities" IS 'A person at an OpenID provider, known by (issuer, subject).';
CREATE TABLE "one_time_tokens" (
    "token_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(30) NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "one_time_tokens" IS 'A link sent by mail that works once: invitation, password reset, magic link, address check, public form.';
CREATE TABLE "sessions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "family" UUID NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "user_agent" VARCHAR(200) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "spent_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sessions_family_749881" ON "sessions" ("family");
COMMENT ON TABLE "sessions" IS 'A refresh token of one login. Tokens of a `family` follow one another; using a spent one revokes the family.';
CREATE TABLE "user_addresses" (
    "email" VARCHAR(320) NOT NULL PRIMARY KEY,
    "verified_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_user_addres_user_id_185812" ON "user_addresses" ("user_id");
COMMENT ON TABLE "user_addresses" IS 'Every address that leads to a person, the primary one included; `email` is lower-case and belongs to one person only.';
CREATE TABLE "blocked_senders" (
    "pattern" VARCHAR(320) NOT NULL PRIMARY KEY,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "blocked_senders" IS 'An address (`eva@example.org`) or a domain (`example.org`), lower-case, whose mail is refused.';
CREATE TABLE "sla_policies" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL UNIQUE,
    "targets" JSONB NOT NULL DEFAULT '{}',
    "calendar" JSONB NOT NULL DEFAULT '{}',
    "time_zone" VARCHAR(64) NOT NULL DEFAULT 'UTC',
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "sla_policies" IS 'How soon tickets are answered and resolved, in minutes of the calendar''s working hours, per priority.';
CREATE TABLE "queues" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "slug" VARCHAR(60) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL,
    "private" BOOL NOT NULL DEFAULT False,
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "position" INT NOT NULL DEFAULT 100,
    "assignment" VARCHAR(20) NOT NULL DEFAULT 'none',
    "reply_sets_pending" BOOL NOT NULL DEFAULT False,
    "remind_after_days" INT,
    "close_after_days" INT,
    "version" INT NOT NULL DEFAULT 1,
    "archived_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "sla_policy_id" BIGINT REFERENCES "sla_policies" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "queues" IS 'Where tickets wait and who sees them. A private queue is seen by its members only.';
CREATE TABLE "mailboxes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "address" VARCHAR(320) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL DEFAULT 'Support',
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "priority" INT NOT NULL DEFAULT 100,
    "plus_addressing" BOOL NOT NULL DEFAULT True,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'smtp',
    "connection" JSONB NOT NULL DEFAULT '{}',
    "paused_at" TIMESTAMPTZ,
    "last_error" TEXT,
    "last_seen_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "mailboxes" IS 'An address that feeds a queue. `address` is lower-case. `connection` holds how mail is fetched from elsewhere, secrets encrypted.';
CREATE TABLE "imap_positions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "folder" VARCHAR(300) NOT NULL,
    "uid_validity" BIGINT NOT NULL,
    "last_uid" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "mailbox_id" BIGINT NOT NULL REFERENCES "mailboxes" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_imap_positi_mailbox_96156a" UNIQUE ("mailbox_id", "folder")
);
COMMENT ON TABLE "imap_positions" IS 'How far a mailbox''s folder has been read.';
CREATE TABLE "tickets" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "subject" VARCHAR(500) NOT NULL,
    "status" VARCHAR(10) NOT NULL DEFAULT 'new',
    "priority" VARCHAR(10) NOT NULL DEFAULT 'normal',
    "via" VARCHAR(10) NOT NULL DEFAULT 'api',
    "language" VARCHAR(20),
    "confirmed" BOOL NOT NULL DEFAULT True,
    "spam" BOOL NOT NULL DEFAULT False,
    "version" INT NOT NULL DEFAULT 1,
    "merged_at" TIMESTAMPTZ,
    "snoozed_until" TIMESTAMPTZ,
    "reminded_at" TIMESTAMPTZ,
    "first_response_at" TIMESTAMPTZ,
    "requester_spoke_at" TIMESTAMPTZ,
    "staff_spoke_at" TIMESTAMPTZ,
    "resolved_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "assignee_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "mailbox_id" BIGINT REFERENCES "mailboxes" ("id") ON DELETE SET NULL,
    "merged_into_id" BIGINT REFERENCES "tickets" ("id") ON DELETE RESTRICT,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE RESTRICT,
    "requester_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
    "split_from_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "tickets"."status" IS 'NEW: new\nOPEN: open\nPENDING: pending\nRESOLVED: resolved\nCLOSED: closed';
COMMENT ON COLUMN "tickets"."priority" IS 'LOW: low\nNORMAL: normal\nHIGH: high\nURGENT: urgent';
COMMENT ON COLUMN "tickets"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "tickets" IS 'The case; its number is its id. A merged ticket points to its target by `merged_into` and keeps its own comments.';
CREATE TABLE "comments" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "public" BOOL NOT NULL,
    "automatic" BOOL NOT NULL DEFAULT False,
    "flagged" VARCHAR(200),
    "via" VARCHAR(10) NOT NULL,
    "body" TEXT NOT NULL,
    "full_body" TEXT,
    "html" TEXT,
    "message_id" VARCHAR(1000),
    "send_after" TIMESTAMPTZ,
    "bounced_at" TIMESTAMPTZ,
    "edited_at" TIMESTAMPTZ,
    "deleted_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "author_id" BIGINT REFERENCES "users" ("id") ON DELETE RESTRICT,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "comments"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "comments" IS 'One thing said on a ticket. `body` is what its writer wrote; `full_body` and `html` keep the whole mail, where there was one.';
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "via" VARCHAR(10) NOT NULL,
    "quiet" BOOL NOT NULL DEFAULT False,
    "created_at" TIMESTAMPTZ NOT NULL,
    "actor_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "events"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "events" IS 'An append-only fact about a ticket. Readers that follow along go by (`xid`, `id`), because ids are drawn before commit.';
CREATE TABLE "inbound_mails" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "blob" VARCHAR(64) NOT NULL,
    "size" BIGINT NOT NULL,
    "door" VARCHAR(10) NOT NULL,
    "peer" VARCHAR(100) NOT NULL DEFAULT '',
    "envelope_from" VARCHAR(1000),
    "envelope_to" JSONB NOT NULL DEFAULT '[]',
    "source_key" VARCHAR(300) UNIQUE,
    "message_id" VARCHAR(1000),
    "refers_to" JSONB NOT NULL DEFAULT '[]',
    "fingerprint" VARCHAR(64) UNIQUE,
    "disposition" VARCHAR(20),
    "reason" VARCHAR(300),
    "trace" JSONB NOT NULL DEFAULT '{}',
    "reads" INT NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ NOT NULL,
    "filed_at" TIMESTAMPTZ,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE SET NULL,
    "duplicate_of_id" BIGINT REFERENCES "inbound_mails" ("id") ON DELETE SET NULL,
    "mailbox_id" BIGINT REFERENCES "mailboxes" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_inbound_mai_blob_72624a" ON "inbound_mails" ("blob");
COMMENT ON COLUMN "inbound_mails"."disposition" IS 'NEW_TICKET: new_ticket\nREPLY: reply\nNOTE: note\nBOUNCE: bounce\nAUTOMATIC: automatic\nDUPLICATE: duplicate\nWANTS_TO_JOIN: wants_to_join\nREFUSED: refused\nSPAM: spam\nPARKED: parked';
COMMENT ON TABLE "inbound_mails" IS 'One accepted mail, from before its `250` on. `blob` are its raw bytes; `trace` says how it was understood and why.';
CREATE TABLE "outbound_messages" (
    "message_id" VARCHAR(250) NOT NULL PRIMARY KEY,
    "sender" VARCHAR(320) NOT NULL,
    "template" VARCHAR(40) NOT NULL,
    "subject" VARCHAR(600) NOT NULL,
    "automatic" BOOL NOT NULL,
    "content" BYTEA,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "outbound_messages" IS 'One mail of ours: one Message-ID, made and frozen before the first try, handed over once per recipient (`Delivery`).';
CREATE TABLE "deliveries" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "channel" VARCHAR(10) NOT NULL,
    "recipient" VARCHAR(320) NOT NULL,
    "state" VARCHAR(10) NOT NULL DEFAULT 'pending',
    "attempts" INT NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "sent_at" TIMESTAMPTZ,
    "event_id" BIGINT REFERENCES "events" ("id") ON DELETE SET NULL,
    "message_id" VARCHAR(250) REFERENCES "outbound_messages" ("message_id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "deliveries"."state" IS 'PENDING: pending\nSENDING: sending\nSENT: sent\nFAILED: failed\nHELD: held\nCANCELLED: cancelled';
COMMENT ON TABLE "deliveries" IS 'The ledger of things out: one mail to one person, one Slack post, one webhook call.';
CREATE TABLE "canned_replies" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "title" VARCHAR(150) NOT NULL,
    "body" TEXT NOT NULL,
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "created_by_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "queue_id" BIGINT REFERENCES "queues" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "canned_replies" IS 'A text kept for answers, with named placeholders, per queue and language.';
CREATE TABLE "queue_members" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "lead" BOOL NOT NULL DEFAULT False,
    "last_assigned_at" TIMESTAMPTZ,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_queue_membe_queue_i_a8729e" UNIQUE ("queue_id", "user_id")
);
CREATE INDEX "idx_queue_membe_user_id_79d96a" ON "queue_members" ("user_id");
COMMENT ON TABLE "queue_members" IS 'Somebody who works in a queue; `lead` hears of breaches.';
CREATE TABLE "notifications" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "reason" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "read_at" TIMESTAMPTZ,
    "event_id" BIGINT NOT NULL REFERENCES "events" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_notificatio_user_id_67c014" UNIQUE ("user_id", "event_id")
);
COMMENT ON TABLE "notifications" IS 'What a user sees in-app about an event.';
CREATE TABLE "notification_preferences" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "event_kind" VARCHAR(40) NOT NULL,
    "scope" VARCHAR(20) NOT NULL,
    "channel" VARCHAR(10) NOT NULL,
    "enabled" BOOL NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_notificatio_user_id_d35926" UNIQUE ("user_id", "event_kind", "scope", "channel")
);
COMMENT ON TABLE "notification_preferences" IS 'A person''s choice for one (event kind, scope, channel); what is not chosen has the default of the desk.';
CREATE TABLE "slack_cards" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) NOT NULL,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "ts" VARCHAR(20),
    "nonce" UUID NOT NULL,
    "wanted" BIGINT NOT NULL DEFAULT 0,
    "shown" BIGINT NOT NULL DEFAULT 0,
    "shown_hash" VARCHAR(64),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_cards_ticket__472f7e" UNIQUE ("ticket_id", "kind", "team_id", "channel_id")
);
COMMENT ON TABLE "slack_cards" IS 'A ticket shown in a channel: its card, or the thread of the person who asked there.';
CREATE TABLE "slack_channels" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "purpose" VARCHAR(10) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_chann_team_id_de626c" UNIQUE ("team_id", "channel_id")
);
CREATE INDEX "idx_slack_chann_queue_i_03f7f0" ON "slack_channels" ("queue_id");
COMMENT ON TABLE "slack_channels" IS 'A channel with a purpose: `triage` shows a queue''s cards, `request` turns messages into tickets of a queue.';
CREATE TABLE "slack_messages" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "ts" VARCHAR(20) NOT NULL,
    "thread_ts" VARCHAR(20),
    "outgoing" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "card_id" BIGINT REFERENCES "slack_cards" ("id") ON DELETE CASCADE,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_messa_team_id_ab1db4" UNIQUE ("team_id", "channel_id", "ts")
);
CREATE INDEX "idx_slack_messa_comment_2f3e1f" ON "slack_messages" ("comment_id");
CREATE INDEX "idx_slack_messa_card_id_907bca" ON "slack_messages" ("card_id");
COMMENT ON TABLE "slack_messages" IS 'Which Slack message is which comment: written when one becomes the other, in either direction.';
CREATE TABLE "slack_people" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "slack_user_id" VARCHAR(20) NOT NULL,
    "guest" BOOL NOT NULL DEFAULT False,
    "im_channel_id" VARCHAR(20),
    "checked_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_peopl_team_id_9fb71b" UNIQUE ("team_id", "slack_user_id")
);
CREATE INDEX "idx_slack_peopl_user_id_7f977b" ON "slack_people" ("user_id");
COMMENT ON TABLE "slack_people" IS 'A Slack account and the user it belongs to; `guest` accounts never carry staff rights.';
CREATE TABLE "slack_receipts" (
    "key" VARCHAR(120) NOT NULL PRIMARY KEY,
    "received_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "slack_receipts" IS 'A request of Slack''s that was carried out: the key is unique, so a repeated one is done once.';
CREATE TABLE "slack_workspaces" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "enterprise_id" VARCHAR(20) NOT NULL DEFAULT '',
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "bot_user_id" VARCHAR(20) NOT NULL DEFAULT '',
    "bot_id" VARCHAR(20) NOT NULL DEFAULT '',
    "bot_token" BYTEA,
    "trusted" BOOL NOT NULL DEFAULT False,
    "trusted_domains" JSONB NOT NULL DEFAULT '[]',
    "failing_since" TIMESTAMPTZ,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_slack_works_enterpr_b12fec" UNIQUE ("enterprise_id", "team_id")
);
COMMENT ON TABLE "slack_workspaces" IS 'An installation, known by (enterprise, team); `bot_token` is encrypted. Staff rights count only where `trusted`.';
CREATE TABLE "attachments" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "blob" VARCHAR(64) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "content_type" VARCHAR(200) NOT NULL,
    "size" BIGINT NOT NULL,
    "content_id" VARCHAR(500),
    "inline" BOOL NOT NULL DEFAULT False,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "uploader_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_attachments_blob_cd0ecd" ON "attachments" ("blob");
CREATE INDEX "idx_attachments_ticket__7cfe9b" ON "attachments" ("ticket_id");
CREATE INDEX "idx_attachments_comment_866ada" ON "attachments" ("comment_id");
COMMENT ON TABLE "attachments" IS 'A file on a ticket. `blob` is its key in the blob store; without a comment it waits for the one it was uploaded for.';
CREATE TABLE "comment_revisions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT NOT NULL REFERENCES "comments" ("id") ON DELETE CASCADE,
    "editor_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_comment_rev_comment_e08ddc" ON "comment_revisions" ("comment_id");
COMMENT ON TABLE "comment_revisions" IS 'What a comment said before an edit or a deletion.';
CREATE TABLE "tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(60) NOT NULL UNIQUE,
    "description" VARCHAR(300) NOT NULL DEFAULT '',
    "color" VARCHAR(7),
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "tags" IS 'A word for finding tickets again; `name` is lower-case and unique.';
CREATE TABLE "ticket_tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_tags_ticket__b49a52" UNIQUE ("ticket_id", "tag_id")
);
CREATE INDEX "idx_ticket_tags_tag_id_32831f" ON "ticket_tags" ("tag_id");
CREATE TABLE "join_requests" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "own_ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_join_reques_ticket__47847c" ON "join_requests" ("ticket_id");
COMMENT ON TABLE "join_requests" IS 'Somebody whose mail named a ticket he is no part of: staff accept or decline. His mail waits in `own_ticket`.';
CREATE TABLE "sla_clocks" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "paused_at" TIMESTAMPTZ,
    "minutes_used" INT NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ,
    "warn_at" TIMESTAMPTZ,
    "warned_at" TIMESTAMPTZ,
    "breached_at" TIMESTAMPTZ,
    "met_at" TIMESTAMPTZ,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sla_clocks_ticket__26690f" ON "sla_clocks" ("ticket_id");
COMMENT ON TABLE "sla_clocks" IS 'One promise on one ticket (`first_response`, `next_response`, `resolution`) and when it falls due.';
CREATE TABLE "surveys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "rating" INT,
    "remark" TEXT,
    "answered_at" TIMESTAMPTZ,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_surveys_ticket__c68995" UNIQUE ("ticket_id")
);
COMMENT ON TABLE "surveys" IS 'One question to a requester about one resolved ticket, and the answer.';
CREATE TABLE "ticket_links" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "source_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "target_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_link_source__f46653" UNIQUE ("source_id", "target_id", "kind")
);
CREATE INDEX "idx_ticket_link_target__1ba564" ON "ticket_links" ("target_id");
COMMENT ON TABLE "ticket_links" IS '`source` is `kind` (parent, related, duplicate, follow_up) of `target`.';
CREATE TABLE "ticket_mutes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "muted_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_mute_ticket__d865fc" UNIQUE ("ticket_id", "user_id")
);
COMMENT ON TABLE "ticket_mutes" IS 'Somebody who wants to hear nothing of a ticket: staff who muted it, or a requester who stopped its mails.';
CREATE TABLE "ticket_participants" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "added_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_part_ticket__3d40ba" UNIQUE ("ticket_id", "user_id")
);
CREATE INDEX "idx_ticket_part_user_id_7ee9e9" ON "ticket_participants" ("user_id");
COMMENT ON TABLE "ticket_participants" IS 'Somebody in CC: sees and answers the public part, and gets public answers.';
CREATE TABLE "ticket_watchers" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "added_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_watc_ticket__4688f8" UNIQUE ("ticket_id", "user_id")
);
CREATE INDEX "idx_ticket_watc_user_id_ecdd55" ON "ticket_watchers" ("user_id");
COMMENT ON TABLE "ticket_watchers" IS 'Staff who want to hear of a ticket that is not theirs.';


-- What follows is written by hand: indexes for the hot reads, and what the ORM has no words for.
ALTER TABLE "events" ADD COLUMN "xid" xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX "events_in_commit_order" ON "events" ("xid", "id");
CREATE INDEX "events_of_ticket" ON "events" ("ticket_id", "id");

CREATE INDEX "tickets_of_queue" ON "tickets" ("queue_id", "updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "tickets_newest" ON "tickets" ("updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "tickets_by_creation" ON "tickets" ("created_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "tickets_not_done" ON "tickets" ("updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL AND "status" IN ('new', 'open', 'pending');
CREATE INDEX "tickets_of_assignee" ON "tickets" ("assignee_id", "updated_at" DESC) WHERE "assignee_id" IS NOT NULL;
CREATE INDEX "tickets_of_requester" ON "tickets" ("requester_id", "updated_at" DESC);
CREATE INDEX "tickets_merged" ON "tickets" ("merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "tickets_snoozed" ON "tickets" ("snoozed_until") WHERE "snoozed_until" IS NOT NULL;
CREATE INDEX "tickets_search" ON "tickets" USING gin ("search");

CREATE INDEX "comments_of_ticket" ON "comments" ("ticket_id", "id");
CREATE INDEX "comments_by_message_id" ON "comments" USING hash ("message_id") WHERE "message_id" IS NOT NULL;
CREATE INDEX "comments_search" ON "comments" USING gin ("search");
CREATE INDEX "faqs_search" ON "faqs" USING gin ("search");

CREATE INDEX "inbound_mails_unfiled" ON "inbound_mails" ("id") WHERE "disposition" IS NULL;
CREATE INDEX "inbound_mails_received" ON "inbound_mails" ("received_at" DESC, "id" DESC);
CREATE INDEX "inbound_mails_by_message_id" ON "inbound_mails" USING hash ("message_id") WHERE "message_id" IS NOT NULL;
CREATE INDEX "inbound_mails_of_ticket" ON "inbound_mails" ("ticket_id") WHERE "ticket_id" IS NOT NULL;

CREATE INDEX "outbound_messages_of_ticket" ON "outbound_messages" ("ticket_id", "created_at") WHERE "ticket_id" IS NOT NULL;
CREATE INDEX "deliveries_of_message" ON "deliveries" ("message_id") WHERE "message_id" IS NOT NULL;
CREATE INDEX "outbound_messages_of_comment" ON "outbound_messages" ("comment_id") WHERE "comment_id" IS NOT NULL;
CREATE INDEX "deliveries_of_ticket" ON "deliveries" ("ticket_id", "id") WHERE "ticket_id" IS NOT NULL;
CREATE INDEX "deliveries_to" ON "deliveries" ("recipient", "created_at" DESC);
CREATE INDEX "deliveries_undone" ON "deliveries" ("state", "id") WHERE "state" IN ('pending', 'sending', 'held');
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" ("event_id", "channel", "recipient") WHERE "event_id" IS NOT NULL;

CREATE INDEX "notifications_unread" ON "notifications" ("user_id", "id" DESC) WHERE "read_at" IS NULL;
CREATE INDEX "sla_clocks_due" ON "sla_clocks" ("due_at") WHERE "met_at" IS NULL AND "paused_at" IS NULL;
CREATE UNIQUE INDEX "sla_clocks_running_once" ON "sla_clocks" ("ticket_id", "kind") WHERE "met_at" IS NULL;
CREATE UNIQUE INDEX "join_requests_open_once" ON "join_requests" ("ticket_id", "user_id") WHERE "state" = 'open';
CREATE INDEX "idempotency_keys_old" ON "idempotency_keys" ("created_at");
CREATE INDEX "slack_receipts_old" ON "slack_receipts" ("received_at");
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_not_into_itself" CHECK ("merged_into_id" <> "id");
ALTER TABLE "ticket_links" ADD CONSTRAINT "ticket_links_not_to_itself" CHECK ("source_id" <> "target_id");


-- Background jobs: the schema of pgqueuer 1.6, its log and statistics unlogged (nothing is decided by them)
-- pgqueuer 1.6.0 -- prefix='' schema=None durability=balanced

CREATE TYPE pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');

CREATE TABLE pgqueuer (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
);

CREATE UNLOGGED TABLE pgqueuer_log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

CREATE TABLE pgqueuer_schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status pgqueuer_status DEFAULT 'queued'::pgqueuer_status,
    UNIQUE (expression, entrypoint)
);

CREATE UNLOGGED TABLE pgqueuer_statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE INDEX pgqueuer_ep_ea_idx ON pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::pgqueuer_status, 'picked'::pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::pgqueuer_status);

CREATE FUNCTION fn_pgqueuer_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER tg_pgqueuer_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgqueuer
EXECUTE FUNCTION fn_pgqueuer_changed();"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "users", "faqs", "faq_votes", "idempotency_keys", "settings", "webhooks", "suppressions", "api_tokens", "identities", "one_time_tokens", "sessions", "user_addresses", "blocked_senders", "sla_policies", "queues", "mailboxes", "imap_positions", "tickets", "comments", "events", "inbound_mails", "outbound_messages", "deliveries", "canned_replies", "queue_members", "notifications", "notification_preferences", "slack_cards", "slack_channels", "slack_messages", "slack_people", "slack_receipts", "slack_workspaces", "attachments", "comment_revisions", "tags", "ticket_tags", "join_requests", "sla_clocks", "surveys", "ticket_links", "ticket_mutes", "ticket_participants", "ticket_watchers" CASCADE;
DROP TRIGGER IF EXISTS tg_pgqueuer_changed ON pgqueuer;
DROP FUNCTION IF EXISTS fn_pgqueuer_changed;
DROP TABLE IF EXISTS pgqueuer;
DROP TABLE IF EXISTS pgqueuer_log;
DROP TABLE IF EXISTS pgqueuer_schedules;
DROP TABLE IF EXISTS pgqueuer_statistics;
DROP TYPE IF EXISTS pgqueuer_status;
DROP TYPE IF EXISTS pgqueuer_statistics_status;"""


MODELS_STATE = (
    "eJztXVtz27a2/iuYvDSZUTOxY6c9zsuRHbd160tqy83uqTsSREIStimAJUgr7t797wcASY"
    "kXkCIpSqRovCSWiAVS3wKBdV//eTWnJrLY2x/gX69OwH9eEThH/I/o1z3wCtr26kvxhQvH"
    "lhw3gX/JL+CYuQ40XP7dBFoM8a9MxAwH2y6mRIzsg788xMQnYCNqWwhA9gggMQF2Gf+fLZ"
    "DTA5gAShCwIJl6cIreirlNavDJMZluNo1HMCcdunSK3Bly+GR//Mm/xsREXxELP9qPwwlG"
    "lhlDA5tiAvn90H225XeneHpB3B/kWPGQ46FBLW9OVuPtZ3dGyZIAE1d8O0UEOdBF4g6u4w"
    "mkiGdZAaAheP7Drob4TxmhMdEEepbAW1D7D7D67tVweH0zGN6dD4bDVylehBQRXIOvDEoE"
    "H/mjMgnAVDzCt/9zePj+/XeH795/+P746Lvvjr9/9z0fK583fem7f/yHWaHlTyUxu/jx4n"
    "ogHojyxeKvIPHFP5IGutCnksxYoR8yPM2Dsxl01ByI0iT4wH9gkg8h6nmMCL9YcWK10HfB"
    "ijn8OrQQmboz/vH9u3c5MP/Wvz37qX/7mo96Ewf7Orh06F8TuK9w9l+eNMoD9DVjna8oOo"
    "FxDqSD83/JdTtn7C8riuTrq/6/JMjz5+DK5c31j+HwCPJnlzenCcAf0fOCOiZLQ/7z3c21"
    "GvIoTQJ0Exsu+C+wMEttNFsF/48/t4O5ACEf8yS8AhPK3KkjZ5ETJDEPj4Qym0mUpuGFjk"
    "hte8hhkS3kMHsHOUxtILY35otvhlSnJaUWgkSNb4wuAfCYE+4S4eXxWvdqPr25uYyt5tOL"
    "5BZxf3V6fvv6QCLOB2E3dkBGcKYMqw/ETIkkSrJeLtkmwAfv3m0skBweHH139P37D0dLOW"
    "T5TZ74kUbyCTmsHJARioZxbA+KhoPEDx5CNw3kJ37FxXOkRjNOmTzPAtK34R8dEykurs7v"
    "Bv2rz7Fd4VN/cC6uHMZkivDb1x8S2/FyEvDlYvATEB/B/91cnyePwuW4wf+9Es8EPZcOCV"
    "0MoRnFJPw6/CrGZs82K7I5TqnZ3Go2MwQdY6ZQA+5+Q4ZLM2SkFVUlCSk4dveBn3e/nZ8N"
    "bm4lvox6joEiWuuf/lwTHJl7gfB0JucNvmAcxdVviutgHgfPGZY1OMTIKp1LLWPA7iwPgm"
    "OTR6XhwUc1zYkfOPvwlPyCniU3LviTQ2Ko1IPAjHbP0P6+BKtvV4/owMXSTBZffPzH85+M"
    "fNGVPwG4vr+8fCVRHkPjcQEdc5gB9xN1kUIXPg3IfvjlFlkwQ4hd2St/47Ps7wmSAlsiRw"
    "9pYo9ZYpm+ND+cJ7+BhGuvZnBvcacEXGrLb4hkrvV3uOTaehPwl5m0vAJIAkMtmCHLRuZH"
    "MBKzOCOAGYDA42/LNwxgE1A+FswgmwE68akoeZ5TjwEuN5rC0MsocGfQBQgaM2BQj6MJKH"
    "8X04bjXd9cYW7+QwLmvyfynq/+1BbotpwDvRwLtM+sFAOyLUZLgk7YReN2ow9HBexGH44y"
    "7UbiUlx/FC/ixLNKWo0iVA3bjLYvdNZoPNLKehUG7J0Wtzppih8aK5pmTVt7d3bk6BAT34"
    "O+oQIR+OH3jAFFFYjVuotpD2f9u7P+p/M85WGbwrFU2hSScajMZYvFQoYsHBVh87GUvAUj"
    "NIfYklIolxcBf9X5buD/zWkewcLhWzr/THvAolx8/daADH0EE8/xxVp/PB8BHSTiH0biOf"
    "v+t6O34FcPIxfMqOf4I0Y//XRydTVSBVi04Il0rEaLd7s8SVkumTKS8pKgHkm5WRbEYzQK"
    "OVjf53hY36ddrPL/EvCG4xvWQ2p0WhfzWue5rVOgOlzLUIN6Trx56oiOARzSNgywFxxKie"
    "Pl/u789kTaNB4Ilyh/+OEE8N8xmTyQ/qeri+sTvknPMUmeAUUYcVCEDwfZbDhIhx8ZLn5S"
    "8CFXCVwR6biB9XEDkDERPDQUVq0yu0iKsAs+nh1sLI0EG7Uc5rqDjoStYfg3JaVAjhE1vH"
    "XfD85abJv7S0jpw4lD52XwjVN1bxkfF4D5OBPlYzXIHnHLyc4JMg3zGphNPEVMYfbMRnhF"
    "0fAmQSeT2lCtX3TTYXR1hNFZkLlDi04xqWCcTxHXYJ9v2d7QJfO89sK8CDbrkMkXweY5cq"
    "acV/yn0dJOtzStjt+ryfcWgbYGH1y3g/jSy3CDSL4wK3ijQL7uYK3aK5Y+wuoYdWtBxkDC"
    "Jprb1EXEeB4+oucNgbpYzcZf9/09K/MxM+h8jgTBRlid+bN0dF3xn4i56ok3jTP+5M9TZC"
    "3tI0zoafOFdP7U3WUEGeOiA9/FXWw8ok2RGshJOgrVbhHay40b2njo0kdENkSpb+OBmKar"
    "OHGhgLjY3XjzvvDn6awgQAkaSgdXHYvqhqABn6vowtrHLYohJmzRGwJ158/S1UW1jObbXG"
    "cJQgC7itTYovy0MocM8YfcVMc79Se7k3N19P0zIBGylINsa+O9/UzOdcun6qpsPkfzMV9W"
    "M2xvCNWvHvLQlZytq68ioS6eYEMCsSFa15GpXgJcQ9tBE+QgYmz6SkaR+7yctKsYMotDM/"
    "RLE24oUIiZPstY/K6CBV0XGrMarFb95UQd3fUD4x4/JJ9wDcJqYOW7DWbrKGj/pphwxGQt"
    "yA0B+5lPdevP1NWXkXnO08am9js5SVchmntuvUa/K69bxSri0eYORwrbdUhfPlqfwxn3Mh"
    "21EGgL6BqzetfYFzllp2T8baZ9JpyFigTQtDsxOxVU5cgskBW6rFEyxU+IyKIiwBMmAACB"
    "wbVk4n7DwCjyIN/yJxn1guFwysECE+rIXE3Gnx6MqfmsyPXc3n2U5U+E0zuILuBg6Oon7Y"
    "miETRZOZ2P/iIvGjMdDO9g5ZPtJB/6UmXpnKwkXQfxrj+bhbnQ9RSnauZOsiLoUkmM2kLW"
    "Z7ISVqkC5hGSltQv/88/m8soKri2Ur9cHLCqw5BA51kNeEiRTJB9Duq27dkSzjveAgyXgH"
    "O8Ty+u+7e/q6v0nyowP/19cN7XJZNq4MbeRXFHpNPiomaEqEsnRLOB22E1g91EbLeNBUVD"
    "tiNLr011k+6Q6/o/L6U5h5d6eSoz8wcVLqBkzCjmaquo0CmKWYA5fEQMLGbYQqtaRY5H2E"
    "f+JXRFOSNCXcBE8SHIZNuogIWiSJHBH0hVFGlLd9mg0FGzpWBaVGjnoJBadpCjlh2EallO"
    "CVBoeQq4s+XcJUFLpNytn/dbEXd1Al1nRa/U+d/McfUFjWeUPqqOq/BS7nG18AcVPq7uby"
    "/9qtH8hDCgZSETwDH1XOAH3X8EI4a42uDKunuIGM6zzZfkW3AJmTgW+cTY8hwE2AILu744"
    "WgCdTAD/OANQ1KYWxfsUJ9jubqyr97VY7M475DynVP2RYHgHLY+H74qaenNtvSljb/ThSg"
    "CdINPF/HLs6f4mVs5EtqLRRrJeRSOZPEWGj/wHlzIHJ8haIizvVUtLXThx24UTA5GHS5qT"
    "ydAXdMps3xnk3avXtZW2xELu5I8wZDgw9pXRAlPEuixS2/RAXUhM9+PUL4suLqXZ3DrbWF"
    "gMRGEbi9QJybaNRUuSrLeN3RDhShGmJgZF/zUCIPDjYN+CkYhikJYp37viMr/9hMP/oy76"
    "CEYT/uhDfxQkJhjN3Lk1Ao8I2dI/s5hxYRiIZgM9/jdypNeG/7uAomebwuXT6NM8kAcyEg"
    "mkQzgJe9PxceIZZLN0I4zb5AL+E2InQBaBFZMQYZYzIAFjPid85J/FUhDN7JCJpT1vNEeM"
    "cX4Psbns7SGe5BvmmwfHDvWmM/GrtDFvn415/kIpqRauiHRPteL6odi/59AtjXaMrmHA1Z"
    "tyy4CeWHAqTqoUzNnKd4Skewr3ViyoTxiqAV7fDSUgbbNH4NX5Vf/i8gTIxkMP5O6yf/bL"
    "CZBpuw+k//niBEAbP5Av56cnYIHGfMTvd4PzKz7kmblonpQTigUoFIpPKFFwWx0FOkBfM0"
    "7WjBjQVjGmFuH+/F+DfPtqzLYdDk8aXRObTijLlUE8RtSFjWfXqAuJuQzg4XiNdXmsVxpB"
    "mZM1TtUF3FNxZQUDy3IjyxQeylCvK2u3iVNqU3bbzDbxI9rjElIV61ycUnO5zVz2jSoVmB"
    "wj1DxuM4/9yPoqTI5Tai63mcvaafYi2MwQdAxFovXg7jdkuDQrgmNJ1QUxN4+fd7+dnw1u"
    "biW+jHqOgRLOIj7XBEfmXiA8ncl5gy8YR3H1m5J20hktn2MXI9PdUco5CJKluEujHyPTOY"
    "515Ti6y5rmG2Y5dq44ei+R5xhbgOpMx/QmUwOw3eqvkkQ1tqnGUL3lh+ztxdmgWK8fTIS+"
    "ag6FOX3Twuz+VFcQF/F87QnusbVJPTdAy7edbVqcPZjuyp+to6D5JVXrQUwWVe02XLqoal"
    "GkGiumui8n8VYL7S17KCmiy6L9lbLDy+LdnNYHmA1mCFjInCIH0Ikf3MUA35JPRMyVjIEC"
    "LpV/27Lsck/+LbcMIPRQ/3OQ8ClzKNNhY1u6h47CarGU3wPZUVjGTHQkKJVWGSHphL9+28"
    "EQDjKwjYNjqijIMaIOwvz+sFAqzmFOKs5h2nPpQjej5sj62KAlccNo24iYQRGaxPnw+fz6"
    "08X1jycgGPJA7sJvWOSbgfzoPpAf+heX55/EjTHf8h/IT+eX/NOMg/BAzvrXZ+eX8rIh4B"
    "D59snDopnXhcuHaG6rhMNsA1yEpFkL0LuNz4PasmwsyNwhchyVrSE7TCVO1XVr8jaCVbSj"
    "phIr9s9RQ9wKPI6QaX9rm/nrJ/6XVU6iVNoTVNUTpOP9lMH0x4WC6Y9zgumPU9JWY063tk"
    "HdyEJvpKTri0U+x9uJnpT6eWmfXMe6ivcSTrno8RbzyfEHANf3l5evFJvLLn3Ie4prSRfy"
    "fOUg2hDYznrokgjHhYMCa3e3NZ73FNWsEs8rSJspDOBvwwrHzXJ/zvba+OUmi3lsRIMiW1"
    "jjvqXEeuajDDcoWrlKxr/1G0r4yesTall0AaBFyRRMKRg/g9ejr9gc9cCI//umB8bIgBxW"
    "gE0GoIOAyQEX2fITvvKAKFgQ5L2nGiU18ByyDMBfHhZFOX3Y5FAHGdQxRf1OYgJCRZaZTO"
    "SnlvkWCAeUL8sAeUPwmv/7/RsxYIJl1U/+LLJiNeQsgQzJWRz+8ED+Nn717tdL7XRqu7DV"
    "y3E6iXJ6ZTS7cHwH/SBHRXS6o2yV7ihdw5OjngY3u8JhOL4lpQ33qtuNTkVvfSq6PJ4Um3"
    "1e3Yslja55sb7mhfZ3VGHA3tnDocg+KZ8aEaHSxiqdGbE38OvMiAYyI8RmoW0u6xIjIltq"
    "aaNLLGs4EpxaPbo4GgrbDcBja5JQF0+wUUeT+OvIVB166bfb7XwO7c+U4eBh073Oo9d7uZ"
    "3O+cihHQwtaN77iS74JdFsXGhAY/r1GyYsZ6L/uGiaNkaISMtU2iBXilLZizygCw99Sas7"
    "krdHQOjl2LcCbqU4kFMFcEnRZoNA1VjfbZTd97A5fIIWNrGrbDic4z9PUGrJuLJiIqNFvb"
    "KbTZRKg189eETXV38JhpeEIFD4LYvT6fesLvU/wLUGPfVqNdOeMaJw1EVsDbapC3Q0l1+l"
    "V8RT/XPUimR5gWJ9BKBhING+MqixP3HoPPSti2r9o8PjdyNAiSjlb9HxSLrVxQWOLpBN3z"
    "6CkbgNGgEGnxmYcX0Du7I+P38a5DCXUt//vpg9q5sH7PYR/I4BfsGeR/Q8AgLwVXF/ELQp"
    "MCl1wGtIwMVV/zO4v/j0pgdGE/7UyLH5w7sjoT6J5p5BwNK3F5/kLfhKdBFxTwCCxiyIJU"
    "AiYsDYuI+1VqWaVKXE2iujSIXjt6VGNddG/MNRASXqw1GmDiUuJdIl8d+qtnw5azuk0NJE"
    "Zald7HBlFnQ4voN2gfqd/TYqZ3YJx3elY+1B0YrQeQWhk6Ai8oQsaqOhEBHKoJsi7F5Ozr"
    "ZqcC+hc2ka8ZxutXGyloR07VW32pWMWmapx6lqWefNCn/bN+DqJL9dbigOmnCVrOR2EiPS"
    "m0n5zSSiuZbyBsXJurad1K/JmJjZES9wlXjcxBQt3lleXZ9/GQ4uzn45H3BytBj6YTYP5P"
    "b88+XvJ8BBtvX8QPgM5/w6ddEDOb25vz7jn/zWDQ+kfz+4uerzOU7AssfbA/l0//ny4qwv"
    "yEzPtkSoAh/7pX89uBsOboY/31xcn4AF5DzlW8Lw3xQTcc8f7u9EFRm+V3hMVJm5+9wXIc"
    "A2nD+Qz/3bX8RFGzqP1erLFCoTlFMlKF0kqHx/dN0SveTRLs2CZQ6aJUFLDpm9SkIQcSRl"
    "qiUtx+tSSasKbQg/VXKlJki1L7XVvlTpFajA5SidLtvTZg4HLb1Le8vjdDpVobJ5OxQch3"
    "RSmgkKYs2JqpxoMG5E43+iKyu9+KCdlvGhhpgdXeVnI2Sz06HUwAYySQ3Inq1m6ia0cfGt"
    "ALZRUaMGgDvZGiYJskI82yQBLZxNd+XZcVJVeIQp4h4jp1t2zGNwQhRtayGKE5km1/HC2k"
    "MIiZpCgDPAQ2/BKLg4EmF7Fl0g51sDMnGBo0KQIaYZgRnlv0zGGMpwQRHhh1xjhkw/cJE/"
    "IlrMkMNvz5DhIJcBRAznWQQ4qsslNf5EOiSxxaJkD2SHJAaro4wHIUJST6hRi7x5W+nkIP"
    "8vAXA4vuFArjvPtqnj1hkNUH88lwXJ1FOWj8zGN0rTMMaI1AZv/c5F28HUUWYkZm7OUZJm"
    "PTJ8rWy8N9fmk7Etjw2DfTNoh5I48PIqOCmoG67ltNygW1zKaU/r8rG5a7d4T1gJjWVc4n"
    "Eq7Rcv7xe3Rf3SKt6+GKF297XZ3aebHDXT5EgiyBAiFV6vJK1+w9r8hunyji+CzbqYxItg"
    "s7RwlvZJR6l06mddPmmJag2+p1/DefaMCUXdTtHVF/M33fLX4fbibFDM35QuALeBzylRdq"
    "4jyMe2ilRlC+2iywbLd+1vCFPX4h+26sRMdi5SODMVzY2ynZo0GDwMMgxLFHOR/j86AdRz"
    "2Amg/JtVdZIev2r6PUwmDv0bLVuoiMonE+wwl0P13AMzPkIULHlCjqxaAmz+x7IJOHg9Cu"
    "usjt6oy7k08RAbuDAby/5ssyutxg6P2e5L0Sq8XJWEFUUHi1BsxX0p2pFbmb3oMwI/IzQd"
    "xLn+RjfMG/8bGaUSayMkHYT4QyFv8Yccb/GHtLd4mR9a0gMXo2vY97Z9Q0Cd/VT8UmYqDZ"
    "1A5znTWxQSJbF+DiLs9lKmVGId+H+WWPPle3px3b/9XW3RPlX4i05/H5z3dSObl2gC0xli"
    "Oi/mZaGfY4PUuRvhOtO5G63O3SiUUaBb2mRAvlVLnAh6lXF26hYt0cu9PAscWw2smFngl7"
    "cxwYQ6YEqpeSLK38w4YCI6nwkTlktFjWKPuNgCI/nfqMc/WmIKKMxdjBJg4YnLQFaf5W3f"
    "cAOjmmzUWUYfXhJ0zpRWo1kn25S281JCbdMLdlBLiBn8wExDnF2iOByvq9uEoR1i1ymr0i"
    "6JdHRWq5VZbbPoKptTWlu2CLxN6S5Q7BSC3Urly5bpIn7x9eLcYIaASLT8KFtBEG8+Ro4Q"
    "pMQnbL4FfTBHDn9I4M8KbCp47YtY/D/Ir3GR7BmM/GFDfpWOpNfzESHbn4cuCAgUDpaW7x"
    "p5Ap0I2mLbSZ74px1QCQHwuJAAeJwjAB4rBEAXul5Gtu36sq4r6obxJmiRxlmUcj0RNVwf"
    "yM3n8+sTQG1EHgj/89PF9Y8nXD8kJodflFm9u7n8za+zyqj1JAqtnl3eyMqrhkVZteKqW2"
    "jAkJn/WIxdOcmQO2cYdebQUvDs8obzzKILUWL39qp/KZR+MfSB/HTx408nYIanswdyf/vj"
    "+fXgBHj8IPA32Oa584RhVcYEpA3zBNpYwZDzq/4F54I0ZjyQu8v+2S8ngFlc/Hkg/c8XJ4"
    "CTPZAv56cnYIHGfMTvd4NzUaP4mblo3g7WNJKU3TLFbAeJmBPszJFKaMoLZYjR6TTitREM"
    "ovZ3SYhDkobRVSsmLYP3CTmhMb2gTSxC0XCFgY1F/tqsYoGGVt5wEiPU1rG2mU1iGxGh9G"
    "/Oq0oW0BSx5nWbee2guUCxWg33GKnmc5v5LNMVhnxCm/9GVKmWu2ICzfM289xBHFKuqzlD"
    "zrTHKkxXz6C53mauMxdOJpU5nqbW3G4zt0O7ZqWXO0aq+dxmPvvW6ioO6yih5nGreayjEl"
    "4Cm3XNmBfBZoagY8zSLB7c/YYMl2YmDYdUXXBN5PHz7rfzs8HNrcQ36AMdj62R/oPI3AuE"
    "pzM5b/AF4yiuflM8/ZIxPCWofM2eBKHOmKmar6T7KDWM/yqUqjwPUrSaD1X5oEuHNQj+yn"
    "5VlgFJSs2EykxgtoXdoejuUZoLKVK9D9WUwaqr6IFCWZYFqugppJ4agNUN85K5wcstuQZ0"
    "7xnax7jhotgmT68CKzdUfHYH7p6u24SGWGDhRsTpGtDtesmAtPJRYPWuBAWN8FqEU1LVBs"
    "UDwpQchVxXonRA8WIN+7Ijx1anrrBQCCb0tPlKOn/q8DrStYVLgKWsTFsdMEVV3A6CFhy+"
    "ui7zOqD8M1TjtA4nQl08Ef2KN68efx2Zqqs7vEy/GhockQ3BuhMTnfHBXUUKui40ZjXInv"
    "3lRB19BV04rWWHGsBpVxfTAhIRV/FvijfdpH7mU9z61peugiVQGgYWJo1WgR19aFjUeNx8"
    "Qz8T03QWJ895Qs+bgiQn6SpEFiabriJ/J7/kE3UVJGGw0kAVUfU8d1Od2AfpynO75AGMF+"
    "aADtfxsA03FjN9rD6v5usqZAvoGjPk1ALXF3+uLkG1zaJjfRsP6CNS1pNdXuvlFR6DNh66"
    "YljRUrJA3MYEkkbWc7UdOnXgnJ0ANhM1u0RDpB7wQzXBDLIZMnvAwnPsSjIwYga1ERspqs"
    "bWO7euF9biSBVBk1UvTP6fwj+7vks4voOVwg4KVQo7yKkUdpCuFCbfr6F4fcqgHKfqXCHk"
    "D0cFgP5wlN0S6EhRkddWCVw/391cZ0S/LSmSqR7YcMF/+U63Y7X5jz83PxFVeAoIxMzZvd"
    "aTbdV78XwNMUGy17rOpqrCir1Ls0Ffbcynq8DmOKVOjWwzly3I3KFXLQM2Sas53WZOO+iJ"
    "SxbV8tmjlJrLbeYyfx3L52REiHQ6Rl2JAB7TAdXrQyYjSy8WLHnWvzvrfzrPi5XcpsHnwk"
    "TEFXV/FQaf5bVensEH+6Nw0cbd/bD5DnQBJODGRuTikzDMPPGZnB54JMIwM34GrzFjnvgm"
    "qN2t6L+94VwKg84fr/yR4nJYM/xPbeVpyzbUy7HyrBhX1AKxouigpWc7TYF05f0doKwND1"
    "qE1SKsFmG1CFtEhL0haMA3s0y/Zex6rihLCRcG+dCSDkwRLOI3neSSpsis8HtULqjzyKSH"
    "8QRg8oRd6bDuARsyxq+ZoqMIcnucYooNOUlv2eTSmCGDf7S9scWvTagzVwm/u7vxBq5P7R"
    "zaonMoWxq2PYefV6XcnhGSTkpqhQS1HDktKaYJ7Mt448LxLfHF/ecf7YvTInG7ROIW+eI0"
    "m7eq+VSqXqldcHvD391rti3j5wtUbFvGgT3Xa++4Pub/4pRKG17q5WmzzB9UWI110IRvAb"
    "MgWpZOuAaJgEWnmLwFUnlm4ksIRhM4x9bziGuHlkUXchgkVOiFH4HHOEf4IGYLtVRc8p3q"
    "jKumCPiUKlV2tzfXkbwt3s56OVqtz8M0B+7vLz6p8V9RJHjgedh8K+jqkQV3yYscWH0t1j"
    "/7o6e6/KE6areBqF15usCwF21RmONUDZtjakP3sJC37DDHW3aovWUvVKfQpoEXwWYpu1Vp"
    "OxWh08aBNnNYx+e+BC7r4IaXaQNqGwv23AgkUO/7vvlXCkNQ9HIvzxjk6xP+yKKRuueiUu"
    "gyMkCGFlgImkwkRsMg8rYnTSu2g+eQjxUmF0wMyzOR+RGMkIhJGAHMgEUXyPnWgExYa0ww"
    "RhYlUzmRIAmCeClR2YYae4r1RqI/lqvmz0x7kbx7Gc1vSdA53fr9YSEX/GGOD/7w3bq4B1"
    "Ell39fRbxIkGr5os3yhdb6XwSbtRipxcg2sGDPxchTUfgPmXeIo+eoBMn4gFxRcuwPHTI5"
    "tqh7kSxFuNcj9AT/F32Fc9tCb6kzHb0B1OGynEm56EPE9ei1XkRs64HFjHLpTca6coHOQR"
    "MRE6JwKG79dhu4EG3ousghZYTCCIkWC6uIhfzMZ7QU5CuKrnhfdK6SlsM2FbfHz6WlsRSp"
    "ju6qSSRbIbs7waxlfCgql6UWYemORdsUz84gIci8RbalTMSPXs4VzQw5cOjwkSXy8V301Q"
    "WPyHZliURIGJd/GJd9sDsLCijaFjTQjFqmvGAjB8iuhtKKZkEy9fjPUkV11TizDtlq8R6V"
    "J3m52LVKpSEtCTqYhHRwXKj84nFO+cXjlAg2pqbiABjwd08NcDi+E/jmCVnn/xrE5KtUIt"
    "JSxrq8uf4xHJ7MToqDHW5KZVZ0lKZh0P0U2JqCuQrFcuWEciUX8hM/BLBKS8vcqiMUzVr6"
    "Djbepg8Pjr47+v79h6Pl7rz8Jm9TTnfL1hpZpc1i3zQyzzYrsjlOqdncajZrxbs5oTbR7L"
    "40A6JUGvuajB4S1BrsHb+G8+wXD4oaPKJrT+2JUu8y2pK015Ykf1UrbEjL5Z5tPZJLpqDV"
    "6MsMOQgE3UvBAmJXmmwWMwoY8hPu5m9BX8RkPXG4AqsOZuKqrMiIOdkczcdcgM8I/NrOLb"
    "QdqcXbfi/HjsQsb1pG6Q7Hd85f+qGI3v0hW+/+kNK7dX+U7fZHCXYoxe5BqYUgyfD5r6gS"
    "QI852S6RVp8Bdahjpzc3lzFN7PQiaYO7vzo954hLvPkg7GaI6Nowtz3DHFdqsVvOMhclad"
    "g09+7dxmdfbcY5yBiXpecls4HjVA2vVEIJavFaFc7P5yHjMuPQRsQUj1Ju31VPoLfg9Vuw"
    "g+b8dw3hxEXO0ISqXryZ+4WStkNGk/rM+xZlqBrGKlINcRpi7Yeq5ahzjBl+quShSJDqTJ"
    "x98FBof2On2az9jS+CzcyCQ5ta2Cjvb0yRdki2aNbntUK2BvfMnQU/L+faL2YU9dGkVmJp"
    "H03EfwKxNaZfVY13y7Sjv/Kn2d/dLd2IPlZMznfTbIbRQE7SVYjSwdnVkUpEhHfjLY6hFT"
    "juNoNJOj2v5ExdXVV8qzMeh8ZMLAhrQ7juxFxn/lRdwmvrDvdgiWW53VcrcI3zfRhZ9et9"
    "8Hd0jkQst3SJ+01fMAHQd4R/BCNRJmUEZgg6snjumGtbxgyxtKd9k4mUPRSjwSexEikli6"
    "doj3uTHnfB9pK285BEW8uLOCyZO/Q9O9W7kifotaWszbp1Q1GkbTunmwnh1ZVk2mLN2HUE"
    "b9uYsJ0QXl2fZ4/r86xscqpuH1GDXU6/j9DoVTj1+ye6AIxSsgyyhQ4KsrSRKYNt+eFHrS"
    "dk9oRCMMfEc5FUAUS5RQNaiJjQ+YZJnUG03phRL0zjth1MHewq4np3dlcd6tvi8yFP8Wg2"
    "HrVFob5biUZ1oTNVmmqzO1dGSHTzygrNK4M9qwzkURqNeXnMZR/nv4NQxaIbSYyo4TDL+8"
    "FZbftI/V1tdIiUTtXXdh8dOvPS2ZwycxQJKVglWm7o2txbc+5ufXTX1MUTbEA3o51m7Hov"
    "T8cmkZGFM2WhCyAQhgc/bxWTb/kNABxTT2S0AvSEiKtKfy1Mp/TBRSwdcqTKB6f131bqv3"
    "tcrHYbWnD9OUJa7ursgRzPR4LV2oxB7U/dB/4uz7VSZ1WUSjv1KvtTfet9afRjZBp+7c7e"
    "D+hz3Nna8VqL4zW1sdeA6Xk4T0dBjR5l61F1l+H1G8LauTj9JK6xQ6pNcQJRS8VnB02Qgw"
    "Sn1tg0IiN7Ra0bQ3tJVLiQvN9B8RsGjBnFBpJF30VnxddynYJHzvUeYAa1OXUQsf7mI1gI"
    "QwdmgN9dEDJEwAzK8l4gWACh75/f8FFVZn5n9y1maBH3E5/kHcUfwT21+aU953kvx/wS52"
    "JRE0ycqoNmmKMiZpijbDPMUcoMs3xBimK8JOggvFuwcq0yeYoCHCHpIMQHxaJpcoJpkhAj"
    "In542SyJCFXDiRLbNyrVmDChVV6t8raBBfsfa2w8nvFpXinUhtXFXE0hyDrl44p3mZI6FW"
    "AzuiB+emFw2JzIQr1irp5ozCkEbncmbPCh+B00ZhfJiZA9IlN86aj7TdV9jwfyQEYLSPja"
    "HAGDenwFyOG+v022jrcofQRwytdBD4zknUdyiEjPklqIGCACm92PwfUhVzNmsiF9cHPZUT"
    "XobS/emegvVKocMf00FDldBOfBV8Gv1i7fVm2oeTpHWW2jw3pG/VJa5M0oHAm6IukgxFvT"
    "NUqiHKfSQBcAWhW4n7OMVTH7xYBtmd9627gSGoiqcWjv7y8+ZSSdULVs63nYfCvI9nDx5o"
    "Dq94b2vf1RP778pXEofXmpnDSxomlWS9u8VPSO/cBSoiyH9ZJEQ10eaim8l7JZxqi6txXX"
    "n1siC1sgx6EKG0N2V9M4VRdwzgvV2kZrUx0VWYkV+xY1p7NRXgSbdXxemyzmOvZmJ7E30f"
    "qRjMHppllW0hx+5U+1twLEbpOtYkUkMz0MKz/zWidDpLRlET9DMB4ssDsDENiew3dWdAJG"
    "HCv+xCPpHWBhdcNvfK8A64GRg/g3zB0B13OI6BzoLyDAcaPLWiV0ElKq/A87vbfaM1DICR"
    "Cp0KiLL7bTIaBt1tpm3RWgg32wDMoRkg5CXL+LS+vu66SgTih1uoJoe1Q6XcaymEK3voxl"
    "g3FQoW6XpahEdL91ikpU4yxSFgIbMyDvEYr7IiJoIb826Fw0+zwBCwe7LhJxSfwfEUw0Rv"
    "ya3/wcUCH2yxqJCIs/gYkdZIgbqKpJbPt2JdSRnnRMp5WS4DmkWtID/LPgsdZRtI7S3k1Q"
    "6ygdAXpncTUvDlgZZzssiW+UqAu+3G2jTD13Ssv3uo6S6VSU4qkoWt2uwoC9U7dDAbSUjB"
    "kh0g0wq8ZaRVSBcuDH6DT+Ndk6jCAjaENTRyy7aL/YUNTaEXn711fkCFZrDcierWbqKK6x"
    "F7t1dqTPMn/sVZYZKbjcW29FshG1LVTU2e0bdKAhU9NAkDnm1wzFLhgji5KpyFL7CEZT38"
    "EcjGWAoCc+ii9X51kknU0mwMHTmatoD7i926yzGfmQ6A6CbT41etpA1KTiF39FSgCdItRw"
    "F4Bbbm8llewlje6KuV6zxvNhNZtnilCbjYqYl5HxWM2OEaPUdoxW2zF05ZS2KNK6csq+V0"
    "65RQbiv/xVlqoXXu+t1/Ucf2jh0OYgSlgEAstbfRPUDFlAGUnsYGQC6rknUjt7RM/Cw++z"
    "vgcYBZBPYEvrs/Tt84um+F/kMauUvi3fbYPujPxmZSSDYHj3ugMWkgcOcgSCg1AiyOtFwd"
    "foUyURIUGqZYTWyQipg6rBffULdR6ZDdXVbBMjCuyti3Bw0d1VFIzix67lpwT1wCMRRaTG"
    "z+A1Ii5ybAcLMmGeePMRjMbU5VvXIyKyjhMihvNs82X7FtxFbFx+xSi+5VnPIqTKQSIRxG"
    "OimJRiw23gAZT2t9XdwlitwCSjS0m1RsLM27G10W3ranPqFSkKdIqwYbhbjHGzTaDbgGgx"
    "SPMwTYEqTo0KtuIEWXcgrnvRCqDKQ6tRXY+qlHVUYgWBznM2tEuypO392fUlw/2yB+cJC0"
    "Fj7KWuwQE9vbju3/6urglzqmikffr74LyfjN/0BcaSPo8IlfZ6rPd6BHANTTrnd1aEymY3"
    "ileQtqRf/B9/bmelb6Vf/ARiiz/PkGFlHcB8S0eKWPcNbJupQxcYK8dTXWCsNazYt9dLFx"
    "jrLJtbYjDuuy40ZjLgVWEsjlzt5RmK4XJcYQ/cBFvChQVgUJTnLRiNLTqWNljRYUC6wUhY"
    "1H8MmEsd9FHWA5Jd28NUWxE2uYCCYhK0I5A+Mt+55tkWhSYyxTWVY66Zh1jvr4v2JfDzdy"
    "P5vNpY3EpjsVggpcwVwfhtGSua86bWX8dWvKdlrZhRmi6a4o+PixiHjo+zrUPiWjJXiLhi"
    "m5FAlcA6SddFvLdhRGb4bwXOuRXHAwodR7ZBQpy/WEsWAohRdUFnja/v40Lr+zhnfR+n1z"
    "cmFiaqFZ5n8FwRaXunzp9+wSqizuJtz6HRWA1wjb60ZkkVukLkfZxQc6Cm4PvdF2FvGReK"
    "xt8XqMGu09i3lsau2kNqwLZgzsieApvYM2PI8mcA1/eXl03ljQSr+hY9YYbVVQKSQ3p5hu"
    "twETnB6MIlJ2HU+ssgNsEYTfg6ApAAZGJX9MaFQAKXUUWywgxFDMfaUtyKs7OXZymmpiLr"
    "JttdHo7vhFVNe8r3ghVaP9ZW1VIqmjiyaHkFLUam1bOa1LMm1Ii2vQbb0iP8Fau1iDWwxl"
    "7sVukQAzh9pdAbxNe5uoILp4WjWxbUkfEeYMLZxOFcdp6CU47ZRzASN5dhJhZdIOdbAzIk"
    "q4H5bFbFqtQx5QaZ4lplaFJlaDaFq0WZ+h+KeCk/ZDspP6R8lNHHKoFwgqwrKUfvC7mB3+"
    "e4gd+n3cAcNdWJmedst7oTGx4HOG9vCOH9LhPc75LQPiGHKVdu5sYcoWhW3TnYeFM+PDj6"
    "7uj79x+Olnvx8ps8mLUT/YUaCXQ4fWfZXCKcPunF3LCxse/BDLSH/eT6btsarwBTaWFRNH"
    "N0Md+tWlgly0ZEXTg56rXlN1HXTI5e0DpT63SmgD2lOLCi0abg/YuVernwtypUp21s2FKs"
    "jgsVPaLKo9opwSEF6XI/bVP10Z8pJrd+TU6VDBK9nCuF/JsPHAbFPQuahu/oHAl/PljMKE"
    "NgDrEFxO3NZQ4imMkSn4QCGzqiZuhJ0O0BGgayZViIiQwRIv8W/MQHyin85ENMwIgu+BKT"
    "Eykq4+387iVTHbUk1UpJiq8At5T5eUnQsFmU2n7JIt1qfk8PmL21R8Q9DAY2K7E5TqlL4b"
    "SZy6ujr7TmkyLV2o9WPvcTft0fQ+v9bWHDlvT+1W6twV0PbupsK5Cpozu77HVnlzOLGo+v"
    "1L0H/Gu9NV0HhoYYVtCkckMQsB06x0zWchKVlwJbxuvRBDtMZPcwm8OJRj0wIuhr/Av+Nz"
    "+IxGSjNzJebjFDRNRu4rezGDBV0Xi7uaU2nuzLMdzLMZ488h9fxnYSju9Ets/We3a60Klm"
    "QYlTagtKq3VrG/LTrgqXY4TaftJmHs8x8VzERHcExX6ZeVglyZpVIN9tfFrVFtPIpYgqFs"
    "cllX5b2vy2cEGdVGBvhEzzt+38rXTixQg1j9vM47GDoDGrxOUEqeZzm/k85wp6eRavqDR3"
    "28xd7XDSXo82saFGr0dDFmTPeULPr1T2Y/9KL9d6LMeUMB3L6D3+Gbh+p235GTkAjkWJf2"
    "HalebaJ2QGNt6eNNmKIv+QsAVSNBaob9o12Qm6j2xr9qRejgmYifoSFUyUKzJtn2y1DMBh"
    "Fz81xd/M92tF0KGaN7WZrhw0h85jGs7sEmkrii5kjOe9GtuokeYfOJUU0QSpVlXavE1pVU"
    "XHxr0c6LWWuPvYOB26tcehW/5ivsREGbwVudorkJpv8YEFtfARo55j+LXLRiL8ZQRe29Dh"
    "2k+PK8mW4H8PmJ5tYYP/3QMTaln84PPsN4BOwMiFzlSZ7VbjvEo93J9+WSVAjA4+yBgeVc"
    "GAcIwO1mqnpq6DtbYYrKXT3dadHJ3QMmLbYvGNLEamRd3qCVDRg6iEkhcl0/DXpWn4q1pr"
    "GuuF4tj7X6T6hlivGtgiNTgib3b79I0rTz5Mhr4hrxbRN+YiCrSYvhGtggEWkMMpnHQzBB"
    "1AqDsTtZW5/B9WxAgLYIjB4iYmwFx/kM1ZVl49cZG51LblZb8sBsuvv7H1O6+vbBbqodqN"
    "2JqjJE85kWugSiSRp2XnPZGdtYVeW+hfDvTaQq8t9O0EtdUW+s/Q4UzHNiTK8nXpQUXkZ3"
    "s1vqwYjQk4O+PCKkJMxrD5MQFMxrLZ3tjChiwm5we4TUXLkuDbYGCOnFzL1NUF4T/iV7RM"
    "3DqZmMtW1eJWzFrrarV0n9MysRbMtEy8V9BrmVjLxO0EtdUy8RfoGr5slyEPhwOKyMILf2"
    "xROXhppBUW3aVBN2LI5eIqdP2yyuJvhJUyb+VptHy731u+lm+1fKvlWy3fvgjotXyr5dt2"
    "gtpS+baPHGzMVIJtcCVXooWrMbX2SNskYuCliI4b5kNmC4WZTV+zA5Wzu752Ilb5+LhIsP"
    "LxcXa0sriWyIrkL1UJhIPhHUT3oFBP6IOcntAHqp7QxEVEcdr/fHdznREFviJJqjTYcMF/"
    "gYXZHp/6KnAFGDE9JpXum8zs7cUVFDHBqUrs2uVh9s//A8IMz4s="
)
