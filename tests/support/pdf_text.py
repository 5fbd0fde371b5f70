"""The text of a PDF as a browser's viewer reads it, and its pages as pictures, by PDFium."""

import unicodedata

import pypdfium2


def pdf_text(content: bytes) -> str:
    """Every line of every page; letters as they are written, in the order in which they are read."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return unicodedata.normalize("NFC", "\n".join(pages)).replace("\r\n", "\n")
