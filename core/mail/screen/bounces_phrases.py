"""The words by which mail servers say that a mail was not delivered, is late, or comes back: data for `bounces_text`.

Collected from the servers' own templates (Exim, qmail, Postfix, sendmail, Exchange, Notes, GroupWise, the large providers) in
the languages they are translated into. All are searched without regard to case, and only in mail that a machine seems to have sent.
"""

from __future__ import annotations

import re

_NOT_DELIVERED = (
    r"undeliver(?:able|ed)|un-?delivered|non[- ]deliver|not deliverable|deliver(?:y|ing|ies) (?:\w{1,20} ){0,6}(?:failed|failure"
    r"|aborted|error|problem)",
    r"(?:could|can|was|were|is|are|has|have|did|does|will|may)(?: ?not|n['’]t) (?:yet )?(?:be(?:en)? )?(?:able to )?"
    r"(?:fully )?(?:deliver|sent|send|reach|receive|accept|process|relay|complet|found|exist)",
    r"unable to (?:deliver|send|relay|complete|find|process|transfer)|fail(?:ed|ure) (?:to|in) deliver|failed (?:recipients?"
    r"|address(?:es)?)",
    r"(?:delivery|mail|message|recipients?|address(?:es)?) (?:has |have )?failed|delivery (?:has )?failed|error during delivery"
    r"|delivery problems",
    r"permanent (?:fatal |delivery )?(?:error|failure)|giving up|i'm afraid i wasn't able|bounced|non-existent|(?:does|did) not receive",
    r"user unknown|unknown (?:user|recipient|address|mailbox)|no such (?:user|recipient|person|mailbox|address|account)"
    r"|invalid (?:recipient|address|user|final)",
    r"mailbox (?:\w{1,20} ){0,3}(?:is )?(?:full|exceed|disabled|unavailable|not found|inactive)|(?:over"
    r"|exceed\w{0,3}) (?:\w{1,10} )?quota|quota (?:exceeded|violation|full)|mail loop|too many hops",
    r"(?:was|been|were|is|automatically) (?:\w{1,20} )?(?:rejected|refused|blocked|returned|bounced)|returned (?:mail|message|to sender)",
    r"transcript of session|session transcript|rcpt to:|said: [45]\d\d|\b(?:55\d|45\d) [45]\.\d\.\d|message you sent|diagnostic-code:"
    r"|final-recipient:",
    r"no longer (?:valid|in use|available|exist|active|accept|work)|(?:is|are) (?:wrong|incorrect|not valid|invalid)"
    r"|failed (?:because|for|due)|not been collected",
    r"did(?: not|n['’]t) (?:exactly )?match|account (?:\w{1,20} ){0,3}(?:disabled|suspended|inactive|closed|not (?:exist|found"
    r"|available))|did not reach (?:the following|some or all)|not (?:listed in|defined|known|local)\b|unknown or illegal|cannot be delivered"
    r"|not our customer|(?:is|was) not accepted|not received by|recipient rejecting|was (?:undeliverable|not delivered)"
    r"|error occurred while (?:attempting|trying) to deliver",
    # German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages.
    r"nicht (?:an \S{3,200} )?(?:zugestellt|zustellbar|übermittelt|erreicht|gesendet)|unzustellbar|zustellung (?:\w{1,20} ){0,6}(?:fehlgeschlagen"
    r"|nicht möglich|gescheitert)",
    r"konnte(?:n)? (?:\S{1,30} ){0,8}nicht (?:\S{1,30} )?(?:zugestellt|ausgeliefert|gefunden|versendet)|empfänger (?:ist )?unbekannt"
    r"|postfach (?:ist )?voll",
    r"n['’](?:a|ont) (?:pas )?(?:pu )?(?:être|etre) (?:remis|distribu|délivr|livr|envoy|achemin)|non (?:remis|distribu|délivr)"
    r"|(?:échec|echec) de (?:la )?(?:remise|distribution)",
    r"n['’]a pas été (?:remis|distribu|délivr|livr)|impossible de (?:remettre|distribuer|délivrer|livrer)|(?:utilisateur"
    r"|destinataire) (?:inconnu|non recens)",
    r"no (?:se )?(?:ha podido|pudo|puede|se puede|fue posible|ha sido posible) (?:ser )?(?:entregar|enviar|entregad)"
    r"|no (?:se )?entreg|usuario desconocido|buzón (?:está )?lleno",
    r"impossibile (?:recapitare|consegnare|inviare)|non (?:è stato possibile |può essere |è stato )(?:recapit|consegn|invia)"
    r"|casella piena|destinatario sconosciuto",
    r"não (?:foi possível|pôde ser|foi|pode ser) (?:entreg|enviad)|usuário desconhecido|caixa (?:postal )?cheia|não foi entregue",
    r"(?:kon|kan|kunnen|konden) niet (?:worden )?(?:\w{1,20} )?(?:afgeleverd|bezorgd|verzonden)|niet (?:afgeleverd|bezorgd)"
    r"|onbestelbaar|bezorging mislukt",
    r"(?:kunne|kunde|kan|kunna) (?:ikke|inte) (?:leveres|levereras|sendes|bli levert)|(?:ikke|inte) (?:leveret|levert|levererat"
    r"|levererats)|ei voitu toimittaa",
    # Exchange: "could not deliver to the following recipients or groups", "did not reach".
    r"fehler bei der (?:nachrichten)?zustellung|(?:remise|distribution) (?:\S{1,30} ){0,8}a échoué|n['’]est pas parvenu"
    r"|ne peu(?:t|vent) pas être (?:contacté|joint)|error de entrega|recapito non riuscito|falha na entrega|não é possível entregar",
    r"(?:bezorg|aflever)\w{1,5} (?:\S{1,30} ){0,10}mislukt|lever\w{1,5} (?:\S{1,30} ){0,8}(?:misslyckades|mislykkedes|mislyktes)"
    r"|toimitus epäonnistui|doruč\w{1,4} (?:\S{1,30} ){0,8}(?:se nezdařilo|selhalo|zlyhalo)",
    r"сбой доставки|teslim (?:edilemi|başarısız)|kézbesítés\w{0,4} (?:\S{1,30} ){0,8}sikertelen|livrarea (?:\S{1,30} ){0,8}(?:nu a reușit"
    r"|a eșuat)|παράδοση (?:\S{1,30} ){0,10}απέτυχε",
    r"(?<!yet )not (?:be |been )?delivered|delivery of the e?-?mail was stopped|attempts? (?:\S{1,100} ){0,2}failed|has been (?:rejected|blocked)"
    r"|considered (?:unsolicited|spam)|(?:was|were|been) (?:discarded|dropped|quarantined)|entrega (?:\S{1,100} ){0,3}falhou|endereço inexistente",
    # Rejected, blocked; Slavic words that lost their accents.
    r"(?:zurück|ab)gewiesen|abgelehnt|blockiert|geweigerd|rechazad|rifiutat|rejeitad|refusé|bloqu(?:é|ead)|bloccat|odmítnut|odmietnut|odrzucon"
    r"|отклонен|заблокирован|відхилен|afvist|avvist|avvisades|hylät|reddedil|engellen|visszautasít|拒收|拒否され|거부|차단",
    r"(?:ist|sind) (?:uns )?(?:nicht bekannt|unbekannt)|neby[lt]\w? dorucen|nie mogl\w{0,2} (?:zostac )?dostarcz|niedorecz|nedorucit|발송(?:에)? 실패",
    # Others of Exchange, Gmail and the providers: French without accents, Spanish, Catalan, Italian, the Nordic and Baltic languages.
    r"n['’]a (?:pas )?(?:pu )?(?:[eê]tre )?(?:remis|distribu|d[ée]livr|livr|achemin)|bo[iî]te (?:aux lettres |du destinataire )?(?:est )?pleine"
    r"|(?:adresse|destinataire)s? (?:\S{1,30} ){0,6}(?:introuvable|inexistant)",
    r"error al entregar|no (?:se )?(?:ha|han) (?:podido|entregado)|no llegó a (?:algunos|ninguno|todos|los)|buzón (?:\S{1,20} ){0,4}lleno"
    r"|error en lliurar|no s['’]ha pogut (?:lliurar|entregar)|no (?:se )?puede localizar",
    r"non (?:puo'|può|e'|è|sono) (?:stat[oaie] )?(?:possibile )?(?:essere )?(?:consegna|recapita|invia)|mancata consegna|casella (?:\S{1,20} ){0,4}piena"
    r"|errore:? 5\.\d\.\d",
    r"não p[ôo]de (?:ser )?(?:entreg|enviad)|não foi (?:possível )?entreg|usuário inexistente|caixa (?:\S{1,20} ){0,3}cheia"
    r"|kan (?:ikke|inte) levere|(?:gick|går) inte att (?:leverera|skicka)|levererades inte|blev ikke (?:leveret|levert)|ble ikke levert",
    r"(?:toimitus|toimittaminen) (?:\S{1,30} ){0,8}epäonnistui|ei voi(?:da|tu)? toimittaa|kohaletoimetamine (?:\S{1,30} ){0,8}nurjus"
    r"|piegāde (?:\S{1,30} ){0,8}neizdevās|nepavyko pristatyti|nepristatyt|nevarēja piegādāt",
    # Exchange in the Slavic languages, Hungarian, Hebrew, Arabic, Persian, Thai, Vietnamese, Indonesian.
    r"(?:dostarczenie|dostarczanie) (?:\S{1,30} ){0,8}nie powiodło|(?:ne|ni)podařilo (?:se )?doručit|doruč\w{1,5} (?:\S{1,30} ){0,8}(?:nezdařilo"
    r"|selhalo|zlyhalo|nepodarilo)|isporuka (?:\S{1,30} ){0,8}nije (?:uspela|uspjela)|nije (?:moguće )?isporuč\w{1,5}"
    r"|dostava (?:\S{1,30} ){0,8}ni uspela|ni (?:bilo )?mogoče dostaviti",
    r"неуспешна доставка|не може да бъде доставен|не ?доставлен|недоставен|не удалось (?:связаться|отправить)|не может быть отправлен"
    r"|ящик (?:\S{1,20} ){0,3}переполнен",
    r"sikertelen (?:volt )?a kézbesítés|nem volt kézbesíthető|המסירה (?:\S{1,30} ){0,8}נכשלה|לא ניתן היה למסור|فشل (?:في )?(?:ال)?تسليم|تعذر تسليم"
    r"|تحویل (?:\S{1,30} ){0,8}انجام نشد|การส่ง\S{0,60}ล้มเหลว|ไม่สามารถส่ง",
    r"không (?:gửi|chuyển|thể gửi) (?:được )?|pengiriman (?:\S{1,30} ){0,8}gagal|tidak (?:dapat|bisa) dikirim|penghantaran (?:\S{1,30} ){0,8}gagal",
    # Polish, Czech, Slovak, Hungarian, Romanian, Russian, Ukrainian, Greek, Turkish.
    r"nie (?:mogła|mógł|może|można|udało się|została|został) (?:\S{1,20} )?(?:dostarcz|doręcz|wysł)|niedostarcz|(?:nelze|nebylo možné"
    r"|nebyla|nepodařilo se) (?:\S{1,20} )?doruč",
    r"nie je možné doručiť|nebola doručená|nem (?:sikerült )?kézbesít|kézbesíthetetlen|nu a (?:putut fi|fost) livrat|nu poate fi livrat",
    r"не (?:был[оаи]? |может быть |удалось |удается |могло быть )?(?:доставлен|доставить)|недоставлен|не вдалося доставити"
    r"|не (?:було |може бути )?доставлен",
    r"δεν (?:ήταν δυνατή|παραδόθηκε|μπορεί να παραδοθεί)|teslim edilem|gönderilemedi|iletilemedi",
    # Japanese, Chinese, Korean.
    r"(?:配信|送信|配送|配達)(?:は|が)?(?:できま|できな|されま|不能|に失敗|失敗)|届けることができ|お届けでき|届きませんでした|宛先(?:が)?不明|見つかりません",
    r"无法(?:投递|送达|发送|将邮件|被投递)|無法(?:傳送|遞送|投遞|送達)|未(?:能)?送达|未(?:能)?送達|退信|退回|投递失败|发送失败|傳送失敗|用户不存在|收件人不存在",
    r"以下收件人或(?:组|群组)的邮件失败|邮件(?:失败|被退)|未能(?:成功)?(?:送达|投递)|无法传递|無法傳遞|邮箱(?:已满|不存在|地址不存在)|受信者に(?:送信|メッセージ)",
    r"전달하지 못|편지함이 가득|존재하지 않는 메일|메일(?:이|을) (?:전송|배달)",
    r"배달(?:되지|할 수 없|하지 못|에 실패)|전송(?:되지|할 수 없|하지 못|에 실패|\s?실패)|반송|전달되지",
)
_LATE = (
    r"not (?:yet )?been delivered(?! to)(?= ?yet)|not yet been delivered|(?:has|have) been delayed|\bdelayed (?:\d{1,3} (?:hours"
    r"|days)|mail)|delivery (?:\w{1,20} ){0,3}delayed",
    r"\(delay(?:ed)?\)|message delayed|message \S{1,40} delayed|delivery delay|has been postponed|temporar(?:y"
    r"|ily) (?:delivery )?(?:problem|deferred)|delivery incomplete|mail delivery warning",
    r"verzögert|zustellung verzögert|wird weiter versucht|retardée?|remise différée|se ha retrasado|entrega retrasada|in ritardo"
    r"|ritardat|atrasad|vertraagd|försenad|forsinket",
    r"ist verzögert|noch nicht zugestellt|vorübergehendes problem|pas encore été remis|est retardée|(?:no|aún no) se ha entregado todavía"
    r"|problème temporaire|problema temporal|temporaneo|tijdelijk probleem|will try again|(?:delivery )?pending for|enqueued and undeliverable",
    r"opóźnion|zpožděn|задерж|отложен|затрим|gecikti|遅延|遅れて|延迟|延遲|지연",
)
_WAITS = (
    r"will (?:be retried|keep trying|continue to (?:try|be)|retry)|still (?:being retried|trying|in the queue|pending)|attempts will continue"
    r"|advisory-only",
    r"you do not need to (?:take any action|resend)|no action is required on your part|(?:just|only) a warning"
    r"|this is a warning message only",
)
_GAVE_UP = (
    r"permanent|giving up|gave up|has expired|expired|no longer be retried|delivery has failed|delivery failed"
    r"|delivery (?:status notification )?\(?failure\)?|time limit exceeded",
    r"could not be delivered (?:for|within|after)|too long|retry time(?:out)? (?:not reached|exceeded)|final(?:ly)? fail"
    r"|will not be retried|5\d\d [5]\.\d\.\d",
)
# How servers announce the mail that they send back. Never sendmail's "The original message was received at".
_FOLLOWS = (
    r"^[ \t]{0,8}[-=*_<>~#]{2,60}[ \t]{0,8}.{0,60}(?:original|returned|forwarded|unsent|rejected|undelivered|copy of|below"
    r"|message text|(?:mail|message) header|header|your message"
    r"|nachricht|original-?nachricht|message d'origine|mensaje original|messaggio originale|mensagem original|исходн|原始|元の).{0,200}$",
    r"^[ \t>]{0,8}(?:the |your |a )?(?:original|returned|old|failed|unsent) (?:message|mail|e-mail)(?: headers?| text)?(?: is| was)? ?"
    r"(?:(?:.{0,30} )?follows|attached|details|below|reads|included|:[ \t]*$)",
    r"^.{0,80}(?:included|attached|here|below|following) (?:is|are|was) (?:a |the |your )?(?:copy|(?:returned|original) (?:mail"
    r"|message)|(?:first|partial|header)).{0,120}$",
    r"^.{0,80}(?:this is|here is|here's|with) (?:a |your |the )?(?:copy of (?:the|your)|returned (?:mail|message)).{0,120}$",
    r"^[ \t]{0,8}(?:message (?:text|headers?|contents?) follows?|your message (?:reads|headers?|was:)|a copy of (?:the"
    r"|your) (?:original )?(?:message|mail)).{0,120}$",
    r"^(?:return-path|received|dkim-signature|x-received): ?\S",
    r"^(?:original message headers:|the first \d{1,5} lines of )",
)

