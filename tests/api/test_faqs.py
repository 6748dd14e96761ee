"""FAQs: who reads and who writes them, how they are found, and what readers say of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core import faqs
from core.models.faqs import FaqVote
from core.models.integrations import Setting
from core.pages import encoded
from tests.api.desk_client import Client, Served
from tests.support.desk import Desk


async def write(admin: Client, question: str, answer: str = "Yes.", **fields: Any) -> int:
    written = await admin.post("/faqs", {"question": question, "answer": answer, **fields})
    assert written.status == 201, written.json
    return int(written.json["id"])


async def questions(client: Client, query: str = "") -> list[str]:
    return [faq["question"] for faq in (await client.get(f"/faqs?{query}")).json["items"]]


async def test_everybody_reads_what_is_published_and_staff_the_drafts(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    await write(admin, "Public?")
    draft = await write(admin, "Draft?", published=False)
    for viewer in (None, desk.eva):
        client = api.client(viewer)
        assert await questions(client) == await questions(client, "published=false") == ["Public?"]
        assert (await client.get(f"/faqs/{draft}")).status == 404
        assert (await client.put(f"/faqs/{draft}/vote", json={"helpful": True})).status == 404
    for viewer in (desk.anna, desk.admin):
        assert await questions(api.client(viewer), "published=false") == ["Draft?"]
        assert await questions(api.client(viewer), "published=true") == ["Public?"]
        assert await questions(api.client(viewer)) == ["Draft?", "Public?"]
    assert (await api.client(desk.anna).get(f"/faqs/{draft}")).status == 200


async def test_faqs_are_written_by_admins_and_by_staff_where_chosen(desk: Desk, api: Served) -> None:
    anna = api.client(desk.anna)
    assert (await anna.post("/faqs", {"question": "Mine?", "answer": "No."})).status == 403
    await Setting.create(name="staff_write_faqs", value=True, updated_at=desk.rt.clock.now())
    assert (await anna.post("/faqs", {"question": "Mine?", "answer": "Yes."})).status == 201
    assert (await api.client(desk.eva).post("/faqs", {"question": "Mine?", "answer": "No."})).status == 403


async def test_what_readers_without_login_get_may_be_kept_by_caches_and_what_staff_sees_may_not(desk: Desk, api: Served) -> None:
    faq = await write(api.client(desk.admin), "Public?")
    for path in ("/faqs", "/faqs?q=public", f"/faqs/{faq}"):
        read = await api.client(None).get(path)
        assert (read.headers["Cache-Control"], read.headers["Vary"]) == ("public, max-age=60", "Authorization"), path
        for viewer in (desk.eva, desk.anna, desk.admin):
            assert (await api.client(viewer).get(path)).headers["Cache-Control"] == "no-store", path
    known = (await api.client(None).get(f"/faqs/{faq}")).headers["ETag"]
    assert (await api.client(None).get(f"/faqs/{faq}", headers={"If-None-Match": known})).status == 304
    await api.client(desk.admin).patch(f"/faqs/{faq}", {"answer": "No."})
    assert (await api.client(None).get(f"/faqs/{faq}", headers={"If-None-Match": known})).status == 200
    await api.client(desk.admin).patch(f"/faqs/{faq}", {"published": False})
    gone = await api.client(None).get(f"/faqs/{faq}")
    assert (gone.status, gone.headers["Cache-Control"]) == (404, "no-store")


async def test_nobody_but_admins_writes_unless_it_was_chosen(desk: Desk, api: Served) -> None:
    faq = await write(api.client(desk.admin), "Public?")
    for chosen in (False, True):
        await Setting.update_or_create({"value": chosen, "updated_at": desk.rt.clock.now()}, name="staff_write_faqs")
        for viewer, status in ((None, 401), (desk.eva, 403), (desk.anna, 200 if chosen else 403), (desk.admin, 200)):
            assert (await api.client(viewer).patch(f"/faqs/{faq}", {"position": 5})).status == status
        assert (await api.client(desk.eva).delete(f"/faqs/{faq}")).status == 403
    assert (await api.client(desk.anna).delete(f"/faqs/{faq}")).status == 204
    for answer in (
        await api.client(desk.admin).delete(f"/faqs/{faq}"),
        await api.client(desk.admin).patch(f"/faqs/{faq}", {"position": 1}),
    ):
        assert answer.status == 404


async def test_of_two_changes_of_the_same_version_one_is_told_to_read_again(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    faq = await write(admin, "Old?")
    known = {"If-Match": (await admin.get(f"/faqs/{faq}")).headers["ETag"]}
    answers = await asyncio.gather(*(admin.patch(f"/faqs/{faq}", {"question": f"New {number}?"}, headers=known) for number in range(2)))
    assert sorted(answer.status for answer in answers) == [200, 412]


async def test_a_change_needs_the_version_it_is_about(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    faq = await write(admin, "Old?", keywords=["Old", "old ", "rusty"])
    read = await admin.get(f"/faqs/{faq}")
    assert read.json["keywords"] == ["old", "rusty"]
    changed = await admin.patch(f"/faqs/{faq}", {"question": "New?"}, headers={"If-Match": read.headers["ETag"]})
    assert (changed.status, changed.json["question"], changed.json["keywords"]) == (200, "New?", ["old", "rusty"])
    assert (await admin.patch(f"/faqs/{faq}", {"question": "Third?"}, headers={"If-Match": read.headers["ETag"]})).status == 412
    assert await questions(admin, "q=old") == ["New?"] and await questions(admin, "q=new") == ["New?"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("printer", ["How do I print?", "Where is the printer?"]), ("PRINT", ["How do I print?", "Where is the printer?"]),
        ("printer cellar", ["Where is the printer?"]), ("printer unicorn", []), ("cafe", ["Wo ist das Café?"]), ("CAFÉ", ["Wo ist das Café?"]),
        ("咖啡", ["咖啡机在哪里？"]), ("机", ["咖啡机在哪里？"]), ("里", ["咖啡机在哪里？"]), ("啡咖", []), ("Ｃａｆｅ", ["Wo ist das Café?"]),
        ("バス", ["バスはどこ？"]), ("ハス", []),
        ("toner", ["How do I print?"]), ("'; DROP TABLE faqs; -- & | ! ( :*", []), ("🔥", []), ("\\ % _", []), ("' || version() || '", []),
    ],
)  # fmt: skip
async def test_words_find_question_keywords_and_answer(desk: Desk, api: Served, query: str, found: list[str]) -> None:
    admin = api.client(desk.admin)
    await write(admin, "Where is the printer?", "In the cellar.")
    await write(admin, "How do I print?", "Ask the printer kindly.", keywords=["toner"])
    await write(admin, "Wo ist das Café?", "Oben.", language="de")
    await write(admin, "咖啡机在哪里？", "在楼上。", language="zh")
    await write(admin, "バスはどこ？", "駅前。", language="ja")
    answer = await api.client(None).get("/faqs", params={"q": query})
    assert sorted(faq["question"] for faq in answer.json["items"]) == sorted(found)


async def test_a_list_that_looks_for_nothing_has_everything(desk: Desk, api: Served) -> None:
    await write(api.client(desk.admin), "Public?")
    for query in ("q=", "q=%20", ""):
        assert await questions(api.client(None), query) == ["Public?"]


async def test_a_keyword_is_found_however_it_is_written(desk: Desk, api: Served) -> None:
    await write(api.client(desk.admin), "How do I print?", keywords=["Toner ", "ink"])
    await write(api.client(desk.admin), "Where is the toner?")
    assert await questions(api.client(None), "keyword=TONER") == ["How do I print?"]
    assert await questions(api.client(None), "keyword=ton") == await questions(api.client(None), "keyword=%25") == []


async def test_a_word_of_the_question_counts_more_than_one_of_the_answer(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    await write(admin, "How do I print?", "Ask the fire brigade.", position=1)
    await write(admin, "Where is the fire brigade?", "Outside.", position=2)
    assert await questions(admin, "q=fire") == ["Where is the fire brigade?", "How do I print?"]


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("de", ["de?", "de-AT?"]),
        ("de-AT", ["de-AT?", "de?"]),
        ("DE", ["de?", "de-AT?"]),
        ("de-CH", ["de?"]),
        ("fr", []),
        ("d", []),
        ("'", []),
    ],
)
async def test_a_language_finds_its_variants_and_itself_first(desk: Desk, api: Served, language: str, found: list[str]) -> None:
    for tag in ("de-AT", "de", "en"):
        await write(api.client(desk.admin), f"{tag}?", "Antwort.", language=tag)
    client = api.client(None)
    assert await questions(client, f"language={language}") == await questions(client, f"language={language}&q=antwort") == found
    first = (await client.get(f"/faqs?language={language}&limit=1")).json
    rest = await questions(client, f"language={language}&cursor={first['next_cursor']}") if first["next_cursor"] else []
    assert [faq["question"] for faq in first["items"]] + rest == found


async def test_the_list_goes_by_position_then_question_page_by_page(desk: Desk, api: Served) -> None:
    for number in (4, 3, 1, 2, 0):
        await write(api.client(desk.admin), f"{number}?", position=(7 - number) // 2)
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await api.client(None).get(f"/faqs?limit=2{cursor and f'&cursor={cursor}'}")).json
        seen += [faq["question"] for faq in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["4?", "2?", "3?", "0?", "1?"]


async def test_a_page_may_end_with_the_longest_question_of_any_writing(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    for last in ("啡", "𠀀"):
        await write(admin, "𠀀" * 299 + last)
    page = (await admin.get("/faqs?limit=1")).json
    assert len((await admin.get(f"/faqs?cursor={page['next_cursor']}")).json["items"]) == 1


@pytest.mark.parametrize("key", [[2**62, 2**62, "", 2**62], [0, 0, "x" * 1_000, 0]])
async def test_a_cursor_that_somebody_made_up_is_an_empty_page(desk: Desk, api: Served, key: list[Any]) -> None:
    await write(api.client(desk.admin), "Public?")
    answer = await api.client(None).get(f"/faqs?language=en&cursor={encoded('faqs', *key)}")
    assert answer.status == 200
    for wrong in (encoded("faqs", "x", 0, "", 0), encoded("tags", "x"), "!", "x" * 3_000):
        assert (await api.client(None).get("/faqs", params={"cursor": wrong})).status == 422


async def test_each_reader_has_one_vote_and_may_change_his_mind(desk: Desk, api: Served) -> None:
    faq = await write(api.client(desk.admin), "Helpful?")
    for viewer, helpful in ((desk.eva, True), (desk.eva, False), (desk.anna, True), (None, True), (None, True)):
        voted = (await api.client(viewer).put(f"/faqs/{faq}/vote", json={"helpful": helpful})).json
    assert (voted["helpful"], voted["unhelpful"]) == (2, 1)
    assert not [vote for vote in await FaqVote.all() if "127.0.0.1" in vote.voter]


async def test_a_reader_without_login_is_told_apart_by_his_browser(desk: Desk, api: Served) -> None:
    faq, nobody = await write(api.client(desk.admin), "Helpful?"), api.client(None)
    for browser in ("Lynx", "Lynx", "Mosaic"):
        voted = await nobody.put(f"/faqs/{faq}/vote", json={"helpful": True}, headers={"User-Agent": browser})
    assert (voted.json["helpful"], voted.json["unhelpful"]) == (2, 0)
    assert not {"voter", "votes"} & voted.json.keys()


async def test_a_vote_that_meets_the_end_of_its_faq_counts_or_finds_nothing(desk: Desk, api: Served) -> None:
    admin, eva = api.client(desk.admin), api.client(desk.eva)
    for _ in range(5):
        faq = await write(admin, "Helpful?")
        voted, removed = await asyncio.gather(eva.put(f"/faqs/{faq}/vote", json={"helpful": True}), admin.delete(f"/faqs/{faq}"))
        assert (voted.status in (200, 404), removed.status) == (True, 204)
    assert await FaqVote.all().count() == 0


async def test_votes_at_the_same_moment_count_once_a_reader(desk: Desk, api: Served) -> None:
    faq, eva = await write(api.client(desk.admin), "Helpful?"), api.client(desk.eva)
    await asyncio.gather(*(eva.put(f"/faqs/{faq}/vote", json={"helpful": True}) for _ in range(5)))
    assert (await eva.get(f"/faqs/{faq}")).json["helpful"] == 1


async def test_votes_without_login_are_slowed(desk: Desk, api: Served) -> None:
    faq, nobody = await write(api.client(desk.admin), "Helpful?"), api.client(None)
    answers = [(await nobody.put(f"/faqs/{faq}/vote", json={"helpful": True})) for _ in range(31)]
    assert (answers[-2].status, answers[-1].status, "Retry-After" in answers[-1].headers) == (200, 429, True)


@pytest.mark.parametrize(
    "wrong", [{"question": "  "}, {"answer": " \n"}, {"language": "Klingon"}, {"position": -1}, {"keywords": ["x" * 61]}]
)
async def test_what_is_no_faq_is_refused_by_its_field(desk: Desk, api: Served, wrong: dict[str, Any]) -> None:
    answer = await api.client(desk.admin).post("/faqs", {"question": "Q?", "answer": "A.", **wrong})
    assert (answer.status, answer.json["errors"][0]["field"].split(".")[1]) == (422, next(iter(wrong)))


async def test_a_question_may_find_its_answer_before_it_is_asked(desk: Desk, api: Served) -> None:
    admin = api.client(desk.admin)
    fire = await write(admin, "How do I put out a printer fire?", "Water.")
    canteen = await write(admin, "Where is the canteen?", "Upstairs.")
    await write(admin, "Printer fire drill (draft)", "…", published=False)
    german = await write(admin, "Wie lösche ich einen Printer?", "Wasser.", language="de")
    text = "Hello, my printer has caught fire, what shall I do? Kind regards"
    assert [row["id"] for row in await faqs.suggestions(desk.rt.database, text, "en")] == [fire, german]
    assert [row["id"] for row in await faqs.suggestions(desk.rt.database, text, "de-AT", most=1)] == [german]
    for nothing in ("!!", "", "Hello, where is the upstairs? How do you do? Thanks", "🔥" * 10_000):
        assert await faqs.suggestions(desk.rt.database, nothing, None) == [], nothing[:40]
    assert [row["id"] for row in await faqs.suggestions(desk.rt.database, "canteen " * 100_000, "xx'--")] == [canteen]
