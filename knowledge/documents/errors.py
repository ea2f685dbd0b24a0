"""What can go wrong with documents that admins add and remove; every message is one sentence for them."""


class DocumentsError(Exception):
    """Documents could not be changed, or looked at."""


class Rejected(DocumentsError):
    """A file, or a deed, that is not accepted."""


class UnknownUpload(DocumentsError):
    """An upload that was accepted or dropped already, or has waited for too long."""


class UnknownDocument(DocumentsError):
    """A document that is not there."""


class NotKept(DocumentsError):
    """The disk took nothing more, or may not be written; nothing was changed."""
