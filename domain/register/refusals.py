"""Why the register says no, in English and Danish."""

from domain.events.refusal import Refused

_TEXTS = {
    "unknown-authority": (
        "The code is neither a municipality nor a region.",
        "Koden er hverken en kommune eller en region.",
    ),
    "unit-unknown": ("The unit does not stand in the register.", "Enheden står ikke i registret."),
    "deputy-is-owner": (
        "The deputy is another unit than the owner.",
        "Stedfortræderen er en anden enhed end ejeren.",
    ),
    "valid-time-empty": (
        "It would never be valid: it ends before it begins, or later than it already does.",
        "Det ville aldrig gælde: det slutter, før det begynder, eller senere end allerede fastsat.",
    ),
    "valid-time-overlaps": (
        "Another main mailbox is valid in part of that time; end it first, or say that this one replaces it.",
        "En anden hovedpostkasse gælder i en del af tiden; afslut den, eller angiv, at denne afløser den.",
    ),
    "channel-address": (
        "An address does not have the form that its channel asks for.",
        "En adresse har ikke den form, som dens kanal kræver.",
    ),
    "channel-does-not-deliver": (
        "Overgang cannot deliver over any of the channels yet.",
        "Overgang kan endnu ikke levere ad nogen af kanalerne.",
    ),
    "personal-mailbox": (
        "The address looks like a person's own mailbox; a main mailbox is a function's.",
        "Adressen ligner en persons egen postkasse; en hovedpostkasse hører til en funktion.",
    ),
    "replaces-unknown": (
        "What it replaces is no main mailbox of the same authority or unit.",
        "Det, den afløser, er ikke en hovedpostkasse hos samme myndighed eller enhed.",
    ),
    "replacement-ends-first": (
        "The one it replaces would still be valid when it ends, and from then on there would be none. "
        "First enter what comes after it, as one that replaces the same; or leave out the end.",
        "Den, den afløser, ville stadig gælde, når den slutter, og derefter var der ingen. "
        "Indtast først det, der kommer efter, som afløser for den samme; eller udelad slutningen.",
    ),
    "same-person": (
        "Whoever entered it cannot confirm it: that takes another person.",
        "Den, der har indtastet det, kan ikke bekræfte det: det kræver en anden person.",
    ),
    "not-confirmed": (
        "Nobody vouches for the main mailbox as it is.",
        "Der er i forvejen ingen, der står inde for hovedpostkassen.",
    ),
    "nothing-proposed": ("Nothing was proposed that waits.", "Der er ikke foreslået noget, der venter."),
    "date-in-future": (
        "The date lies in the future.",
        "Datoen ligger ude i fremtiden.",
    ),
    "succession-incomplete": (
        "A unit is succeeded by a unit, and an authority by an authority.",
        "En enhed afløses af en enhed, og en myndighed af en myndighed.",
    ),
    "succession-of-itself": (
        "The successors would lead back to where they began.",
        "Efterfølgerne ville føre tilbage til begyndelsen.",
    ),
    "not-a-region": ("Referrers are published by a region.", "Henvisere offentliggøres af en region."),
    "not-a-municipality": (
        "A time of decision is published by a municipality (RSL §3(2)).",
        "En sagsbehandlingsfrist offentliggøres af en kommune (retssikkerhedslovens § 3, stk. 2).",
    ),
}


def no(code: str) -> Refused:
    """The refusal with this code."""
    return Refused(code, *_TEXTS[code])
