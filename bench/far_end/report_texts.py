"""The sentences to report on: nothing here, and nobody who speaks it, was heard while tuning."""

from typing import Final

from far_end.texts import Texts

REPORT: Final = Texts(
    hello={
        "en": (
            "Hello, who's there?",
            "Yes, hi?",
            "Aye?",
            "Go ahead.",
            "Hi, hello?",
            "Evening.",
            "Uh, hello?",
        ),
        "de": ("Ja, guten Tag?", "Servus?", "Hallo, wer spricht?"),
        "hu": ("Igen?", "Halló?", "Tessék?"),
        "fi": ("Haloo?", "No moi?", "Niin?"),
        "ro": ("Alo, da?", "Da, vă rog?"),
        "nb": ("Ja, hvem er det?", "Hei hei?"),
    },
    name={
        "en": (
            "Hello, Patricia speaking.",
            "Tony Marsh, good morning.",
            "Yes, this is he.",
            "Elizabeth here, hi.",
            "Richards, hello.",
            "Hey, you're talking to Greg.",
        ),
        "de": ("Zimmermann, ja bitte?", "Hier spricht Monika."),
        "hu": ("Kovács János vagyok.", "Itt Éva beszél."),
        "fi": ("Virtanen puhelimessa.", "Täällä Matti."),
        "ro": ("Bună ziua, sunt Andrei.", "Maria la telefon."),
        "nb": ("Det er Kari.", "Hansen, god dag."),
    },
    office={
        "en": (
            "Oakwood Primary School, good morning, how may we help?",
            "Parcel service, Debbie speaking, hello.",
            "Law office of Grant and Webb, one moment please.",
            "Station garage, what's the problem?",
        ),
        "de": ("Elektro Winter, schönen guten Morgen, was kann ich tun?", "Rathaus, Zentrale."),
        "hu": ("Fogorvosi rendelő, jó napot kívánok.",),
        "fi": ("Asiakaspalvelu, kuinka voin auttaa?",),
        "ro": ("Hotel Central, bună seara, cu ce vă ajut?",),
        "nb": ("Tannlegen i sentrum, hva kan jeg hjelpe med?",),
    },
    again={
        "en": ("Hello, speak up?", "Who am I speaking to?"),
        "de": ("Hören Sie mich?",),
        "hu": ("Ki az?",),
        "fi": ("Kuka siellä?",),
        "ro": ("Cine este?",),
        "nb": ("Hvem er det?",),
    },
    home={
        "en": (
            (
                "Hi there, Emma and Jack can't get to the phone.",
                "Leave us your name.",
                "We'll be in touch.",
            ),
            (
                "This is Walter Stone.",
                "At present I am abroad.",
                "Kindly leave word after the beep.",
            ),
            ("Hello, it's Grandma's machine, speak slowly and clearly after the long beep, dear.",),
            ("Yo.", "It's Dave, not here, beep, you know the rest, cheers and talk to you later."),
            ("We are not in.", "Messages will be answered tomorrow morning at the earliest."),
        ),
        "de": (
            ("Grüß Gott, Sie sprechen mit dem Automaten von Familie Huber.", "Bitte kurz fassen."),
            ("Hier ist Jan.", "Ich kann gerade nicht drangehen.", "Hinterlasst mir etwas Nettes."),
        ),
        "hu": (("Szia, ez Péter üzenetrögzítője.", "Hagyj üzenetet a sípszó után."),),
        "fi": (("Hei, en pääse nyt puhelimeen.", "Jätä viesti äänimerkin jälkeen."),),
        "ro": (("Bună, nu sunt acasă acum.", "Lăsați un mesaj după semnal."),),
        "nb": (("Hei, dette er telefonsvareren til Ole.", "Legg igjen en beskjed."),),
    },
    network={
        "en": (
            ("The telephone you have called is not answering.", "Please try once more shortly."),
            ("This is the message service for", "3 1 2 8 8.", "Begin after the tone."),
            ("Calls to this number are being diverted.", "Please wait."),
            ("The number you called is no longer in service.",),
        ),
        "de": (
            ("Dieser Anschluss ist vorübergehend nicht erreichbar.", "Wir bitten um Verständnis."),
            ("Der Anrufbeantworter von", "0 3 0 4 4.", "ist jetzt bereit."),
        ),
        "hu": (("A hívott szám pillanatnyilag nem elérhető.", "Kérjük, hívja később."),),
        "fi": (("Valitsemaanne numeroon ei juuri nyt saada yhteyttä.",),),
        "ro": (("Abonatul apelat nu poate fi contactat.", "Vă rugăm reveniți."),),
        "nb": (("Telefonen er slått av eller utenfor dekning.", "Vennligst prøv igjen."),),
    },
    company={
        "en": (
            (
                "Good morning and thank you for phoning the Lakeside Clinic.",
                "If this is urgent, press zero.",
                "Otherwise stay on the line.",
            ),
            (
                "National Rail, we are closed for the night.",
                "Times of trains are on our web site.",
            ),
            ("Please hold.", "Your call will be taken in the order in which it was received."),
        ),
        "de": (
            ("Sie haben die Stadtbücherei angerufen.", "Heute ist Ruhetag.", "Auf Wiederhören."),
        ),
        "hu": (("Üdvözli Önt a városi könyvtár.", "Munkatársaink hamarosan jelentkeznek."),),
        "fi": (("Tervetuloa terveyskeskukseen.", "Odottakaa hetki, olkaa hyvä."),),
        "ro": (("Ați sunat la primărie.", "Programul este de la opt la patru."),),
        "nb": (("Du har ringt kommunen.", "Vi åpner igjen i morgen klokken åtte."),),
    },
)
