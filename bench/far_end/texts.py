"""What people and machines say when they answer: two of three sets to tune on.

The third is in `more_texts`, those to report on in `report_texts`; none stands in two sets. A
machine's greeting is a list of sentences, spoken with pauses.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Texts:
    """One part's sentences, by language (espeak-ng's code for it)."""

    hello: dict[str, tuple[str, ...]]
    """What most people say, half a second long."""
    name: dict[str, tuple[str, ...]]
    """Those who say who they are."""
    office: dict[str, tuple[str, ...]]
    """What is said in a shop or an office."""
    again: dict[str, tuple[str, ...]]
    """What people say when nobody answers them."""
    home: dict[str, tuple[tuple[str, ...], ...]]
    """A private machine's greeting."""
    network: dict[str, tuple[tuple[str, ...], ...]]
    """What a mobile network says for its customer."""
    company: dict[str, tuple[tuple[str, ...], ...]]
    """A company out of hours."""


FIRST: Final = Texts(
    hello={
        "en": ("Hello?", "Yes?", "Hello!", "Hi.", "Yeah?", "Hello, hello?", "Speaking.", "Hey."),
        "de": ("Hallo?", "Ja?", "Ja, hallo?", "Ja, bitte?"),
        "fr": ("Allô ?", "Oui ?", "Oui, allô ?"),
        "es": ("¿Diga?", "¿Sí?", "¿Hola?"),
        "it": ("Pronto?", "Sì?"),
    },
    name={
        "en": (
            "Hello, this is Peter.",
            "Martin speaking.",
            "Hello, Anna Baker speaking.",
            "Yes, who is this?",
            "Hi, it's Susan.",
            "The Wilson residence.",
            "Oh hello, who's calling please?",
        ),
        "de": ("Schmidt.", "Peter Schmidt, hallo?", "Ja, Wagner hier."),
        "fr": ("Allô, ici Martin.", "Oui bonjour, Dupont."),
        "es": ("Hola, soy Carlos.", "Sí, dígame."),
        "it": ("Pronto, sono Paolo.", "Sì, chi parla?"),
    },
    office={
        "en": (
            "Good morning, Smith and Sons, how can I help you?",
            "Taylor's bakery, good afternoon.",
            "Customer service, how may I help?",
            "Reception, this is Julia speaking.",
            "Hello, Green Garage, Tom speaking.",
        ),
        "de": ("Firma Müller, guten Tag.", "Autohaus Krause, mein Name ist Weber, guten Tag."),
        "fr": ("Société Durand, bonjour.", "Cabinet Leroy, bonjour, je vous écoute."),
        "es": ("Talleres García, buenos días.", "Clínica central, dígame."),
        "it": ("Studio Rossi, buongiorno.", "Albergo Centrale, come posso aiutarla?"),
    },
    again={
        "en": ("Hello?", "Hello? Is anybody there?"),
        "de": ("Hallo?", "Hallo, wer ist da?"),
        "fr": ("Allô ?",),
        "es": ("¿Hola?",),
        "it": ("Pronto?",),
    },
    home={
        "en": (
            (
                "Hello.",
                "You have reached the Johnsons.",
                "We can't come to the phone right now.",
                "Please leave a message after the tone.",
            ),
            ("Hi, this is Mark.", "I'm not here at the moment.", "Leave a message and I'll ring."),
            ("Hey, it's Lucy, leave me a message and I will get back to you soon.",),
            (
                "Thanks for calling Bob and Mary.",
                "We are out in the garden, or away.",
                "Speak after the beep.",
            ),
        ),
        "de": (
            (
                "Guten Tag.",
                "Hier ist der Anrufbeantworter von Familie Becker.",
                "Bitte sprechen Sie nach dem Signalton.",
            ),
            ("Hallo, hier ist Klaus, ich bin gerade nicht da.", "Sprich mir etwas aufs Band."),
        ),
        "fr": (
            (
                "Bonjour, vous êtes bien chez Marie.",
                "Je ne suis pas là pour le moment.",
                "Laissez un message après le bip.",
            ),
        ),
        "es": (
            ("Hola, ahora no puedo atenderte.", "Deja tu mensaje después de la señal, gracias."),
        ),
        "it": (
            ("Ciao, sono Giulia, in questo momento non posso rispondere.", "Lascia un messaggio."),
        ),
    },
    network={
        "en": (
            (
                "The person you are calling is not available.",
                "Please leave your message after the tone.",
            ),
            ("Welcome to the voicemail of", "0 7 7 1 5.", "Please record your message."),
            (
                "Your call has been forwarded to an automatic voice message system.",
                "At the tone, please record your message.",
            ),
            ("The number you have dialled has not been recognised.", "Please check and try again."),
        ),
        "de": (
            (
                "Der gewünschte Gesprächspartner ist zur Zeit nicht erreichbar.",
                "Bitte versuchen Sie es später noch einmal.",
            ),
            ("Dies ist die Mailbox von", "0 1 7 1 4.", "Bitte hinterlassen Sie eine Nachricht."),
        ),
        "fr": (
            (
                "Votre correspondant n'est pas disponible.",
                "Veuillez laisser un message après le signal sonore.",
            ),
        ),
        "es": (("El teléfono al que llama está apagado o fuera de cobertura en este momento.",),),
        "it": (
            (
                "Il cliente da lei chiamato non è al momento raggiungibile.",
                "La preghiamo di richiamare più tardi.",
            ),
        ),
    },
    company={
        "en": (
            (
                "Thank you for calling Northern Insurance.",
                "Our office is closed.",
                "Our opening hours are Monday to Friday, from nine to five.",
                "Please call again, or leave your name and number.",
            ),
            (
                "Welcome to City Bank.",
                "For your security, this call may be recorded.",
                "For accounts, press one.",
                "For cards, press two.",
            ),
        ),
        "de": (
            (
                "Herzlich willkommen bei der Stadtverwaltung.",
                "Sie rufen ausserhalb unserer Sprechzeiten an.",
                "Sie erreichen uns von acht bis zwölf Uhr.",
            ),
        ),
        "fr": (
            ("Bienvenue à la mairie.", "Nos bureaux sont fermés.", "Merci de rappeler demain."),
        ),
        "es": (
            (
                "Bienvenido a Seguros del Norte.",
                "En este momento nuestras oficinas están cerradas.",
            ),
        ),
        "it": (
            (
                "Benvenuti alla Banca Popolare.",
                "I nostri uffici sono chiusi.",
                "Richiamate domani.",
            ),
        ),
    },
)

