"""What hints, outside its body, that a mail is a bounce: who sent it, its envelope, its type, and its subject.

The subjects are those of mail servers and providers in the languages that they are translated into.
"""

from __future__ import annotations

import re
from typing import Literal

from core.mail.parsed import ParsedMail

Sign = Literal["daemon", "postmaster", "no sender", "null sender", "report", "delivery report", "subject", "header", "mailer"]


def bounce_signs(mail: ParsedMail, null_sender: bool) -> frozenset[Sign]:
    """The signs that a mail shows, without a look at its body: each alone proves little."""
    written = (mail.header("from") or "")[:500]
    subject = mail.subject[:300].strip()
    local_part = mail.sender.local_part if mail.sender is not None else ""
    content_type = (mail.header("content-type") or "")[:2000].lower()
    tests: tuple[tuple[Sign, bool], ...] = (
        ("daemon", bool(_DAEMON.search(local_part) or _DAEMON.search(written))),
        ("postmaster", bool(_POSTMASTER.search(local_part) or _SYSTEM_NAME.search(written))),
        ("no sender", not local_part),
        ("null sender", null_sender),
        ("report", mail.content_type == "multipart/report"),
        ("delivery report", mail.content_type == "multipart/report" and "delivery-status" in content_type),
        ("subject", bool(_SUBJECT.search(subject)) and not _ANSWERED_OR_FORWARDED.match(subject)),
        ("header", mail.header("x-failed-recipients") is not None),
        ("mailer", (mail.header("x-mailer") or "").startswith("<SMTP32 v")),
    )
    return frozenset(name for name, hit in tests if hit)


_DAEMON = re.compile(r"\bmail(?:er)?[-_. ]?d(?:a|e)?emon\b|\bmail (?:delivery )?(?:sub)?system <>", re.IGNORECASE)
_POSTMASTER = re.compile(
    r"^mdaemon|postmaster|^mail[-_.]?(?:delivery|adm)|delivery[-_.]?(?:system|status|subsystem|report)|^ndr\b|non-?delivery|undeliver"
    r"|smtp(?:_mail)?_(?:service|gateway)|_smtp_|^imss$|^bounces?\b|^microsoftexchange[0-9a-f]{16,}",
    re.IGNORECASE,
)
_SYSTEM_NAME = re.compile(
    r"mail (?:delivery|administrat|system error)|delivery (?:sub)?system|postmaster|system administrator|mailsystem|lsmtp for"
    r"|\bsmtp (?:server|gateway)|\bmail ?server\b|^\s*\"?microsoft outlook\"?\s*(?:<|$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|un-?delivered|non[- ]?deliver|not (?:yet )?(?:be(?:en)? )?delivered|deliver\w* (?:\w{1,20} ){0,3}(?:fail|problem"
    r"|error|delay)"
    r"|delivery (?:status|report|notification|warning)|failure (?:notice|delivery)|failed m(?:ail|essage)|\[bounce\]"
    r"|fail(?:ed|ure) to deliver"
    r"|could ?n[o']t (?:be )?deliver"
    r"|could not be (?:delivered|sent)|returned (?:mail|to sender|email)|returning (?:message )?to sender"
    r"|mail (?:\w{1,20} )?(?:failed|failure|error)\b|message you sent (?:was )?blocked"
    r"|mail system error|processing error|user unknown|unknown user|(?:message|mail) (?:\S{1,40} )?delayed|delayed mail|rejected mail"
    r"|mail rejected"
    r"|message (?:status|rejected|bounced)|bounce[d]? (?:mail|message|notice)|delivery delayed|mailbox (?:full|unavailable)|\bndn\b|\bndr\b"
    r"|unzustell|nicht zu(?:ge)?stell|zustell\w* ?(?:fehl|nicht|status|bericht|problem)|nicht zugestellt"
    r"|non remis|non distribu|échec de (?:la )?(?:remise|distribution|livraison)|non recensé|notification d'état"
    r"|impossible (?:de )?(?:remettre|distribuer)"
    r"|no se (?:puede|pudo|ha podido) entregar|no entregad|error de entrega|devuelto|mancato recapito|non recapitabil|recapito non riuscito"
    r"|notifica (?:dello )?stato (?:del )?(?:recapito|consegna)|não (?:foi |é )?(?:possível )?entreg|falha (?:na|de) entrega"
    r"|notificação de (?:status|estado)"
    r"|onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging mislukt|kan (?:inte|ikke) leveres|(?:ikke|inte) levere|olevererbar"
    r"|leveransfel|ej levererad"
    r"|ei voitu toimittaa|toimitus epäonnistui|nie ?dostarcz|niedoręcz|nedoruč|nedoručiteľn|kézbesíthetetlen|nem kézbesíthető"
    r"|nelivrat|nu (?:a putut|poate) fi livrat"
    r"|не ?доставлен|не удалось доставить|недоставлен|не может быть доставлено|сбой доставки|не вдалося доставити|teslim edilem|iletilemedi"
    r"|αδύνατη η παράδοση|μη παραδοτέο"
    r"|配信(?:不能|できません|エラー|失敗)|送信(?:できません|エラー)|不達|エラーメール|退信"
    r"|投递失败|無法(?:傳遞|遞送|傳送)|无法(?:投递|送达|发送)|未送达"
    r"|未傳遞的|배달(?:되지|할 수|\s?실패)|전송\s?실패|반송",
    re.IGNORECASE,
)
_ANSWERED_OR_FORWARDED = re.compile(
    r"(?:re|aw|sv|vs|antw|odp|rv|tr|fwd?|wg|doorst|fs|i|r|ynt|ilt|回复|答复|转发|轉寄|返信|転送)\s*(?:\[\d+\])?\s*[:\uff1a]", re.IGNORECASE
)
