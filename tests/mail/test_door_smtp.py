"""The SMTP door: what it promises, what it refuses, and that it never keeps silent."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import smtplib
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.intake import Intake
from bot.smtp import SmtpDoor
from bot.smtp_tls import Certificate
from core import queues, tokens
from core.errors import ConfigurationError
from core.models.mail import InboundMail
from core.models.queues import Mailbox, Queue
from core.runtime import SYSTEM, Runtime, open_runtime
from core.settings import Settings
from tests.support.desk import Desk
from tests.support.mail import EVA, SUPPORT, Line, database_line, execute, in_thread, letter, send, until


@asynccontextmanager
async def door_of(rt: Runtime, peace: float = 300) -> AsyncIterator[SmtpDoor]:
    door = SmtpDoor(rt, Intake(rt), peace=peace)
    await door.open()
    try:
        yield door
    finally:
        await door.close()


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[SmtpDoor]:
    async with door_of(desk.rt) as one:
        yield one


async def accepted(rt: Runtime) -> list[bytes]:
    """The mails taken responsibility for, as they lie in the blob store; each has its job."""
    rows = await InboundMail.all().order_by("id")
    waiting = await execute(rt, "SELECT payload FROM pgqueuer WHERE entrypoint = 'file_mail' ORDER BY id")
    assert [json.loads(job["payload"]) for job in waiting] == [{"inbound_mail": row.id} for row in rows]
    return [await rt.blobs.read(row.blob) for row in rows]


# --- promises


async def test_250_says_that_blob_ledger_and_job_exist(door: SmtpDoor) -> None:
    raw = letter()
    await send(door.port, raw)
    assert await accepted(door.rt) == [raw]
    row = await InboundMail.get()
    assert (row.door, row.envelope_from, row.envelope_to, row.size, row.ticket_id) == ("smtp", EVA, [SUPPORT], len(raw), None)


async def test_mails_that_come_together_are_all_kept(door: SmtpDoor) -> None:
    mails = [letter(f"Number {number}") for number in range(40)]
    await asyncio.gather(*(send(door.port, raw) for raw in mails))
    assert sorted(await accepted(door.rt)) == sorted(mails)


@pytest.mark.parametrize(
    "body",
    [b"", b".", b"..", b".\r\n..\r\n...", b"\r\n.hidden\r\n\r\n.", b"x" * 300_000, bytes(b for b in range(256) if b not in (10, 13)) * 50],
    ids=["empty", "dot", "dots", "stuffing", "more-dots", "endless-line", "garbage"],
)
async def test_what_is_sent_is_what_is_kept(door: SmtpDoor, body: bytes) -> None:
    raw = letter(body)
    await send(door.port, raw)
    assert await accepted(door.rt) == [raw]


async def test_a_message_of_nothing_at_all_is_accepted(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).in_data()
    assert (await line.say(".")).startswith("250")
    await line.close()
    assert await accepted(door.rt) == [b""]


async def test_the_end_mark_is_found_however_the_network_cuts_it(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).in_data()
    for piece in (b"Subject: x\r\n\r\na", b"\r", b"\n", b".", b".\r", b"\n", b".", b"\r", b"\n"):
        line.writer.write(piece)
        await line.writer.drain()
        await asyncio.sleep(0)
    assert (await line.answer()).startswith("250")
    await line.close()
    assert await accepted(door.rt) == [b"Subject: x\r\n\r\na\r\n.\r\n"]


async def test_commands_sent_too_early_keep_their_place(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).in_data()
    line.writer.write(b"Subject: 1\r\n\r\none\r\n.\r\nMAIL FROM:<a@customer.test>\r\nRCPT TO:<support@example.org>\r\nDATA\r\n")
    line.writer.write(b"Subject: 2\r\n\r\ntwo\r\n.\r\nQUIT\r\n")
    answers = [(await line.answer())[:3] for _ in range(6)]
    assert answers == ["250", "250", "250", "354", "250", "221"]
    await line.close()
    assert await accepted(door.rt) == [b"Subject: 1\r\n\r\none\r\n", b"Subject: 2\r\n\r\ntwo\r\n"]


async def test_the_null_sender_is_accepted(door: SmtpDoor) -> None:
    await send(door.port, letter(), sender="")
    assert (await InboundMail.get()).envelope_from == ""


async def test_addresses_in_any_alphabet_are_accepted(door: SmtpDoor) -> None:
    async with door.rt.transaction(SYSTEM) as tx:
        queue = await queues.add(tx, "Office")
    await mailbox("бюро@example.org", queue, 5)
    await send(door.port, letter(), sender="josé@customer.test", to=["бюро@example.org"], options=["SMTPUTF8", "BODY=8BITMIME"])
    row = await InboundMail.get()
    assert (row.envelope_from, row.envelope_to) == ("josé@customer.test", ["бюро@example.org"])


async def mailbox(address: str, queue: Queue, priority: int) -> Mailbox:
    """One more mailbox, in everything else like the seeded one."""
    like = await Mailbox.get(address=SUPPORT)
    values = {name: getattr(like, name) for name in Mailbox._meta.db_fields if name != "id"}
    return await Mailbox.create(**{**values, "address": address, "queue_id": queue.id, "priority": priority})


async def test_several_recipients_and_two_of_our_mailboxes_are_one_mail_in_the_first_by_priority(door: SmtpDoor) -> None:
    async with door.rt.transaction(SYSTEM) as tx:
        queue = await queues.add(tx, "Sales")
    first = await mailbox("sales@example.org", queue, -1)
    await send(door.port, letter(), to=[SUPPORT, "sales@example.org", "support+anything@example.org"])
    row = await InboundMail.get()
    assert (row.mailbox_id, len(row.envelope_to)) == (first.id, 3)


@pytest.mark.parametrize("address", ["support+t12-abcdef@example.org", "SUPPORT@EXAMPLE.ORG", "Support+X@example.org"])
async def test_plus_addresses_and_any_case_reach_the_mailbox(door: SmtpDoor, address: str) -> None:
    await send(door.port, letter(), to=[address])
    assert (await InboundMail.get()).envelope_to == [address]


async def test_a_mailbox_made_a_moment_ago_is_known(door: SmtpDoor) -> None:
    await send(door.port, letter())
    await Mailbox.filter(address=SUPPORT).update(address="help@example.org")
    await send(door.port, letter(), to=["help@example.org"])
    assert await InboundMail.all().count() == 2


# --- refusals


@pytest.mark.parametrize("address", ["nobody@example.org", "support@elsewhere.test", "supportx@example.org", "support"])
async def test_unknown_recipients_are_refused_at_once_and_nothing_is_relayed(door: SmtpDoor, address: str) -> None:
    line = await (await Line.open(door.port)).greeted()
    await line.say(f"MAIL FROM:<{EVA}>")
    assert (await line.say(f"RCPT TO:<{address}>")).startswith("550 5.1.1")
    assert (await line.say("DATA")).startswith("503")
    await line.close()


async def test_one_unknown_recipient_keeps_the_mail_from_nobody(door: SmtpDoor) -> None:
    refused = await in_thread(door.port, lambda client: client.sendmail(EVA, [SUPPORT, "nobody@example.org"], letter()))
    assert isinstance(refused, dict) and list(refused) == ["nobody@example.org"]
    assert (await InboundMail.get()).envelope_to == [SUPPORT]


@pytest.mark.parametrize(
    "message",
    [b"Subject: x\n\nbare\r\n.\r\n", b"Subject: x\r\n\r\nold\rmac\r\n.\r\n", b"Subject: x\r\n\r\na\n.\r\nMAIL FROM:<evil@x.test>\r\n.\r\n"],
    ids=["lf", "cr", "smuggled"],
)
async def test_bare_line_ends_by_which_mail_is_smuggled_are_refused(door: SmtpDoor, message: bytes) -> None:
    line = await (await Line.open(door.port)).in_data()
    line.writer.write(message)
    assert (await line.answer()).startswith("550 5.6.0")
    assert (await line.say("NOOP")).startswith("250")
    await line.close()
    assert await accepted(door.rt) == []


async def test_commands_may_come_without_waiting_for_answers_and_each_answer_has_its_code(door: SmtpDoor) -> None:
    offered = await in_thread(door.port, lambda client: (client.ehlo(), set(client.esmtp_features))[1])
    assert isinstance(offered, set)
    assert {"pipelining", "enhancedstatuscodes", "8bitmime", "smtputf8", "size"} <= offered
    mails = [letter("One"), letter("Two")]
    line = await (await Line.open(door.port)).greeted()
    envelope = f"MAIL FROM:<{EVA}>\r\nRCPT TO:<nobody@elsewhere.test>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode()
    for raw in mails:
        line.writer.write(envelope)
        answers = [await line.answer() for _ in range(4)]
        assert [answer[:9] for answer in answers] == ["250 2.0.0", "550 5.1.1", "250 2.1.5", "354 End d"]
        line.writer.write(raw + b".\r\nRSET\r\nNONSENSE\r\n")
        assert [(await line.answer())[:9] for _ in range(3)] == ["250 2.0.0", "250 2.0.0", "500 5.5.0"]
    await line.close()
    assert await accepted(door.rt) == mails


async def test_the_size_limit_is_announced(door: SmtpDoor) -> None:
    size = await in_thread(door.port, lambda client: (client.ehlo(), client.esmtp_features["size"])[1])
    assert size == str(door.rt.settings.mail_size_limit)
    line = await (await Line.open(door.port)).greeted()
    await line.say("EHLO client.test")
    assert (await line.say(f"MAIL FROM:<{EVA}> SIZE={door.rt.settings.mail_size_limit + 1}")).startswith("552 5.3.4 ")
    await line.close()


async def test_a_mail_over_the_limit_is_refused_and_the_connection_lives_on(settings: Settings, database_url: str) -> None:
    small = settings.model_copy(update={"mail_size_limit": 100_000})
    async with open_runtime(small, database_url) as rt:
        await Desk.seeded(rt)
        async with door_of(rt) as door:
            line = await (await Line.open(door.port)).in_data()
            line.writer.write(b"x" * 3_000_000 + b"\r\n.\r\n")
            assert (await line.answer()).startswith("552 5.3.4")
            assert (await line.say("MAIL FROM:<a@customer.test>")).startswith("250")
            assert (await line.say(f"RCPT TO:<{SUPPORT}>")).startswith("250")
            await line.say("DATA")
            fits = b"y" * 99_998 + b"\r\n"
            line.writer.write(fits + b".\r\n")
            assert (await line.answer()).startswith("250")
            line.writer.close()
            assert await accepted(rt) == [fits]


async def test_a_client_that_hangs_up_in_data_leaves_nothing(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).in_data()
    line.writer.write(b"Subject: half\r\n\r\nnot the end\r\n")
    await line.close()
    await until(lambda: not door.sessions)
    assert await accepted(door.rt) == []


async def test_a_hundred_recipients_are_enough(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).greeted()
    await line.say(f"MAIL FROM:<{EVA}>")
    answers = [await line.say(f"RCPT TO:<support+{number}@example.org>") for number in range(101)]
    assert {answer[:3] for answer in answers[:100]} == {"250"} and answers[100].startswith("452 4.5.3")
    await line.close()


async def test_one_peer_gets_a_hundred_connections_and_no_more(door: SmtpDoor) -> None:
    lines = [await Line.open(door.port) for _ in range(100)]
    assert all([(await line.answer()).startswith("220") for line in lines])
    crowd = await Line.open(door.port)
    assert (await crowd.answer()).startswith("421")
    assert await crowd.answer() == ""
    await lines.pop().close()
    await until(lambda: len(door.sessions) == 99)
    late = await Line.open(door.port)
    assert (await late.answer()).startswith("220")
    for line in (*lines, crowd, late):
        await line.close()


async def test_endless_talk_ends_the_connection(door: SmtpDoor) -> None:
    line = await (await Line.open(door.port)).greeted()
    answers = [await line.say("NOOP") for _ in range(101)]
    assert answers[99].startswith("250") and answers[100].startswith("421")
    await line.close()


# --- trouble of our own


async def test_a_stopped_database_is_451_nothing_is_lost_and_it_recovers_by_itself(settings: Settings, database_url: str) -> None:
    async with database_line(database_url) as line_to_database, open_runtime(settings, line_to_database.url) as rt:
        await Desk.seeded(rt)
        async with door_of(rt) as door:
            line = await (await Line.open(door.port)).in_data()
            await line_to_database.cut()
            assert (await line.say("Subject: x\r\n\r\nduring\r\n.")).startswith("451")
            assert (await line.say("MAIL FROM:<a@customer.test>")).startswith("250")
            assert (await line.say("RCPT TO:<unknown@example.org>")).startswith("451")
            with pytest.raises(smtplib.SMTPDataError, match="451"):
                await send(door.port, letter("during"))
            await line_to_database.mend()
            assert (await line.say(f"RCPT TO:<{SUPPORT}>")).startswith("250")
            await line.say("DATA")
            assert (await line.say("Subject: x\r\n\r\nafter\r\n.")).startswith("250")
            line.writer.close()
        assert await accepted(rt) == [b"Subject: x\r\n\r\nafter\r\n"]


async def test_connections_that_the_server_ends_are_replaced(door: SmtpDoor) -> None:
    await send(door.port, letter("before"))
    await execute(
        door.rt, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for _ in range(20):
        try:
            await send(door.port, letter("after"))
            break
        except smtplib.SMTPResponseException as error:
            assert 400 <= error.smtp_code < 500
    assert len(await accepted(door.rt)) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
async def test_a_full_disk_is_451_and_mail_is_taken_again_when_there_is_room(settings: Settings, database_url: str, tmp_path: Path) -> None:
    disk = tmp_path / "blobs"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        async with open_runtime(settings, database_url) as rt:
            await Desk.seeded(rt)
            async with door_of(rt) as door:
                ballast = disk / "ballast"
                with pytest.raises(OSError, match="space"):
                    ballast.write_bytes(b"x" * 4_000_000)
                with pytest.raises(smtplib.SMTPDataError, match="451"):
                    await send(door.port, letter("x" * 100_000))
                assert await accepted(rt) == []
                ballast.unlink()
                await send(door.port, letter("fits"))
                assert len(await accepted(rt)) == 1
    finally:
        subprocess.run(["umount", disk], check=True)


async def test_a_folder_for_blobs_that_is_gone_is_451(door: SmtpDoor, tmp_path: Path) -> None:
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        await send(door.port, letter())
    (tmp_path / "elsewhere").rename(tmp_path / "blobs")
    await send(door.port, letter())
    assert len(await accepted(door.rt)) == 1


async def test_who_neither_speaks_nor_reads_is_cut_off(desk: Desk) -> None:
    async with door_of(desk.rt, peace=0.3) as door:
        line = await (await Line.open(door.port)).greeted()
        (session,) = door.sessions
        session._writer.write(b"250-words\r\n" * 2_000_000)  # more than the network between the two holds
        await until(lambda: not door.sessions)
        await line.close()


# --- the end


async def test_at_the_end_who_is_in_data_or_idle_hears_421(desk: Desk) -> None:
    async with door_of(desk.rt) as door:
        idle, sending = await (await Line.open(door.port)).greeted(), await (await Line.open(door.port)).in_data()
        sending.writer.write(b"Subject: half\r\n\r\nhalf")
        await door.close()
    for line in (idle, sending):
        assert (await line.answer()).startswith("421")
        assert await line.answer() == ""
        await line.close()
    assert await accepted(desk.rt) == []


@asynccontextmanager
async def ledger_locked(rt: Runtime) -> AsyncIterator[None]:
    """No commit of mail ends while this block lasts."""
    connection = await rt.database.connect()
    await connection.execute("BEGIN; LOCK inbound_mails IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        await connection.close()


async def a_commit_waits(rt: Runtime) -> None:
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"

    async def somebody_waits() -> bool:
        return bool(await execute(rt, f"SELECT 1 FROM pg_locks WHERE NOT granted AND database = {here}"))

    await until(somebody_waits)


async def test_at_the_end_who_waits_for_the_commit_gets_250_first(desk: Desk) -> None:
    async with door_of(desk.rt) as door:
        line = await (await Line.open(door.port)).in_data()
        async with ledger_locked(desk.rt):
            line.writer.write(b"Subject: x\r\n\r\nwords\r\n.\r\n")
            await a_commit_waits(desk.rt)
            closing = asyncio.create_task(door.close())
            await until(lambda: door.closing)
        assert (await line.answer()).startswith("250")
        assert (await line.answer()).startswith("421")
        await closing
        await line.close()
    assert await accepted(desk.rt) == [b"Subject: x\r\n\r\nwords\r\n"]


async def test_a_client_gone_during_the_commit_costs_no_mail(desk: Desk) -> None:
    async with door_of(desk.rt) as door:
        line = await (await Line.open(door.port)).in_data()
        async with ledger_locked(desk.rt):
            line.writer.write(b"Subject: x\r\n\r\nwords\r\n.\r\n")
            await a_commit_waits(desk.rt)
            line.writer.close()
            await until(lambda: not door.sessions)
        await until(InboundMail.exists)
    assert await accepted(desk.rt) == [b"Subject: x\r\n\r\nwords\r\n"]


async def test_the_signed_addresses_of_a_desk_are_accepted_at_its_door(door: SmtpDoor) -> None:
    reply, bounce = tokens.reply_address(door.rt.keys, SUPPORT, 12), tokens.bounce_address(door.rt.keys, SUPPORT, 34)
    await send(door.port, letter(), to=[reply, bounce])
    assert (await InboundMail.get()).envelope_to == [reply, bounce]


@pytest.mark.parametrize("address", ["postmaster", "Postmaster@example.org"])
async def test_there_is_a_postmaster(desk: Desk, address: str) -> None:
    assert await Intake(desk.rt).mailbox_of([address]) == desk.mailbox.id
    assert await Intake(desk.rt).mailbox_of(["postmaster@elsewhere.test"]) is None


# --- several of one host


async def test_several_processes_of_one_host_share_the_port(settings: Settings, desk: Desk) -> None:
    async with door_of(desk.rt) as first:
        port = first.port
    shared = settings.model_copy(update={"listen_shared": True, "smtp_listen": f"127.0.0.1:{port}"})
    rt = dataclasses.replace(desk.rt, settings=shared)
    async with door_of(rt) as one, door_of(rt) as other:
        reached: set[SmtpDoor] = set()
        while reached != {one, other}:  # the kernel spreads connections by their ports
            line = await Line.open(port)
            await until(lambda: bool(one.sessions or other.sessions))
            reached |= {door for door in (one, other) if door.sessions}
            line.writer.close()
            await until(lambda: not one.sessions and not other.sessions)
        await asyncio.gather(*(send(port, letter(f"Number {number}")) for number in range(8)))
    assert await InboundMail.all().count() == 8


# --- STARTTLS, PROXY, LMTP


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


@asynccontextmanager
async def door_with(desk: Desk, *, lmtp: bool = False, **settings: object) -> AsyncIterator[SmtpDoor]:
    rt = dataclasses.replace(desk.rt, settings=desk.rt.settings.model_copy(update=settings))
    door = SmtpDoor(rt, Intake(rt), lmtp=lmtp)
    await door.open()
    try:
        yield door
    finally:
        await door.close()


async def test_mail_comes_in_secretly_where_there_is_a_certificate(desk: Desk, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(cert))

    def talk(client: smtplib.SMTP) -> None:
        client._host = "localhost"  # type: ignore[attr-defined]  # the name the certificate is for
        client.starttls(context=context)
        assert not client.has_extn("starttls") or client.ehlo()[0] == 250
        client.sendmail(EVA, [SUPPORT], raw)

    raw = letter()
    async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
        await in_thread(door.port, talk)
        assert await accepted(door.rt) == [raw]
        assert (await InboundMail.get()).peer == "127.0.0.1"


async def test_a_renewed_certificate_is_taken_up_and_half_of_one_is_not(desk: Desk, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    first = cert.read_bytes()

    async def shown(door: SmtpDoor) -> bytes:
        line = await (await Line.open(door.port)).greeted()
        assert (await line.say("STARTTLS")).startswith("220 2.0.0 ")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await line.writer.start_tls(context, server_hostname="localhost")
        found = line.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        await line.close()
        return ssl.DER_cert_to_PEM_cert(found).encode()

    async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
        assert await shown(door) == first
        old_key = key.read_bytes()
        certificate(tmp_path)
        new_key = key.read_bytes()
        key.write_bytes(old_key)
        assert await shown(door) == first
        key.write_bytes(new_key + b"\n")
        assert await shown(door) == cert.read_bytes()


async def test_what_was_said_before_the_secret_is_not_believed_after_it(desk: Desk, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
        line = await (await Line.open(door.port)).greeted()
        line.writer.write(b"STARTTLS\r\nMAIL FROM:<injected@evil.test>\r\n")
        assert (await line.answer()).startswith("220")
        context = ssl.create_default_context(cafile=str(cert))
        await line.writer.start_tls(context, server_hostname="localhost")
        assert (await line.say("RCPT TO:<support@example.org>")).startswith("503")
        await line.close()


def test_a_certificate_that_does_not_fit_is_told_in_a_sentence(tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path)
    with pytest.raises(ConfigurationError, match="belong together"):
        Certificate.of(Settings(_env_file=None, smtp_tls_cert=cert, smtp_tls_key=tmp_path / "missing.pem"))


async def test_a_balancer_tells_who_is_calling(desk: Desk) -> None:
    async with door_with(desk, smtp_proxy_protocol=True) as door:
        line = await Line.open(door.port)
        line.writer.write(b"PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\r\n")
        await line.in_data()
        assert (await line.say(letter().decode() + "\r\n.")).startswith("250")
        await line.close()
        assert (await InboundMail.get()).peer == "203.0.113.7"


async def test_without_the_word_of_the_balancer_nobody_is_let_in(desk: Desk) -> None:
    async with door_with(desk, smtp_proxy_protocol=True) as door:
        line = await Line.open(door.port)
        line.writer.write(b"EHLO client.test\r\n")
        assert not (await line.answer()).startswith("2")
        await line.close()


async def test_lmtp_answers_for_each_recipient(desk: Desk) -> None:
    await Mailbox.create(address="sales@example.org", queue=desk.queue, created_at=desk.rt.clock.now(), updated_at=desk.rt.clock.now())

    def talk(port: int) -> tuple[dict[str, tuple[int, bytes]], list[str]]:
        with smtplib.LMTP("127.0.0.1", port, timeout=10) as client:
            refused = client.sendmail(EVA, [SUPPORT, "nobody@example.org"], letter())  # it knows no more than one answer
            return refused, [client.docmd("EHLO", "x")[1].decode(), client.docmd("HELO", "x")[1].decode()]

    async with door_with(desk, lmtp=True, lmtp_listen="127.0.0.1:0") as door:
        refused, greetings = await asyncio.to_thread(talk, door.port)
        assert {address: code for address, (code, _) in refused.items()} == {"nobody@example.org": 550}
        assert all("LHLO" in words for words in greetings)
        row = await InboundMail.get()
        assert (row.door, row.envelope_to) == ("lmtp", [SUPPORT])
        line = await Line.open(door.port)
        assert (await line.answer()).startswith("220")
        assert (await line.say("LHLO client.test")).startswith("250")
        for said in ("MAIL FROM:<>", f"RCPT TO:<{SUPPORT}>", "RCPT TO:<sales@example.org>"):
            assert (await line.say(said)).startswith("250")
        assert (await line.say("DATA")).startswith("354")
        line.writer.write(letter() + b".\r\n")
        assert [(await line.answer())[:3] for _ in range(2)] == ["250", "250"]
        await line.close()


async def test_a_crowd_is_turned_away_and_heard_again_when_it_has_gone(desk: Desk) -> None:
    async with door_with(desk) as door:
        crowd = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(100)]
        assert all([(await reader.readline()).startswith(b"220") for reader, _ in crowd])
        crowd.append(await asyncio.open_connection("127.0.0.1", door.port))
        assert (await crowd[-1][0].readline()).startswith(b"421")
        for _, writer in crowd:
            writer.close()
        await until(lambda: not door.sessions)
        await (await (await Line.open(door.port)).greeted()).close()


async def test_nobody_is_offered_to_log_in_nor_a_second_secret(desk: Desk, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)

    def talk(client: smtplib.SMTP) -> None:
        client._host = "localhost"  # type: ignore[attr-defined]  # the name the certificate is for
        client.starttls(context=ssl.create_default_context(cafile=str(cert)))
        client.ehlo()
        assert not client.has_extn("auth") and client.has_extn("size")
        assert client.docmd("STARTTLS")[0] == 503
        client.sendmail(EVA, [SUPPORT], letter())

    async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
        await in_thread(door.port, talk)
    assert await InboundMail.all().count() == 1


@pytest.mark.parametrize("secret", [False, True])
async def test_nobody_is_asked_for_his_password_however_he_offers_it(desk: Desk, tmp_path: Path, *, secret: bool) -> None:
    cert, key = certificate(tmp_path)

    def talk(client: smtplib.SMTP) -> None:
        client._host = "localhost"  # type: ignore[attr-defined]  # the name the certificate is for
        if secret:
            client.starttls(context=ssl.create_default_context(cafile=str(cert)))
        offers = ("AUTH", "AUTH LOGIN", "AUTH PLAIN AGV2YQBzZWNyZXQ=", "AUTH LOGIN ZXZh", "AUTH NTLM")
        assert {client.docmd(offer)[0] for offer in offers} == {502}
        client.ehlo()
        assert {client.docmd(offer)[0] for offer in offers} == {502}
        words = client.docmd("HELP")[1].decode().split()
        assert "AUTH" not in words and {"MAIL", "RCPT", "DATA", "STARTTLS"} <= set(words)
        assert client.docmd("HELP", "AUTH")[0] == 501
        client.sendmail(EVA, [SUPPORT], letter())

    async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
        await in_thread(door.port, talk)


async def test_who_says_nonsense_instead_of_a_handshake_is_one_quiet_line_in_the_log(desk: Desk, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with structlog.testing.capture_logs() as logged:
        async with door_with(desk, smtp_tls_cert=cert, smtp_tls_key=key) as door:
            for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x00\x00\x00", b""):
                line = await (await Line.open(door.port)).greeted()
                assert (await line.say("STARTTLS")).startswith("220")
                line.writer.write(nonsense)
                line.writer.write_eof()
                await until(lambda: not door.sessions)
                await line.close()
            assert not door.peers
            await send(door.port, letter())
    said = [(one["event"], one["log_level"]) for one in logged if one["event"].startswith("smtp.")]
    assert 1 <= len(said) <= 3 and set(said) == {("smtp.no_handshake", "info")}
    assert not [one for one in logged if one["log_level"] in ("warning", "error")]


async def test_behind_a_balancer_a_crowd_is_one_callers_and_others_are_heard(desk: Desk) -> None:
    async def called_by(door: SmtpDoor, caller: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(f"PROXY TCP4 {caller} 192.0.2.1 4000 25\r\n".encode())
        return reader, writer

    async with door_with(desk, smtp_proxy_protocol=True) as door:
        crowd = [await called_by(door, "203.0.113.7") for _ in range(101)]
        greetings = [(await reader.readline())[:3] for reader, _ in crowd]
        assert sorted(greetings) == [b"220"] * 100 + [b"421"]
        other = await called_by(door, "203.0.113.8")
        assert (await other[0].readline()).startswith(b"220")
        for _, writer in (*crowd, other):
            writer.close()
        await until(lambda: not door.sessions)
        assert not door.peers