SECOND: Final = Texts(
    hello={
        "en": (
            "Hello there?",
            "Yep?",
            "Hi?",
            "Hello, yes?",
            "Yes, hello?",
            "Good morning.",
            "Ahoy?",
        ),
        "de": ("Hallöchen?", "Guten Tag?", "Bitte?", "Jawohl?"),
        "fr": ("Oui, bonjour ?", "Allô, oui ?", "Bonjour ?"),
        "es": ("¿Dígame?", "¿Aló?", "¿Quién es?"),
        "it": ("Chi è?", "Buongiorno?", "Pronto, sì?"),
        "pl": ("Halo?", "Tak, słucham?", "Słucham?"),
        "nl": ("Ja hallo?", "Hoi?"),
    },
    name={
        "en": (
            "Hello, David here.",
            "Good evening, Carol Hughes.",
            "Rachel Green, hello?",
            "Doctor Foster speaking, who is this?",
            "Hi, you've got George.",
            "Yes, Edwards, what is it?",
        ),
        "de": ("Hoffmann, guten Abend.", "Hier Fischer.", "Meier am Apparat."),
        "fr": ("Oui, Lambert à l'appareil.", "Sophie Moreau, bonjour."),
        "es": ("Soy Lucía, ¿quién llama?", "Buenas tardes, habla Jorge."),
        "it": ("Buonasera, parla Marco.", "Casa Ferrari, chi parla?"),
        "pl": ("Dzień dobry, Kowalski.",),
        "nl": ("Met Jan de Vries.", "Goedemiddag, met Anneke."),
    },
    office={
        "en": (
            "Good afternoon, Miller and Partners, how can I help?",
            "Riverside Dental Practice, Kate speaking.",
            "Sales department, good morning.",
            "Front desk, what can I do for you?",
            "Hi, Pizza Palace, your order please?",
        ),
        "de": (
            "Praxis Doktor Lange, Sie sprechen mit Frau Kurz.",
            "Bäckerei Sommer, was darf es sein?",
        ),
        "fr": ("Garage du Centre, que puis-je pour vous ?", "Hôtel Bellevue, bonsoir."),
        "es": ("Restaurante El Puerto, ¿en qué puedo ayudarle?", "Oficina técnica, buenas tardes."),
        "it": ("Officina Bianchi, mi dica.", "Farmacia Verdi, buonasera."),
        "pl": ("Sekretariat szkoły, słucham.",),
        "nl": ("Bloemenwinkel Roos, waarmee kan ik u helpen?",),
    },
    again={
        "en": ("Hello there?", "Is someone on the line?"),
        "de": ("Wer spricht denn da?",),
        "fr": ("Il y a quelqu'un ?",),
        "es": ("¿Quién es?",),
        "it": ("Chi parla?",),
        "pl": ("Halo, kto mówi?",),
        "nl": ("Wie is daar?",),
    },
    home={
        "en": (
            (
                "Hi!",
                "This is the answering machine of Karen and Steve.",
                "Sorry that we missed you.",
                "Leave your number after the beep.",
            ),
            (
                "Good day, you have called the Parkers.",
                "Nobody is in.",
                "Talk when you hear the beep.",
            ),
            ("This is Daniel's phone, you know what to do, so do it when it beeps.",),
            (
                "Hello, you're through to Olivia.",
                "I can't take your call just now.",
                "I'll phone back as soon as I can.",
            ),
        ),
        "de": (
            (
                "Hallo.",
                "Sie sind verbunden mit dem Anschluss von Thomas Neumann.",
                "Ich rufe gern zurück.",
            ),
            ("Leider ist hier niemand zu Hause.", "Nachrichten bitte nach dem Piepton."),
        ),
        "fr": (
            ("Salut, c'est Luc.", "Je suis absent jusqu'à lundi.", "Parlez après le signal."),
            ("Vous êtes sur la messagerie de la famille Petit, nous vous rappellerons.",),
        ),
        "es": (
            (
                "Ha llamado a la familia López.",
                "No estamos en casa.",
                "Grabe su recado, por favor.",
            ),
        ),
        "it": (
            ("Risponde la segreteria della famiglia Conti.", "Parlate dopo il segnale acustico."),
        ),
        "pl": (("Dodzwoniłeś się do Anny.", "Nie mogę teraz rozmawiać.", "Zostaw wiadomość."),),
        "nl": (("Dit is het antwoordapparaat van Piet.", "Spreek iets in na de piep."),),
    },
    network={
        "en": (
            ("The customer you have called is unable to take your call.", "Please try later."),
            ("You have reached the mailbox of", "5 5 5 0 1 9 9.", "Record at the beep."),
            ("The mobile phone you are trying to reach may be switched off or out of range.",),
            ("Sorry, this service has been disconnected.", "No further information is held."),
        ),
        "de": (
            ("Die gewählte Rufnummer ist nicht vergeben.", "Bitte rufen Sie die Auskunft an."),
            ("Hier ist die Sprachbox von", "0 1 5 2 9.", "Nachrichten nach dem Ton."),
        ),
        "fr": (
            (
                "Le numéro que vous avez composé n'est pas attribué.",
                "Veuillez consulter l'annuaire.",
            ),
            ("Bonjour, vous êtes sur le répondeur du", "0 6 1 2 3.", "Merci de parler."),
        ),
        "es": (("Bienvenido al buzón de voz de", "6 0 0 1 2.", "Hable después del tono."),),
        "it": (
            ("Messaggio gratuito.", "L'utente desiderato ha il telefono spento o irraggiungibile."),
        ),
        "pl": (("Abonent jest czasowo niedostępny.", "Prosimy spróbować później."),),
        "nl": (
            ("Het mobiele nummer dat u belt is niet bereikbaar.", "Probeer het later nog eens."),
        ),
    },
    company={
        "en": (
            (
                "You are through to Harbour Travel.",
                "All our advisers are busy helping other customers.",
                "Your call is important to us.",
                "Please hold the line.",
            ),
            (
                "Greenfield Medical Centre is now closed.",
                "In an emergency, please dial the national number.",
                "Otherwise, phone again tomorrow.",
            ),
        ),
        "de": (
            (
                "Vielen Dank für Ihren Anruf bei den Stadtwerken.",
                "Zur Zeit sind alle Leitungen belegt.",
                "Wir sind gleich für Sie da.",
            ),
        ),
        "fr": (("Vous avez joint le service des eaux.", "Tous nos conseillers sont en ligne."),),
        "es": (
            ("Gracias por llamar a Transportes Rápidos.", "Nuestro horario es de nueve a dos."),
        ),
        "it": (
            ("Grazie per aver chiamato Trasporti Veloci.", "Siete in attesa, restate in linea."),
        ),
        "pl": (("Witamy w urzędzie miasta.", "Biuro jest dziś nieczynne.", "Zapraszamy jutro."),),
        "nl": (("Welkom bij het gemeentehuis.", "Wij zijn op dit moment gesloten."),),
    },
)
