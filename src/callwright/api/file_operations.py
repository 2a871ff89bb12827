"""The rows of the table of routes for files."""

from typing import Final

from callwright.api.file_download import file_get
from callwright.api.file_upload import file_write
from callwright.api.files import file_delete, file_list, file_rename
from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.shapes import reference
from callwright.files import wire_names as wire

_TYPE: Final = Parameter(
    wire.FILE_TYPE,
    "media: sound and faxes of applications; msg_media: pictures and the like for messages; rest: "
    "REST logs, which are only read.",
    required=True,
    example="media",
)
_NAME: Final = Parameter(
    wire.NAME,
    "1 to 255 characters A-Z a-z 0-9 . _ - @, and / between folders; without .., // and /./. In "
    "media it ends in .wav, .wave, .tif or .tiff, in msg_media in any extension. A colon is "
    "allowed, and discouraged.",
    required=True,
    example="prompts/welcome.wav",
)
_REFUSALS: Final = (400, 401, 403, 404, 413, 415, 429, 503)
_DOCS: Final = "files"

FILE_OPERATIONS: Final = (
    Operation(
        name="file_list",
        path="/file_list",
        methods=("GET", "POST"),
        handler=file_list,
        credentials=Credentials.API_ACCESS_KEY,
        summary="List files",
        text="All files of a store, those whose names begin in the same way, or one. In no "
        "particular order, and sent while the folders are read: an answer that ends early is "
        "not complete.",
        parameters=(
            _TYPE,
            Parameter(wire.NAME, "Exactly this file; 404 if there is none."),
            Parameter(wire.PREFIX, "What the names begin with, such as prompts/."),
        ),
        successes={200: Success("The files.", reference("Files"))},
        refusals=_REFUSALS,
        docs=_DOCS,
    ),
    Operation(
        name="file_get",
        path="/file_get",
        methods=("GET", "HEAD", "POST"),
        handler=file_get,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Read a file",
        text="The file's bytes. With GET one range may be asked for (several are answered with "
        "the whole file), and ETag and Last-Modified serve as conditions.",
        parameters=(_TYPE, _NAME),
        successes={
            200: Success("The file.", media_type="*/*"),
            206: Success("The part that was asked for.", media_type="*/*"),
            304: Success("The client has this version.", media_type=""),
        },
        refusals=(*_REFUSALS, 412, 416),
        docs=_DOCS,
    ),
    Operation(
        name="file_write",
        path="/file_write",
        methods=("POST",),
        handler=file_write,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Write a file",
        text="A new file, or a new version of one: whoever reads or plays the old one goes on to "
        "its end. Wav files are mono, with 8000, 6000, 11000 or 11025 samples a second, in A-law, "
        "µ-law, linear 8 bits unsigned or 16 bits signed, IMA or OKI ADPCM. Tiff files are faxes: "
        "MH, T.4 or T.6, black and white, 1728, 2048 or 2432 dots wide. What is unsuitable is "
        "refused, unless it is encrypted.",
        parameters=(
            _TYPE,
            _NAME,
            Parameter(
                wire.ENCRYPTED,
                "true: AES in CBC mode, looked at when it is played with its key. false unless "
                "given.",
            ),
            Parameter(
                wire.CONTENT_TYPE,
                "Of message media; by the name's extension unless given.",
                example="image/png",
            ),
            Parameter(
                wire.CONVERT,
                "true: a wav file with another sample rate is converted to 8000, not refused.",
            ),
        ),
        content_part=wire.CONTENT,
        successes={200: Success("It is on disk.", reference("FileWritten"))},
        refusals=(*_REFUSALS, 409, 507),
        docs=_DOCS,
    ),
    Operation(
        name="file_delete",
        path="/file_delete",
        methods=("GET", "POST"),
        handler=file_delete,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Delete files",
        text="Each name is answered for. Whoever reads or plays a file goes on to its end.",
        parameters=(
            _TYPE,
            Parameter(
                wire.NAME,
                "May be given several times, up to 100 parameters in all.",
                required=True,
                example="prompts/welcome.wav",
                is_repeatable=True,
            ),
        ),
        successes={200: Success("What became of each file.", reference("FileDeletions"))},
        refusals=_REFUSALS,
        docs=_DOCS,
    ),
    Operation(
        name="file_rename",
        path="/file_rename",
        methods=("GET", "POST"),
        handler=file_rename,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Rename a file",
        text="Within its store, to a name that nobody has: 409 otherwise.",
        parameters=(
            _TYPE,
            _NAME,
            Parameter(
                wire.NEW_NAME,
                "As filename; a wav file stays one, a tiff file too.",
                required=True,
                example="prompts/hello.wav",
            ),
        ),
        successes={200: Success("It has the new name.", reference("FileRenamed"))},
        refusals=(*_REFUSALS, 409, 507),
        docs=_DOCS,
    ),
)
