"""The Danish of the codes that a report for the DPO meets. A code that is not here is shown as the code."""

EVENTS = {
    "document-read": "Et dokument er læst",
    "outside-access-used": "En sag er åbnet fra en anden enhed",
    "lead-alerted": "Lederen har fået besked om adgang fra en anden enhed",
    "mailbox-shown": "En side af postkassen er vist",
    "unit-list-shown": "En side af enhedens egen liste er vist",
    "command-refused": "Et trin er afvist af en regel",
    "authority-registered": "En myndighed er registreret",
    "unit-registered": "En enhed er registreret",
    "main-mailbox-registered": "En hovedpostkasse er registreret",
    "main-mailbox-ended": "En hovedpostkasse er ophørt",
    "main-mailbox-asked": "En myndighed er spurgt om sin hovedpostkasse",
    "main-mailbox-proposed": "En hovedpostkasse er foreslået",
    "main-mailbox-proposal-withdrawn": "Et forslag om en hovedpostkasse er trukket tilbage",
    "main-mailbox-confirmed": "En hovedpostkasse er bekræftet",
    "main-mailbox-unconfirmed": "En hovedpostkasse er ikke længere bekræftet",
    "main-mailbox-end-proposed": "Det er foreslået, at en hovedpostkasse ophører",
    "succession-proposed": "En efterfølger er foreslået",
    "authority-succeeded": "En myndighed har fået en efterfølger",
    "unit-succeeded": "En enhed har fået en efterfølger",
    "referrer-published": "En region har offentliggjort, hvem der må henvise",
    "processing-time-published": "En kommune har offentliggjort sin sagsbehandlingsfrist",
    "replacement-number-merged": "Et erstatningsnummer er lagt sammen med et CPR-nummer",
    "rules-adopted": "Regler, kalendere eller indstillinger er taget i brug",
    "bodies-replayed": "Forseglet indhold er åbnet og efterprøvet",
    "authority-exported": "En myndighed har taget sine oplysninger ud",
    "carry-over-begun": "Sager er ved at blive ført over til en efterfølger",
    "carry-over-completed": "Alle sager er ført over til en efterfølger",
    "breach-assessment-opened": "Et muligt brud på persondatasikkerheden skal vurderes",
    "breach-assessed": "Et muligt brud på persondatasikkerheden er vurderet",
    "handover-escalated": "En uafklaret overgang er meldt videre",
    "deadline-warned": "Der er mindet om en frist",
}
"""Events that no workflow definition names; the definition's own words go first."""

ROLES = {
    "clinician": "kliniker",
    "caseworker": "sagsbehandler",
    "leader": "leder",
    "integration": "fagsystem",
    "auditor": "revisor",
    "registrar": "registerfører",
    "steering": "styregruppe",
    "operator": "driftsansvarlig",
}

LANES = {
    "shared": "mellem de to myndigheder",
    "own": "myndighedens egne trin",
    "public-register": "det offentlige register",
}

LANE_SEEN_BY = {
    "shared": "begge parter i overgangen, hver for sine egne medarbejdere",
    "own": "den dataansvarlige myndighed. Et forslag til registret ses også af sekretariatet",
    "public-register": "enhver, der er logget ind",
}

MARKS = {"reading": "læsning", "delivery": "levering", "replay": "samlet åbning"}

KINDS = {
    "code": "kode",
    "authority-code": "myndighedskode",
    "unit-id": "enhed i registret",
    "hash": "hashværdi",
    "number": "tal",
    "instant": "tidspunkt",
    "date": "dato",
    "key-id": "nøgle-id",
    "section-id": "afsnit i skabelonen",
    "document-facts": "koder, datoer og ja/nej fra dokumentet",
    "organisation-name": "myndigheds eller enheds navn",
    "functional-address": "funktionspostkasse",
    "channel-address": "adresse på hovedpostkasse",
    "function-telephone": "funktionstelefon",
    "kle": "KLE-nummer",
    "sor": "SOR-kode",
    "gln": "lokationsnummer",
    "cvr": "CVR-nummer",
    "id": "tilfældigt id",
    "yes-no": "ja/nej",
    "text": "tekst",
    "fixed-form": "tekst i fast form",
    "other": "ikke navngivet type",
}

