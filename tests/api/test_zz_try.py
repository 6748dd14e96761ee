import pytest
from tests.support.desk import Desk
from tests.api.desk_client import serving
async def test_x(desk: Desk):
    n = await desk.ticket()
    await desk.says(desk.anna, n, "Hello")
    await desk.says(desk.anna, n, "note", public=False)
    async with serving(desk.rt) as s:
        for u in (desk.anna, desk.eva, desk.boris):
            c = s.client(u)
            for p in ("/tickets", "/tickets?total=true&status=open&sort=-priority&tag=x&queue=support&limit=1", f"/tickets/{n}", f"/tickets/{n}/comments?limit=1", f"/tickets/{n}/events", "/comments/2"):
                a = await c.get(p)
                print(p, a.status, a.content.decode()[:900])
        a = await s.client(desk.eva).post("/tickets", {"subject":"x","body":"y"}, headers={"Idempotency-Key":"k"}); print(a.status, a.content, a.headers)
        a2 = await s.client(desk.eva).post("/tickets", {"subject":"x","body":"y"}, headers={"Idempotency-Key":"k"}); print(a2.content==a.content, a2.headers)
        a = await s.client(desk.anna).patch(f"/tickets/{n}", {"status":"resolved","assignee_id":desk.anna.id}, headers={"If-Match": '"1-1"'}); print(a.status, a.content)
        a = await s.client(desk.anna).patch(f"/tickets/{n}", {"status":"resolved","assignee_id":desk.anna.id}); print(a.status, a.content[:300])
        a = await s.client(None).post("/auth/login", {"email":"anna@example.org","password":"correct horse battery"}); print(a.status, a.content)
