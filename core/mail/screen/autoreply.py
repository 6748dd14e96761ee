"""Automatic answers known by nothing but their subject: out-of-office notes and autoresponders, in the words of their makers.

Exchange and Outlook, Notes, Gmail, Zimbra, GroupWise, cPanel, Plesk and the providers put a fixed phrase in front of the subject
in the language of the absent. A phrase counts only at the very beginning, and only when it is the whole subject or a colon (or
what a translation uses for one) follows: "Re: Automatic reply: …" and "Out of office does not work" are written by people.
"""

from __future__ import annotations

import re


def absence_phrase(subject: str) -> str | None:
    """The phrase of an automatic answer that a subject begins with, or None."""
    subject = " ".join(subject[:1000].split())[:300]
    found = _AUTOMATIC.match(subject) or _SENTENCE.match(subject)
    return found.group(0).strip() if found else None


_PHRASES = (
    # English: Exchange, Outlook 2003, Notes, Zimbra, cPanel, vacation(1) and its descendants.
    r"auto(?:matic|mated|matically generated)?[ -]?(?:reply|replies|response|responder|answer|email reply)(?: (?:from|by) [^:]{1,80})?",
    r"out[- ]of[- ](?:the[- ])?office(?:[- ]?(?:auto[- ]?reply|reply|response|message|notification|notice|assistant))?",
    r"(?:away|absence|vacation|holiday)(?:[- ](?:from (?:the|my) (?:office|mail)|message|notice|notification|reply|response"
    r"|auto[- ]?reply|autoreply|note))",
    r"away from my mail",
    # German.
    r"abwesenheits?(?:notiz|nachricht|meldung|mitteilung|info(?:rmation)?|benachrichtigung|assistent|agent|antwort)"
    r"|automatische (?:antwort|rückantwort|abwesenheit\w{0,12})",
    r"(?:auto(?:matische)?[- ]?)?(?:antwort|abwesenheit)(?: bei)? abwesenheit|nicht im (?:büro|haus)|außer haus|urlaubs(?:notiz"
    r"|benachrichtigung)",
    # French, Spanish, Catalan, Galician, Basque, Portuguese, Italian, Romanian.
    r"(?:réponse|reponse|message) (?:automatique|auto)(?: d['’]absence)?|(?:absence|absent)(?:e)? du bureau|(?:message|avis"
    r"|notification) d['’]absence|hors du bureau",
    r"(?:respuesta|contestación|mensaje) autom[áa]tic[ao]|fuera de (?:la )?oficina|ausente de la oficina|resposta autom[àáa]tica"
    r"|fora d(?:e l['’]|o |a |e )?(?:oficina|escritório|despatx)",
    r"(?:aviso|mensagem) de (?:férias|ausência)|ausência (?:temporária|do escritório)|ausente do escritório|erantzun automatikoa",
    r"risposta automatica|(?:messaggio|notifica) di assenza|fuori (?:sede|ufficio)|assente dall['’]ufficio|r[ăa]spuns(?:ul)? automat"
    r"|(?:în|in) afara biroului",
    # Dutch, Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian, Latvian, Lithuanian.
    r"automatisch(?:e)? (?:antwoord|beantwoording|bericht|reactie)|afwezigheids?(?:bericht|melding|assistent)|niet (?:aanwezig"
    r"|op kantoor)|(?:ik ben )?afwezig",
    r"auto(?:matiskt?)?[ -]?(?:svar|besvarelse)(?:else)?|autosvar|frånvaro(?:meddelande|besked)|ikke (?:til stede|på kontoret)"
    r"|ej på kontoret|fravær(?:smelding|sbesked|sassistent)|sjálfvirkt svar",
    r"automaattinen (?:vastaus|poissaolovastaus)|poissaolo(?:viesti|ilmoitus)|poissa toimistosta|automaatvastus|automaatne vastus"
    r"|automātiskā atbilde|automātiska atbilde|automatinis atsakymas",
    # Polish, Czech, Slovak, Slovenian, Croatian, Bosnian, Serbian, Hungarian, Albanian.
    r"(?:odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź)|poza biurem|nieobecność w biurze|automatická odpověď"
    r"|mimo kancelář|automatická odpoveď|(?:samodejni|avtomatski) odgovor",
    r"automatski odgovor|automatski odgovori|odsutnost iz ureda|izvan ureda|automatikus válasz|házon kívül(?: vagyok)?|irodán kívül"
    r"|përgjigje automatike",
    # Russian, Ukrainian, Belarusian, Bulgarian, Macedonian, Serbian; Greek; Turkish.
    r"автоматическ(?:ий|ое) (?:ответ|сообщение|уведомление)|автоответ(?:чик)?|(?:уведомление|сообщение) об отсутствии|(?:отсутствую"
    r"|нет) (?:в|на) (?:офисе|рабочем месте)|вне офиса",
    r"автоматична відповідь|відповідь автоматична|автовідповідь|поза офісом|аўтаматычны адказ|автоматичен отговор|извън офиса"
    r"|автоматски одговор",
    r"αυτόματη απάντηση|εκτός γραφείου|απάντηση εκτός γραφείου|otomatik (?:yanıt|cevap)|ofis dışında(?:yım)?",
    # Arabic, Hebrew, Persian, Hindi, Thai, Vietnamese, Indonesian, Malay, Filipino.
    r"رد تلقائي|الرد التلقائي|خارج المكتب|תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד|پاسخ خودکار|स्वचालित (?:उत्तर|जवाब)|ตอบกลับอัตโนมัติ"
    r"|การตอบกลับอัตโนมัติ|ไม่อยู่ที่สำนักงาน",
    r"(?:trả lời|thư trả lời|phản hồi) tự động|(?:balasan|jawapan|jawaban|respons) (?:otomatis|automatik)|di luar kantor"
    r"|awtomatikong tugon",
    # Japanese, Chinese, Korean.
    r"自動(?:返信|応答|回答)(?:メール|メッセージ)?|不在(?:通知|のお知らせ)|休暇(?:通知|のお知らせ)|自动(?:答复|回复|回覆)|自動(?:回覆|答覆|回復)|外出(?:时的自动答复|自動回覆)|不在办公室|不在辦公室|休假通知",
    r"자동\s?(?:회신|응답|답장)|부재\s?중(?:\s?(?:알림|응답|메시지))?",
)
# "[EXT]", "***SPAM***", "(automatic)" that gateways put in front.
_TAGS = r"(?:\s*(?:\[[^\[\]]{1,40}\]|\*{2,3}[^*]{1,20}\*{2,3}))*\s*"
_END = r"\s*(?:$|[!.]*\s*$|[:\uff1a]|\s[-–—|]\s|\s*[\[【\"“「]|\s(?:re|aw|sv|vs|antw|odp|rv|tr|fwd?|wg)\s*:)"
_AUTOMATIC = re.compile(rf"{_TAGS}[\[(【*<\"“]{{0,3}}(?:auto\s*:\s*)?(?:{'|'.join(_PHRASES)})[\])】*>\"”]{{0,3}}{_END}", re.IGNORECASE)
_UNTIL = (
    r"(?=\s*(?:$|[^\w\s]|(?:until|till?|from|through|and|with|without"
    r"|this|next|for|to|between|since|in|today|bis|vom|ab|und|jusqu|du)\b))"
)
# Notes writes "AUTO: Eva Lind is out of the office (returning 03/08/2026)"; others begin with "I am out of the office".
_SENTENCE = re.compile(
    rf"{_TAGS}(?:(?-i:AUTO)\s?:\s\S.{{0,120}}\([^()]{{3,60}}\)?\s*$"
    r"|\S{1,40}(?: \S{1,40}){0,4} is (?:currently )?out of (?:the )?office(?:\.|\s*\(returning .{0,60}|\s*$)"
    r"|i(?: am|['’]m| will be) (?:currently |now )?(?:out of (?:the |my )?office|on (?:vacation|holiday|annual leave|leave"
    r"|parental leave|maternity leave))"
    rf"{_UNTIL}"
    r"|ich bin (?:derzeit |zurzeit |zur zeit |momentan |aktuell )?(?:nicht im (?:büro|haus)|im urlaub|abwesend|außer haus)"
    rf"{_UNTIL}"
    r"|je suis (?:actuellement )?(?:absente?|en (?:congés?|vacances)|hors du bureau)"
    rf"{_UNTIL})",
    re.IGNORECASE,
)
