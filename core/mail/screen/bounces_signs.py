"""What hints, outside its body, that a mail is a bounce: who sent it, its envelope, its type, and its subject.

The subjects are those of mail servers and providers in the languages that they are translated into.
"""

from __future__ import annotations

import re
from typing import Literal

from core.mail.parsed import ParsedMail

Sign = Literal[
    "daemon", "postmaster", "office", "named office", "no sender", "null sender", "report", "delivery report", "subject", "header", "mailer"
]


def bounce_signs(mail: ParsedMail, null_sender: bool) -> frozenset[Sign]:
    """The signs that a mail shows, without a look at its body: each alone proves little."""
    written = (mail.header("from") or "")[:500]
    subject = mail.subject[:300].strip()
    local_part = mail.sender.local_part if mail.sender is not None else ""
    receipt = (mail.header("x-ricevuta") or "").lower()  # Italy's certified mail
    name = _ADDRESS.sub("", written)
    no_person = not _PERSON.fullmatch(name.strip("\"' ()")) or bool(_SYSTEM_NAME.search(name))
    content_type = (mail.header("content-type") or "")[:2000].lower()
    tests: tuple[tuple[Sign, bool], ...] = (
        ("daemon", bool(_DAEMON.search(local_part) or _DAEMON.search(written))),
        ("postmaster", (no_person and bool(_POSTMASTER.search(local_part))) or bool(_SYSTEM_NAME.search(name))),
        ("office", no_person and bool(_OFFICE.match(local_part))),
        ("named office", not no_person and bool(_OFFICE.match(local_part))),
        ("no sender", not local_part),
        ("null sender", null_sender or written.strip().endswith("<>")),
        ("report", mail.content_type == "multipart/report"),
        ("delivery report", mail.content_type == "multipart/report" and "delivery-status" in content_type),
        ("subject", bool(_SUBJECT.search(subject)) and not ANSWERED_OR_FORWARDED.match(subject)),
        ("header", mail.header("x-failed-recipients") is not None),
        ("mailer", (mail.header("x-mailer") or "").startswith(("<SMTP32 v", "<IMail v")) or "errore-consegna" in receipt),
    )
    return frozenset(name for name, hit in tests if hit)


_DAEMON = re.compile(
    r"\bmail(?:er)?[-_. ]?d(?:a|e)?emon\b|\bmail (?:delivery )?(?:sub)?system <>|^microsoftexchange[0-9a-f]{16,}|^mdaemon\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"<[^<>]{0,320}>|[^\s<>()\"@]{1,128}@[^\s<>()\"@]{1,255}")
# Two to four words, as in "Hans Meier", unless a word of machines is among them.
_PERSON = re.compile(
    r"(?!.*(?:post|mail|message|system|server|gateway|admin|deliver|agent|filter|router|secur|scan|daemon|smtp|exchange|service|memo"
    r"|notif|protect|host|bounce|return|report|robot|firewall|virus|sieve|transport|internet|network|x\.400|\bimss\b|\bmss\b|office"
    r"|domino|lotus|sophos|mcafee|symantec|barracuda))"
    r"[^\W\d_]\S{0,30}(?:,? [^\W\d_]\S{0,30}){1,3}",
    re.IGNORECASE,
)
# The mailboxes that hardly anybody but a server writes from.
_OFFICE = re.compile(r"post[-_.]?master$|mmdf$|mailer$", re.IGNORECASE)
_POSTMASTER = re.compile(
    r"(?:^|[-_.+])post[-_.]?master\d{0,3}(?:$|[\\@+=])|^mail[-_.]?(?:delivery|adm)"
    r"|delivery[-_.]?(?:system|status|subsystem|report)|^ndr\b|non-?delivery|undeliver"
    r"|smtp(?:_mail)?_(?:service|gateway)|_smtp_|^imss$|^bounces?\b|^(?:mmdf|mailer|smtp|listserv|administrator|posta-certificata)$",
    re.IGNORECASE,
)
_SYSTEM_NAME = re.compile(
    r"mail (?:delivery|administrator|system\b|router)|delivery (?:sub)?system|^[\s\"'(]*postmaster\b|mailsystem"
    r"|system ?administrator|lsmtp for|\bsmtp (?:server|gateway|delivery agent)|\bmail ?server\b|^\s*\"?microsoft outlook\"?\s*$"
    r"|administrateur (?:du )?syst|administrador del? sistema|amministratore (?:di )?sistema|systeembeheerder|systemadministratör"
    r"|järjestelmänvalvoja|administrator systemu|системный администратор|システム管理者|系统管理员|系統管理員|시스템 관리자|メール(?:配信)?システム"
    r"|메일 시스템|sistema de (?:entrega|correo)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|un-?delivered|non[- ]?deliver|not (?:yet )?(?:be(?:en)? )?deliver(?:ed|able)|deliver\w* (?:\w{1,20} ){0,3}(?:fail|problem"
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
    r"|mail(?:zustellung| delivery) \w{1,20}|zurück an absender|error sending|zpráva nebyla|niedorecz|nedorucit|발송 실패"
    r"|(?:e-?mail|correo|mail|messaggio|mensagem) (?:geweigerd|rechazado|rifiutato|rejeitada)"
    r"|nicht zustellbar"
    r"|(?:mail|e-mail|nachrichten)-?zustell\w{0,6}|zustellfehler"
    r"|zustellung verzögert|remise différée|entrega retrasada|consegna (?:ritardata|non riuscita)|mancata consegna|bezorging vertraagd"
    r"|echec de (?:la )?(?:remise|distribution|livraison)|n['’]a pas pu [eê]tre|non (?:remis|distribu|consegnat)|erreur d['’]acheminement"
    r"|(?:correo|mensaje) (?:devuelto|no entregado)|mensagem não entregue|erro na entrega|no es pot lliurar|kan ikke levere"
    r"|ei voi(?:da)? toimittaa|toimittaminen epäonnistui|nije (?:moguće )?isporuč|ni mogoče dostaviti|kohaletoimetamat|nepiegādāj|nepristatyt"
    r"|nelivrabil|недоставено|не може да бъде доставен|δεν παραδόθηκε|לא ניתן למסירה|غير قابل للتسليم|تعذر التسليم|غیر قابل تحویل"
    r"|ไม่สามารถส่ง|không thể (?:gửi|chuyển)|tidak (?:dapat )?(?:ter)?kirim|tidak terhantar|無法傳遞|未能送达|배달할 수 없음|배달되지 않음"
    r"|αδύνατη η παράδοση|μη παραδοτέο"
    r"|配信(?:不能|できません|エラー|失敗)|送信(?:できません|エラー)|不達|エラーメール|退信"
    r"|投递失败|無法(?:傳遞|遞送|傳送)|无法(?:投递|送达|发送)|未送达"
    r"|未傳遞的|배달(?:되지|할 수|\s?실패)|전송\s?실패|반송",
    re.IGNORECASE,
)
ANSWERED_OR_FORWARDED = re.compile(
    r"(?:re|aw|sv|vs|antw|odp|rv|tr|fwd?|wg|doorst|fs|i|r|ynt|ilt|回复|答复|转发|轉寄|返信|転送)\s*(?:\[\d+\])?\s*[:\uff1a]", re.IGNORECASE
)