FAILED = re.compile("|".join(_NOT_DELIVERED), re.IGNORECASE)
DELAYED = re.compile("|".join((*_LATE, *_WAITS)), re.IGNORECASE)
STILL_TRYING = re.compile("|".join(_WAITS), re.IGNORECASE)
FINAL = re.compile("|".join(_GAVE_UP), re.IGNORECASE)
# That a mail arrived, said by those who were asked to tell.
CONFIRMED = re.compile(r"successfully (?:delivered|relayed)|had success(?:ful)? delivery|relayed; expect no further", re.IGNORECASE)
RETURNED = re.compile("|".join(_FOLLOWS), re.IGNORECASE | re.MULTILINE)
# A question, what is "mine", and what is asked for: servers say none of it.
PERSONAL = re.compile(
    r"[?？؟](?:\s|$)|(?<!\w)(?:my|mein|meine[mnrs]?|mon(?= [^\W\d])|mi[oa]|miei|meu|minha|mijn|moj[aeiu]|mój|můj"
    r"|mi (?:correo|pedido|mensaje)|mitt|min (?:mejl|mail)|viestiäni|мо[йяёеи]"
    r"|we (?:have|are|get|see)|our (?:mails?|messages?)|i (?:get|got|keep|sent|have|did|typed|want|could)|when i|j['’]ai|je reçois"
    r"|hi,|hello|hallo (?!hier)|hola|bonjour,? mon|buongiorno|здравствуйте|thanks|grazie|danke|gruß|fyi|please (?:fix|help|remove|send|unblock"
    r"|whitelist|find))(?!\w)",
    re.IGNORECASE,
)
# Block lists, authentication, reputation, content: what the recipient's address has no part in.
ABOUT_US = re.compile(
    r"\b5\.7\.\d|block(?:ed|ing|list)?\b.{0,60}(?:spam|ip|list|using|policy)|black-?list|\brbl\b|\bdnsbl\b|spamhaus|spamcop"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|reputation|considered spam|classified as spam|looks like spam|detected as spam|unsolicited"
    r"|relay(?:ing)? (?:access )?denied"
    r"|reverse dns|\bptr\b|policy (?:reasons|violation|rejection)|content (?:rejected|blocked)|sender (?:rejected|denied|blocked)"
    r"|not authori[sz]ed to send",
    re.IGNORECASE,
)
