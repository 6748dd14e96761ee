-- name: add  ($1 question, $2 answer, $3 keywords, $4 language, $5 published, $6 position, $7 to $9 their words, $10 author, $11 now)
INSERT INTO faqs (question, answer, keywords, language, published, position, search, author_id, version, created_at, updated_at)
VALUES ($1, $2, $3::text::jsonb, $4, $5, $6,
        setweight(to_tsvector('simple', $7), 'A') || setweight(to_tsvector('simple', $8), 'B') || setweight(to_tsvector('simple', left($9, 400000)), 'D'),
        $10, 1, $11, $11)
RETURNING id

-- name: change  (the same up to $9; $10 FAQ, $11 now)
UPDATE faqs SET question = $1, answer = $2, keywords = $3::text::jsonb, language = $4, published = $5, position = $6,
       search = setweight(to_tsvector('simple', $7), 'A') || setweight(to_tsvector('simple', $8), 'B') || setweight(to_tsvector('simple', left($9, 400000)), 'D'),
       version = version + 1, updated_at = $11
 WHERE id = $10
RETURNING id

-- name: vote  ($1 FAQ, $2 voter, $3 helpful, $4 now)
INSERT INTO faq_votes (faq_id, voter, helpful, created_at)
SELECT f.id, $2, $3, $4 FROM faqs f WHERE f.id = $1 AND f.published FOR KEY SHARE
    ON CONFLICT (faq_id, voter) DO UPDATE SET helpful = excluded.helpful, created_at = excluded.created_at
RETURNING id

-- name: columns  (a piece): an FAQ `f` with its votes
f.id, f.question, f.answer, f.keywords, f.language, f.published, f.position, f.version, f.created_at, f.updated_at,
(SELECT count(*) FROM faq_votes v WHERE v.faq_id = f.id AND v.helpful) AS helpful,
(SELECT count(*) FROM faq_votes v WHERE v.faq_id = f.id AND NOT v.helpful) AS unhelpful

-- name: narrowed  (a piece; $1 language, $2 its base, $3 keyword, $4 published)
($1::text IS NULL OR lower(f.language) IN ($1, $2) OR ($1 = $2 AND lower(split_part(f.language, '-', 1)) = $2))
AND ($3::text IS NULL OR f.keywords ? $3) AND ($4::boolean IS NULL OR f.published = $4)

-- name: get  ($1 FAQ, $2 also when it is not published)
SELECT version, convert_to(row_to_json(shown)::text, 'UTF8') AS json
  FROM (SELECT {{faqs.columns}} FROM faqs f WHERE f.id = $1 AND (f.published OR $2)) AS shown

-- name: distance  (a piece; $1 language): 0 for the very language asked for, 1 for its relatives
(lower(f.language) <> coalesce($1, lower(f.language)))::int

-- name: page  (narrowed by $1 to $4; $5 limit, $6 to $9 after this rank, position, question and FAQ)
SELECT convert_to(coalesce(json_agg(json ORDER BY number) FILTER (WHERE number <= $5), '[]')::text, 'UTF8') AS items,
       coalesce(bool_or(number > $5), false) AS more, max(rank) FILTER (WHERE number = $5) AS rank,
       max(position) FILTER (WHERE number = $5) AS position, max(question) FILTER (WHERE number = $5) AS question,
       max(id) FILTER (WHERE number = $5) AS last
  FROM (SELECT f.id, f.rank, f.position, f.question, row_number() OVER (ORDER BY f.rank, f.position, f.question, f.id) AS number,
               (SELECT row_to_json(faq) FROM (SELECT {{faqs.columns}}) AS faq) AS json
          FROM (SELECT f.*, {{faqs.distance}} AS rank FROM faqs f
                 WHERE {{faqs.narrowed}} AND ({{faqs.distance}}, f.position, f.question, f.id) > ($6::bigint, $7::bigint, $8, $9)
                 ORDER BY rank, f.position, f.question, f.id LIMIT $5 + 1) AS f) AS numbered

-- name: found  (narrowed by $1 to $4; $5 limit, $6 words): the best first
SELECT convert_to(coalesce(json_agg(json ORDER BY number), '[]')::text, 'UTF8') AS items
  FROM (SELECT f.number, (SELECT row_to_json(faq) FROM (SELECT {{faqs.columns}}) AS faq) AS json
          FROM (SELECT f.*, row_number() OVER (ORDER BY ts_rank(f.search, to_tsquery('simple', $6)) DESC, {{faqs.distance}}, f.position, f.question, f.id)
                            AS number
                  FROM faqs f
                 WHERE {{faqs.narrowed}} AND f.search @@ to_tsquery('simple', $6)) AS f
         WHERE f.number <= $5) AS best

-- name: suggestions  ($1 words, $2 base of a language, $3 how many): those of the reader's language first
SELECT convert_to(coalesce(json_agg(json_build_object('id', id, 'question', question) ORDER BY number), '[]')::text, 'UTF8') AS items
  FROM (SELECT f.id, f.question,
               row_number() OVER (ORDER BY lower(split_part(f.language, '-', 1)) = $2 DESC NULLS LAST, ts_rank(f.search, to_tsquery('simple', $1)) DESC,
                                  f.position, f.id) AS number
          FROM faqs f
         WHERE f.published AND f.search @@ to_tsquery('simple', $1) AND ts_filter(f.search, '{a,b}') @@ to_tsquery('simple', $1)) AS ranked
 WHERE number <= $3
