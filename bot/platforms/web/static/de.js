// German, by the English sentence.

export const DE = {
  // the page
  "AI pictures": "KI-Bilder",
  "AI pictures · on your computer": "KI-Bilder · auf deinem Rechner",
  "Conversation": "Unterhaltung",
  "Messages": "Nachrichten",
  "New message": "Neue Nachricht",
  "Write to selfiebot": "An selfiebot schreiben",
  "Commands": "Befehle",
  "Chosen photo": "Gewähltes Foto",
  "Remove the photo": "Foto entfernen",
  "Photo file": "Fotodatei",
  "Choose a photo": "Foto auswählen",
  "Take a photo": "Foto aufnehmen",
  "Message": "Nachricht",
  "Send a selfie, or type / for commands": "Selfie schicken, oder / für Befehle",
  "Send a selfie": "Selfie schicken",
  "Add a caption: /style goth": "Dazuschreiben: /style goth",
  "Add a caption": "Etwas dazuschreiben",
  "Send": "Senden",
  "Drop your photo here": "Foto hier ablegen",
  "Picture": "Bild",
  "Download": "Herunterladen",
  "Close": "Schließen",
  // the camera
  "Camera preview": "Kameravorschau",
  "The photo you took": "Das aufgenommene Foto",
  "Cancel": "Abbrechen",
  "Take the photo": "Auslösen",
  "Retake": "Noch einmal",
  "Use photo": "Foto nehmen",
  "Camera photo": "Kamerafoto",
  "Starting the camera…": "Die Kamera startet…",
  "The camera is blocked for this page. Allow it beside the address above, or choose a photo instead.":
    "Die Kamera ist für diese Seite gesperrt. Erlaube sie oben neben der Adresse, oder wähle ein Foto aus.",
  "No camera was found. Plug one in, or choose a photo instead.":
    "Es wurde keine Kamera gefunden. Schließ eine an, oder wähle ein Foto aus.",
  "The camera is in use by another program. Close that one and try again.":
    "Ein anderes Programm benutzt die Kamera. Schließ es und versuch es noch einmal.",
  "The browser gives the camera only to pages on this computer or over https. Choose a photo instead.":
    "Der Browser gibt die Kamera nur Seiten auf diesem Rechner oder über https. Wähle ein Foto aus.",
  "The camera does not start. Choose a photo instead.": "Die Kamera startet nicht. Wähle ein Foto aus.",
  // the list of commands
  "a look by its name: /style goth": "ein Stil mit Namen: /style goth",
  "all looks": "alle Stile",
  "nine looks on your face": "neun Stile auf deinem Gesicht",
  "your last picture again": "dein letztes Bild noch einmal",
  "how this works": "wie es geht",
  "what happens to your photos": "was mit deinen Fotos geschieht",
  "erase everything of mine": "alles von mir löschen",
  // choosing a photo
  "That file is {0} and I can take up to {1}. Please choose a smaller copy.":
    "Die Datei hat {0}, und ich kann bis zu {1} annehmen. Bitte wähle eine kleinere Kopie.",
  "That file is empty. Please choose another one.": "Die Datei ist leer. Bitte wähle eine andere.",
  "That is not a picture. Please choose a photo.": "Das ist kein Bild. Bitte wähle ein Foto.",
  "One photo at a time: this is the first.": "Immer nur ein Foto: Das ist das erste.",
  "Photo": "Foto",
  // messages
  "You": "Du",
  "Choices": "Auswahl",
  "Today": "Heute",
  "Sending…": "Wird gesendet…",
  "Not sent": "Nicht gesendet",
  "Remove": "Entfernen",
  "Your photo": "Dein Foto",
  "Your photo: {0}": "Dein Foto: {0}",
  "Your picture": "Dein Bild",
  "Enlarge: {0}": "Vergrößern: {0}",
  "Uploading": "Wird hochgeladen",
  "Working": "In Arbeit",
  "This picture is not kept any more.": "Dieses Bild wird nicht mehr aufbewahrt.",
  // the line
  "Connection lost, trying again…": "Verbindung unterbrochen, neuer Versuch…",
  "This chat is open in too many tabs. Close some, then reload this one.":
    "Dieser Chat ist in zu vielen Tabs offen. Schließ einige und lade diesen neu.",
  "That could not be sent.": "Das konnte nicht gesendet werden.",
  "This page has lost its cookie. Please reload it.": "Diese Seite hat ihr Cookie verloren. Bitte lade sie neu.",
  "That file is too large. Please send a smaller copy.": "Die Datei ist zu groß. Bitte schick eine kleinere Kopie.",
};
