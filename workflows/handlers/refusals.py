"""Why a step is refused, in both languages, under a stable code. Never anything of the input."""

from domain.events.refusal import Refused

TEXTS = {
    "not-a-party": (
        "The case belongs to other authorities.",
        "Sagen hører til hos andre myndigheder.",
    ),
    "not-allowed-now": (
        "The step is not allowed where the case stands now.",
        "Trinnet er ikke muligt, som sagen står nu.",
    ),
    "wrong-side": (
        "The step is the other party's.",
        "Trinnet er den anden parts.",
    ),
    "role-not-allowed": (
        "The role may not take this step.",
        "Rollen må ikke tage dette trin.",
    ),
    "outside-unit": (
        "The case belongs to another unit of the authority; a coded reason is needed.",
        "Sagen hører til en anden enhed i myndigheden; der skal angives en grund.",
    ),
    "document-opened-by-receiver": (
        "The document has not been opened by the receiving authority; read it first.",
        "Dokumentet er ikke åbnet hos modtageren; læs det først.",
    ),
    "another-citizen": (
        "The document is about another citizen than the message, or her replacement number has not "
        "been joined with her CPR number yet.",
        "Dokumentet handler om en anden borger end meddelelsen, eller erstatningsnummeret er endnu ikke "
        "forenet med CPR-nummeret.",
    ),
    "receiver-acts": (
        "The document names another acting municipality than the one that has the case. Ask for it back, or "
        "let it be returned, and send it to the right one.",
        "Dokumentet angiver en anden handlekommune end den, der har sagen. Bed om at få den tilbage, eller "
        "lad den blive sendt retur, og send den til den rette.",
    ),
    "needs-completion": (
        "The handover has its overgangsdokument already.",
        "Overgangen har allerede sit overgangsdokument.",
    ),
    "disclosure-basis-live": (
        "There is no live basis for giving the information on: an objection, or a consent that does not "
        "count.",
        "Der er ikke et gyldigt grundlag for at give oplysningerne videre: en indsigelse eller et samtykke, "
        "der ikke gælder.",
    ),
    "consent-withdrawn": (
        "The citizen took her consent back, or objected, before the document was opened; it is locked, and "
        "the sender has been told.",
        "Borgeren har trukket sit samtykke tilbage eller gjort indsigelse, før dokumentet blev åbnet; det er "
        "låst, og afsenderen har fået besked.",
    ),
    "consent-covers-receiver": (
        "The consent does not cover the receiver.",
        "Samtykket dækker ikke modtageren.",
    ),
    "question-has-consent": (
        "A municipality asks for information with the citizen's consent (RSL §11a); register it first.",
        "Kommunen indhenter oplysninger med borgerens samtykke (retssikkerhedslovens § 11 a); registrér det "
        "først.",
    ),
    "question-open": (
        "The question does not wait for an answer.",
        "Spørgsmålet venter ikke på svar.",
    ),
    "withdrawal-asked": (
        "The sender has not asked for it to be taken back.",
        "Afsenderen har ikke bedt om at trække den tilbage.",
    ),
    "withdrawal-not-asked": (
        "The sender has asked for it to be taken back; confirm or refuse that first.",
        "Afsenderen har bedt om at trække den tilbage; bekræft eller afslå det først.",
    ),
    "responsibility-unresolved": (
        "Responsibility is not unresolved.",
        "Ansvaret er ikke uafklaret.",
    ),
    "responsibility-settled": (
        "Responsibility is unresolved; the leaders settle it first.",
        "Ansvaret er uafklaret; lederne afklarer det først.",
    ),
    "not-insisted": (
        "The sender has insisted already.",
        "Afsenderen har allerede fastholdt.",
    ),
    "unit-of-own-authority": (
        "The unit is not one of the receiving authority's; to another authority it is forwarded.",
        "Enheden hører ikke til hos modtageren; til en anden myndighed sendes der videre.",
    ),
    "has-document": (
        "The case has no document to send.",
        "Sagen har ikke et dokument, der kan sendes.",
    ),
    "not-ones-own-to-give": (
        "An authority takes the responsibility itself, or names who has settled it.",
        "En myndighed tager selv ansvaret eller angiver, hvem der har afgjort det.",
    ),
    "in-the-future": (
        "The moment lies in the future.",
        "Tidspunktet ligger i fremtiden.",
    ),
    "arrived-before-sent": (
        "A letter arrives no earlier than the day it was sent.",
        "Et brev kommer tidligst frem den dag, det er sendt.",
    ),
    "evidence-of-another-way": (
        "This evidence is of letters that are sent another way.",
        "Det bevis hører til breve, der er sendt på en anden måde.",
    ),
    "limit-over-already": (
        "The day by which the citizen may speak lies after today.",
        "Den dag, borgeren senest skal udtale sig, ligger efter i dag.",
    ),
    "own-act-dated-back": (
        "One's own act happens now; what was done earlier was done outside Overgang, and is registered so.",
        "Det, man selv gør, sker nu; tidligere er det gjort uden for Overgang og registreres sådan.",
    ),
    "receiver-is-sender": (
        "A handover goes to another authority; within one's own it is distributed.",
        "En overgang går til en anden myndighed; inden for egen myndighed fordeles den.",
    ),
    "move-fits-parties": (
        "The authority responsible before the move is the sender, and the one responsible after it the "
        "receiver; a change of handlekommune, and it alone, goes between municipalities, and nothing from "
        "region to region. Correct the forms of treatment, or choose another receiver.",
        "Den myndighed, der har ansvaret før skiftet, er afsender, og den, der får det, er modtager; skift "
        "af handlekommune, og kun det, går mellem kommuner, og intet går fra region til region. Ret "
        "behandlingsformerne, eller vælg en anden modtager.",
    ),
    "receiver-unit-unknown": (
        "The receiving unit does not stand in the register.",
        "Den modtagende enhed står ikke i registret.",
    ),
    "sender-succeeded": (
        "The sending unit's authority has been succeeded, and the register names no successor of the "
        "unit yet.",
        "Afsenderens myndighed har fået en efterfølger, og registret angiver endnu ingen for enheden.",
    ),
    "receiver-unknown": (
        "The receiving unit or authority does not stand in the register.",
        "Den modtagende enhed eller myndighed står ikke i registret.",
    ),
    "quarantined": (
        "The document is shut: it was misdirected, about another citizen, or entered in error.",
        "Dokumentet er lukket: det er fejlsendt, handler om en anden borger eller er oprettet ved en fejl.",
    ),
    "document-unknown": (
        "The case has no such document.",
        "Sagen har ikke et sådant dokument.",
    ),
    "not-ones-own-fact": (
        "Only the authority that recorded it may retract it.",
        "Kun den myndighed, der har registreret det, kan trække det tilbage.",
    ),
    "sent-is-sent": (
        "What was sent cannot be taken back from the log; send or register what corrects it.",
        "Det, der er sendt, kan ikke trækkes tilbage i loggen; send eller registrér det, der retter det.",
    ),
    "reason-missing": (
        "This is not registered without words: why it was done, or what was said or noted.",
        "Dette kræver en tekst: hvorfor det er gjort, eller hvad der er sagt eller noteret.",
    ),
    "letter-missing": (
        "This is done by a letter; send it as one, or register it as done outside Overgang.",
        "Dette sker ved brev; send det som brev, eller registrér det som sket uden for Overgang.",
    ),
    "no-digital-post": (
        "This installation, or the authority, has no Digital Post to send by; choose another way.",
        "Der er ikke sat Digital Post op for myndigheden; vælg en anden måde.",
    ),
    "hearing-too-short": (
        "Her time to comment must end after the letter can have arrived (FVL §19).",
        "Borgerens frist for at udtale sig skal slutte, efter at brevet kan være kommet frem "
        "(forvaltningslovens § 19).",
    ),
    "package-missing": (
        "Access is given by its package; make it, or register it as done outside Overgang.",
        "Aktindsigt gives med sin pakke; lav den, eller registrér den som givet uden for Overgang.",
    ),
    "receipt-missing": (
        "A receipt proves arrival by its id; state it, or other evidence.",
        "En kvittering beviser med sit nummer, at brevet er kommet frem; angiv det eller et andet bevis.",
    ),
    "recipient-missing": (
        "A letter to somebody else than the citizen needs that person's name and address.",
        "Et brev til en anden end borgeren skal have modtagerens navn og adresse.",
    ),
    "not-to-her-mailbox": (
        "Digital Post goes to the citizen herself by her CPR number; choose another way.",
        "Digital Post går til borgeren selv på hendes CPR-nummer; vælg en anden måde.",
    ),
    "no-letter": (
        "There is no letter of this kind.",
        "Der findes ikke et brev af den slags.",
    ),
    "code-unknown": (
        "A code is not among those that the register of rights knows.",
        "En kode findes ikke i registret over rettigheder.",
    ),
    "matter-differs": (
        "This says something else of the matter than what began it: its regime, its decision, its letter.",
        "Dette siger noget andet om sagen end det, den begyndte med: reglerne, afgørelsen eller brevet.",
    ),
    "matter-unknown": (
        "Nothing in one's own lane of the case has begun the matter that is named.",
        "Der er ikke begyndt noget på sagen under det id, der er angivet.",
    ),
    "matter-known": (
        "The matter was begun before under this id.",
        "Der er allerede begyndt noget på sagen under dette id.",
    ),
    "no-part-in-case": (
        "The authority that is named has no part in the case.",
        "Den myndighed, der er nævnt, har ingen del i sagen.",
    ),
    "outside-representation": (
        "The representation does not cover this.",
        "Repræsentationen omfatter ikke dette.",
    ),
    "not-taken-over": (
        "The questions are asked when somebody has taken the handover over.",
        "Spørgsmålene stilles, når nogen har overtaget.",
    ),
    "access-not-decided": (
        "The request for access has not been granted, whole or in part; decide it first.",
        "Aktindsigten er ikke imødekommet, helt eller delvist; tag stilling til den først.",
    ),
    "withheld-without-ground": (
        "Something is withheld on a ground that the decision on access does not name.",
        "Der udelades noget på et grundlag, som afgørelsen om aktindsigt ikke angiver.",
    ),
    "nothing-withheld": (
        "Access was given in part, and the package would hold everything. Name the passages, or state that "
        "what is withheld does not stand in Overgang.",
        "Der er givet delvist afslag, men pakken ville rumme det hele. Angiv, hvad der udelades, eller at "
        "det udeladte ikke står i Overgang.",
    ),
    "others-not-decided": (
        "The documents speak of other persons. Say that she may see it, or decide on a ground to withhold.",
        "Dokumenterne omtaler andre personer. Angiv, at hun må se det, eller afgør, på hvilket grundlag det "
        "udelades.",
    ),
    "protection-not-stated": (
        "The template does not say which fields hold a protected address: only a person can make this copy.",
        "Skabelonen siger ikke, hvilke felter der har en beskyttet adresse: kun et menneske kan lave kopien.",
    ),
    "passage-unknown": (
        "A passage that is to be withheld is not in the documents.",
        "En passage, der skal udelades, findes ikke i dokumenterne.",
    ),
    "package-for-another": (
        "The package was made for the citizen herself; ask the authority for one to her representative.",
        "Pakken er lavet til borgeren selv; bed myndigheden om en til repræsentanten.",
    ),
    "package-unknown": (
        "No access package was made for this request.",
        "Der er ikke lavet en aktindsigtspakke til denne anmodning.",
    ),
    "fact-unknown": (
        "The case has no such fact, or it was retracted before.",
        "Sagen har ikke en sådan registrering, eller den er allerede trukket tilbage.",
    ),
}


def refusal(code: str) -> Refused:
    """A refusal with its texts."""
    detail, detail_da = TEXTS[code]
    return Refused(code, detail, detail_da)