KEY_SOURCES = {
    "file": "en fil",
    "environment": "miljøet, når serveren starter",
    "command": "en kommando, når serveren starter",
    "generated": "en genereret nøgle ved siden af data",
}

STORES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}

FAULTS = {
    "development-issuer": "udstederen til udvikling er slået til, så enhver kan udgive sig for enhver",
    "generated-epoch-key": "nøglen til boksen er genereret ved siden af data",
    "epoch-key-beside-data": "nøglen til boksen ligger i datamappen og dermed i dens sikkerhedskopier",
    "no-malware-scanner": "vedhæftninger bliver ikke skannet",
    "test-persons-allowed": "testpersoner kan blive blandet med borgere",
    "plain-text-mail": "mail kan blive sendt uden kryptering",
    "simulated-log": "loggen gemmer ingenting",
    "sqlite-not-durable": "et svar kan komme, før hændelsen ligger på disken",
    "vault-not-apart": "boksen har ikke sin egen database og rolle",
    "issuer-not-https": "en udsteder har ikke en https-adresse",
    "no-rate-limit": "der er ingen grænse for antallet af kald",
}

HEADER = {
    "envelope": "hovedets udgave",
    "position": "hændelsens nummer på loggen",
    "stream": "den sag eller det forløb, hændelsen hører til, ved et tilfældigt id",
    "stream_version": "hændelsens nummer i forløbet",
    "event": "hændelsens art",
    "schema": "udgaven af hændelsens oplysninger",
    "workflow.name": "arbejdsgangens navn",
    "workflow.version": "arbejdsgangens version",
    "occurred_at": "hvornår det skete",
    "recorded_at": "hvornår det blev registreret",
    "actor": "hvem der handlede, ved et pseudonym",
    "role": "rollen hos den, der handlede",
    "unit": "enheden hos den, der handlede",
    "authority": "myndigheden hos den, der handlede",
    "controller": "den dataansvarlige for posten",
    "visible_to": "de myndigheder, der må se posten",
    "legal_basis": "retsgrundlaget",
    "purpose": "formålet",
    "subjects.key_id": "borgeren, ved et nøgle-id hos den dataansvarlige",
    "subjects.n": "postens nummer blandt dem om borgeren",
    "correlation_id": "anmodningen, hændelsen kom af",
    "causation_id": "den hændelse, der førte til denne",
    "idempotency_id": "id, så et genforsøg ikke bliver en ny handling",
    "software": "programmets version",
    "rules": "hashværdi over de regler og kalendere, der gjaldt",
}

STORED = {
    "log.head": "næste ledige plads på loggen",
    "log.stored_events": "loggens poster: hoved, koder og forseglet indhold",
    "log.subject_counter": "antal poster om hver borger, ved nøgle-id",
    "log.idempotency": "svar på tidligere anmodninger, så et genforsøg får det samme svar",
    "log.claim": "værdier, der kun må forekomme én gang",
    "log.document": "dokumenter, forseglet",
    "vault.epoch": "bevis for, at nøglen til boksen er den rigtige",
    "vault.installation_key": "installationens egne nøgler, pakket ind",
    "vault.citizen": "borgere ved et tilfældigt id",
    "vault.identity_index": "opslag fra nummer til borger ved en hemmelig hashværdi",
    "vault.citizen_number": "borgernes numre, forseglet",
    "vault.alias": "erstatningsnumre, der er lagt sammen med et CPR-nummer",
    "vault.data_key": "borgernes nøgler, pakket ind",
    "vault.content_key": "dokumenternes nøgler, pakket ind for hver dataansvarlig",
    "vault.release": "hver frigivelse af en nøgle, og den hændelse, den skete efter",
    "vault.upload": "vedhæftninger, der venter på deres overgang",
    "vault.draft": "kladder, forseglet",
}
