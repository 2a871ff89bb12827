# ruff: noqa: RUF001 - Turkish has an i without a dot
"""A third set of sentences to tune on, in languages of its own."""

from typing import Final

from far_end.texts import Texts

THIRD: Final = Texts(
    hello={
        "en": (
            "Hello, hi.",
            "Hello, good day?",
            "Yes, please?",
            "Who's this?",
            "Hiya!",
            "Hullo?",
            "Oh, hi.",
        ),
        "de": ("Hallo, ja?", "Moin!", "Wer ist da?", "Grüß Gott?"),
        "sv": ("Hallå?", "Hej?", "Ja, hej?"),
        "pt": ("Alô?", "Está?", "Sim, diga?"),
        "cs": ("Prosím?", "Haló?", "Ano?"),
        "tr": ("Alo?", "Efendim?", "Buyurun?"),
    },
    name={
        "en": (
            "Hello, it's Frank here.",
            "This is Mrs Palmer.",
            "Jennifer Ross.",
            "Good afternoon, Oliver King speaking.",
            "Yes, hello, Nigel.",
            "Hi there, Becky speaking.",
        ),
        "de": ("Schulze, guten Morgen.", "Ja, hier ist Sabine.", "Braun am Telefon."),
        "sv": ("Hej, det är Lars.", "Anna Lindgren."),
        "pt": ("Bom dia, fala o João.", "Aqui é a Teresa."),
        "cs": ("Novák, dobrý den.", "Tady Jana."),
        "tr": ("Ben Mehmet, kimsiniz?", "Merhaba, ben Ayşe."),
    },
    office={
        "en": (
            "Hill Street Surgery, how may I direct your call?",
            "Good evening, the Plaza Hotel, Mark speaking.",
            "Accounts, this is Sheila.",
            "Baxter Plumbing, can I help you?",
            "Thank you for calling Zenith, Paul here.",
        ),
        "de": (
            "Gasthof zur Post, grüß Gott, was kann ich für Sie tun?",
            "Kanzlei Vogel, guten Tag.",
        ),
        "sv": ("Välkommen till banken, du pratar med Eva.", "Bilverkstaden, hej."),
        "pt": ("Padaria Central, bom dia, em que posso ajudar?", "Escritório do advogado Silva."),
        "cs": ("Restaurace u Lípy, dobrý den.", "Autoservis Dvořák, co si přejete?"),
        "tr": ("Otel Deniz, iyi günler, nasıl yardımcı olabilirim?", "Eczane, buyurun."),
    },
    again={
        "en": ("Hello, who is it?", "Can you hear me?"),
        "de": ("Hallo, ist da jemand?",),
        "sv": ("Hallå, vem är det?",),
        "pt": ("Quem fala?",),
        "cs": ("Kdo volá?",),
        "tr": ("Kim arıyor?",),
    },
    home={
        "en": (
            (
                "Hello, thanks for ringing.",
                "Neither Tom nor Alice can answer.",
                "Tell us who you are after the signal.",
            ),
            ("You've reached Simon.", "I'm probably at work.", "Please send me a text instead."),
            ("Hey!", "Sorry I missed you, leave a number and I will call straight back."),
            ("The Cooper family is on holiday until the end of August.", "Bye for now."),
        ),
        "de": (
            ("Hallo und willkommen bei Familie Wolf.", "Wir sind unterwegs.", "Bis später."),
            ("Sie haben die Nummer von Ute Schwarz gewählt, ich melde mich, sobald ich kann.",),
        ),
        "sv": (("Hej, du har kommit till Erik.", "Jag kan inte svara nu.", "Tala efter pipet."),),
        "pt": (("Olá, ligou para a casa do Pedro.", "Deixe o seu recado depois do sinal."),),
        "cs": (("Dobrý den, dovolali jste se rodině Novotných.", "Zanechte prosím vzkaz."),),
        "tr": (("Merhaba, şu anda telefona bakamıyorum.", "Lütfen mesaj bırakın."),),
    },
    network={
        "en": (
            ("Your call cannot be completed as dialled.", "Please hang up and try again."),
            ("The subscriber is busy at the moment.", "You may leave a voice message."),
            ("You are being connected to the voice mailbox for", "0 2 0 7 9 4 6.", "Please speak."),
            ("The handset you are calling has been switched off, please call later today.",),
        ),
        "de": (
            ("Ihr Gesprächspartner telefoniert gerade.", "Sie können jetzt sprechen."),
            ("Der Teilnehmer mit der Nummer", "0 1 6 0 9 1.", "ist nicht erreichbar."),
        ),
        "sv": (("Abonnenten du söker kan inte nås för tillfället.", "Lämna ett meddelande."),),
        "pt": (("O número que marcou não está disponível.", "Por favor tente mais tarde."),),
        "cs": (("Volaný účastník není dočasně dostupný.", "Zkuste to prosím později."),),
        "tr": (("Aradığınız kişiye şu anda ulaşılamıyor.", "Lütfen daha sonra tekrar deneyin."),),
    },
    company={
        "en": (
            (
                "Hello and welcome to the Western Power help line.",
                "We are experiencing a high number of calls.",
                "You are number six in the queue.",
            ),
            (
                "Crown Cinemas, please listen carefully to the following options.",
                "To book tickets, press one.",
            ),
        ),
        "de": (
            ("Guten Tag und willkommen bei der Versicherung.", "Bitte nennen Sie Ihr Anliegen."),
        ),
        "sv": (("Tack för att du ringer till kommunen.", "Våra telefontider är nio till tre."),),
        "pt": (
            ("Obrigado por ligar para a Companhia das Águas.", "A sua chamada está em espera."),
        ),
        "cs": (("Vítejte na lince zákaznické podpory.", "Všichni operátoři hovoří."),),
        "tr": (("Bankamıza hoş geldiniz.", "Lütfen müşteri numaranızı tuşlayınız."),),
    },
)
